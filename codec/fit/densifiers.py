"""How a fit gains Gaussians and moves idle ones: policies that the fit's loop asks before every step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from daub.codec.fit.initialisers import covariances
from daub.codec.progress import Event
from daub.render.gaussians import COEFFICIENT, PARAMETERS, Gaussians
from daub.render.rasteriser import Surface


@dataclass(frozen=True)
class Densified:
    """A changed population.

    Args:
        gaussians: the new population.
        kept: (M,) indices into the old population of the first M; the rest are newborn.
        event: what happened, for the timeline.
    """

    gaussians: Gaussians
    kept: np.ndarray
    event: Event


class Densifier(Protocol):
    def initial_count(self, goal: int) -> int:
        """How many Gaussians to start with so that `goal` is reached exactly."""

    def births(self, step: int, steps: int, goal: int, count: int) -> int:
        """How many Gaussians `update` will have for `step` of `steps` when there are `count`."""

    def update(self, step: int, steps: int, goal: int, gaussians: Gaussians, surface: Surface, rng) -> Densified | None:
        """The population for `step` of `steps`, or None to leave it; `surface` holds the last step's residual."""


@dataclass(frozen=True)
class ErrorDriven:
    """Growth where the error can be removed, and relocation of the weakest to such places (DESIGN.md, "Fitting")."""

    start_share: float = 0.05  # of the goal
    growths: int = 8  # each by the same factor ...
    grown_by: float = 0.4  # ... over this share of the fit
    relocate_every: int = 20
    relocate_share: float = 0.05  # of all, the least |e|
    relocate_until: float = 0.85  # later newborns would not settle
    birth_size: float = 0.12  # standard deviation in units of the mean spacing sqrt(pixels / Gaussians) at birth
    smallest_birth: float = 1.0  # pixels: the unit of birth_scales is never less
    smoothing: float = 0.8  # standard deviation of the filter on the error, in units of the birth's
    maxima_per_birth: int = 2  # of the filtered error, tried with every shape
    birth_scales: tuple[float, ...] = (0.7, 1.4)  # tried, standard deviations in units of the birth's size
    birth_elongation: float = 4.0  # ratio of the axes of the ellipses tried
    birth_directions: int = 4  # of those ellipses
    birth_colour: float = 0.8  # of the coefficient that removes most

    def initial_count(self, goal: int) -> int:
        return max(1, round(self.start_share * goal)) if goal else 0

    def births(self, step: int, steps: int, goal: int, count: int) -> int:
        grown = min(1.0, self._growths_due(step, steps) / self.growths)
        start = self.initial_count(goal)
        due = math.floor(start * (goal / max(start, 1)) ** grown + 0.5)
        if due > count:
            return due - count
        relocates = step and step % self.relocate_every == 0 and step < self.relocate_until * steps and count == goal
        return int(self.relocate_share * count) if relocates else 0

    def update(self, step, steps, goal, gaussians, surface, rng) -> Densified | None:
        count = len(gaussians)
        births = self.births(step, steps, goal, count)
        if births == 0:
            return None
        if count < goal:
            kept, event = surface.xp.arange(count), Event.GROWN
        else:
            weakest_first = surface.xp.argsort(gaussians.strength, kind="stable")
            kept, event = surface.xp.sort(weakest_first[births:]), Event.RELOCATED
        newborn = self._born(surface, count, births, rng)
        return Densified(Gaussians.concatenate(Gaussians(gaussians.parameters[kept]), newborn), kept, event)

    def _growths_due(self, step: int, steps: int) -> int:
        return math.floor(step / max(1.0, self.grown_by * steps) * self.growths)

    def _born(self, surface: Surface, present: int, count: int, rng) -> Gaussians:
        """At each maximum of the error the shape of a small bank that removes most of it; the best `count` of those."""
        xp = surface.xp
        height, width, _ = surface.target.shape
        size = max(self.birth_size * math.sqrt(height * width / max(present, 1)), self.smallest_birth)
        pixel = surface.peaks(self.smoothing * size, self.maxima_per_birth * count)
        if len(pixel) < count:  # fewer maxima than births: tiny or flat images
            anywhere = xp.asarray(rng.integers(0, height * width, count - len(pixel)))
            pixel = xp.concatenate([pixel, anywhere])

        # An atom of unit energy whose projection on the error is p removes |p|^2 of it when it takes p as coefficient:
        # the absolute error knows where there is much to remove, this what a single Gaussian can remove. (Below a pixel
        # the atoms have up to 1.6 units of energy, which favours them a little.)
        shapes = self._shapes(size)
        bank = xp.zeros((len(shapes), len(pixel), PARAMETERS), np.float32)
        bank[:, :, 0], bank[:, :, 1] = pixel % width, pixel // width
        bank[:, :, 2:5] = xp.asarray(shapes)[:, None]
        bank = Gaussians(bank.reshape(-1, PARAMETERS))
        bank.coefficient[:] = -surface.gradient(bank)[:, COEFFICIENT]
        projected = bank.strength.reshape(len(shapes), len(pixel))
        strongest = xp.argsort(-projected.max(0), kind="stable")[:count]
        newborn = Gaussians(bank.parameters[projected.argmax(0)[strongest] * len(pixel) + strongest])
        newborn.coefficient[:] *= self.birth_colour
        return newborn

    def _shapes(self, size: float) -> np.ndarray:
        """(M, 3) float32, log l1, log l3 and shear of the bank: discs, and ellipses of the same area."""
        angle = math.pi / self.birth_directions * np.arange(self.birth_directions)
        axis = np.stack([np.cos(angle), np.sin(angle)], 1)
        long = axis[:, :, None] * axis[:, None, :]
        ellipses = self.birth_elongation * long + (np.eye(2) - long) / self.birth_elongation
        shapes = np.concatenate([np.eye(2)[None], ellipses])
        covariance = size**2 * np.concatenate([scale**2 * shapes for scale in self.birth_scales])
        nothing = np.zeros((len(covariance), 3))
        return Gaussians.build(nothing[:, :2], covariance, nothing).parameters[:, 2:5]


