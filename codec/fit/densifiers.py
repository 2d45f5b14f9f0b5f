"""How a fit gains Gaussians and moves idle ones: policies that the fit's loop asks before every step.

`ErrorDriven` is that of the native fit, `DistortionDriven` that of GaussianImage++, and `Fixed` that of methods whose
Gaussians are all there from the start.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

import numpy as np

from daub.codec.fit.initialisers import covariances
from daub.codec.options import option
from daub.codec.parts import LARGEST_SETTING, Part, by_name
from daub.codec.progress import Event
from daub.render.descent import LEAST_ENERGY
from daub.render.gaussians import COEFFICIENT, PARAMETERS, Gaussians
from daub.render.rasteriser import Surface

STEPS_PER_GROWTH = 5  # at least, as long as there are more than LEAST_GROWTHS
LEAST_GROWTHS = 8
PROJECTED_AT_ONCE = 1 << 18  # atoms: a large photo would have millions, and hundreds of megabytes for what each sees


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
    """Decides when a fit gets Gaussians, where they stand, and which of the old ones they replace."""

    name: str

    def initial_count(self, goal: int, steps: int) -> int:
        """How many Gaussians a fit of `steps` steps starts with so that `goal` is reached exactly."""

    def births(self, step: int, steps: int, goal: int, count: int) -> int:
        """How many Gaussians will be born, or moved, before `step` of `steps`, in a population of `count`."""

    def update(
        self, step: int, steps: int, goal: int, gaussians: Gaussians, surface: Surface, rng: np.random.Generator
    ) -> Densified | None:
        """Make the population for `step` of `steps`, or None to leave it as it is.

        Args:
            goal: Gaussians that the fit shall have in the end.
            surface: the target, with the residual of the step before.
        """


@dataclass(frozen=True)
class ErrorDriven(Part):
    """Births where a single Gaussian removes most error, and relocation of the weakest to such places.

    - A fit starts with few Gaussians and grows by one factor, many times, to all of them. Where it has few steps, there
      is no time for as many growths, and it starts with more.
    - Births stand on the largest local maxima of the smoothed absolute error. At each, a small bank of shapes is tried:
      discs and ellipses, at several sizes. A shape whose atom of unit energy has the projection p on the error removes
      |p|^2 of it, and the best of all maxima are born, with a little less than the coefficient that removes most.
    - Once all are there, the weakest by |e| are born again in the same way, every so many steps, until near the end.

    codec/DESIGN.md, section Fitting, has what this was measured against.

        >>> policy = ErrorDriven()
        >>> policy.initial_count(goal=5000, steps=300), policy.initial_count(goal=5000, steps=40)
        (5, 158)
        >>> [policy.births(step, steps=300, goal=5000, count=5) for step in (5, 6)]
        [0, 3]
        >>> policy.births(step=160, steps=300, goal=5000, count=5000)
        250
    """

    name = "error-driven"
    start_share: float = option(0.001, 0, 1, "share of the goal that a fit of `growths` starts with, of fewer more")
    growths: int = option(
        16, 1, LARGEST_SETTING, "how often the population grows, each time by the same factor; a short fit less often"
    )
    grown_by: float = option(0.3, 0, 1, "share of the fit after which all Gaussians are there")
    relocate_every: int = option(20, 1, LARGEST_SETTING, "interval between two relocations", " steps")
    relocate_share: float = option(0.05, 0, 1, "share of all Gaussians that a relocation moves: those of least |e|")
    relocate_until: float = option(0.85, 0, 1, "share of the fit after which none is moved, as it could not settle")
    birth_size: float = option(0.12, 1e-3, 1e3, "standard deviation at birth over sqrt(pixels / Gaussians)")
    smallest_birth: float = option(1.0, 1e-3, 1e3, "least standard deviation at birth, before birth_scales", " px")
    smoothing: float = option(0.8, 0, LARGEST_SETTING, "standard deviation of the filter on the error, over a birth's")
    maxima_per_birth: int = option(
        2, 1, LARGEST_SETTING, "maxima of the error on which shapes are tried, for one birth"
    )
    birth_scales: tuple[float, ...] = option((0.7, 1.4), 1e-3, 1e3, "sizes that are tried, over that of a birth")
    birth_elongation: float = option(4.0, 1e-3, 1e3, "long axis over short axis of the ellipses that are tried")
    birth_directions: int = option(4, 1, LARGEST_SETTING, "directions of the ellipses that are tried, evenly spaced")
    birth_colour: float = option(0.8, 0, LARGEST_SETTING, "share of the coefficient that removes most error")

    def initial_count(self, goal: int, steps: int) -> int:
        share = self.start_share ** (self._growths(steps) / self.growths)
        return max(1, round(share * goal)) if goal else 0

    def births(self, step: int, steps: int, goal: int, count: int) -> int:
        growths = self._growths(steps)
        until = max(self.grown_by * steps, min(growths, steps - 1), 1.0)  # a step for each at least, if there are any
        grown = min(1.0, math.floor(step / until * growths) / growths)
        start = self.initial_count(goal, steps)
        due = math.floor(start * (goal / max(start, 1)) ** grown + 0.5)
        if due > count:
            return due - count
        relocates = step and step % self.relocate_every == 0 and step < self.relocate_until * steps and count == goal
        return int(self.relocate_share * count) if relocates else 0

    def update(
        self, step: int, steps: int, goal: int, gaussians: Gaussians, surface: Surface, rng: np.random.Generator
    ) -> Densified | None:
        count = len(gaussians)
        births = self.births(step, steps, goal, count)
        if births == 0:
            return None
        if count < goal:
            kept, event = surface.xp.arange(count), Event.GROWN
        else:
            felt = gaussians.strength * _felt(surface, surface.energy(gaussians))
            weakest_first = surface.xp.argsort(felt, kind="stable")
            kept, event = surface.xp.sort(weakest_first[births:]), Event.RELOCATED
        newborn = self._born(surface, count, births, rng)
        return Densified(Gaussians.concatenate(Gaussians(gaussians.parameters[kept]), newborn), kept, event)

    def _growths(self, steps: int) -> int:
        """Short fits grow less often, as newborn Gaussians need some steps until the error says where others belong."""
        return min(max(int(self.grown_by * steps) // STEPS_PER_GROWTH, LEAST_GROWTHS), self.growths)

    def _born(self, surface: Surface, present: int, count: int, rng: np.random.Generator) -> Gaussians:
        """`count` newborn Gaussians for a population of `present`."""
        xp = surface.xp
        size = max(self.birth_size * math.sqrt(self._area(surface) / max(present, 1)), self.smallest_birth)
        pixel = self._sites(surface, self.smoothing * size, count, rng)

        # An atom of unit energy whose projection on the error is p removes |p|^2 of it when it takes p as coefficient,
        # and under weights that give it the energy u |p|^2 / u with p / u: the absolute error knows where there is much
        # to remove, this what a single Gaussian can remove. (Without weights u is taken for one, which favours atoms
        # below a pixel a little: they have up to 1.6 units.)
        shapes = xp.asarray(self._shapes(size))
        together = max(PROJECTED_AT_ONCE // max(len(pixel), 1), 1)  # shapes
        best = _projected(surface, pixel, shapes[:together])
        for at in range(together, len(shapes), together):
            best = _stronger(xp, best, _projected(surface, pixel, shapes[at : at + together]))
        strength, parameters = best
        strongest = xp.argsort(-strength, kind="stable")[:count]
        newborn = Gaussians(parameters[strongest])
        newborn.coefficient[:] *= self.birth_colour
        return newborn

    def _area(self, surface: Surface) -> int:
        """Pixels over which the population is spread."""
        height, width, _ = surface.target.shape
        return height * width

    def _sites(self, surface: Surface, smoothing: float, count: int, rng: np.random.Generator) -> np.ndarray:
        """(M >= count,) int64, row * W + column: the pixels at which shapes are tried."""
        maxima = surface.peaks(smoothing, self.maxima_per_birth * count)
        if len(maxima) < count:  # fewer maxima than births: tiny or flat images
            anywhere = surface.xp.asarray(rng.integers(0, self._area(surface), count - len(maxima)))
            maxima = surface.xp.concatenate([maxima, anywhere])
        return maxima

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
class Fixed(Part):
    """All Gaussians are there from the start and stay (GaussianImage, SmartSplat).

    >>> Fixed().initial_count(goal=1000, steps=300), Fixed().births(step=50, steps=300, goal=1000, count=1000)
    (1000, 0)
    """

    name = "none"

    def initial_count(self, goal: int, steps: int) -> int:
        return goal

    def births(self, step: int, steps: int, goal: int, count: int) -> int:
        return 0

    def update(
        self, step: int, steps: int, goal: int, gaussians: Gaussians, surface: Surface, rng: np.random.Generator
    ) -> Densified | None:
        return None


@dataclass(frozen=True)
class DistortionDriven(Part):
    """Births of black Gaussians on the pixels of the largest error (Li et al., GaussianImage++, AAAI 2026).

    - At equal intervals, half of the Gaussians that are missing are born, as the paper says, or a fixed number of them,
      as its released code does; the last time all that are missing.
    - Newborns are about a pixel wide, and black, so that the image does not jump: the optimiser colours them.

        >>> policy, released = DistortionDriven(), DistortionDriven(most=1000)
        >>> [densifier.births(step=5000, steps=50_000, goal=10_000, count=5000) for densifier in (policy, released)]
        [2500, 1000]
    """

    name = "distortion-driven"
    every: float = option(0.1, 1e-6, 1, "interval between two births as a share of the fit: 5000 of 50 000 steps")
    start_share: float = option(0.5, 0, 1, "share of the goal that a fit starts with")
    most: int = option(0, 0, LARGEST_SETTING, "births at a time, 1000 in the released code; 0: half of those missing")

    def initial_count(self, goal: int, steps: int) -> int:
        return max(1, int(self.start_share * goal)) if goal else 0

    def births(self, step: int, steps: int, goal: int, count: int) -> int:
        every = max(1, round(self.every * steps))
        if step == 0 or step % every:
            return 0
        missing = goal - count
        if step + every >= steps:  # this is the last time
            return missing
        return min(self.most, missing) if self.most else missing // 2

    def update(
        self, step: int, steps: int, goal: int, gaussians: Gaussians, surface: Surface, rng: np.random.Generator
    ) -> Densified | None:
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


def _projected(surface: Surface, pixel: np.ndarray, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At each pixel the shape (M, 3) that removes most of the error.

    An atom of unit energy whose projection on the error is p removes |p|^2 of it when it takes p as coefficient, and
    under weights that give it the energy u |p|^2 / u with p / u: the absolute error knows where there is much to
    remove, this what a single Gaussian can remove. (Without weights u is taken for one, which favours atoms below a
    pixel a little: they have up to 1.6 units.)

    Returns:
        (P,) the root of what it removes, and (P, 8) its parameters, with the coefficient that does.
    """
    xp, width = surface.xp, surface.target.shape[1]
    bank = xp.zeros((len(shapes), len(pixel), PARAMETERS), np.float32)
    bank[:, :, 0], bank[:, :, 1] = pixel % width, pixel // width
    bank[:, :, 2:5] = shapes[:, None]
    bank = Gaussians(bank.reshape(-1, PARAMETERS))
    gradient, energy = surface.gradient_and_energy(bank)
    unit = _felt(surface, energy)[:, None]
    bank.coefficient[:] = -gradient[:, COEFFICIENT] / unit
    strength = bank.strength.reshape(len(shapes), len(pixel))
    chosen = strength.argmax(0) * len(pixel) + xp.arange(len(pixel))
    bank.coefficient[:] /= unit
    return strength.max(0), bank.parameters[chosen]


def _stronger(
    xp: ModuleType, some: tuple[np.ndarray, np.ndarray], others: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Of two results of `_projected`, at each pixel the one that removes more; the first of equal ones."""
    more = others[0] > some[0]
    return xp.where(more, others[0], some[0]), xp.where(more[:, None], others[1], some[1])


def _felt(surface: Surface, energy: np.ndarray) -> np.ndarray:
    """What a unit error of a coefficient is felt as: the root of the energy (N,) of its atom under the weights."""
    return surface.xp.sqrt(surface.xp.maximum(energy, np.float32(LEAST_ENERGY)))


DENSIFIERS: dict[str, Densifier] = by_name(Fixed(), ErrorDriven(), DistortionDriven())
