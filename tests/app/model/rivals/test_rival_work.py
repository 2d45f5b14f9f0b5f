"""What the process of jobs does of other codecs and of Daub: figures that are those of the files."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from daub.app.model.figures import figure_page
from daub.app.model.rivals import rd_page, rival_work
from daub.app.model.rivals.plot_style import colour_of
from daub.codec.evaluation.metrics import ms_ssim, psnr
from daub.codec.evaluation.peers import PEERS
from daub.codec.evaluation.perceptual import available
from daub.codec.settings import EncodeSettings

SAMPLE = Path(__file__).parents[4] / "resources" / "sample.png"
WHOLE = {"size": [100, 80], "registration": {}}  # all of an image of that size, as it is


@pytest.fixture(scope="module")
def pixels():
    with PIL.Image.open(SAMPLE) as sample:
        return np.asarray(sample.convert("RGB").crop((80, 70, 180, 150)), np.float32) / 255


@pytest.mark.parametrize("target", [{"bytes": 1500}, {"psnr": 33.0}], ids=str)
def test_a_match_is_what_its_file_decodes_to(pixels, target):
    told = []
    done, (data, image8) = rival_work.match({"codec": "AVIF", **target, **WHOLE}, [pixels], told.append)
    assert done["reached"]
    assert len(data) <= 1500 if "bytes" in target else done["psnr"] >= 33.0
    again, (decoded,) = rival_work.decode({"codec": "AVIF"}, [data], told.append)
    assert again == {} and np.array_equal(decoded, image8)
    decoded = image8 / np.float32(255)
    assert (done["psnr"], done["ms_ssim"]) == (psnr(pixels, decoded), ms_ssim(pixels, decoded))
    fractions = [one["fraction"] for one in told]
    assert fractions == sorted(fractions) and fractions[0] > 0 and fractions[-1] <= 1


def test_a_curve_has_a_row_for_every_setting(pixels):
    told = []
    rival_work.curve({"codec": "WebP", "image": "a.png"}, [pixels], told.append)
    rows, sweep = [one["row"] for one in told], PEERS["WebP"].sweep
    assert [row["setting"] for row in rows] == list(sweep) and {row["image"] for row in rows} == {"a.png"}
    assert [one["fraction"] for one in told][-1] == 1.0
    last = PEERS["WebP"].encode((255 * pixels + 0.5).astype(np.uint8), sweep[-1])
    assert rows[-1]["bytes"] == len(last) and rows[-1]["bpp"] == 8 * len(last) / 8000
    assert rows[-1]["psnr"] == psnr(pixels, PEERS["WebP"].decode(last) / np.float32(255)) > rows[0]["psnr"]
    assert (rows[-1]["ssimulacra2"] is not None) == available()


def test_the_curve_of_daub_is_of_whole_encodes(pixels):
    told = []
    given = {
        "image": "a.png", "device": "cpu", "counts": [3000, 12000],
        "settings": EncodeSettings(steps=10, exact_count=False).as_dict(),
    }  # fmt: skip
    rival_work.own_curve(given, [pixels], told.append)
    small, large = (one["row"] for one in told if "row" in one)
    assert small["codec"] == large["codec"] == "Daub" and (small["setting"], large["setting"]) == (3000, 12000)
    assert 50 < small["bytes"] < large["bytes"] and small["psnr"] < large["psnr"]


FIGURE = {
    "title": "photo.png", "box": [10, 20, 30, 16], "size": [100, 80],
    "panels": [
        {"name": "Source", "codec": "", "lines": ["12.35 kB"]},
        {"name": "A name so long that it takes two lines of the caption, and more", "codec": "AVIF", "lines": []},
    ],
}  # fmt: skip


def crops(pixels):
    image8 = (255 * pixels).astype(np.uint8)
    part = image8[20:36, 10:40]
    return [image8, part, 255 - part]


def test_a_figure_shows_every_crop_and_where_it_lies(pixels):
    whole, part, other = crops(pixels)
    _, (data,) = figure_page.draw(FIGURE | {"suffix": ".png"}, [whole, part, other], None)
    page = np.asarray(PIL.Image.open(io.BytesIO(data.tobytes())).convert("RGB"))
    found = {tuple(colour) for colour in page.reshape(-1, 3)}
    for crop in (part, other):
        shown = sum(tuple(colour) in found for colour in crop.reshape(-1, 3))
        assert shown > 0.95 * crop.shape[0] * crop.shape[1], "pixels are blended with their neighbours"
    blue = tuple(bytes.fromhex(colour_of("AVIF")[1:]))
    assert blue in found
    frame = np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]])
    assert (frame == 255).all(), "something is cut off"


@pytest.mark.parametrize(("suffix", "mark"), [(".pdf", b"%PDF"), (".svg", b"<?xml")])
def test_a_figure_of_vectors_holds_words_and_is_the_same_each_time(pixels, suffix, mark):
    _, (data,) = figure_page.draw(FIGURE | {"suffix": suffix}, crops(pixels), None)
    assert data.tobytes().startswith(mark)
    assert np.array_equal(data, figure_page.draw(FIGURE | {"suffix": suffix}, crops(pixels), None)[1][0])
    if suffix == ".svg":
        text = data.tobytes().decode()
        assert "12.35 kB" in text and "30 × 16 pixels at (10, 20) of 100 × 80" in text and ">Source<" in text


@pytest.mark.parametrize("shape", [(1, 1, 3), (900, 10, 3), (10, 900, 3)], ids=str)
def test_a_figure_of_any_shape_is_drawn(shape):
    image8 = np.full(shape, 100, np.uint8)
    given = FIGURE | {"suffix": ".png", "box": [0, 0, shape[1], shape[0]], "size": [shape[1], shape[0]]}
    _, (data,) = figure_page.draw(given, [image8] * 3, None)
    width, height = PIL.Image.open(io.BytesIO(data.tobytes())).size
    assert 200 < width < 3000 and 150 < height < 3000


def test_a_plot_shows_curves_dots_and_the_target():
    given = {
        "suffix": ".svg", "title": "photo.png", "rate": "bits per pixel", "quality": "PSNR, dB",
        "curves": [{"codec": "AVIF", "points": [[0.1, 25.0], [0.2, 28.0]]}],
        "dots": [{"name": "Quality 50", "codec": "Daub", "rate": 0.15, "quality": 29.0}], "target": ["rate", 0.18],
    }  # fmt: skip
    _, (data,) = rd_page.draw(given, [], None)
    text = data.tobytes().decode()
    for words in ("photo.png", "bits per pixel", "PSNR, dB", ">AVIF<", "Quality 50"):
        assert words in text
    for codec in ("AVIF", "Daub"):
        assert colour_of(codec) in text
    bare = rd_page.draw(given | {"curves": [], "dots": [], "target": None}, [], None)[1][0].tobytes().decode()
    assert "AVIF" not in bare and colour_of("Daub") not in bare
