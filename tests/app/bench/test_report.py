"""The demonstration on a small picture: what it leaves on the disk, and that its figures are those of the files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from daub.app.bench import report
from daub.app.tasks.reading import decode_file
from daub.codec.evaluation import perceptual
from daub.render.devices import choose

SAMPLE = Path(__file__).parents[3] / "resources" / "sample.png"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    with Image.open(SAMPLE) as sample:
        sample.convert("RGB").crop((80, 70, 240, 200)).save(folder / "sample.png")
    return folder / "out", report.demo(str(folder / "out"), folder / "sample.png", count=150, steps=20)


def test_it_leaves_the_file_the_picture_and_the_report(made):
    folder, done = made
    assert sorted(path.name for path in folder.iterdir()) == ["report.png", "sample.daub", "sample.png"]
    image8, _, size, _ = decode_file(str(folder / "sample.daub"), choose()[0])
    assert np.array_equal(np.asarray(Image.open(folder / "sample.png")), image8)
    assert done["encoding"]["bytes"] == size


def test_the_others_get_no_more_bytes(made):
    own, *others = made[1]["codecs"]
    assert own["file"] == "Daub" and [one["file"] for one in others] == list(report.RIVALS)
    assert all(one["bytes"] <= own["bytes"] or not one["reached"] for one in others)


def test_the_page_is_drawn_to_its_edges(made):
    page = np.asarray(Image.open(made[0] / "report.png").convert("RGB"))
    assert page.shape[1] == 1650
    for band in np.array_split(page, 8):  # no part of the page stays empty
        assert band.std() > 10
    frame = np.concatenate([page[:, :2].reshape(-1, 3), page[:, -2:].reshape(-1, 3)])
    assert (frame == page[0, 0]).all(), "something is cut off at the side"


def test_the_table_names_every_codec(made):
    printed = report.text(made[1])
    assert all(name in printed for name in ("Daub", *report.RIVALS)) and "report.png" in printed
    has_looks = perceptual.available()
    assert ("SSIMULACRA2" in printed) == ("FLIP" in printed) == has_looks
    assert all((one["flip"] is not None) == has_looks for one in made[1]["codecs"])
    assert max(map(len, printed.splitlines()[:9])) < 80
