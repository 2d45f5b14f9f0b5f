"""A window that is used all day takes no more memory than one that was opened a moment ago."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from daub.codec.goal import Goal

pytestmark = [pytest.mark.gui, pytest.mark.timeout(600)]

_PICTURES = 5
_WARM = 10  # opens after which everything has been loaded that is loaded once
_OPENS = 50
_MARGIN = 60  # MB: a picture that were kept of each open would take 120, and its textures as much


def resident() -> float:
    """MB of this process, without what the allocator holds though nobody uses it."""
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library is another one")
def test_memory_is_flat_over_fifty_opens(driver, tmp_path):
    rng, paths = np.random.default_rng(3), []
    for number in range(_PICTURES):
        coarse = rng.integers(0, 255, (10, 15, 3), np.uint8)
        paths.append(tmp_path / f"{number}.png")
        PIL.Image.fromarray(coarse).resize((450, 300), PIL.Image.Resampling.BICUBIC).save(paths[-1])
    driver.workspace.change(goal=Goal("gaussians", 60), effort=0, steps=4)
    taken = []
    for number in range(_WARM + _OPENS):
        driver.workspace.change(seed=number)  # so that each open has a fit of its own
        driver.open(paths[number % _PICTURES])
        driver.until(lambda: driver.state.encoded is not None)
        driver.paint()
        taken.append(resident())
    assert len(driver.workspace.results) >= _OPENS and len(driver.bench.sources.rows) >= _OPENS + _PICTURES
    early, late = np.median(taken[_WARM : _WARM + 5]), np.median(taken[-5:])
    assert late - early < _MARGIN, [round(each) for each in taken]
