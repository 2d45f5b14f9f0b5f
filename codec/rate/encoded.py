"""A finished file with what it has come to."""

from __future__ import annotations

import math
import os
from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from daub.codec import container
from daub.codec.container import Document
from daub.codec.decoder import decode, render
from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import ms_ssim, psnr
from daub.codec.files import write_atomic
from daub.codec.goal import Goal, GoalKind
from daub.codec.job import Fitted, Job
from daub.codec.progress import drive
from daub.codec.rate.measure import measure_of
from daub.render.eight_bit import as_real, to_8bit
from daub.render.gaussians import Gaussians
from daub.render.interruption import aside
from daub.render.rasteriser import Rasteriser

SIZE_TOLERANCE = 0.1  # share of a limit that a file may leave unused without a word: small ones move in large steps


@dataclass(frozen=True)
class Missed:
    """A goal that the best file found does not meet.

    Args:
        goal: what was asked for.
        reached: what the file has come to: bytes, a PSNR in dB, or an MS-SSIM.
        limit: what the goal amounts to in the same unit.
    """

    goal: Goal
    reached: float
    limit: float

    def __str__(self) -> str:
        """One line: what, why, what to do."""
        return str(self.error)

    @property
    def error(self) -> DaubError:
        """For whoever takes nothing but the goal."""
        if measure_of(self.goal) is not None:
            what, best = f"{self.goal} cannot be reached", self.reached < self.limit
            why = f"{self._reached_text} is the {'best' if best else 'least'} found"
            return DaubError(what, why, "ask for less" if best else "ask for more")
        asked = str(self.goal) if self.goal.kind is GoalKind.BYTES else f"{self.goal} ({self.limit:,.0f} bytes)"
        if self.reached > self.limit:
            why = f"the smallest file found takes {self.reached:,.0f}"
            return DaubError(f"{asked} cannot be reached", why, "allow more bytes")
        why = f"the largest file found takes {self.reached:,.0f}"
        return DaubError(f"{asked} are more than this image can use", why, "ask for less")

    @property
    def _reached_text(self) -> str:
        """With so many digits that it differs from what was asked for; an MS-SSIM near 1 takes more of them."""
        if self.goal.kind is GoalKind.PSNR:
            return f"{self.reached:z.2f} dB"
        return f"{self.reached:.{max(math.ceil(-math.log10(abs(self.reached - self.limit))), 4)}f}"


@dataclass(frozen=True)
class Encoded:
    """A file in memory, and how it came about.

    Args:
        data: the file.
        document: exactly what a decoder gets.
        psnr: dB of the file decoded to 8 bits; of a transparent one laid on black and on white, as `transparency` says.
        fit_psnr: dB of the fit, before quantisation.
        fit_seconds: what the fit took, pauses excluded.
        encode_seconds: everything, pauses excluded.
        steps, seed: of the fit.
        ms_ssim: of the file decoded to 8 bits; None where the goal has not asked for it.
        counted_bits: what the paper of its method would count; None for a native file.
        missed: the goal, where the file does not meet it: it is the best found all the same.
        born: (N,) int32, step before which each Gaussian of the document was put where it is or near it, as of
            `FitProgress`; None where that is not known. The file does not hold it.
        plain_psnr: dB of the rendering alone, where the file has a restoration layer; None where it has none.
    """

    data: bytes
    document: Document
    psnr: float
    fit_psnr: float
    fit_seconds: float
    encode_seconds: float
    steps: int
    seed: int
    ms_ssim: float | None = None
    counted_bits: int | None = None
    missed: Missed | None = None
    born: np.ndarray | None = None
    plain_psnr: float | None = None

    def __bytes__(self) -> bytes:
        return self.data

    def save(self, path: str | os.PathLike) -> None:
        """Writes the file, whole or not at all; raises DaubError where it cannot."""
        write_atomic(path, self.data)

    @property
    def gaussians(self) -> Gaussians:
        """Those of the document."""
        return self.document.gaussians

    @property
    def bpp(self) -> float:
        """Bits per pixel of the file."""
        return 8 * len(self.data) / (self.document.width * self.document.height)


def score(job: Job, data: bytes, fitted: Fitted) -> Encoded:
    """A file read again and compared with the image of the job."""
    document = aside(partial(container.read, data, large=True))  # what was asked for
    plain_psnr = None
    if job.recipe.restore:
        document, plain_psnr = drive(_with_restoration(as_real(job.pixels), document, job.rasteriser))
        data = document.to_bytes()
    seen = job.seen(decode(document, job.rasteriser, large=True, background=None))
    return Encoded(
        data,
        document,
        psnr=psnr(job.reference, seen),
        fit_psnr=fitted.psnr,
        fit_seconds=fitted.seconds,
        encode_seconds=job.clock.seconds(),
        steps=job.recipe.steps,
        seed=job.recipe.seed,
        # A tenth of a second for a photo of 0.4 megapixels, so only where a try is judged by it.
        ms_ssim=ms_ssim(job.reference, seen) if job.recipe.goal.kind is GoalKind.MS_SSIM else None,
        plain_psnr=plain_psnr,
    )


def restored_where_it_pays(
    encoded: Encoded, source: np.ndarray, rasteriser: Rasteriser
) -> Generator[float, None, Encoded]:
    """A file that has no restoration layer, with the one that it is best with; the same where it is best without.

    Args:
        source: (H, W, 3) float32 in [0, 1].

    Yields:
        The share that is done, 0 to 1.
    """
    document, plain_psnr = yield from _with_restoration(source, encoded.document, rasteriser)
    if plain_psnr is None:
        return encoded
    reached = psnr(source, decode(document.colours, rasteriser, large=True))
    return replace(encoded, data=document.to_bytes(), document=document, psnr=reached, plain_psnr=plain_psnr)


def _with_restoration(
    source: np.ndarray, document: Document, rasteriser: Rasteriser
) -> Generator[float, None, tuple[Document, float | None]]:
    """The document with the layer that it is best with, and the PSNR of its rendering alone; or as it is, and None."""
    from daub.codec.restoration.choosing import choosing  # which few files ask for

    rendering = render(document.colours, rasteriser, large=True)
    layer = yield from choosing(source, rendering, document)
    if layer is None:
        return document, None
    return document.with_chunk(layer.chunk()), psnr(source, to_8bit(rendering))


def missed(goal: Goal, encoded: Encoded) -> Missed | None:
    """What is to be said where a file does not meet its goal; None where it does."""
    limit = goal.limit(encoded.document.width * encoded.document.height)
    if limit is not None:
        size = len(encoded.data)
        return None if (1 - SIZE_TOLERANCE) * limit <= size <= limit else Missed(goal, size, limit)
    measure = measure_of(goal)
    if measure is None:
        return None
    reached = measure.of_file(encoded)
    off = abs(measure.decibels_of(reached) - measure.decibels_of(goal.value))
    return Missed(goal, reached, goal.value) if off > measure.tolerance else None
