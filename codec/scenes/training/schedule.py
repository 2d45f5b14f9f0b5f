"""What each step of a training does, as it follows from the settings: everything is a share of the steps.

Kerbl et al. 2023, section 7.1, and Kheradmand et al. 2024, section 4, train for 30 000 steps; here the same runs in
some thousands: pictures grow in three sizes, Gaussians by equal shares up to their number, harmonics degree by degree.
The rate of positions falls from the first step to the last, as there; all others in the last part, which stands for the
many small steps of a long training.
"""

from __future__ import annotations

import numpy as np

from daub.codec.scenes.training.settings import TrainingSettings

REDUCTIONS = ((0.15, 4), (0.4, 2), (1.0, 1))  # until which share pictures are reduced by how much
_GROWN = 0.5  # share by which all Gaussians are there
_MOVING = 0.75  # share until which dead ones are moved, and faint ones shaken
_FIRST_CHANGE = 0.02  # share at which the population changes first, and by how much the changes are apart
_CHANGES_APART = 0.01
_DEGREES = 0.15, 0.1  # share at which the first degree comes, and from one to the next
_FALLING, _LAST = 0.6, 0.1  # share from which rates fall other than that of positions, and to what share of them
_RATES = {"log_scales": 5e-3, "rotations": 1e-3, "logits": 0.05, "dc": 2.5e-3, "sh": 2.5e-3 / 20}
# Of the extent. The first is three times that of Kerbl et al., as there are a fifth of the steps: 0.1 dB on photos that
# were held out and 0.4 on the others (banana, 2000 steps of 376 pixels).
_MEANS, _LAST_MEANS = 4.8e-4, 1.6e-6


class Schedule:
    """The steps of a training, 0 to iterations - 1.

    >>> schedule = Schedule(TrainingSettings(gaussians=1000, iterations=100), extent=2.0)
    >>> schedule.reduction(0), schedule.reduction(99), schedule.degree(0), schedule.degree(99)
    (4, 1, 0, 3)
    >>> schedule.count_after(50, 300), schedule.count_after(90, 300)
    (1000, 1000)
    >>> begin, middle, end = schedule.rates(0), schedule.rates(50), schedule.rates(100)
    >>> [round(begin["means"] / later["means"]) for later in (middle, end)]
    [17, 300]
    >>> [round(begin["dc"] / later["dc"]) for later in (middle, end)]
    [1, 10]

    Args:
        extent: of the cameras, the scene's lengths.
    """

    def __init__(self, settings: TrainingSettings, extent: float):
        self.settings, self.extent = settings, extent
        self._apart = max(1, round(_CHANGES_APART * settings.iterations))
        self._first = max(1, round(_FIRST_CHANGE * settings.iterations))
        self._work = np.cumsum([self._work_of(step) for step in range(settings.iterations)])

    def reduction(self, step: int) -> int:
        """By how much the sides of pictures are reduced."""
        share = step / self.settings.iterations
        return next(reduction for until, reduction in REDUCTIONS if share < until)

    def degree(self, step: int) -> int:
        """Of the harmonics that are trained."""
        first, apart = _DEGREES
        share = step / self.settings.iterations - first
        return min(self.settings.degree, int(share / apart) + 1) if share >= 0 else 0

    def changes(self, step: int) -> bool:
        """Whether Gaussians are born and moved after this step."""
        since = step + 1 - self._first
        return since >= 0 and since % self._apart == 0 and self.shakes(step)

    def shakes(self, step: int) -> bool:
        """Whether faint Gaussians are moved by chance: as long as those that die of it can be moved."""
        return step + 1 <= _MOVING * self.settings.iterations

    def count_after(self, step: int, before: int) -> int:
        """How many Gaussians there are after a change: by equal shares up to the number that is wanted."""
        wanted, end = self.settings.gaussians, _GROWN * self.settings.iterations
        left = int((end - (step + 1)) / self._apart)
        if before >= wanted or left <= 0:
            return max(before, wanted)
        return min(wanted, int(np.ceil(before * (wanted / before) ** (1 / (left + 1)))))

    def rates(self, step: int) -> dict[str, float]:
        """How far values move in a step, by the names of `Splats`."""
        share = step / self.settings.iterations
        falling = _LAST ** (max(0.0, share - _FALLING) / (1 - _FALLING))
        found = {name: rate * falling for name, rate in _RATES.items()}
        found["means"] = self.extent * _MEANS * (_LAST_MEANS / _MEANS) ** share
        return found

    def fraction(self, steps: int) -> float:
        """The share of the work that so many steps are, 0 to 1."""
        return float(self._work[steps - 1] / self._work[-1]) if steps else 0.0

    def _work_of(self, step: int) -> float:
        """Of a step, relative to one of the last: by pixels, and by how many Gaussians there may be."""
        grown = min(1.0, step / (_GROWN * self.settings.iterations))
        return 0.1 + 0.1 * grown + (0.4 + 0.4 * grown) / self.reduction(step) ** 2
