"""FLIP and SSIM maps: right, kept, given up, and never of something else."""

from __future__ import annotations

import numpy as np
import pytest
from later import Later

from daub.app.model.compare import difference_maps
from daub.app.model.compare.comparison import Comparison
from daub.app.model.compare.decoded import Decoded
from daub.app.model.compare.difference import Difference
from daub.app.model.compare.difference_maps import DifferenceMaps
from daub.app.model.sources.sides import CompareSource
from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import ssim_map

RNG = np.random.default_rng(3)
PIXELS = list(RNG.random((4, 24, 30, 3), np.float32))


def side(index: int, live: bool = False) -> CompareSource:
    return CompareSource(f"side {index}", pixels=PIXELS[index], is_live=live)


class Bench:
    def __init__(self):
        self.later, self.comparison = Later(), Comparison()
        decoded = Decoded(self.comparison, self.later, lambda failure: None)
        self.maps = DifferenceMaps(self.comparison, decoded, self.later)
        self.told = []
        self.maps.changed.connect(lambda: self.told.append(1))

    def show(self, a: CompareSource | None, b: CompareSource | None) -> None:
        self.comparison.show((a, b), PIXELS[0], (30, 24))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_map_is_worked_out_once_and_kept(bench):
    bench.show(side(0), side(1))
    assert bench.maps.get(Difference.SSIM) is None and bench.maps.get(Difference.SSIM) is None
    assert len(bench.later.asked) == 1
    bench.later.go()
    found = bench.maps.get(Difference.SSIM)
    expected = 1 - ssim_map(PIXELS[0], PIXELS[1])
    np.testing.assert_allclose(found.errors, expected, atol=1e-3)
    assert found.mean == pytest.approx(expected.mean(), abs=1e-6) and bench.told and not bench.later.asked
    bench.show(side(0), side(2))
    assert bench.maps.get(Difference.SSIM) is None, "of other sides"
    bench.later.go()
    bench.show(side(0), side(1))
    assert bench.maps.get(Difference.SSIM) is found and not bench.later.asked


def test_flip_is_its_package_s(bench):
    pytest.importorskip("flip_evaluator", reason="the extra metrics is not installed")
    from daub.codec.evaluation.flip import flip

    bench.show(side(0), side(1))
    bench.maps.get(Difference.FLIP)
    bench.later.go()
    found = bench.maps.get(Difference.FLIP)
    assert found.errors.shape == (24, 30) and found.mean == pytest.approx(flip(PIXELS[0], PIXELS[1]), abs=1e-6)


@pytest.mark.parametrize("leave", ["look away", "another kind", "other sides"])
def test_what_nobody_looks_at_any_more_is_given_up(bench, leave, monkeypatch):
    asked = []

    def measured(kind, a, b, wanted):
        asked.append(wanted())
        if leave == "look away":
            bench.maps.forget()
        elif leave == "another kind":
            bench.maps.get(Difference.FLIP)
        else:
            bench.show(side(0), side(2))
            bench.maps.get(Difference.SSIM)
        asked.append(wanted())
        return None

    monkeypatch.setattr(difference_maps, "measured", measured)
    bench.show(side(0), side(1))
    bench.maps.get(Difference.SSIM)
    bench.later.go()
    assert asked == [True, False]


def test_of_a_fit_the_last_map_stays_until_the_next_one_and_goes_with_the_fit(bench):
    bench.show(side(0), side(1, live=True))
    bench.maps.get(Difference.SSIM)
    bench.later.go()
    first = bench.maps.get(Difference.SSIM)
    bench.show(side(0), side(2, live=True))
    assert bench.maps.get(Difference.SSIM) is first and len(bench.later.asked) == 1
    bench.show(side(0), side(3, live=True))
    assert bench.maps.get(Difference.SSIM) is first and len(bench.later.asked) == 1, "one at a time"
    bench.later.go()
    second = bench.maps.get(Difference.SSIM)
    assert second is not first and second.b is PIXELS[2]
    bench.show(side(0), side(1))
    assert bench.maps.get(Difference.SSIM) is not second, "the file is another picture than the fit"


def test_where_there_is_one_side_there_is_no_map(bench):
    bench.show(side(0), None)
    assert bench.maps.get(Difference.SSIM) is None and not bench.later.asked


def test_a_kind_that_cannot_be_measured_says_why_and_is_not_tried_again(bench, monkeypatch):
    def measured(*_):
        raise DaubError("cannot measure FLIP", "there is no package", "install it")

    monkeypatch.setattr(difference_maps, "measured", measured)
    bench.show(side(0), side(1))
    bench.maps.get(Difference.FLIP)
    bench.later.go()
    assert bench.maps.get(Difference.FLIP) is None and not bench.later.asked
    assert "there is no package" in bench.maps.refused[Difference.FLIP]


def test_old_maps_make_room(bench, monkeypatch):
    monkeypatch.setattr(difference_maps, "KEPT", 2)
    for index in (1, 2, 3):
        bench.show(side(0), side(index))
        bench.maps.get(Difference.SSIM)
        bench.later.go()
    bench.show(side(0), side(2))
    assert bench.maps.get(Difference.SSIM) is not None
    bench.show(side(0), side(1))
    assert bench.maps.get(Difference.SSIM) is None
