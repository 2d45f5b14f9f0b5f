"""Files with an alpha channel on the command line: every verb, and the formats that have a place for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from daub.app.cli import main as cli
from daub.codec import container, decode

GOLDEN = Path(__file__).parents[2] / "codec" / "container" / "golden" / "transparent" / "photo.daub"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """logo.png, a disc with a soft rim; logo.daub."""
    folder = tmp_path_factory.mktemp("transparent")
    y, x = np.mgrid[:32, :40]
    alpha = np.clip(12 - np.hypot(x - 19, y - 15), 0, 1)
    pixels = np.dstack([6 * x, 7 * y, 0 * x + 90, 255 * alpha]).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "logo.png")
    arguments = ["encode", f"{folder}/logo.png", f"{folder}/logo.daub", "--gaussians", "60", "--steps", "40"]
    assert cli.main([*arguments, "--quiet"]) == 0
    return folder


@pytest.fixture
def here(folder, monkeypatch) -> Path:
    monkeypatch.chdir(folder)
    return folder


def test_encode_says_what_it_has_kept(here, capsys):
    assert cli.main(["encode", "logo.png", "again.daub", "--gaussians", "60", "--steps", "40"]) == 0
    printed = capsys.readouterr()
    assert "transparency" in printed.out and "on black and white" in printed.out
    assert Path("again.daub").read_bytes() == Path("logo.daub").read_bytes()
    flat = ["encode", "logo.png", "flat.daub", "--gaussians", "60", "--steps", "9", "--background", "#fff"]
    assert cli.main(flat) == 0
    assert "transparency was laid on" in capsys.readouterr().err and decode("flat.daub").shape == (32, 40, 3)


def test_a_method_lays_it_on_white_and_says_so(here, capsys):
    arguments = ["encode", "logo.png", "method.daub", "--gaussians", "20", "--steps", "3"]
    assert cli.main([*arguments, "--profile", "gaussianimage-rs"]) == 0
    assert "transparency was laid on" in capsys.readouterr().err and decode("method.daub").shape == (32, 40, 3)


def test_info_names_it(here, capsys):
    assert cli.main(["info", "logo.daub", "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    document = container.read(Path("logo.daub").read_bytes())
    assert about["alpha"]["gaussians"] == len(document.alpha) and about["gaussians"] == len(document)
    assert cli.main(["info", "logo.daub"]) == 0
    assert "PSNR is that on black and on white" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["png", "webp", "tif", "jxl", "avif", "jp2"])
def test_formats_with_a_place_for_it(here, suffix):
    assert cli.main(["decode", "logo.daub", f"out.{suffix}", "--scale", "2", "--quiet"]) == 0
    from daub.codec import images

    pixels, expected = images.load(f"out.{suffix}", background=None).pixels, decode("logo.daub", scale=2)
    assert pixels.shape == expected.shape == (64, 80, 4)
    lossy = suffix == "avif"
    assert np.abs(255 * pixels[..., 3] - expected[..., 3]).max() <= (12 if lossy else 0.01)
    seen = expected[..., 3] > 250
    assert np.abs(255 * pixels - expected)[seen].max() <= (25 if lossy else 0.01)


@pytest.mark.parametrize("suffix", ["jpg", "bmp", "ppm"])
def test_formats_without_one_lay_it_on_white_and_say_so(here, suffix, capsys):
    assert cli.main(["decode", "logo.daub", f"out.{suffix}"]) == 0
    assert f"laid on white, as out.{suffix} has no place for it" in capsys.readouterr().err
    pixels = np.asarray(Image.open(f"out.{suffix}")).astype(int)
    assert np.abs(pixels - decode("logo.daub", background=(1, 1, 1))).max() <= (24 if suffix == "jpg" else 0)


def test_decode_lays_it_on_any_colour_and_takes_a_part(here, capsys):
    assert cli.main(["decode", "logo.daub", "red.png", "--background", "#f00", "--region", "0,0,9,8"]) == 0
    pixels = np.asarray(Image.open("red.png"))
    assert pixels.shape == (8, 9, 3) and np.abs(pixels[0, 0].astype(int) - [255, 0, 0]).max() < 12
    assert "laid" not in capsys.readouterr().err
    assert cli.main(["decode", "logo.daub", "x.png", "--background", "nocolour"]) == 2


def test_compare_looks_on_black_and_on_white(here, capsys):
    Image.open("logo.png").convert("RGB").save("opaque.png")
    assert cli.main(["compare", "logo.png", "logo.daub", "opaque.png", "logo.png", "--json"]) == 0
    ours, opaque, same = json.loads(capsys.readouterr().out)["images"]
    assert ours["psnr"] > 25 > opaque["psnr"] and same["psnr"] is None
    assert cli.main(["compare", "logo.png", "logo.daub", "--codecs", "WebP"]) == 1
    assert "WebP cannot be matched, the reference is transparent, lay" in capsys.readouterr().err


def test_an_edit_of_the_canvas_takes_the_opacity_along(here, capsys):
    whole = decode("logo.daub").astype(int)
    arguments = ["edit", "logo.daub", "turned.daub", "--flip", "h", "--rotate", "90"]
    assert cli.main([*arguments, "--quiet"]) == 0
    turned = decode("turned.daub").astype(int)
    expected = np.rot90(whole[:, ::-1], -1)
    assert turned.shape == expected.shape == (40, 32, 4)
    assert np.abs(turned - expected)[..., 3].mean() < 6
    seen = expected[..., 3] > 200
    assert np.abs(turned - expected)[seen][:, :3].mean() < 8
    assert cli.main(["edit", "logo.daub", "cut.daub", "--crop", "4,2,30,28", "--hue", "40"]) == 0
    assert "transparency" not in capsys.readouterr().err
    assert np.abs(decode("cut.daub")[..., 3] - whole[2:30, 4:34, 3]).mean() < 6


def test_an_edit_of_colours_leaves_the_opacity_as_it_is(here, capsys):
    before = container.read(Path("logo.daub").read_bytes()).chunks
    assert cli.main(["edit", "logo.daub", "moved.daub", "--select-light", "20..255", "--move", "3,0"]) == 0
    assert "the transparency stays where it was: move changes colours alone" in capsys.readouterr().err
    after = container.read(Path("moved.daub").read_bytes()).chunks
    (kept,), (mine,) = ([chunk for chunk in chunks if chunk.tag == b"a"] for chunks in (before, after))
    assert kept == mine


def test_a_thumbnail_is_transparent(here):
    from daub.app.tasks.thumbnail import make_thumbnail

    make_thumbnail(str(GOLDEN), "small.png", 32)
    assert np.asarray(Image.open("small.png")).shape == (25, 32, 4)


def test_a_batch_keeps_it(here):
    settings = ["--gaussians", "60", "--steps", "40", "--jobs", "1"]
    assert cli.main(["batch", "encode", "logo.png", "--out", "made", *settings]) == 0
    assert Path("made/logo.daub").read_bytes() == Path("logo.daub").read_bytes()
    assert cli.main(["batch", "decode", "logo.daub", "--out", "drawn", "--background", "white", "--jobs", "1"]) == 0
    assert np.asarray(Image.open("drawn/logo.png")).shape == (32, 40, 3)
