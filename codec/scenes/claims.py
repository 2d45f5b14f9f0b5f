"""What readers of scenes have in common: how they refuse, what a header may promise, and which Gaussians are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from daub.render.splats.splats import HARMONICS, Splats

MEMORY_LIMIT = 8 << 30  # bytes of the largest `Splats` that is read: 36 million Gaussians of degree 3
BITS_AT_LEAST = 4  # of a compressed file for each Gaussian; real files of these formats have a hundred
_SPARE_COUNT = 65536  # that any file may promise, as small ones may be very regular
_EXTREME = 1e-6  # of an opacity that is read from bytes: its logit stays within 14


class Refused(Exception):
    """A file is not read.

    Args:
        why: in words that follow "cannot open FILE, ".
        remedy: what to do about it.
    """

    def __init__(self, why: str, remedy: str = "get the file again"):
        super().__init__(why)
        self.why, self.remedy = why, remedy


def check_promise(count: int, degree: int, packed_bytes: int | None = None) -> None:
    """Whether a header may promise so many Gaussians, asked before memory is taken for them.

    Args:
        count: of Gaussians.
        degree: of their harmonics.
        packed_bytes: of the file, where it is compressed, so that its size alone does not bound the count.

    Raises:
        Refused: there are none, more than memory is taken for, or more than so many bytes can hold.
    """
    if count < 1:
        raise Refused("there is no Gaussian in it", "choose another file")
    if not 0 <= degree < len(HARMONICS):
        raise Refused(f"it says that its harmonics are of degree {degree}, and they go up to 4")
    if count * 4 * (14 + 3 * HARMONICS[degree]) > MEMORY_LIMIT:
        raise Refused(f"it says that it holds {count:,} Gaussians, more than fit in memory", "split the scene")
    if packed_bytes is not None and count > 8 * packed_bytes / BITS_AT_LEAST + _SPARE_COUNT:
        raise Refused(f"it says that it holds {count:,} Gaussians, and has only {packed_bytes:,} bytes")


def logit(opacity: np.ndarray) -> np.ndarray:
    """Float32, of opacities of bytes: 0 and 1 become numbers that are as good as them."""
    opacity = np.clip(np.asarray(opacity, np.float64), _EXTREME, 1 - _EXTREME)
    return np.log(opacity / (1 - opacity)).astype(np.float32)


def alpha_bytes(splats: Splats) -> np.ndarray:
    """(N,) uint8, the opacities in 255 steps."""
    return np.rint(255 * splats.opacity).astype(np.uint8)


def largest_first(rotations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What formats store of a quaternion: all but the largest component, which follows from them.

    Args:
        rotations: (N, 4), of any length but zero, in any order of the components.

    Returns:
        (N,) which component is the largest, and (N, 3) the others in their order, of the unit quaternion whose largest
        component is positive: each within 1 / sqrt(2).
    """
    q = np.asarray(rotations, np.float64)
    q = q / np.linalg.norm(q, axis=1, keepdims=True)
    largest = np.abs(q).argmax(axis=1)
    rows = np.arange(len(q))
    q *= np.where(q[rows, largest] < 0, -1, 1)[:, None]
    others = np.ones(q.shape, bool)
    others[rows, largest] = False
    return largest, q[others].reshape(-1, 3)


def from_largest(largest: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N, 4) float32 unit quaternions: the inverse of `largest_first`."""
    others = np.asarray(others, np.float32)
    q = np.empty((len(others), 4), np.float32)
    kept = np.ones(q.shape, bool)
    rows = np.arange(len(q))
    kept[rows, largest] = False
    q[kept] = others.reshape(-1)
    q[rows, largest] = np.sqrt(np.maximum(0, 1 - np.square(others).sum(axis=1)))
    return q


def sound(splats: Splats) -> tuple[Splats, tuple[str, ...]]:
    """The Gaussians that can be drawn, and what there is to say of the others.

    A scale of no width and an opacity of infinite logit are legal; what is no number, a place at infinity, a Gaussian
    of infinite width and a quaternion without direction are not.

    Raises:
        Refused: none of them can be drawn.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        norm = np.square(splats.rotations).sum(axis=1)
        good = np.isfinite(norm) & (norm > 0) & ~np.isnan(splats.logits)
        good &= np.isfinite(splats.means).all(axis=1) & (splats.log_scales < np.inf).all(axis=1)
        good &= np.isfinite(splats.dc).all(axis=1) & np.isfinite(splats.sh).all(axis=(1, 2))
    left_out = len(splats) - int(good.sum())
    if left_out == 0:
        return splats, ()
    if left_out == len(splats):
        raise Refused("none of its Gaussians is made of numbers")
    some = "1 Gaussian that is" if left_out == 1 else f"{left_out:,} Gaussians that are"
    return splats.take(good), (f"{some} not made of numbers left out",)


def fewer_harmonics(splats: Splats, degree: int) -> Splats:
    """The same with harmonics of at most this degree, 0 to 4."""
    if splats.degree <= degree:
        return splats
    return replace(splats, sh=np.ascontiguousarray(splats.sh[:, : HARMONICS[degree]]))
