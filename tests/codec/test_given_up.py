"""An encode that is given up anywhere: it asks often enough, ends at once, and leaves nothing behind."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec.encoder import encode
from daub.codec.goal import Goal
from daub.codec.progress import drive
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings
from daub.render import interruption
from daub.render.cpu.backend import CpuRasteriser
from daub.render.interruption import GivenUp, while_wanted

HEIGHT, WIDTH = 96, 128


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    rng = np.random.default_rng(3)
    coarse = rng.random((HEIGHT // 8, WIDTH // 8, 3)).astype(np.float32)
    return np.ascontiguousarray(coarse.repeat(8, 0).repeat(8, 1))


class Asked:
    """Wants something until it has been asked so many times."""

    def __init__(self, times: float):
        self.times, self.asked = times, 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked < self.times


def _encode(pixels: np.ndarray, rasteriser: CpuRasteriser, wanted: Asked) -> bytes:
    settings = EncodeSettings(Goal("quality", 30), effort=1, steps=12)
    with while_wanted(wanted):
        return drive(encode(pixels, recipe_of(settings), rasteriser)).data


def test_it_ends_wherever_it_is_given_up_and_the_next_one_is_the_same_to_the_bit(pixels, monkeypatch):
    monkeypatch.setattr(interruption, "PATIENCE", 60)  # how often work that is done aside is asked for is by the clock
    rasteriser, to_the_end = CpuRasteriser(), Asked(np.inf)
    whole = _encode(pixels, rasteriser, to_the_end)
    for times in np.linspace(1, to_the_end.asked, 25).astype(int):
        wanted = Asked(times)
        with pytest.raises(GivenUp):
            _encode(pixels, rasteriser, wanted)
        assert wanted.asked == times, "it went on though it was given up"
    assert _encode(pixels, rasteriser, Asked(np.inf)) == whole


def test_every_part_of_the_work_between_two_records_asks(pixels, monkeypatch):
    """The longest parts of a large picture before its first record, and between the fit and the file."""
    from daub.codec import weights
    from daub.codec.fit import sizes

    asked_in: dict[str, int] = {}

    def counted(module, name: str) -> None:
        whole = getattr(module, name)

        def call(*given, **more):
            before = wanted.asked
            result = whole(*given, **more)
            asked_in[name] = asked_in.get(name, 0) + wanted.asked - before
            return result

        monkeypatch.setattr(module, name, call)

    wanted = Asked(np.inf)
    counted(weights, "by_variance")
    counted(weights, "_normalised")
    monkeypatch.setattr(sizes, "LEAST_AREA", 64)  # this picture has smaller ones, too
    reduced = sizes.Reduced.of

    def of(*given):
        before = wanted.asked
        result = reduced(*given)
        asked_in["Reduced"] = asked_in.get("Reduced", 0) + wanted.asked - before
        return result

    monkeypatch.setattr(sizes.Reduced, "of", staticmethod(of))
    _encode(pixels, CpuRasteriser(), wanted)
    assert asked_in["by_variance"] >= 5 and asked_in["_normalised"] >= 1 and asked_in["Reduced"] >= 1
