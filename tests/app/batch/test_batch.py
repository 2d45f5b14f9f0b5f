"""What a batch takes, where it puts it, and what it does not do again: in this process, with the work done in it."""

from __future__ import annotations

import importlib
import json
import os
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from batch_of_photos import ROOT, photos
from PIL import Image

from daub.app.batch import layout, memory, places, pool, run
from daub.app.batch.doing import do
from daub.app.batch.journal import Entry, Journal
from daub.app.batch.pool import Told
from daub.app.batch.report import check_report, summary, write_report
from daub.app.batch.run import BatchRequest, run_batch
from daub.app.cli import main as cli
from daub.app.cli.main import _parser
from daub.app.tasks.decoding import DecodeRequest
from daub.app.tasks.encoding import EncodeRequest
from daub.codec import decode
from daub.codec.errors import DaubError
from daub.codec.settings import EncodeSettings
from daub.codec.targets import Replacing

GOLDEN = ROOT / "tests/codec/container/golden/photo.daub"
ENCODE = EncodeRequest("", "", EncodeSettings(effort=0))


class Here:
    """Does tasks as a process of a batch does, in this one."""

    def results(self, works):
        for work in works:
            yield Told(work.number, 1.0, do(json.loads(json.dumps(work.task)), "cpu", 1))


@pytest.fixture(autouse=True)
def here(monkeypatch):
    @contextmanager
    def doers(*_):
        yield Here()

    monkeypatch.setattr(run, "_doers", doers)


def encoded(source: object, out: object, request=ENCODE) -> run.Outcome:
    return run_batch(BatchRequest((str(source),), str(out), request, ".daub"))


def states(outcome: run.Outcome) -> dict[str, str]:
    return {row.target: str(row.state) for row in outcome.rows}


def placed(*inputs: object, out: object = "/nowhere") -> dict[str, str]:
    """Where each file goes, by its name."""
    found = layout.found(map(str, inputs), lambda name: name.endswith((".png", ".jpg")), str(out), run.lines_of)
    return {place.name: place.relative for place in layout.lay_out(list(found), ".daub")}


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def test_outputs_mirror_the_folders_of_the_inputs(tmp_path):
    touch(tmp_path, "a/1.png", "a/b/2.png", "a/b/notes.txt", "c/1.png", "list of photos")
    assert set(placed(tmp_path / "a").values()) == {"1.daub", "b/2.daub"}
    assert set(placed(tmp_path / "a", tmp_path / "c").values()) == {"a/1.daub", "a/b/2.daub", "c/1.daub"}
    assert set(placed(tmp_path / "a/1.png", tmp_path / "c/1.png").values()) == {"a/1.daub", "c/1.daub"}
    assert set(placed(f"{tmp_path}/a/**/*.png").values()) == {"1.daub", "b/2.daub"}
    assert list(placed(tmp_path / "a/b/notes.txt").values()) == ["notes.daub"]  # whoever names it means it
    (tmp_path / "list").write_text(f"{tmp_path}/c\n\n{tmp_path}/a/b/2.png\n")
    assert list(placed(f"@{tmp_path}/list").values()) == ["c/1.daub", "a/b/2.daub"]
    assert len(placed(tmp_path / "a", tmp_path / "a/1.png", f"{tmp_path}/c/../a")) == 2  # each once


def test_files_of_one_name_keep_their_endings(tmp_path):
    touch(tmp_path, "1.png", "1.jpg", "2.png")
    assert set(placed(tmp_path).values()) == {"1.png.daub", "1.jpg.daub", "2.daub"}


def test_outputs_within_the_inputs_are_none_of_them(tmp_path):
    touch(tmp_path, "1.png", "out/1.png", "sub/1.png")
    assert set(placed(tmp_path, out=tmp_path / "out").values()) == {"1.daub", "sub/1.daub"}
    assert set(placed(tmp_path, out=tmp_path).values()) == {"1.daub", "sub/1.daub", "out/1.daub"}


