"""Strokes of the brush of `conftest`, and what has come of them."""

from __future__ import annotations

import numpy as np

from daub.codec.editing.drawing import Drawing
from daub.render.cpu.backend import CpuRasteriser

GREEN = (0.1, 0.8, 0.2)


def stroke(brushing, *places) -> None:
    brushing.begin(*places[0])
    for place in places[1:]:
        brushing.extend(*place)
    brushing.end()


def made(desk) -> None:
    """Waits until everything is made."""
    desk.until(lambda: not desk.bench.pending.is_busy, seconds=240)


def picture(desk) -> np.ndarray:
    population = desk.bench.editing.population
    return Drawing(population.shown(), population.width, population.height).rendered(CpuRasteriser())
