"""Where in the picture the bits of a file are: each Gaussian's on the pixels that it covers, empty cells' on theirs.

bits = bits_per_pixel(document, document.account(), rasteriser)
bits.sum()                        # all that is coded
bits[top:bottom, left:right].sum()  # what a region has cost
"""

from __future__ import annotations

import math

import numpy as np

from daub.codec.container import Account, Document
from daub.render.devices import with_fallback
from daub.render.gaussians import COEFFICIENT, Gaussians
from daub.render.rasteriser import Rasteriser

_LEAST_COVER = 1e-2  # sum of the weights of a Gaussian over all pixels, below which it counts as covering none


def bits_per_pixel(document: Document, account: Account, rasteriser: Rasteriser) -> np.ndarray:
    """Spread what each Gaussian has cost over the pixels, in proportion to its weight there.

    The bits of a Gaussian that covers no pixel are on the nearest one. Those of an empty cell are spread evenly over
    the cell. What is said once for the whole file, `Account.rest_of` it, is nowhere, and what a coder gives back for
    the order of all Gaussians is not taken off.

    Returns:
        (H, W) float64 bits, which sum up to those of the account.
    """
    return with_fallback(rasteriser, lambda backend: _of_gaussians(document, account.total, backend)) + _of_cells(
        document, account
    )


def _of_gaussians(document: Document, bits: np.ndarray, rasteriser: Rasteriser) -> np.ndarray:
    width, height, gaussians = document.width, document.height, document.gaussians
    atoms = Gaussians(gaussians.parameters.copy())
    # The gradient of the sum over all pixels by the coefficient is the sum of the weights, each over a constant.
    ones = np.ones((height, width, 3), np.float32)
    cover = np.asarray(rasteriser.backward(atoms, ones))[:, COEFFICIENT].astype(np.float64)[:, 0]
    weights = cover * np.sqrt(math.pi * np.exp(gaussians.log_scale.astype(np.float64).sum(1)))
    seen = weights > _LEAST_COVER
    # Three channels, of which each takes a third of the Gaussians: what is summed up is smaller, and rounds less.
    atoms.parameters[:, COEFFICIENT] = 0
    share = np.divide(bits, cover, out=np.zeros_like(bits), where=seen)
    which = np.arange(len(bits)) % 3
    atoms.parameters[np.arange(len(bits)), COEFFICIENT.start + which] = share
    spread = rasteriser.forward(atoms, width, height).sum(2, dtype=np.float64)
    column, row = np.clip(np.rint(gaussians.mean[~seen]), 0, [width - 1, height - 1]).astype(np.intp).T
    np.add.at(spread, (row, column), bits[~seen])
    return spread


def _of_cells(document: Document, account: Account) -> np.ndarray:
    """(H, W), or 0 where there are no cells."""
    if not account.empty_cells.size:
        return np.zeros(())
    width, height, side = document.width, document.height, account.cell
    rows, columns = account.empty_cells.shape
    tall = np.minimum(side, height - side * np.arange(rows))
    wide = np.minimum(side, width - side * np.arange(columns))
    density = account.empty_cells / (tall[:, None] * wide)
    return np.repeat(np.repeat(density, tall, 0), wide, 1)
