"""Which Gaussian lies under a pixel, and what there is to say of one: its numbers, its bits, the picture without it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.gaussians.properties import Subject, energy
from daub.render.gaussians import COEFFICIENT, MEAN, SUPPORT, Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Document

_CROP = 3.4  # standard deviations around a Gaussian that its crops show
_CROP_SIDE = 24, 512  # pixels, least and most side of a crop


def ranked(gaussians: Gaussians, x: float, y: float, kept: np.ndarray | None = None) -> np.ndarray:
    """(K,) indices of the Gaussians that a point lies in, by how much they add there or take away, the most first.

    >>> two = Gaussians.build([[4, 4], [6, 4]], [np.eye(2) * 4] * 2, [[0.5] * 3, [-0.6] * 3])
    >>> ranked(two, 4, 4).tolist(), ranked(two, 6, 4).tolist(), ranked(two, 40, 4).tolist()
    ([0, 1], [1, 0], [])

    Args:
        x, y: pixels, (0, 0) being the centre of the first one.
        kept: (N,) bool, which of them count; None: all.
    """
    l1, l3 = np.exp(gaussians.log_scale).T
    z1 = (x - gaussians.mean[:, 0]) / l1
    z2 = (y - gaussians.mean[:, 1]) / l3 - gaussians.shear * z1
    q = z1 * z1 + z2 * z2
    inside = q < SUPPORT
    if kept is not None:
        inside &= kept
    found = np.flatnonzero(inside)
    weight = np.exp(-q[found] / 2) - math.exp(-SUPPORT / 2)
    strength = weight * np.sqrt((gaussians.colour[found] ** 2).sum(1))
    return found[np.argsort(-strength, kind="stable")]


@dataclass(frozen=True)
class Shape:
    """One Gaussian in the numbers that people think in.

    Args:
        x, y: of its centre, pixels; (0, 0) is the centre of the first one.
        long, short: standard deviations along its axes, pixels.
        angle: of the long axis, degrees from the x axis, counter-clockwise as seen, above -90 and up to 90.
        colour: red, green, blue that it adds at its centre, levels of 0 to 255, negative where it takes away.
        energy: |e|^2, see `properties.energy`.
    """

    x: float
    y: float
    long: float
    short: float
    angle: float
    colour: tuple[float, float, float]
    energy: float

    @staticmethod
    def of(gaussians: Gaussians, index: int) -> Shape:
        """
        >>> slanted = Gaussians.build([[5, 7]], [[[5.0, -3.0], [-3.0, 5.0]]], [[1, 0, 0]])
        >>> shape = Shape.of(slanted, 0)
        >>> round(shape.long, 3), round(shape.short, 3), round(shape.angle, 3)  # up to the right: y grows downwards
        (2.828, 1.414, 45.0)
        """
        one = Gaussians(gaussians.parameters[index : index + 1].astype(np.float64))
        lengths, axes = np.linalg.eigh(one.covariance[0])
        across, down = axes[:, 1]
        angle = math.degrees(math.atan2(-down, across))
        angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
        red, green, blue = (255 * one.colour[0]).tolist()
        short, long = np.sqrt(np.maximum(lengths, 0)).tolist()
        x, y = one.mean[0].tolist()
        return Shape(x, y, long, short, angle, (red, green, blue), float(energy(one)[0]))

    def outline(self, sigmas: float = 1.0, points: int = 72) -> np.ndarray:
        """(points, 2) image positions of its ellipse, (0, 0) being the corner of the first pixel."""
        turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
        along, aside = sigmas * self.long * np.cos(turn), sigmas * self.short * np.sin(turn)
        cos, sin = math.cos(math.radians(self.angle)), -math.sin(math.radians(self.angle))
        return np.stack([self.x + 0.5 + along * cos - aside * sin, self.y + 0.5 + along * sin + aside * cos], 1)


@dataclass(frozen=True, eq=False)
class Inspection:
    """What there is to say of one Gaussian.

    Args:
        subject: among which it is.
        index: which of them.
        shape: its numbers.
        bits: what its bits say and how many they are, empty where they are not known.
        total_bits: of all Gaussians; 0 likewise.
        born: step at which it was born, None where that is not known.
        psnr, psnr_without: dB of the picture, and without it, to the source, or to the other side where there is none;
            None where there is neither.
        crop: left, top, right, bottom of the pixels around it.
        picture, without: (h, w, 3) uint8, those pixels with it and without it.
    """

    subject: Subject
    index: int
    shape: Shape
    bits: dict[str, float]
    total_bits: float
    born: int | None
    psnr: float | None
    psnr_without: float | None
    crop: tuple[int, int, int, int]
    picture: np.ndarray
    without: np.ndarray

    @property
    def difference(self) -> np.ndarray:
        """(h, w, 3) uint8: 128 where the two are equal, lighter by four times as much as it adds."""
        change = self.picture.astype(np.int16) - self.without
        return np.clip(128 + 4 * change, 0, 255).astype(np.uint8)


def inspect(subject: Subject, index: int, parts: tuple[str, ...] = (), bits: np.ndarray | None = None) -> Inspection:
    """Works that out; renders the picture twice, or decodes it where it is more than a sum. Runs beside the window.

    Args:
        parts, bits: those of the account of the file, (N, len(parts)), where there is one.
    """
    shape = Shape.of(subject.gaussians, index)
    left, top, right, bottom = crop = crop_around(shape, subject.width, subject.height)
    picture, whole = (_decoded if subject.document is not None else _rendered)(subject, index, shape)
    shown, without = (pixels[top:bottom, left:right].copy() for pixels in (picture, whole))
    figures = None, None
    reference = subject.reference if subject.source is None else subject.source
    if reference is not None:
        if isinstance(reference, Gaussians):
            from daub.render.cpu.backend import CpuRasteriser

            reference = CpuRasteriser().forward(reference, subject.width, subject.height).clip(0, 1)
        figures = _psnr(picture, reference), _psnr(whole, reference)
    told = {} if bits is None else dict(zip(parts, bits[index].tolist(), strict=True))
    born = None if subject.born is None else int(subject.born[index])
    total = 0.0 if bits is None else float(bits.sum())
    return Inspection(subject, index, shape, told, total, born, *figures, crop, *map(_levels, (shown, without)))


def gaussians_without(gaussians: Gaussians, index: int) -> Gaussians:
    """The same but for one, which adds nothing: all others keep their places."""
    parameters = gaussians.parameters.copy()
    parameters[index, COEFFICIENT] = 0
    return Gaussians(parameters)


def document_without(document: Document, gaussians: Gaussians) -> Document:
    """The same file, what it says of its picture included, with other Gaussians."""
    from daub.codec.container import Document

    return replace(document, payload=Document.unwritten(gaussians, document.width, document.height).payload)


def _rendered(subject: Subject, index: int, shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """(H, W, 3) float32 in [0, 1]: the picture, and without the Gaussian.

    Beyond its support nothing changes, so the picture without it need not be rendered anew there.
    """
    from daub.render.cpu.backend import CpuRasteriser

    rasteriser = CpuRasteriser()
    picture = rasteriser.forward(subject.gaussians, subject.width, subject.height).clip(0, 1)
    whole = picture.copy()
    x, y, u, v = _support(shape, subject.width, subject.height)
    if u > x and v > y:
        moved = gaussians_without(subject.gaussians, index).parameters
        moved[:, MEAN] -= (x, y)
        whole[y:v, x:u] = rasteriser.forward(Gaussians(moved), u - x, v - y).clip(0, 1)
    return picture, whole


def _decoded(subject: Subject, index: int, _: Shape) -> tuple[np.ndarray, np.ndarray]:
    """The same of a file with stages after the sum: they may let any pixel depend on the Gaussian."""
    from daub.app.model.picture.picture import decode

    without = document_without(subject.document, gaussians_without(subject.gaussians, index))
    picture, whole = (decode(each, large=True) / np.float32(255) for each in (subject.document, without))
    return picture, whole


def crop_around(shape: Shape, width: int, height: int) -> tuple[int, int, int, int]:
    """left, top, right, bottom of a square of pixels that shows a Gaussian, inside the picture as far as that goes."""
    least, most = _CROP_SIDE
    side = int(min(max(math.ceil(2 * _CROP * shape.long), least), most))
    wide, tall = min(side, width), min(side, height)
    left = int(min(max(round(shape.x + 0.5 - wide / 2), 0), width - wide))
    top = int(min(max(round(shape.y + 0.5 - tall / 2), 0), height - tall))
    return left, top, left + wide, top + tall


def _support(shape: Shape, width: int, height: int) -> tuple[int, int, int, int]:
    """left, top, right, bottom of all pixels that it covers."""
    edge = shape.outline(math.sqrt(SUPPORT) * 1.01)
    (left, top), (right, bottom) = edge.min(0), edge.max(0)
    limit = [
        (left, width, math.floor),
        (top, height, math.floor),
        (right, width, math.ceil),
        (bottom, height, math.ceil),
    ]
    return tuple(int(min(max(whole(end), 0), most)) for end, most, whole in limit)


def _psnr(picture: np.ndarray, reference: np.ndarray) -> float:
    from daub.codec.evaluation.metrics import psnr

    return psnr(np.asarray(reference, np.float32), picture)


def _levels(pixels: np.ndarray) -> np.ndarray:
    from daub.render.eight_bit import to_8bit

    return to_8bit(pixels)
