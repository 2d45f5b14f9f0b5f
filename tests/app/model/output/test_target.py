"""Names of exports: the suffix, what is proposed, and that what is open is never written over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daub.app.model.output.target import check_target, proposed_name, with_suffix
from daub.app.model.picture.origin import FileOrigin, PixelOrigin
from daub.app.model.picture.picture import Picture, PictureKey
from daub.codec.container import Document
from daub.codec.errors import DaubError
from daub.render.gaussians import Gaussians

PICTURES = (".png", ".jpg")


def picture(origin, document=None) -> Picture:
    return Picture(PictureKey(origin, (0, 0), (1.0, 1.0, 1.0)), 3, 2, document=document)


@pytest.mark.parametrize(
    ("name", "suffixes", "expected"),
    [
        ("photo", (".daub",), "photo.daub"),
        ("photo.daub", (".daub",), "photo.daub"),
        ("photo.DAUB", (".daub",), "photo.DAUB"),
        ("photo.v2", (".daub",), "photo.v2.daub"),
        ("photo.png", (".daub",), "photo.png.daub"),
        ("photo.", (".daub",), "photo.daub"),
        (".hidden", (".daub",), ".hidden.daub"),
        ("photo.jpg", PICTURES, "photo.jpg"),
        ("photo.tar.gz", PICTURES, "photo.tar.gz.png"),
        ("a.daub/photo", (".daub",), "a.daub/photo.daub"),
        ("Größe 2", PICTURES, "Größe 2.png"),
    ],
)
def test_a_suffix_is_there_in_the_end_and_none_is_taken_away(name, suffixes, expected):
    assert with_suffix(Path(name), suffixes) == Path(expected)


def test_no_proposal_is_the_name_of_what_is_open():
    photo = picture(FileOrigin(Path("/here/photo.png")))
    assert (proposed_name(photo, ".daub"), proposed_name(photo, ".png")) == ("photo.daub", "photo-decoded.png")
    document = Document.unwritten(Gaussians.empty(1), 3, 2)
    file = picture(FileOrigin(Path("/here/photo.daub")), document)
    assert (proposed_name(file, ".daub"), proposed_name(file, ".png")) == ("photo-copy.daub", "photo-decoded.png")
    assert proposed_name(picture(PixelOrigin(None)), ".daub") == "pasted picture.daub"


@pytest.mark.parametrize("way", ["itself", "another spelling", "a link", "a linked folder", "a hard link", "relative"])
def test_what_is_open_is_refused_by_whatever_name(tmp_path, monkeypatch, way):
    folder = tmp_path / "pictures"
    folder.mkdir()
    source = folder / "photo.png"
    source.write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.png").symlink_to(source)
    (tmp_path / "others").symlink_to(folder)
    os.link(source, tmp_path / "hard.png")
    ways = {
        "itself": source,
        "another spelling": folder / ".." / "pictures" / "photo.png",
        "a link": tmp_path / "link.png",
        "a linked folder": tmp_path / "others" / "photo.png",
        "a hard link": tmp_path / "hard.png",
        "relative": Path("pictures/photo.png"),
    }
    with pytest.raises(DaubError, match="it is the picture that is open, choose another name") as refused:
        check_target(ways[way], picture(FileOrigin(source)))
    assert "\n" not in str(refused.value)


def test_everything_else_is_allowed(tmp_path):
    source, other = tmp_path / "photo.png", tmp_path / "other.png"
    source.write_bytes(b"x")
    other.write_bytes(b"x")
    for path in (other, tmp_path / "new.png"):
        check_target(path, picture(FileOrigin(source)))
    check_target(source, picture(PixelOrigin(None)))


def test_a_place_where_no_file_can_be_written_is_found_before_there_is_one(tmp_path):
    for path, why in ((tmp_path / "absent" / "a.png", "no such folder"), (tmp_path, "that is a folder")):
        with pytest.raises(DaubError, match=why):
            check_target(path, picture(PixelOrigin(None)))


def test_a_source_that_is_gone_is_still_refused(tmp_path):
    with pytest.raises(DaubError):
        check_target(tmp_path / "gone.png", picture(FileOrigin(tmp_path / "." / "gone.png")))
