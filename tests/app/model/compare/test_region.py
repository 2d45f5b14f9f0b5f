"""The rectangle: how it is dragged, what is measured in it, and when."""

from __future__ import annotations

import math

import numpy as np
import pytest
from later import Later

from daub.app.model.compare import region as module
from daub.app.model.compare import region_words
from daub.app.model.compare.comparison import Comparison
from daub.app.model.compare.decoded import Decoded
from daub.app.model.compare.region import NOTHING, PartFigures, Region, dragged, spanned
from daub.app.model.picture.box import Box
from daub.app.model.sources.sides import CompareSource
from daub.codec.errors import DaubError
from daub.codec.evaluation import metrics

RNG = np.random.default_rng(5)
SOURCE = RNG.random((40, 60, 3), np.float32)
WORSE = np.clip(SOURCE + RNG.normal(0, 0.05, SOURCE.shape), 0, 1).astype(np.float32)
BOX = Box(10, 5, 40, 30)


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def comparison() -> Comparison:
    comparison = Comparison()
    a = CompareSource("Source", pixels=SOURCE)
    b = CompareSource("Worse", pixels=WORSE)
    comparison.show((a, b), SOURCE, (60, 40))
    return comparison


@pytest.fixture
def region(comparison, later) -> Region:
    region = Region(comparison, Decoded(comparison, later, lambda failure: None), later)
    region.switch(True)
    return region


@pytest.fixture
def no_flip(monkeypatch) -> list:
    """FLIP of a part is 0.25, at once; the boxes it was asked for."""
    asked = []
    monkeypatch.setattr(module, "flips", lambda reference, side, box: asked.append(box) or 0.25)
    return asked


def test_the_figures_are_those_of_the_part(region, later):
    pytest.importorskip("flip_evaluator", reason="the extra metrics is not installed")
    from daub.codec.evaluation.flip import flip_map

    region.place(BOX)
    later.go_on()
    a, b = region.figures
    parts = SOURCE[5:30, 10:40], WORSE[5:30, 10:40]
    assert a == PartFigures(is_reference=True)
    assert b.psnr == pytest.approx(metrics.psnr(*parts)) and b.ms_ssim == pytest.approx(metrics.ms_ssim(*parts))
    assert b.flip == pytest.approx(flip_map(SOURCE, WORSE)[5:30, 10:40].mean(), abs=1e-6)
    assert b.bits is None and not region.why
    assert region_words.line(b, BOX).startswith(f"{b.psnr:.2f} dB · MS-SSIM {b.ms_ssim:.4f} · FLIP {b.flip:.4f}")
    assert region_words.line(a, BOX) == "the source picture itself"


def test_while_it_is_dragged_flip_waits_and_only_the_newest_place_is_measured(region, later, no_flip):
    region.hold(True)
    for right in (20, 30, 40):
        region.place(Box(10, 5, right, 30))
    assert len(later.asked) == 1
    later.go_on()
    expected = metrics.psnr(SOURCE[5:30, 10:40], WORSE[5:30, 10:40])
    assert region.box == BOX and region.figures[1].psnr == pytest.approx(expected)
    assert region.figures[1].flip is None and not no_flip
    region.hold(False)
    later.go_on()
    assert region.figures[1].flip == 0.25 and set(no_flip) == {BOX}


def test_a_part_that_is_equal_has_no_error_in_db(region, comparison, later, no_flip):
    comparison.show((comparison.sides[0], CompareSource("Copy", pixels=SOURCE.copy())), SOURCE, (60, 40))
    region.place(BOX)
    later.go_on()
    assert math.isinf(region.figures[1].psnr) and region_words.psnr(region.figures[1]) == "equal"


def test_another_side_has_other_figures(region, comparison, later, no_flip):
    region.place(BOX)
    later.go_on()
    before = region.figures[1].psnr
    even_worse = np.clip(WORSE + 0.2, 0, 1).astype(np.float32)
    comparison.show((comparison.sides[0], CompareSource("Worse still", pixels=even_worse)), SOURCE, (60, 40))
    later.go_on()
    assert region.figures[1].psnr < before


def test_bits_come_from_whoever_counts_them(region, later, no_flip):
    region.bits_of = lambda side, box: 800.0 if side.title == "Worse" else None
    region.place(BOX)
    later.go_on()
    assert [figures.bits for figures in region.figures] == [None, 800.0]
    assert region_words.bits(region.figures[1], BOX) == "100 bytes, 1.067 bpp"


def test_without_a_source_there_is_nothing_to_measure_against_and_that_is_said(region, comparison, later):
    comparison.show(comparison.sides, None, (60, 40))
    region.place(BOX)
    later.go_on()
    assert region.figures == (NOTHING, NOTHING) and "no source picture" in region.why


def test_where_flip_cannot_be_measured_the_rest_is_and_why_is_said_once(region, later, monkeypatch):
    def flips(*_):
        raise DaubError("cannot measure FLIP", "there is no package", "install it")

    monkeypatch.setattr(module, "flips", flips)
    region.place(BOX)
    later.go_on()
    assert region.figures[1].psnr and region.figures[1].flip is None and "there is no package" in region.why
    region.place(Box(0, 0, 5, 5))
    later.go_on()
    assert region.figures[1].psnr and "there is no package" in region.why


def test_put_away_it_measures_nothing_and_taken_again_it_is_where_it_was(region, later, no_flip):
    region.place(BOX)
    region.switch(False)
    later.asked.clear()
    region._busy = False  # what was asked for went with the list
    region.measure()
    assert not later.asked and region.box == BOX
    region.switch(True)
    later.go_on()
    assert region.figures[1].psnr


def test_a_picture_of_another_size_takes_it_away(region, comparison, later, no_flip):
    region.place(BOX)
    later.go_on()
    small = CompareSource("Small", pixels=SOURCE[:20, :20])
    comparison.show((small, None), small.pixels, (20, 20))
    assert region.box is None and region.figures == (NOTHING, NOTHING)


def test_it_stays_in_the_picture(region):
    region.place(Box(50, 30, 90, 90))
    assert region.box == Box(50, 30, 60, 40)
    region.place(Box(70, 70, 90, 90))
    assert region.box == Box(50, 30, 60, 40), "what lies outside is no rectangle"


@pytest.mark.parametrize(
    "grip, by, expected",
    [
        ((0, 0), (3, -2), Box(13, 3, 43, 28)),
        ((0, 0), (100, -100), Box(30, 0, 60, 25)),
        ((-1, 0), (5, 9), Box(15, 5, 40, 30)),
        ((1, 1), (5, 50), Box(10, 5, 45, 40)),
        ((-1, 0), (40, 0), Box(40, 5, 50, 30)),  # over the other edge
        ((1, 0), (-30, 0), Box(10, 5, 11, 30)),  # a pixel is left
        ((-1, -1), (-100, -100), Box(0, 0, 40, 30)),
    ],
)
def test_a_drag_moves_it_or_the_edges_that_were_taken(grip, by, expected):
    assert dragged(BOX, grip, *by, (60, 40)) == expected


def test_a_rectangle_holds_the_pixels_at_both_ends_of_a_drag():
    assert spanned((3.2, 8.9), (1.5, 9.1)) == Box(1, 8, 4, 10)
    assert spanned((3.2, 8.9), (3.2, 8.9)) == Box(3, 8, 4, 9)
    assert spanned((-0.5, 2.0), (1.0, 2.0)) == Box(-1, 2, 2, 3)
