"""What a batch does, does again and does not, and what it tells: in this process, with the work done in it."""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from batch_in_process import ENCODE, encoded, states, touch
from batch_of_photos import ROOT, photos
from PIL import Image

from daub.app.batch import places, pool
from daub.app.batch.journal import Entry, Journal
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
pytestmark = pytest.mark.usefixtures("here")


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


def test_what_nobody_has_thought_of_is_a_line_of_a_pool_too(monkeypatch):
    def fail(*_):
        raise RuntimeError("something else")

    monkeypatch.setattr(pool, "OtherProcess", fail)
    with pool.Pool(1, "cpu", 1) as workers:
        (told,) = workers.results([pool.Work(0, {"verb": "encode", "source": "a.png"})])
    assert told.row["failed"].startswith("cannot encode a.png, ") and "something else" in told.row["failed"]
    assert pool._signal(9) == "SIGKILL" and pool._signal(40) == "the signal 40"
