"""Births that keep to a part of the picture: what is fitted there must not put Gaussians anywhere else."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from daub.codec.fit.densifiers import ErrorDriven
from daub.render.rasteriser import Surface

PIXELS_EACH = 4  # pixels per Gaussian at least: its 8 numbers then stand against 12 of theirs; denser ones drift apart


@dataclass(frozen=True, eq=False)
class BirthsInside(ErrorDriven):
    """As `ErrorDriven`, and every Gaussian is born, or born again, in a part of the picture.

    The largest maxima of the error that lie there come first; where it has too few, as a smooth or a small part has,
    the others are born at pixels of it that are drawn at random.

    Args:
        where: (H, W) bool, with a pixel at least, unless none is born.
    """

    where: np.ndarray = field(kw_only=True)

    def _area(self, surface: Surface) -> int:
        return int(self.where.sum())

    def _sites(self, surface: Surface, smoothing: float, count: int, rng: np.random.Generator) -> np.ndarray:
        xp = surface.xp
        inside = xp.asarray(self.where.reshape(-1))
        most = self.maxima_per_birth * count
        maxima = surface.peaks(smoothing, self.where.size)
        maxima = maxima[inside[maxima]][:most]
        if len(maxima) < count:
            anywhere = rng.choice(np.flatnonzero(self.where), count - len(maxima))
            maxima = xp.concatenate([maxima, xp.asarray(anywhere)])
        return maxima


def room(present: int, where: np.ndarray) -> int:
    """How many Gaussians can be born in a part of a picture.

    >>> room(present=20, where=np.ones((10, 12), bool)), room(present=60, where=np.ones((10, 12), bool))
    (10, 0)

    Args:
        present: Gaussians in it that are fitted.
        where: (H, W) bool.
    """
    return max(int(where.sum()) // PIXELS_EACH - present, 0)


def told_of_room(asked: int, added: int) -> str:
    """What a person should know where fewer have come than were asked for; "" where all have.

    >>> told_of_room(400, 74)
    'The refit has added 74 of 400 Gaussians: there is no room for more than one for each 4 pixels'
    """
    if added >= asked:
        return ""
    return (
        f"The refit has added {added:,} of {asked:,} Gaussians: there is no room for more than one for each "
        f"{PIXELS_EACH} pixels"
    )
