"""What the restoration network sees of a pair, and batches of crops drawn from it.

Whatever a batch holds follows from the seed and the number of its step alone, so that a training that was stopped goes
on exactly as if it had not been.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from daub.codec import container
from daub.codec.decoder import render
from daub.codec.restoration import inputs
from daub.codec.restoration.layer import LARGEST_HALVINGS
from daub.codec.restoration.residual import coded, decoded
from daub.codec.training.losses import lack_of_structure
from daub.codec.training.pairs import Pair
from daub.render.rasteriser import Rasteriser

WITH_RESIDUAL = 6  # one pair of so many is learnt from with a coarse residual, too
_GAIN = 2
_DISTANCES = 4.0, 15.0  # of JPEG XL, drawn evenly
STEP = 8  # pixels, to a multiple of which crops are cut: what the network's levels ask for


@dataclass(frozen=True, eq=False)
class Example:
    """A picture as the network sees it, and as it should be; halves of single precision save half the memory.

    Args:
        name: of the image.
        bpp: of the file, without the residual.
        source: (H, W, 3) uint8.
        base, residual: (H, W, 3) float16; the residual is None where there is none.
        maps: (H / 2, W / 2, MAPS) float16.
        conditions: (CONDITIONS,) float32.
    """

    name: str
    bpp: float
    source: np.ndarray
    base: np.ndarray
    residual: np.ndarray | None
    maps: np.ndarray
    conditions: np.ndarray

    @functools.cached_property
    def error(self) -> float:
        """Mean squared error of the base."""
        return float(np.mean(np.square(self.base - self.source / np.float32(255), dtype=np.float32)))

    @functools.cached_property
    def lack(self) -> float:
        """Of structure, of the base (`losses.lack_of_structure`)."""
        base, source = (torch.from_numpy(np.float32(each)).permute(2, 0, 1)[None] for each in (self.base, self.source))
        return lack_of_structure(base, source / 255).item()


@dataclass(frozen=True)
class Batch:
    """Crops as tensors, (B, channels, rows, columns) float32 each, but for the conditions (B, CONDITIONS).

    `error` and `lack` are (B,): the mean squared errors of the whole pictures that the crops are of, and what they lack
    of structure.
    """

    base: torch.Tensor
    residual: torch.Tensor
    maps: torch.Tensor
    conditions: torch.Tensor
    source: torch.Tensor
    error: torch.Tensor
    lack: torch.Tensor

    def to(self, device: str) -> Batch:
        """The same on a device."""
        return Batch(*(tensor.to(device) for tensor in vars(self).values()))


def examples_of(pairs: Iterable[Pair], rasteriser: Rasteriser) -> list[Example]:
    """Every pair as it is, and one of WITH_RESIDUAL once more with a coarse residual, drawn by its file."""
    examples = []
    for pair in pairs:
        document = container.read(pair.file)
        rendering = render(document, rasteriser, restore=False)
        height, width, _ = rendering.shape
        height, width = height // STEP * STEP, width // STEP * STEP
        maps = inputs.maps(document.gaussians, width, height, rasteriser).astype(np.float16)
        known = maps, inputs.conditions(document)
        rendering, source = rendering[:height, :width], pair.source[:height, :width]
        bpp = 8 * len(pair.file) / pair.source[..., 0].size
        examples.append(Example(pair.name, bpp, source, rendering.astype(np.float16), None, *known))
        drawn = zlib.crc32(pair.file)
        if drawn % WITH_RESIDUAL == 0:
            residual = _coarse(source / np.float32(255) - rendering, np.random.default_rng(drawn))
            base = np.clip(rendering + residual, 0, 1).astype(np.float16)
            examples.append(Example(pair.name, bpp, source, base, residual.astype(np.float16), *known))
    return examples


def batch_of(examples: Sequence[Example], step: int, seed: int, size: int, side: int) -> Batch:
    """The crops of a step.

    Args:
        size: how many.
        side: of a crop, pixels, a multiple of 8; smaller pictures give what they have.
    """
    draw = np.random.default_rng([seed, step])
    side = min(side, *(min(example.base.shape[:2]) for example in examples)) // STEP * STEP
    return _stacked([_crop(examples[int(draw.integers(len(examples)))], draw, side) for _ in range(size)])


def whole(example: Example) -> Batch:
    """All of one picture."""
    return _stacked([(*_parts(example), *_known(example))])


def _parts(example: Example) -> list[np.ndarray]:
    residual = np.zeros_like(example.base) if example.residual is None else example.residual
    return [example.base, residual, example.maps, example.source]


def _known(example: Example) -> list:
    """What is known of the whole picture."""
    return [example.conditions, example.error, example.lack]


def _crop(example: Example, draw: np.random.Generator, side: int) -> list:
    """One crop of an example, mirrored and turned at random."""
    height, width, _ = example.base.shape
    top, left = (2 * int(draw.integers((have - side) // 2 + 1)) for have in (height, width))
    turns, mirrored = int(draw.integers(4)), bool(draw.integers(2))
    out = []
    for part in _parts(example):
        unit = height // part.shape[0]
        cut = part[top // unit : (top + side) // unit, left // unit : (left + side) // unit]
        cut = np.rot90(cut, turns)
        out.append(cut[:, ::-1] if mirrored else cut)
    return [*out, *_known(example)]


def _stacked(crops: Sequence[Sequence]) -> Batch:
    base, residual, maps, source, *known = (np.stack(part) for part in zip(*crops, strict=True))
    pictures = [np.ascontiguousarray(np.moveaxis(part, 3, 1), np.float32) for part in (base, residual, maps)]
    source = np.ascontiguousarray(np.moveaxis(source, 3, 1)) / np.float32(255)
    conditions, *of_picture = (np.float32(each) for each in known)
    return Batch(*(torch.from_numpy(part) for part in (*pictures, conditions, source, *of_picture)))


def _coarse(residual: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    height, width, _ = residual.shape
    halvings, distance = int(draw.integers(LARGEST_HALVINGS + 1)), float(draw.uniform(*_DISTANCES))
    return decoded(coded(residual, _GAIN, halvings, distance), width, height, "a residual made for training is damaged")
