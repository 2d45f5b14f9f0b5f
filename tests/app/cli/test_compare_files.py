"""`compare`: the figures of whatever can be compared, on a background, with the notices of each file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from daub.app.cli import main as cli
from daub.codec.evaluation import perceptual

SAMPLE = Path(__file__).parents[3] / "resources" / "sample.png"


@pytest.fixture
def pictures(tmp_path, monkeypatch) -> None:
    """white.png, black.png and clear.png of one size, other.png of another, broken.png."""
    monkeypatch.chdir(tmp_path)
    for name in ("white", "black"):
        Image.new("RGB", (40, 30), name).save(f"{name}.png")
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save("clear.png")
    Image.new("RGB", (30, 40)).save("other.png")
    Path("broken.png").write_bytes(b"\x89PNG broken")


@pytest.mark.usefixtures("pictures")
def test_compare_lays_transparency_on_a_background_and_says_so(capsys):
    for colour, same in (("white", "white.png"), ("#000", "black.png"), ("0,0,0", "black.png")):
        arguments = ["compare", "clear.png", "white.png", "black.png", "clear.png", "--background", colour, "--json"]
        assert cli.main(arguments) == 0
        printed = capsys.readouterr()
        equal = {image["file"] for image in json.loads(printed.out)["images"] if image["psnr"] is None}
        assert equal == {same, "clear.png"}
        notices = printed.err.splitlines()
        assert len(notices) == 2, "of the reference, and of the same file once more"
        assert all(line.startswith("daub: clear.png: ") and "transparen" in line for line in notices)
    assert cli.main(["compare", "white.png", "black.png", "--background", "nocolour"]) == 2


@pytest.mark.usefixtures("pictures")
def test_compare_shows_the_figures_of_those_that_fit(capsys):
    command = ["compare", "white.png", "black.png", "other.png", "broken.png", "absent.png", "white.png"]
    assert cli.main(command) == 1
    printed = capsys.readouterr()
    assert [line.split()[0] for line in printed.out.splitlines()[2:]] == ["black.png", "white.png"]
    lines = printed.err.splitlines()
    assert [line.split(", ")[0] for line in lines] == [
        "daub: cannot compare other.png with white.png", "daub: cannot open broken.png", "daub: cannot open absent.png",
    ]  # fmt: skip
    assert "30x40" in lines[0] and "40x30" in lines[0]
    assert cli.main([*command, "--json"]) == 1
    done = json.loads(capsys.readouterr().out)
    assert [image["file"] for image in done["images"]] == ["black.png", "white.png"]
    assert [refused["file"] for refused in done["refused"]] == ["other.png", "broken.png", "absent.png"]
    assert all(refused["why"].count(", ") >= 2 for refused in done["refused"])


@pytest.mark.usefixtures("pictures")
def test_compare_without_any_that_fits_prints_no_table(capsys):
    assert cli.main(["compare", "white.png", "absent.png"]) == 1
    assert capsys.readouterr().out == ""
    assert cli.main(["compare", "absent.png", "white.png", "black.png"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1


@pytest.mark.usefixtures("pictures")
def test_nothing_is_minus_zero(capsys):
    assert cli.main(["compare", "white.png", "black.png"]) == 0
    assert " 0.00 dB" in capsys.readouterr().out
    assert cli.main(["compare", "white.png", "black.png", "--json"]) == 0
    printed = capsys.readouterr().out
    assert '"psnr": 0.0' in printed and "-0.0" not in printed


@pytest.mark.skipif(not perceptual.available(), reason="the extra metrics is not installed")
@pytest.mark.usefixtures("pictures")
def test_compare_tells_how_images_look(capsys):
    assert cli.main(["compare", "white.png", "black.png", "white.png"]) == 0
    printed = capsys.readouterr()
    header, _, black, white = printed.out.splitlines()
    assert header.split()[-2:] == ["SSIMULACRA2", "FLIP"] and printed.err == ""
    assert white.split()[-2:] == ["100.0", "0.0000"]
    score, difference = map(float, black.split()[-2:])
    assert score < 20 and 0.9 < difference < 1
    Image.new("RGB", (40, 7), "red").save("low.png")
    assert cli.main(["compare", "low.png", "low.png", "--json"]) == 0
    (low,) = json.loads(capsys.readouterr().out)["images"]
    assert low["ssimulacra2"] is None and low["flip"] == 0


@pytest.mark.usefixtures("pictures")
def test_without_their_packages_a_line_says_how_to_get_them(capsys, monkeypatch):
    monkeypatch.setattr(perceptual, "find_spec", lambda name: None)
    assert cli.main(["compare", "white.png", "black.png", "white.png"]) == 0
    printed = capsys.readouterr()
    assert printed.err == f"daub: {perceptual.MISSING}\n" and printed.out.split()[4] == "MS-SSIM"
    assert "SSIMULACRA2" not in printed.out and "FLIP" not in printed.out
    assert cli.main(["compare", "white.png", "black.png", "--json"]) == 0
    (black,) = json.loads(capsys.readouterr().out)["images"]
    assert black["ssimulacra2"] is None and black["flip"] is None


@pytest.fixture
def photo(tmp_path, monkeypatch) -> Path:
    """A part of the bundled photo, and a WebP of it."""
    monkeypatch.chdir(tmp_path)
    with Image.open(SAMPLE) as sample:
        part = sample.convert("RGB").crop((80, 70, 240, 190))
    part.save("photo.png")
    part.save("photo.webp", quality=30)
    return tmp_path


def test_codecs_at_as_many_bytes(photo, capsys):
    command = ["compare", "photo.png", "photo.webp", "--codecs", "jpeg", "AVIF", "JPEG XL", "--json"]
    assert cli.main(command) == 0
    done = json.loads(capsys.readouterr().out)
    size, psnr = (done["images"][0][key] for key in ("bytes", "psnr"))
    assert [one["codec"] for one in done["matched"]] == ["JPEG", "AVIF", "JPEG XL"]
    assert [one["parameter"] for one in done["matched"]] == ["quality", "quality", "distance"]
    for one in done["matched"]:
        assert one["reached"] and 0.9 * size < one["bytes"] <= size and one["bpp"] == 8 * one["bytes"] / 19200
    assert cli.main([*command[:-1], "--match", "psnr", "--json"]) == 0
    for one in json.loads(capsys.readouterr().out)["matched"]:
        assert one["reached"] and psnr <= one["psnr"] < psnr + 1


def test_a_codec_that_cannot_get_there_says_so(photo, capsys):
    Image.open("photo.png").resize((16, 12)).resize((160, 120)).save("tiny.webp", quality=0)
    assert cli.main(["compare", "photo.png", "tiny.webp", "--codecs", "JPEG"]) == 0
    *_, jpeg, note = capsys.readouterr().out.splitlines()
    assert jpeg.startswith("JPEG, quality 1 * ") and note == "* the nearest to it that this codec can make"
    assert cli.main(["compare", "photo.png", "absent.png", "--codecs", "JPEG"]) == 1
    assert capsys.readouterr().out == ""
    assert cli.main(["compare", "photo.png", "photo.webp", "--codecs", "GIF"]) == 1
    assert "there is no such codec" in capsys.readouterr().err
