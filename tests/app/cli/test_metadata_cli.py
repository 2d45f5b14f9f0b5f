"""EXIF and XMP through `daub encode`, `info`, `edit` and `decode`, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import PIL.Image
import pytest
from PIL.ExifTags import IFD, Base
from scenes import a_picture

from daub.app.cli import main as cli
from daub.render.eight_bit import to_8bit

FAST = ["--gaussians", "20", "--effort", "0"]


@pytest.fixture
def photo(tmp_path, monkeypatch) -> str:
    monkeypatch.chdir(tmp_path)
    exif = PIL.Image.Exif()
    exif[Base.Copyright], exif[Base.Orientation] = "© a person".encode(), 6
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 12.0)})
    PIL.Image.fromarray(to_8bit(a_picture(48, 32))).save("photo.jpg", exif=exif)
    return "photo.jpg"


def info(path: str, capsys) -> dict:
    capsys.readouterr()
    assert cli.main(["info", path, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["metadata"]


def test_a_photo_is_whose_it_is_all_the_way(photo, capsys):
    assert cli.main(["encode", photo, "a.daub", *FAST]) == 0
    assert info("a.daub", capsys) == {"Copyright": "© a person"}
    assert cli.main(["info", "a.daub", "--metadata"]) == 0
    assert "© a person" in capsys.readouterr().out
    assert cli.main(["edit", "a.daub", "b.daub", "--flip", "h"]) == 0
    assert cli.main(["encode", "b.daub", "c.daub", *FAST]) == 0
    assert cli.main(["decode", "c.daub", "c.png"]) == 0
    picture = PIL.Image.open("c.png")
    assert picture.size == (32, 48)  # upright
    tags = picture.getexif()
    assert tags[Base.Copyright].encode("latin-1").decode() == "© a person"
    assert Base.Orientation not in tags and not tags.get_ifd(IFD.GPSInfo)


def test_who_wants_none_or_the_place_says_so(photo, capsys):
    assert cli.main(["encode", photo, "a.daub", *FAST, "--keep-location"]) == 0
    assert info("a.daub", capsys)["GPSLatitude"] == "52.0, 31.0, 12.0"
    assert cli.main(["encode", photo, "b.daub", *FAST, "--strip"]) == 0
    assert info("b.daub", capsys) == {}
    assert cli.main(["decode", "a.daub", "a.jpg", "--strip"]) == 0
    assert not PIL.Image.open("a.jpg").getexif()
    assert cli.main(["encode", photo, "c.daub", *FAST, "--strip", "--keep-location"]) == 2
    assert "give one of them" in capsys.readouterr().err
    assert not Path("c.daub").exists()


def test_what_is_left_out_is_told(photo, capsys):
    assert cli.main(["encode", photo, "a.daub", "--bytes", "200", "--effort", "0"]) == 0
    assert "photo.jpg: its metadata are left out" in capsys.readouterr().err
    assert cli.main(["encode", photo, "b.daub", *FAST]) == 0
    assert cli.main(["decode", "b.daub", "b.bmp"]) == 0
    assert "EXIF of b.daub: left out, as b.bmp has no place for it" in capsys.readouterr().err
