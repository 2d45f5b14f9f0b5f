"""What is compared: the two sides of the picture, each an image or Gaussians. `sources` says which they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.fit.frame import Frame
from daub.app.model.fit.state import LONG_PLAN, FitState, Phase
from daub.app.model.picture.picture import Picture, has_stages
from daub.app.model.sources.source import Source
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Document


@dataclass(frozen=True, eq=False)
class CompareSource:
    """One side: an image, or Gaussians that are drawn for the screen.

    Args:
        title: what it is, in a few words.
        facts: bytes, bits per pixel, PSNR and MS-SSIM, as far as they are known, a phrase each.
        pixels: (H, W, 3) float32 in [0, 1], None where there are Gaussians.
        texels: (H, W, 3) uint8 or float16, the same for the GPU.
        frame: the Gaussians, or some shortly before, as the device of the fit has rendered them.
        is_live: they change all the time: a frame of some shortly before will do.
        document: of a file, None for what is in none.
        has_stages: the file's picture is more than the sum of its Gaussians.
        row: of the sources, what else is known of it.
        born: (N,) steps of the fit at which the Gaussians were put where they are or near it; None where unknown.
    """

    title: str
    facts: tuple[str, ...] = ()
    pixels: np.ndarray | None = None
    texels: np.ndarray | None = None
    gaussians: Gaussians | None = None
    frame: Frame | None = None
    is_live: bool = False
    document: Document | None = None
    has_stages: bool = False
    row: Source | None = None
    born: np.ndarray | None = None

    def goes_on_as(self, other: CompareSource) -> bool:
        """What is seen of it may stay until there is more of the other: a fit goes on, or a Gaussian is left out."""
        same_row = self.row is not None and other.row is not None and self.row.key == other.row.key
        return self.document in (None, other.document) or same_row

    @property
    def label(self) -> str:
        """On the picture: what it is, and all that is known of it."""
        return " · ".join((self.title, *self.facts))


Sides = tuple[CompareSource | None, CompareSource | None]


def of_picture(row: Source, picture: Picture, title: str) -> CompareSource:
    """A side of a file: an image, or a .daub."""
    if picture.can_be_fitted:
        return of_pixels(row, picture.pixels, picture.texels, title)
    return CompareSource(
        title, row.facts, gaussians=picture.gaussians, document=picture.document,
        has_stages=has_stages(picture.document), row=row,
    )  # fmt: skip


def of_pixels(row: Source, pixels: np.ndarray, texels: np.ndarray, title: str) -> CompareSource:
    """A side of an image. Args: as of `CompareSource`."""
    return CompareSource(title, row.facts, pixels, texels, row=row)


def of_fit(row: Source, state: FitState) -> CompareSource | None:
    """A side of a fit under way, or of its file; None while there is nothing to see.

    The short fits of a plan are none while it is short: the fit that begins afterwards would look like a step back.
    That of a large picture takes many seconds, in which there would be nothing to see, and stays until the fit is
    better (`FitRun`).
    """
    if state.gaussians is None:
        return None
    if state.encoded is None and state.phase is Phase.PLANNING and state.snapshot.seconds < LONG_PLAN:
        return None
    document = None if state.encoded is None else state.encoded.document
    known = state.encoded if state.encoded is not None else state.snapshot
    return CompareSource(
        row.name, row.facts, gaussians=state.gaussians, frame=state.frame, is_live=state.is_live,
        document=document, has_stages=document is not None and has_stages(document), row=row, born=known.born,
    )  # fmt: skip