@dataclass(frozen=True)
class Fixed:
    """All Gaussians are there from the start (GaussianImage, SmartSplat)."""

    def initial_count(self, goal):
        return goal

    def births(self, step, steps, goal, count):
        return 0

    def update(self, step, steps, goal, gaussians, surface, rng):
        return None


@dataclass(frozen=True)
class DistortionDriven:
    """Black Gaussians are born on the pixels of the largest error (GaussianImage++)."""

    every: float = 0.1  # of all steps: 5000 of 50 000
    start_share: float = 0.5  # of the goal
    most: int = 0  # births at a time, 1000 in the released code; 0: half of those missing, as in the paper

    def initial_count(self, goal):
        return max(1, int(self.start_share * goal)) if goal else 0

    def births(self, step, steps, goal, count):
        every = max(1, round(self.every * steps))
        if step == 0 or step % every:
            return 0
        missing = goal - count
        if step + every >= steps:  # the last time
            return missing
        return min(self.most, missing) if self.most else missing // 2

    def update(self, step, steps, goal, gaussians, surface, rng):
        births = self.births(step, steps, goal, len(gaussians))
        if births <= 0:
            return None
        error = surface.host(surface.absolute_error())
        births = min(births, error.size)
        worst = np.argpartition(-error, births - 1, axis=None)[:births]
        mean = np.stack([worst % error.shape[1], worst // error.shape[1]], 1)
        newborn = Gaussians.build(mean, covariances(births, (0.5, 0.0, 0.5), rng), np.zeros((births, 3)))
        born = Gaussians(surface.xp.asarray(newborn.parameters))
        kept = surface.xp.arange(len(gaussians))
        return Densified(Gaussians.concatenate(gaussians, born), kept, Event.GROWN)
