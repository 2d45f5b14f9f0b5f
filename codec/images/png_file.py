"""A PNG file from rows that come one strip after another: each piece on a core of its own, and none kept for longer.

    rows --> Paeth filter --> deflate --> chunk IDAT        one piece of rows, and its neighbour above, on a thread
                                    '--> the next piece     in their order

What 8 bits make of a sum of Gaussians is smooth, and two things follow. The Paeth filter, which foretells a sample from
three neighbours, beats the others in nearly every row. And what it leaves is small numbers without a pattern, in which
zlib's search for repetitions finds chance ones at ten times the cost; runs (Z_RLE) are nearly all there is to find, and
are found without knowing the piece before. 12 megapixels of a photo at quality 50 take 0.5 s of one core and 3.7 % more
bytes than Pillow's usual file, which takes 3.7 s. Only where three samples of four are foretold exactly, as in pictures
that were enlarged manyfold, is the search made: there it saves a sixth.

PNG (Portable Network Graphics) Specification, third edition, sections 5 and 9; DEFLATE, RFC 1951; zlib, RFC 1950.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from daub.render.jit import get_num_threads, njit

PIECE_SAMPLES = 1 << 20  # samples of a piece: some 15 ms of work, which an interrupt waits for at most
NOT_FORETOLD = 0.25  # share of the samples below which repetitions are searched for

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PAETH = 4  # number of the filter
_ZLIB_HEADER = b"\x78\x01"  # deflate with a window of 32 KB


def png_pieces(strips: Iterable[np.ndarray], width: int, height: int, alpha: bool = False) -> Iterator[bytes]:
    """The file, a part at a time; no more strips are asked for than the threads need to be busy.

    Args:
        strips: (rows, width, 3) uint8 each, sRGB-encoded, from top to bottom; `height` rows in all.
        width, height: pixels.
        alpha: strips have a fourth channel, and colours that are not multiplied by it.
    """
    kind = b"\x06" if alpha else b"\x02"  # RGB with alpha or without
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08" + kind + b"\0\0\0"  # 8 bits, not interlaced
    yield _SIGNATURE + _chunk(b"IHDR", header)
    yield _chunk(b"sRGB", b"\0")  # without it, colours are unspecified by the standard
    checksum, before = zlib.adler32(b""), _ZLIB_HEADER
    for filtered, deflated in _side_by_side(_pieces(strips, width, height, 4 if alpha else 3)):
        checksum = zlib.adler32(filtered, checksum)
        yield _chunk(b"IDAT", before + deflated)
        before = b""
    yield _chunk(b"IDAT", checksum.to_bytes(4, "big"))
    yield _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(content, zlib.crc32(kind)).to_bytes(4, "big")


def _pieces(
    strips: Iterable[np.ndarray], width: int, height: int, channels: int
) -> Iterator[tuple[np.ndarray, np.ndarray, bool]]:
    """Rows as they are filtered at a time, the row above them, and whether they are the last."""
    above = np.zeros((width, channels), np.uint8)
    step, done = max(1, PIECE_SAMPLES // (channels * width)), 0
    for strip in strips:
        for top in range(0, len(strip), step):
            rows = strip[top : top + step]
            done += len(rows)
            yield rows, above, done == height
            above = rows[-1]


def _side_by_side(pieces: Iterable[tuple[np.ndarray, np.ndarray, bool]]) -> Iterator[tuple[np.ndarray, bytes]]:
    """What `_filtered_and_deflated` makes of each piece, in their order."""
    threads, waiting = get_num_threads(), deque()
    with ThreadPoolExecutor(threads, "png") as pool:
        try:
            for piece in pieces:
                waiting.append(pool.submit(_filtered_and_deflated, *piece))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)  # where nobody wants the rest


def _filtered_and_deflated(rows: np.ndarray, above: np.ndarray, last: bool) -> tuple[np.ndarray, bytes]:
    """(rows, 1 + C W) uint8, each row with the number of its filter in front; and what deflate makes of them."""
    _, width, channels = rows.shape
    filtered = np.empty((len(rows), 1 + channels * width), np.uint8)
    filter_rows(np.ascontiguousarray(rows).reshape(len(rows), -1), above.reshape(-1), filtered, channels)
    plain = np.count_nonzero(filtered) < filtered.size * NOT_FORETOLD
    strategy = zlib.Z_FILTERED if plain else zlib.Z_RLE
    # Without a header, and ending on a whole byte, so that the next piece can follow; in the longest blocks.
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS, 9, strategy)
    return filtered, deflate.compress(filtered) + deflate.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


@njit(nogil=True, cache=True)
def filter_rows(rows, above, filtered, channels=3):
    """Fill filtered (R, 1 + B) uint8 with rows (R, B) uint8 of some channels by the Paeth filter; above (B,) them."""
    for row in range(len(rows)):
        here, up, out = rows[row], above, filtered[row]
        if row:
            up = rows[row - 1]
        out[0] = _PAETH
        for i in range(channels):
            out[1 + i] = here[i] - up[i]
        _filter(here[channels:], here, up[channels:], up, out[1 + channels :])


@njit(nogil=True, cache=True)
def _filter(here, left, up, corner, out):
    """Fill out (B,) with samples less their neighbour, to the left, above or at the corner, that foretells them best.

    A function of its own, without negative indices, so that it becomes vectors.
    """
    for i in range(len(here)):
        a, b, c = np.int16(left[i]), np.int16(up[i]), np.int16(corner[i])
        # The neighbour nearest to a + b - c; of equals left, then above.
        by_a, by_b, by_c = abs(b - c), abs(a - c), abs(a + b - c - c)
        near = b if by_b <= by_c else c
        near = a if min(by_b, by_c) >= by_a else near
        out[i] = np.uint8(np.int16(here[i]) - near)
