"""What is said of a file that is wrong: its name in one line, its place in the details."""

from __future__ import annotations

import os

import pytest

from daub.app.model.picture.origin import FileOrigin
from daub.app.model.picture.picture import open_picture
from daub.app.model.work.failure import by_name, failure_of_work
from daub.codec.errors import DaubError


def test_the_name_takes_the_place_of_the_path():
    with pytest.raises(DaubError) as caught, by_name("/some where/else/a b.png"):
        raise DaubError("cannot open /some where/else/a b.png", "it is a link to /other", "check it")
    failure = failure_of_work(caught.value)
    assert failure.line == "cannot open a b.png, it is a link to /other, check it"
    assert "a b.png is /some where/else/a b.png" in failure.details


def test_what_a_link_leads_to_goes_by_its_name_too(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "link.daub").symlink_to(tmp_path / "deep" / "real.daub")
    whole, target = str(tmp_path / "link.daub"), str((tmp_path / "deep" / "real.daub").resolve())
    with pytest.raises(DaubError) as caught, by_name(whole):
        raise DaubError(f"cannot write {whole}", f"it is a link to {target}: that is a folder", "choose another name")
    failure = failure_of_work(caught.value)
    assert failure.line == "cannot write link.daub, it is a link to real.daub: that is a folder, choose another name"
    assert f"real.daub is {target}" in failure.details and f"link.daub is {whole}" in failure.details


def test_a_name_alone_stays_as_it_is_and_gets_no_note():
    with pytest.raises(DaubError, match=r"cannot open a\.png, why, how") as caught, by_name("a.png"):
        raise DaubError("cannot open a.png", "why", "how")
    assert not hasattr(caught.value, "__notes__")


def damaged(folder, name: str):
    path = folder / name
    path.write_bytes(b"DAUB, but not really" if name.endswith(".daub") else b"not an image")
    return path


WAYS = {
    "missing": lambda desk, at: desk.workspace.open(FileOrigin(at / "missing.png")),
    "folder": lambda desk, at: desk.workspace.open(FileOrigin(at)),
    "damaged": lambda desk, at: desk.workspace.open(FileOrigin(damaged(at, "damaged.png"))),
    "damaged file": lambda desk, at: desk.workspace.open(FileOrigin(damaged(at, "damaged.daub"))),
    "beside": lambda desk, at: desk.bench.sources.add([FileOrigin(at / "missing.png")]),
    "map": lambda desk, at: desk.workspace.opening.load_map(at / "missing.png", lambda _: None),
    "save": lambda desk, at: desk.exports.daub(at / "no such folder" / "out.daub"),
    "save a row": lambda desk, at: desk.exports.source("result:1", at / "no such folder" / "out.daub"),
    "render": lambda desk, at: desk.exports.png(at / "out.unknown", 1.0),
    "make": lambda desk, at: desk.exports.made(at / "no such folder" / "figure.svg", lambda: b"figure"),
    "save the map": lambda desk, at: desk.exports.importance(at / "no such folder" / "map.png"),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_message_of_the_window_has_a_path(desk, photo, tmp_path, way):
    desk.open(photo)
    desk.finish()
    folder = tmp_path / "a long way, with commas" / "down"
    folder.mkdir(parents=True)
    before = len(desk.heard["failed"])
    WAYS[way](desk, folder)
    desk.until(lambda: len(desk.heard["failed"]) > before)
    failure = desk.heard["failed"][-1]
    assert str(folder.parent) not in failure.line and os.sep not in failure.line and "\n" not in failure.line
    assert str(folder.parent) in failure.details


def test_a_method_whose_file_is_gone_is_called_by_its_name(desk, photo, tmp_path):
    desk.open(photo)
    desk.finish()
    with pytest.raises(DaubError) as caught:
        desk.workspace.choose_method(str(tmp_path / "mine.toml"), ())
    assert "mine.toml" in str(caught.value) and str(tmp_path) not in str(caught.value)


def test_a_picture_that_is_read_at_once_likewise(tmp_path):
    with pytest.raises(DaubError) as caught:
        open_picture(FileOrigin(tmp_path / "missing.png"))
    assert str(caught.value) == "cannot open missing.png, there is no such file, check the name"
