"""Refinement: the Gaussians of a file fitted to its restored picture, so that they show at any size what it shows.

The restored picture is one of pixels, and what is larger than it can only be made by resizing the correction. Here the
decoded Gaussians take steps of the fit on it instead, none born and none gone, and are rendered like those of any file.
"""

from __future__ import annotations

import numpy as np

from daub.codec.container import Document
from daub.codec.fit import Checkpoint, FitSettings, fit
from daub.codec.fit.densifiers import Fixed
from daub.codec.fit.sizes import CoarseToFine
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser


def refined(document: Document, restored: np.ndarray, steps: int, rasteriser: Rasteriser) -> Document:
    """A document, in no file, whose Gaussians are nearer to a picture.

    Args:
        document: whose Gaussians the steps start from.
        restored: (H, W, 3) float32 in [0, 1], at the size of the document.
        steps: of the diagonal Gauss-Newton fit, at least 1.

    Returns:
        As many Gaussians, in the same order, and no restoration layer: never farther from what is wanted than before,
        by the squared error before clipping.
    """
    count = len(document)
    if not count:
        return Document.unwritten(Gaussians(document.gaussians.parameters.copy()), document.width, document.height)
    # At its own size from the first step, as there is nothing coarse left to find, and without a price of bits.
    settings = FitSettings(count, steps, densifier=Fixed(), bit_price=0.0, sizes=CoarseToFine(coarsest=1))
    born = np.zeros(count, np.int32)
    start = Checkpoint(0, count, document.gaussians, np.random.default_rng(settings.seed), born)
    for record in fit(_wanted(document, restored, rasteriser), settings, rasteriser, start=start):
        last = record
    return Document.unwritten(last.gaussians, document.width, document.height)


def _wanted(document: Document, restored: np.ndarray, rasteriser: Rasteriser) -> np.ndarray:
    """The restored picture before clipping: where the rendering is beyond a bound that it is at, the rendering."""
    present = rasteriser.forward(document.gaussians, document.width, document.height)
    return np.where(restored == np.clip(present, 0, 1), present, restored)
