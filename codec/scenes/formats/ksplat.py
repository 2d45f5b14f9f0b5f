"""`.ksplat` of https://github.com/mkkellogg/GaussianSplats3D: sections of fixed records, places relative to buckets.

A header of 4096 bytes, a header of 1024 for each section, then for each section the sizes of its partial buckets, the
centres of all buckets, and the records. Level 0 holds float32, level 1 16-bit places and float16, level 2 harmonics of
a byte. Scales are no logarithms; harmonics stand degree by degree, and within one channel by channel.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

import numpy as np

from daub.codec.scenes.claims import Refused, check_promise, logit
from daub.codec.scenes.joining import joined
from daub.codec.scenes.reading import done
from daub.render.splats.splats import C0, HARMONICS, Splats

_HEADER, _SECTION_HEADER = 4096, 1024  # bytes
_LIMIT_OF_HARMONICS = 1.5  # of level 2, where a file says none
_QUANTISED_RANGE = 32767  # likewise, of places
_FULL_BUCKET = 256  # Gaussians, where a section says nothing


class _Section(NamedTuple):
    count: int
    capacity: int  # records that have a place, used or not
    bucket_size: int
    bucket_count: int
    block: float  # width of a bucket
    bucket_bytes: int
    range: int
    full_buckets: int
    partial_buckets: int
    degree: int

    def record(self, level: int) -> np.dtype:
        number, harmonic = ("<f4", "<f4") if level == 0 else ("<f2", "<f2" if level == 1 else "u1")
        place = "<f4" if level == 0 else "<u2"
        return np.dtype(
            [("place", place, 3), ("scale", number, 3), ("turn", number, 4), ("rgba", "u1", 4),
             ("sh", harmonic, 3 * HARMONICS[self.degree])]
        )  # fmt: skip


def read(data: bytes) -> tuple[Splats, tuple[str, ...]]:
    """Levels 0, 1 and 2, of harmonics up to degree 2.

    Raises:
        Refused: it is damaged.
    """
    if len(data) < _HEADER:
        raise Refused("it ends within its header")
    major, minor, number, count, level = struct.unpack_from("<BB2xI8xIH", data)
    if (major, minor) < (0, 1) or major > 0 or level > 2:
        raise Refused(f"it is a .ksplat of version {major}.{minor} and level {level}, and 0.1 and up to 2 are read")
    low, high = struct.unpack_from("<ff", data, 36)
    limits = (low or -_LIMIT_OF_HARMONICS, high or _LIMIT_OF_HARMONICS)
    start = _HEADER + _SECTION_HEADER * number
    if start > len(data):
        raise Refused("it ends within the headers of its sections")
    sections = [_section(data, _HEADER + _SECTION_HEADER * index) for index in range(number)]
    degree = max((section.degree for section in sections), default=0)
    if sum(section.count for section in sections) != count:
        raise Refused("its sections do not hold as many Gaussians as it says")
    check_promise(count, degree)
    parts = []
    for section in sections:
        part, start = _records(data, start, section, level, limits)
        parts.append(part)
        done(start / len(data))
    return joined(parts), ()


def _section(data: bytes, at: int) -> _Section:
    count, capacity, size, buckets, block, size_of, range_, full, partial, degree = struct.unpack_from(
        "<IIIIfH2xI4xIIH", data, at
    )
    if count > capacity or degree > 4 or not np.isfinite(block):
        raise Refused("the header of a section of it contradicts itself")
    return _Section(
        count, capacity, size or _FULL_BUCKET, buckets, block, size_of, range_ or _QUANTISED_RANGE, full, partial,
        degree,
    )  # fmt: skip


def _records(data: bytes, start: int, section: _Section, level: int, limits: tuple[float, float]) -> tuple[Splats, int]:
    """The Gaussians of a section, and where the next one begins."""
    record = section.record(level)
    centres_at = start + 4 * section.partial_buckets
    first = centres_at + section.bucket_bytes * section.bucket_count
    end = first + record.itemsize * section.capacity
    if end > len(data):
        raise Refused(f"a section of it ends after {len(data):,} bytes, not at {end:,}")
    rows = np.frombuffer(data, record, section.count, first)
    if level == 0:
        means = rows["place"].astype(np.float32)
    else:
        means = _centred(data, start, centres_at, section, rows["place"])
    with np.errstate(divide="ignore", invalid="ignore"):
        scales = np.log(rows["scale"].astype(np.float32))
    levels = rows["rgba"] / np.float32(255)
    sh = rows["sh"].astype(np.float32)
    if level == 2:
        sh = np.float32(limits[0]) + sh / np.float32(255) * np.float32(limits[1] - limits[0])
    splats = Splats(
        means, scales, rows["turn"].astype(np.float32), logit(levels[:, 3]),
        (levels[:, :3] - np.float32(0.5)) / np.float32(C0), _by_degree(sh, section.degree),
    )  # fmt: skip
    return splats, end


def _centred(data: bytes, start: int, centres_at: int, section: _Section, places: np.ndarray) -> np.ndarray:
    """(N, 3) places of level 1 and 2: steps of a bucket around its centre, full buckets first."""
    if section.bucket_bytes != 12:
        raise Refused(f"its buckets have {section.bucket_bytes} bytes, not 12")
    partial = np.frombuffer(data, "<u4", section.partial_buckets, start).astype(np.int64)
    centres = np.frombuffer(data, "<f4", 3 * section.bucket_count, centres_at).reshape(-1, 3)
    in_full = section.full_buckets * section.bucket_size
    rows = np.arange(section.count)
    of = np.minimum(rows // section.bucket_size, section.full_buckets)
    later = rows >= in_full
    of[later] = section.full_buckets + np.searchsorted(np.cumsum(partial), rows[later] - in_full, side="right")
    if section.count and of.max() >= section.bucket_count:
        raise Refused("its Gaussians are in more buckets than it has")
    step = section.block / 2 / section.range
    with np.errstate(over="ignore", invalid="ignore"):
        return ((places.astype(np.float64) - section.range) * step + centres[of]).astype(np.float32)


def _by_degree(sh: np.ndarray, degree: int) -> np.ndarray:
    """(N, K, 3) of harmonics that stand degree by degree and within one channel by channel."""
    parts, at = [np.empty((len(sh), 0, 3), np.float32)], 0
    for each in range(1, degree + 1):
        orders = 2 * each + 1
        parts.append(sh[:, at : at + 3 * orders].reshape(-1, 3, orders).transpose(0, 2, 1))
        at += 3 * orders
    return np.concatenate(parts, axis=1)
