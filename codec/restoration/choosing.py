"""The encoder's side of restoration: whether a file is better with a layer, and with which.

A layer costs bytes that other files of the same image would spend on Gaussians. It is kept where it mends more of the
squared error than those bytes would have: a Kodak photo falls by about RATE_SLOPE nepers of squared error for each
neper of bytes. What is kept is never worse than the rendering, by the PSNR of the picture rounded to 8 bits.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from daub.codec.container import Document
from daub.codec.progress import drive
from daub.codec.restoration.layer import BLOCK, FULL_STRENGTH, CodedResidual, Layer, blocks_of
from daub.codec.restoration.residual import coded, decoded
from daub.codec.restoration.stage import add, changes, obstacle_of
from daub.codec.restoration.weights import newest
from daub.render.eight_bit import to_8bit

RATE_SLOPE = 0.75  # nepers of squared error for each neper of bytes, on Kodak at 0.05..0.6 bpp
LARGEST_STRENGTH = 255
# Residual layers that are tried, from hardly any bytes up: gain, halvings, distance of JPEG XL.
RESIDUALS = ((2, 2, 15.0), (2, 1, 15.0), (2, 0, 15.0), (2, 1, 8.0))


@dataclass(frozen=True)
class Trial:
    """A layer that was tried.

    Args:
        layer: None: the plain rendering.
        error: mean squared error of the restored picture, rounded to 8 bits.
        size: bytes of the file with the layer.
    """

    layer: Layer | None
    error: float
    size: int

    @property
    def worth(self) -> float:
        """The lower the better, in nepers: the error, and what the bytes would have removed of it."""
        return math.log(max(self.error, 1e-12)) + RATE_SLOPE * math.log(self.size)


def choose(
    source: np.ndarray, rendering: np.ndarray, document: Document, network: int | None = None, residuals: bool = True
) -> Layer | None:
    """The layer that a file is best with; None where it is best without.

    Args:
        source, rendering: (H, W, 3) float32 in [0, 1], at the size of the document.
        document: with all other chunks of the file.
        network: CRC-32 of weights at hand; None: of the newest, where there is one and PyTorch to run it.
        residuals: coarse residuals are tried, too.
    """
    return drive(choosing(source, rendering, document, network, residuals))


def choosing(
    source: np.ndarray, rendering: np.ndarray, document: Document, network: int | None = None, residuals: bool = True
) -> Generator[float, None, Layer | None]:
    """The same in pieces, between which it can be given up: a large photo takes minutes.

    Yields:
        The share that is done, 0 to 1.

    Returns:
        As `choose`.
    """
    best = None
    for found in _tried(source, rendering, document, network, residuals, at_a_loss=False):
        if not isinstance(found, Trial):
            yield found
        elif best is None or found.worth < best.worth:
            best = found
    return best.layer


def trials(
    source: np.ndarray, rendering: np.ndarray, document: Document, network: int | None = None, residuals: bool = True
) -> Iterator[Trial]:
    """What `choose` chooses from, the plain rendering first; only layers that make the picture no worse.

    Among them are those of the network on top of a residual that does not pay alone, which `choose` leaves out: none
    was ever the best, and most of the time would go into them.
    """
    tried = _tried(source, rendering, document, network, residuals)
    return (found for found in tried if isinstance(found, Trial))


def _tried(
    source: np.ndarray,
    rendering: np.ndarray,
    document: Document,
    network: int | None,
    residuals: bool,
    at_a_loss: bool = True,
) -> Iterator[Trial | float]:
    """Those, and between two pieces of the work the share that is done.

    Args:
        at_a_loss: the network is tried even on a residual that does not pay alone.
    """
    usable = newest() if network is None else network
    if usable is not None and obstacle_of(usable) is not None:
        usable = None
    size = len(document.to_bytes())
    plain = Trial(None, _error(source, rendering), size)
    yield plain
    ways = (None, *RESIDUALS) if residuals else (None,)
    for number, how in enumerate(ways):
        yield number / len(ways)
        residual = None if how is None else coded(source - rendering, *how)
        for found in _layers(source, rendering, document, usable, residual):
            if found is None:
                yield number / len(ways)
                continue
            layer, picture = found
            error = _error(source, picture)
            trial = Trial(layer, error, len(document.with_chunk(layer.chunk()).to_bytes()))
            if error <= plain.error:
                yield trial
            if layer.network is None and not at_a_loss and trial.worth >= plain.worth:
                break


def _layers(
    source: np.ndarray,
    rendering: np.ndarray,
    document: Document,
    network: int | None,
    residual: CodedResidual | None,
) -> Iterator[tuple[Layer, np.ndarray] | None]:
    """Those with one coarse residual, or without, each with the picture that a decoder makes by it.

    The residual alone, with the network everywhere, and with it in some blocks; None while the network is at work.
    """
    base, coarse = rendering, None
    if residual is not None:
        coarse = decoded(residual, document.width, document.height, "a residual that was just coded is damaged")
        base = np.clip(rendering + coarse, 0, 1)
        yield Layer(residual=residual), base
    if network is None:
        return
    parts = []
    for _, part in changes(base, coarse, network, document):
        parts.append(part)
        yield None
    change = np.concatenate(parts)
    wanted = source - base
    for blocks in (None, _helped(wanted, change)):
        strength = _best_strength(wanted, change, blocks)
        if strength:
            layer, picture = Layer(network, strength, blocks, residual), base.copy()
            add(picture, change.copy(), layer)
            yield layer, picture


def _helped(wanted: np.ndarray, change: np.ndarray) -> np.ndarray:
    """(rows, columns) bool: the blocks in which the correction makes the squared error smaller."""
    return _by_block(change * (2 * wanted - change)) > 0


def _best_strength(wanted: np.ndarray, change: np.ndarray, blocks: np.ndarray | None) -> int:
    """The number that makes the squared error least, 0..LARGEST_STRENGTH."""
    product, square = _by_block(wanted * change), _by_block(change * change)
    if blocks is not None:
        product, square = product[blocks], square[blocks]
    if square.sum() <= 0:
        return 0
    return int(np.clip(round(FULL_STRENGTH * float(product.sum() / square.sum())), 0, LARGEST_STRENGTH))


def _by_block(values: np.ndarray) -> np.ndarray:
    """Sums of (H, W, 3) over blocks: (rows, columns) float64."""
    height, width, _ = values.shape
    rows, columns = blocks_of(width, height)
    sums = np.add.reduceat(values.sum(2, dtype=np.float64), np.arange(rows) * BLOCK, 0)
    return np.add.reduceat(sums, np.arange(columns) * BLOCK, 1)


def _error(source: np.ndarray, picture: np.ndarray) -> float:
    difference = source - to_8bit(picture) / np.float32(255)
    return float(np.mean(np.square(difference, dtype=np.float64)))
