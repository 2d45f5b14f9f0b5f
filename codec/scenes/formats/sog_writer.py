"""Writes SOG version 2, bundled: what PlayCanvas's own writer does, or better.

The same: Morton order, 16-bit logarithmic places, 256 levels for scales and for colours, a palette of harmonics whose
size follows the count, lossless WebP. But numbers are rounded where that writer cuts them off: half the error at the
same rate.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable, Iterator

import numpy as np

from daub.codec.scenes.claims import Refused, alpha_bytes, largest_first
from daub.codec.scenes.formats.codebook import codebook, nearest
from daub.codec.scenes.formats.morton import morton_order
from daub.codec.scenes.formats.palette import palette
from daub.codec.scenes.formats.sog import ENTRIES_A_ROW, FIRST_COMPONENT, META
from daub.render.splats.splats import Splats

_MOST_DEGREES = 3
_LARGEST_PALETTE = 64  # times 1024 entries, as a label has 16 bits
_FLATTEST = -20.0  # of a log-scale: what has no thickness is written as one that nobody sees
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry of the zip, so that equal scenes give equal files
_EFFORT = {"lossless": True, "quality": 70, "method": 4, "exact": True}  # libwebp's own; its best is 60 times slower


def pieces(splats: Splats, progress: Callable[[float], None] | None = None) -> list[bytes]:
    """A file.

    Args:
        progress: is told the share of the work that is done.

    Raises:
        Refused: its harmonics are of degree 4.
    """
    if splats.degree > _MOST_DEGREES:
        raise Refused("SOG holds harmonics up to degree 3", "drop some with --degree 3")
    told = progress or (lambda _: None)
    splats = splats.take(morton_order(splats.means))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in _entries(splats, told):
            bundle.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    told(1.0)
    return [buffer.getvalue()]


def _entries(splats: Splats, told: Callable[[float], None]) -> Iterator[tuple[str, bytes]]:
    """Names and contents."""
    meta = {"version": 2, "asset": {"generator": "daub"}, "count": len(splats)}
    if splats.antialiased:
        meta["model"] = "antialiased"
    share = 0.5 if splats.degree else 1.0  # of the work that is no palette

    places, low, high = _places(splats.means)
    yield "means_l.webp", _picture(places & 255)
    yield "means_u.webp", _picture(places >> 8)
    meta["means"] = {"mins": low, "maxs": high, "files": ["means_l.webp", "means_u.webp"]}
    told(0.3 * share)
    scales = np.maximum(splats.log_scales, np.float32(_FLATTEST))
    levels = codebook(scales)
    yield "scales.webp", _picture(nearest(levels, scales))
    meta["scales"] = {"codebook": levels.tolist(), "files": ["scales.webp"]}
    told(0.5 * share)
    largest, others = largest_first(splats.rotations)
    turns = np.rint(255 * (others * math.sqrt(0.5) + 0.5))
    yield "quats.webp", _picture(np.column_stack([turns, FIRST_COMPONENT + largest]))
    meta["quats"] = {"files": ["quats.webp"]}
    told(0.7 * share)
    levels = codebook(splats.dc)
    yield "sh0.webp", _picture(np.column_stack([nearest(levels, splats.dc), alpha_bytes(splats)]))
    meta["sh0"] = {"codebook": levels.tolist(), "files": ["sh0.webp"]}
    told(share)
    if splats.degree:
        entries, labels = palette(
            splats.sh.reshape(len(splats), -1), _palette_size(len(splats)), lambda done: told(share + 0.4 * done)
        )
        levels = codebook(entries)
        yield "shN_centroids.webp", _palette_picture(nearest(levels, entries))
        yield "shN_labels.webp", _picture(np.column_stack([labels & 255, labels >> 8, np.zeros_like(labels)]))
        files = ["shN_centroids.webp", "shN_labels.webp"]
        meta["shN"] = {"count": len(entries), "bands": splats.degree, "codebook": levels.tolist(), "files": files}
    yield META, json.dumps(meta, separators=(",", ":")).encode()


def _places(means: np.ndarray) -> tuple[np.ndarray, list[float], list[float]]:
    """(N, 3) uint16 steps of sign(v) ln(1 + |v|), and its limits for each axis."""
    logarithms = np.sign(means) * np.log1p(np.abs(means.astype(np.float64)))
    low, high = logarithms.min(axis=0), logarithms.max(axis=0)
    steps = 65535 * (logarithms - low) / np.where(high > low, high - low, 1)
    return np.rint(steps).astype(np.uint16), low.tolist(), high.tolist()


def _palette_size(count: int) -> int:
    return 1024 * min(_LARGEST_PALETTE, 2 ** max(0, int(math.log2(count / 1024)) if count > 1024 else 0))


def _palette_picture(entries: np.ndarray) -> bytes:
    """64 entries a row, each of as many texels as there are coefficients."""
    rows = -(-len(entries) // ENTRIES_A_ROW)
    texels = np.zeros((rows * ENTRIES_A_ROW, entries.shape[1] // 3, 4), np.uint8)
    texels[: len(entries), :, :3] = entries.reshape(len(entries), -1, 3)
    texels[..., 3] = 255
    return _webp(texels.reshape(rows, -1, 4))


def _picture(texels: np.ndarray) -> bytes:
    """A texel for each row of (N, 3 or 4), in a square whose sides are multiples of 4."""
    n, channels = texels.shape
    width = 4 * math.ceil(math.sqrt(n) / 4)
    height = 4 * math.ceil(n / width / 4)
    picture = np.zeros((height * width, 4), np.uint8)
    picture[:, 3] = 0 if channels == 4 else 255
    picture[:n, :channels] = texels
    return _webp(picture.reshape(height, width, 4))


def _webp(picture: np.ndarray) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "WEBP", **_EFFORT)
    return buffer.getvalue()
