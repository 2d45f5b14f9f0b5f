"""What a batch takes, and where it puts it."""

from __future__ import annotations

import pytest
from batch_in_process import touch

from daub.app.batch import layout, places, run
from daub.codec.errors import DaubError


def placed(*inputs: object, out: object = "/nowhere") -> dict[str, str]:
    """Where each file goes, by its name."""
    found = layout.found(map(str, inputs), lambda name: name.endswith((".png", ".jpg")), str(out), run.lines_of)
    return {place.name: place.relative for place in layout.lay_out(list(found), ".daub")}


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


def test_urls_on_a_list_are_files_that_nobody_asks_for(tmp_path):
    (tmp_path / "list").write_text("nosuch://bucket/a/1.png\nnosuch://bucket/b/1.png?signed\n")
    assert list(placed(f"@{tmp_path}/list").values()) == ["a/1.daub", "b/1.daub"]


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


def test_a_folder_that_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(DaubError, match=f"cannot look into {tmp_path}/gone, "):
        list(places.walk(f"{tmp_path}/gone"))
