"""Sides as pixels: an image's own, a decoder's, and those of a fit that goes on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from later import Later

from daub.app.model.compare.comparison import Comparison
from daub.app.model.compare.decoded import Decoded
from daub.app.model.sources.sides import CompareSource
from daub.codec.errors import DaubError
from daub.render.eight_bit import as_real


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def comparison() -> Comparison:
    return Comparison()


@pytest.fixture
def told() -> list:
    return []


@pytest.fixture
def decoded(comparison, later, told, monkeypatch) -> Decoded:
    """The decoder gives a picture of 4x3 pixels with the level that the document is called."""

    def decode(document, large: bool) -> np.ndarray:
        if document.level is None:
            raise DaubError("cannot be decoded", "it is broken", "nothing")
        return np.full((3, 4, 3), document.level, np.uint8)

    monkeypatch.setattr("daub.app.model.compare.decoded.decode", decode)
    monkeypatch.setattr(
        "daub.app.model.compare.decoded._document_of", lambda side, size: side.document or side.gaussians
    )
    return Decoded(comparison, later, told.append)


def image(level: float = 0.5) -> CompareSource:
    return CompareSource("Source", pixels=np.full((3, 4, 3), level, np.float32))


def file(level: int | None) -> CompareSource:
    return CompareSource("File", document=SimpleNamespace(level=level, alpha=None))


def fit(level: int) -> CompareSource:
    return CompareSource("Fit", gaussians=SimpleNamespace(level=level, alpha=None), is_live=True)


def test_an_image_is_its_own_pixels(decoded, later):
    side = image(0.5)
    assert decoded.get(side) is side.pixels and not later.asked
    assert (decoded.levels(side, (slice(0, 2), slice(1, 2))) == 128).all()
    assert decoded.levels(side, (slice(0, 2), slice(1, 2))).shape == (2, 1, 3)
    assert decoded.get(None) is None and decoded.levels(None, (slice(0, 1), slice(0, 1))) is None


def test_a_file_is_decoded_once_and_that_is_told(decoded, later):
    changed = []
    decoded.changed.connect(lambda: changed.append(1))
    side = file(7)
    assert decoded.get(side) is None and decoded.get(side) is None and len(later.asked) == 1
    later.go()
    assert changed == [1] and (decoded.get(side) == 7).all() and not later.asked
    again = CompareSource("Another label", document=side.document)
    assert decoded.get(again) is decoded.get(side)
    assert as_real(decoded.colour_at(side, 3, 2)) == pytest.approx([7 / 255] * 3)


def test_of_a_fit_an_older_moment_is_shown_until_the_newer_one_is_decoded(comparison, decoded, later):
    source = image()
    comparison.show((source, first := fit(1)), source.pixels, (4, 3))
    assert decoded.get(first) is None
    comparison.show((source, second := fit(2)), source.pixels, (4, 3))
    assert decoded.get(second) is None and len(later.asked) == 1, "one at a time"
    later.go()
    assert (decoded.get(second) == 1).all()
    later.go()
    assert (decoded.get(second) == 2).all() and not later.asked


def test_a_file_never_passes_for_another_nor_a_fit_for_the_next(comparison, decoded, later):
    source = image()
    comparison.show((source, side := fit(1)), source.pixels, (4, 3))
    decoded.get(side)
    later.go()
    comparison.show((source, result := file(9)), source.pixels, (4, 3))
    assert decoded.get(result) is None
    later.go()
    comparison.show((source, another := fit(3)), source.pixels, (4, 3))
    assert decoded.get(another) is None


def test_what_cannot_be_decoded_is_told_once(decoded, later, told):
    side = file(None)
    decoded.get(side)
    later.go()
    assert decoded.get(side) is None and not later.asked
    assert len(told) == 1 and "it is broken" in told[0].line


def test_what_is_beyond_the_budget_is_forgotten_but_never_the_newest(decoded, later, monkeypatch):
    monkeypatch.setattr("daub.app.model.compare.decoded.BUDGET", 36)
    files = [file(level) for level in (1, 2, 3)]
    for side in files:
        decoded.get(side)
        later.go()
    known = [decoded.get(side) is not None for side in files[:0:-1]]
    assert known == [True, True] and decoded.get(files[0]) is None


def test_a_generation_ends_with_another_side_not_with_the_next_step_of_a_fit(comparison):
    source, changed = image(), []
    comparison.changed.connect(lambda: changed.append(comparison.generation))
    comparison.show((source, fit(1)), source.pixels, (4, 3))
    comparison.show((source, fit(2)), source.pixels, (4, 3))
    assert changed == [1, 1] and comparison.is_live
    comparison.show((source, last := file(2)), source.pixels, (4, 3))
    comparison.show((source, CompareSource("Same", document=last.document)), source.pixels, (4, 3))
    assert changed == [1, 1, 2] and not comparison.is_live
    comparison.show((last, source), source.pixels, (4, 3))
    assert changed[-1] == 3
