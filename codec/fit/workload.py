"""How much of the work of a fit is done after each step: a step takes longer, the more Gaussians there are by then.

>>> from daub.codec.fit.densifiers import ErrorDriven, Fixed
>>> done = shares_done(Fixed(), goal=1000, steps=4, area=96 * 64)
>>> [round(float(share), 2) for share in done]
[0.0, 0.25, 0.5, 0.75, 1.0]
>>> round(float(shares_done(ErrorDriven(), goal=30_000, steps=300, area=768 * 512)[150]), 2)
0.33
"""

from __future__ import annotations

import numpy as np

from daub.codec.fit.densifiers import Densifier

# A Gaussian takes as long as so many pixels do, whatever is on them: one core takes 9 ms for a megapixel and 2 ms for a
# thousand Gaussians, as large ones are drawn at a reduced size. (Steps on a reduced image are taken for whole ones.)
PIXELS_PER_GAUSSIAN = 200


def shares_done(
    densifier: Densifier, goal: int, steps: int, area: int, begun_at: int = 0, count: int | None = None
) -> np.ndarray:
    """(steps + 1,) float64, rising from 0 to 1: the share of all work that is done after so many steps.

    Args:
        densifier: says when the population grows.
        goal: Gaussians in the end.
        area: pixels of the image.
        begun_at: steps that were taken before: nothing is done until then.
        count: Gaussians at that step; None for those that the fit starts with.
    """
    population = np.zeros(steps, np.float64)
    count = densifier.initial_count(goal, steps) if count is None else min(count, goal)
    for step in range(begun_at, steps):
        if step and count < goal:
            count = min(count + densifier.births(step, steps, goal, count), goal)
        population[step] = count + area / PIXELS_PER_GAUSSIAN
    done = np.concatenate([[0.0], np.cumsum(population)])
    return done / done[-1] if done[-1] else np.ones_like(done)
