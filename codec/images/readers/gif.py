"""GIF: the first frame on a transparent screen, without what stands around it.

Pillow lays the frame on the background colour, which no browser does, and gathers comments without a limit.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import numpy as np

from daub.codec.images.readers import pillow
from daub.codec.images.readers.refusal import Budget, Limits
from daub.codec.images.samples import ONE_OF_SEVERAL, WHITE, Samples

_EXTENSION, _IMAGE, _TRAILER, _GRAPHIC_CONTROL = 0x21, 0x2C, 0x3B, 0xF9


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The first frame; GIF89a, sections 18 to 23."""
    data = file.read()
    screen = struct.unpack_from("<HH", data, 6)
    limits.check(*screen)
    first, behind, (left, top, width, height) = _first_frame(data, limits)
    samples = pillow.read(io.BytesIO(first), limits, "GIF")
    if _another_frame(data, behind):
        samples.notices.append(ONE_OF_SEVERAL)
    rows, columns = samples.values.shape[:2]
    if (width, height) != (columns, rows):
        covered = np.zeros((rows, columns, 1), bool)
        covered[top : top + height, left : left + width] = True
        _clear(samples, covered)
    return samples


def _clear(samples: Samples, covered: np.ndarray) -> None:
    """Make transparent what is not covered, (H, W, 1) bool."""
    if samples.alpha:
        samples.values = np.concatenate([samples.values[..., :-1], samples.values[..., -1:] * covered], 2)
    else:
        opacity = covered * np.array(WHITE[samples.values.dtype], samples.values.dtype)
        samples.values, samples.alpha = np.concatenate([samples.values, opacity], 2), True


def _first_frame(data: bytes, limits: Limits) -> tuple[bytes, int, tuple[int, int, int, int]]:
    """A file of the first frame alone, where the next block stands, and left, top, width and height of the frame."""
    at, budget = 13 + _palette_size(data[10]), Budget()
    start, control = at, b""
    while data[at] == _EXTENSION:
        end = _behind_blocks(data, at + 2, budget)
        if data[at + 1] == _GRAPHIC_CONTROL:
            control = data[at:end]
        at = end
    if data[at] != _IMAGE:
        raise ValueError("it has no frame")
    frame = struct.unpack_from("<HHHH", data, at + 1)
    limits.check(frame[0] + frame[2], frame[1] + frame[3])  # a frame may reach beyond the screen, which then grows
    end = _behind_blocks(
        data, at + 11 + _palette_size(data[at + 9]), budget
    )  # 11: the code size stands before the blocks
    return data[:start] + control + data[at:end] + bytes([_TRAILER]), end, frame


def _another_frame(data: bytes, at: int) -> bool:
    """Whether one follows. What is damaged there does not matter to the first."""
    budget = Budget()
    try:
        while data[at] == _EXTENSION:
            at = _behind_blocks(data, at + 2, budget)
        return data[at] == _IMAGE
    except (IndexError, ValueError):
        return False


def _palette_size(flags: int) -> int:
    """Bytes of the colour table that the flags before it announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _behind_blocks(data: bytes, at: int, budget: Budget) -> int:
    """Where the sub-blocks that begin at a place end; IndexError where the file does first."""
    while data[at]:
        budget.spend()
        at += data[at] + 1
    return at + 1
