"""A fit that knows what the restoration network will add to its rendering.

A network corrects the rendering of a file where Gaussians cannot show what the image has. What it adds need not be
shown by them: fitted to the image less that, they spend themselves on the rest, and the network finds more of what it
mends (LEARNED.md has figures).
"""

from __future__ import annotations

import math
from collections.abc import Generator

import numpy as np

from daub.codec.decoder import render
from daub.codec.evaluation.metrics import error_of_psnr
from daub.codec.fit import Checkpoint
from daub.codec.fit.births import births
from daub.codec.job import FORESEEN, Fitted, Job
from daub.codec.progress import EncodeProgress
from daub.codec.rate.encoded import Encoded
from daub.codec.rate.fitting import fit_count
from daub.codec.restoration.choosing import RATE_SLOPE
from daub.codec.restoration.layer import layer_of
from daub.render.eight_bit import as_real

STRENGTH = 1.3  # of the correction that is foreseen, to that of the file: it grows where the fit leaves it more to do
STEPS = 1 / 3  # of a fit with foresight, to those of the one before


def aim_of(job: Job, encoded: Encoded) -> np.ndarray | None:
    """What is to be fitted so that the file's network makes the image of it.

    Returns:
        (H, W, 3) float32 in [0, 1]; None where no network restores the file, or Gaussians of another method make it.
    """
    layer = layer_of(encoded.document)
    if layer is None or layer.network is None or layer.residual is not None or not job.recipe.profile.weighs_pixels:
        return None
    colours = encoded.document.colours
    foreseen = render(colours, job.rasteriser, large=True)
    foreseen -= render(colours, job.rasteriser, large=True, restore=False)
    foreseen *= np.float32(-STRENGTH)
    foreseen += as_real(job.pixels)
    return np.clip(foreseen, 0, 1, out=foreseen)


def fit_on(job: Job, fitted: Fitted) -> Generator[EncodeProgress, None, Fitted]:
    """Goes on from a fit, towards the target of the job."""
    gaussians, recipe = fitted.gaussians, job.recipe
    born = births(len(gaussians)) if fitted.born is None else fitted.born
    start = Checkpoint(recipe.steps, len(gaussians), gaussians, np.random.default_rng(recipe.seed), born)
    more = max(1, round(STEPS * recipe.steps))
    return (yield from fit_count(job, len(gaussians), start=start, more=more, until=FORESEEN))


def better(one: Encoded, other: Encoded) -> Encoded:
    """The one that misses its goal by less, or else has the smaller error for its bytes; one, where they are alike."""
    return min(one, other, key=lambda each: (each.missed is not None, _worth(each)))


def _worth(encoded: Encoded) -> float:
    """The lower the better: as of `restoration.choosing.Trial`."""
    return math.log(max(error_of_psnr(encoded.psnr), 1e-12)) + RATE_SLOPE * math.log(len(encoded.data))