@pytest.mark.parametrize("name", ["none*.png", "empty", "@empty.txt"])
def test_inputs_that_name_nothing_are_refused(name, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.txt").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DaubError, match="there is no such file, or none that is meant"):
        placed(name)


def test_what_has_not_changed_is_done_and_what_has_is_made_again(tmp_path):
    source, out = photos(tmp_path / "in", 3), tmp_path / "out"
    assert set(states(encoded(source, out)).values()) == {"done"}
    assert set(states(encoded(source, out)).values()) == {"done before"}
    os.utime(source / "0.png", ns=(1, 1))  # its time alone
    (out / "2.daub").write_bytes(b"another content")
    Image.new("RGB", (64, 64), "red").save(source / "sub/1.png")
    assert states(encoded(source, out)) == {"0.daub": "done before", "2.daub": "done", "sub/1.daub": "done"}
    (out / "0.daub").unlink()
    assert states(encoded(source, out))["0.daub"] == "done"
    assert set(states(encoded(source, out)).values()) == {"done before"}


def test_other_settings_make_the_files_anew_and_the_same_content_is_copied(tmp_path):
    source, out = photos(tmp_path / "in", 2), tmp_path / "out"
    encoded(source, out)
    other = EncodeRequest("", "", EncodeSettings(effort=0, seed=5))
    keeping = EncodeRequest("", "", other.settings, replacing=Replacing(files=False))
    refused = encoded(source, out, keeping)
    assert set(states(refused).values()) == {"failed"} and "which is to stay" in refused.rows[0].why
    assert set(states(encoded(source, out, other)).values()) == {"done"}
    (source / "0.png").rename(source / "moved.png")
    (source / "sub/1.png").touch()
    assert states(encoded(source, out, other)) == {"moved.daub": "copied", "sub/1.daub": "done before"}
    assert (out / "moved.daub").read_bytes() == (out / "0.daub").read_bytes()


def test_a_folder_that_cannot_be_made_is_a_line_for_its_files(tmp_path):
    source, out = photos(tmp_path / "in", 2), tmp_path / "out"
    touch(out, "sub")
    made, refused = encoded(source, out).rows
    assert (str(made.state), str(refused.state)) == ("done", "failed")
    assert refused.why.startswith(f"cannot write {out}/sub, there is a file of that name")


def test_a_map_of_importance_is_a_setting_by_its_content(tmp_path):
    source, out, grey = photos(tmp_path / "in", 1), tmp_path / "out", tmp_path / "map.png"
    request = EncodeRequest("", "", ENCODE.settings, importance=str(grey))
    for level, state in ((128, "done"), (128, "done before"), (200, "done")):
        Image.linear_gradient("L").resize((64, 64)).point(lambda grey, level=level: grey * level // 255).save(grey)
        assert states(encoded(source, out, request)) == {"0.daub": state}


def test_a_line_that_was_cut_short_does_not_count_and_spoils_none(tmp_path):
    source, out = photos(tmp_path / "in", 2), tmp_path / "out"
    encoded(source, out)
    path = out / "daub-batch.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:40])
    assert sorted(states(encoded(source, out)).values()) == ["done", "done before"]
    assert sorted(states(encoded(source, out)).values()) == ["done before"] * 2
    lines = path.read_text().splitlines()
    assert len(lines) == 3 and [Entry.of_line(line) is None for line in lines] == [False, True, False]


def test_two_batches_do_not_write_into_one_folder(tmp_path):
    first = Journal(str(tmp_path))
    with pytest.raises(DaubError, match="another batch does, wait for it"):
        Journal(str(tmp_path))
    first.close()
    Journal(str(tmp_path)).close()


def test_decoding_takes_daub_files_alone_and_any_option_of_decode(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/photo.daub").write_bytes(GOLDEN.read_bytes())
    touch(tmp_path, "in/notes.txt")
    (tmp_path / "in/broken.daub").write_bytes(GOLDEN.read_bytes()[:50])
    words = ["batch", "decode", f"{tmp_path}/in", "--out", f"{tmp_path}/out", "--format", "ppm", "--size", "20x10"]
    assert cli.main([*words, "--report", f"{tmp_path}/report.json", "--quiet"]) == 1
    with Image.open(tmp_path / "out/photo.ppm") as image:
        assert np.array_equal(np.asarray(image), decode(GOLDEN, size=(20, 10)))
    report = json.loads((tmp_path / "report.json").read_text())
    assert [row["state"] for row in report["rows"]] == ["failed", "done"] and report["psnr"] is None
    assert report["rows"][0]["why"].startswith(f"{tmp_path}/in/broken.daub ")
    assert cli.main([*words, "--region", "1,1,9,9", "--quiet"]) == 1  # other settings
    with Image.open(tmp_path / "out/photo.ppm") as image:
        assert image.size != (20, 10)


def test_files_by_url_go_through_fsspec(tmp_path):
    pytest.importorskip("fsspec")
    source, out = photos(tmp_path / "in", 3), f"file://{tmp_path}/out"
    (source / "bad.png").write_bytes(b"nonsense")
    first = encoded(f"file://{source}", out)
    assert states(first) == {"0.daub": "done", "2.daub": "done", "sub/1.daub": "done", "bad.daub": "failed"}
    assert first.rows[-2].why.startswith(f"cannot open file://{source}/bad.png, ")
    assert sorted(states(encoded(f"file://{source}/**/[0-9].png", out)).values()) == ["done before"] * 3
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {name for name in names if name.endswith(".daub")} == {"0.daub", "2.daub", "sub/1.daub"}
    assert len(names) == 4  # and one object of the journal: nothing is left of uploads
    assert encoded(source, tmp_path / "plain").rows[0].figures["bytes"] == first.rows[0].figures["bytes"]


def test_urls_on_a_list_are_files_that_nobody_asks_for(tmp_path):
    (tmp_path / "list").write_text("nosuch://bucket/a/1.png\nnosuch://bucket/b/1.png?signed\n")
    assert list(placed(f"@{tmp_path}/list").values()) == ["a/1.daub", "b/1.daub"]


def test_a_store_that_nobody_knows_is_one_line(tmp_path):
    pytest.importorskip("fsspec")
    with pytest.raises(DaubError, match=r"cannot look at nosuch://bucket/a\.png"):
        encoded("nosuch://bucket/a.png", tmp_path)


@pytest.fixture
def web(tmp_path, monkeypatch):
    """Files below tmp_path as https://host/..., whatever their signature, where `tag` is what tells them apart."""
    pytest.importorskip("fsspec")
    from fsspec.implementations.local import LocalFileSystem

    class Web(LocalFileSystem):
        protocol, tag = "https", "7"

        @classmethod
        def _strip_protocol(cls, path):
            if "denied" in path:
                raise PermissionError(f"403, url='https://host/{path.rpartition('/')[2]}&more'")
            return str(tmp_path / path.partition("?")[0].rpartition("/")[2]) if "://" in path else path

        def info(self, path, **_):
            return {"name": path, "size": Path(path).stat().st_size, "type": "file", "ETag": self.tag}

    monkeypatch.setitem(importlib.import_module("fsspec.registry")._registry, "https", Web)
    return Web


def test_signatures_and_passwords_are_told_nowhere_and_another_one_changes_nothing(tmp_path, web):
    photos(tmp_path, 1)
    out = tmp_path / "out"

    def batch(signature: str) -> run.Outcome:
        names = (f"https://me:pw@host/{name}.png?{signature}\n" for name in ("0", "denied"))
        (tmp_path / "list").write_text("".join(names))
        return encoded(f"@{tmp_path}/list", out)

    first = batch("secret=1")
    assert [(row.file, str(row.state)) for row in first.rows] == [
        ("https://host/0.png", "done"), ("https://host/denied.png", "failed"),
    ]  # fmt: skip
    assert "403" in first.rows[1].why
    write_report(tmp_path / "report.json", first)
    for text in ((out / "daub-batch.jsonl").read_text(), (tmp_path / "report.json").read_text()):
        assert "https://host/0.png" in text and "secret" not in text and "pw@" not in text
    assert str(batch("secret=2").rows[0].state) == "done before"


def test_urls_that_differ_in_their_query_alone_are_told_apart_by_their_content(tmp_path, web):
    web.tag = ""  # a server that says nothing but the size
    photos(tmp_path, 1)
    (tmp_path / "list").write_text("https://host/0.png?id=1\n")
    encoded(f"@{tmp_path}/list", tmp_path / "out")
    content = bytearray((tmp_path / "0.png").read_bytes())
    Image.new("RGB", (40, 30), "red").save(tmp_path / "0.png")
    shorter = (tmp_path / "0.png").read_bytes()
    (tmp_path / "0.png").write_bytes(shorter + bytes(len(content) - len(shorter)))  # as many bytes
    (tmp_path / "list").write_text("https://host/0.png?id=2\n")
    assert states(encoded(f"@{tmp_path}/list", tmp_path / "out")) == {"0.daub": "done"}


def test_a_report_has_a_row_for_every_file_in_each_format(tmp_path):
    source = photos(tmp_path / "<in>", 2)
    (source / "bad.png").write_bytes(b"nonsense")
    outcome = encoded(source, tmp_path / "out")
    for name in ("report.csv", "report.json", "report.html"):
        check_report(tmp_path / name, Replacing())
        write_report(tmp_path / name, outcome)
    assert len((tmp_path / "report.csv").read_text().splitlines()) == 4
    rows = json.loads((tmp_path / "report.json").read_text())["rows"]
    assert sorted(row["ms_ssim"] is None for row in rows) == [False, False, True]

    class Page(HTMLParser):
        rows, text = 0, ""

        def handle_starttag(self, tag, _):
            self.rows += tag == "tr"

        def handle_data(self, data):
            self.text += data

    page = Page()
    page.feed((tmp_path / "report.html").read_text())
    assert page.rows == 4 and f"{source}/0.png" in page.text and "it is not an image" in page.text
    with pytest.raises(DaubError, match=r"call it report\.html"):
        check_report(tmp_path / "report.docx", Replacing())


def test_programs_are_told_of_every_file_as_it_ends(tmp_path, capsys):
    source = photos(tmp_path / "in", 1)
    (source / "bad.png").write_bytes(b"nonsense")
    words = ["batch", "encode", str(source), "--out", f"{tmp_path}/out", "--effort", "0", "--json"]
    assert cli.main([*words, "--progress", "json"]) == 1
    stdout, stderr = capsys.readouterr()
    events = [json.loads(line) for line in stderr.splitlines()]
    files = {Path(event["file"]).name: event["state"] for event in events if event["event"] == "file"}
    assert files == {"0.png": "done", "bad.png": "failed"} and json.loads(stdout)["failed"] == 1
    (error,) = (event["text"] for event in events if event["event"] == "error")
    assert error == json.loads(stdout)["refused"][0]["why"]


def test_options_are_those_of_a_single_encode():
    single = vars(_parser().parse_args(["encode", "a", "b"]))
    many = vars(_parser().parse_args(["batch", "encode", "a", "--out", "b"]))
    assert single.keys() - many.keys() == {"image", "file"}
    assert many.keys() - single.keys() == {"inputs", "out", "jobs", "dask", "retries", "report"}


@pytest.mark.parametrize(
    ("free", "count", "jobs"), [(None, 100, 8), (64 << 30, 100, 8), (64 << 30, 3, 3), (4 << 30, 100, 3), (1, 9, 1)]
)
def test_as_many_processes_as_there_are_cores_memory_and_files_for(free, count, jobs, monkeypatch):
    monkeypatch.setattr(memory, "core_count", lambda: 8)
    assert memory.usual_jobs(free, count) == jobs
    assert memory.threads_of_each(3) == 2 and memory.threads_of_each(9) == 1


def test_the_pixels_of_a_file_are_known_from_its_beginning(tmp_path):
    Image.new("RGB", (300, 20)).save(tmp_path / "a.png")
    (tmp_path / "bad.png").write_bytes(bytes(1000))
    assert memory.pixels_of(str(tmp_path / "a.png"), 1) == 6000
    assert memory.pixels_of(str(GOLDEN), 1) == np.prod(decode(GOLDEN).shape[:2])
    assert memory.pixels_of(str(tmp_path / "bad.png"), 1000) == 16_000
    assert memory.bytes_wanted(ENCODE, 12_000_000) + memory.PROCESS > 1.09e9  # as MEASUREMENTS.md has it
    wanted = [memory.bytes_wanted(DecodeRequest("", "", **how), 100) for how in ({}, {"scale": 2}, {"size": (20, 10)})]
    assert wanted == [memory.DECODE * pixels for pixels in (100, 400, 200)]


def test_gpus_are_those_that_may_be_seen(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,5")
    assert memory.gpus() == ["2", "5"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert memory.gpus() == []


def test_a_picture_that_comes_out_exact_is_done_as_any_other(tmp_path):
    source, out = photos(tmp_path / "in", 1), tmp_path / "out"
    Image.new("RGB", (16, 16)).save(source / "black.png")
    for state in ("done", "done before"):
        outcome = encoded(source, out)
        assert states(outcome) == {"0.daub": state, "black.daub": state}
    psnr = {row.target: row.figures["psnr"] for row in outcome.rows}
    assert psnr["black.daub"] == float("inf") and summary(outcome)["psnr"] == psnr["0.daub"]
    write_report(tmp_path / "report.json", outcome)
    assert "Infinity" not in (tmp_path / "report.json").read_text()
    write_report(tmp_path / "report.html", outcome)
    assert "identical" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    ("names", "relatives"),
    [
        (("a.png", "a.jpg", "a.png.jpg"), ["a.png.daub", "a.jpg.daub", "a.png.jpg.daub"]),
        (("a.png", "A.png"), ["a.png.daub", "A.png-2.daub"]),
        (("a.png", "A.png", "A.png-2.png"), ["a.png.daub", "A.png-3.daub", "A.png-2.daub"]),
    ],
)
def test_no_two_files_have_one_target(names, relatives):
    files = [layout.Found(f"/in/{name}", "/in") for name in names]
    assert [place.relative for place in layout.lay_out(files, ".daub")] == relatives


def test_targets_are_in_the_folder_of_the_outputs_and_say_nothing_of_signatures(tmp_path):
    (tmp_path / "list").write_text(
        "s3://bucket/a/1.png\ns3://bucket/../../2.png\nhttps://host/3.png?signed=a/b\nhttps://host/4.png?signed\n"
    )
    relatives = list(placed(f"@{tmp_path}/list").values())
    assert relatives == ["s3/bucket/a/1.daub", "s3/bucket/_/_/2.daub", "https/host/3.daub", "https/host/4.daub"]
    assert list(placed("/nothing there.png").values()) == ["nothing there.daub"]


def test_a_list_holds_whatever_names_there_are():
    content = "\ufeffa\u2028b.png\r\n\nc.png\n".encode() + b"\xff.png"
    assert run.lines_in(content) == ["a\u2028b.png", "c.png", "\udcff.png"]


def test_a_copy_goes_over_no_source(tmp_path):
    source = photos(tmp_path / "in", 1)
    encoded(source, source)
    moved = source / "moved.daub"
    (source / "0.png").rename(moved)
    before = moved.read_bytes()
    assert states(encoded(moved, source)) == {"moved.daub": "failed"} and moved.read_bytes() == before


def test_a_copy_that_cannot_be_written_is_a_line_for_its_file(tmp_path):
    source, out = photos(tmp_path / "in", 1), tmp_path / "out"
    encoded(source, out)
    touch(out, "other/moved.daub/inside")
    (source / "0.png").rename(source / "moved.png")
    outcome = encoded(source, out / "other")
    assert states(outcome) == {"moved.daub": "failed"}
    touch(out, "moved.daub/inside")
    outcome = encoded(source, out)
    assert states(outcome) == {"moved.daub": "failed"} and "that is a folder" in outcome.rows[0].why


def test_a_report_may_go_into_the_folder_that_is_made(tmp_path):
    source, out = photos(tmp_path / "in", 1), tmp_path / "out"
    words = ["batch", "encode", str(source), "--out", str(out), "--effort", "0", "--report", f"{out}/report.json"]
    assert cli.main([*words, "--quiet"]) == 0 and (out / "report.json").exists()


def test_a_folder_that_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(DaubError, match=f"cannot look into {tmp_path}/gone, "):
        list(places.walk(f"{tmp_path}/gone"))


def test_a_journal_that_cannot_be_read_is_told_rather_than_begun_anew(tmp_path, monkeypatch):
    pytest.importorskip("fsspec")

    def refuse(_):
        raise DaubError("cannot look for it", "503", "wait")

    monkeypatch.setattr(places, "matching", refuse)
    with pytest.raises(DaubError, match="503"):
        Journal(f"file://{tmp_path}")


def test_a_disk_that_is_full_is_told(tmp_path, monkeypatch):
    journal = Journal(str(tmp_path))

    class Full:
        name = journal._file.name

        def write(self, data):
            return len(data) - 1

    monkeypatch.setattr(journal, "_file", Full())
    stamp = places.Stamp(1, "")
    with pytest.raises(DaubError, match="the disk is full"):
        journal.add(Entry("a.daub", "a.png", stamp, "", "", "", stamp))


def test_what_an_image_does_not_say_of_its_photo_is_told(tmp_path):
    source = photos(tmp_path / "in", 1)
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    with Image.open(source / "0.png") as image:
        image.save(source / "0.png", exif=exif)
    encoded(source, tmp_path / "out")
    outcome = run_batch(BatchRequest((f"{tmp_path}/out",), f"{tmp_path}/images", DecodeRequest("", ""), ".ppm"))
    (notice,) = outcome.notices
    assert "EXIF" in notice and f"{tmp_path}/out/0.daub" in notice


def test_files_that_a_container_keeps_are_memory_that_is_free(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    for name, text in {"max": "1000", "current": "900", "stat": "anon 400\ninactive_file 300\n"}.items():
        (tmp_path / f"memory.{name}").write_text(text)
    assert memory.free_bytes() == 400


def test_what_nobody_has_thought_of_is_a_line_of_a_pool_too(monkeypatch):
    def fail(*_):
        raise RuntimeError("something else")

    monkeypatch.setattr(pool, "OtherProcess", fail)
    with pool.Pool(1, "cpu", 1) as workers:
        (told,) = workers.results([pool.Work(0, {"verb": "encode", "source": "a.png"})])
    assert told.row["failed"].startswith("cannot encode a.png, ") and "something else" in told.row["failed"]
    assert pool._signal(9) == "SIGKILL" and pool._signal(40) == "the signal 40"
