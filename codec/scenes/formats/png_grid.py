"""Gaussians on a square grid, an attribute a PNG, as gsplat's `PngCompression` lays them out: a baseline of research.

The same: places to 16 bits after sign(v) ln(1 + |v|), in two pictures; quaternions, log-scales, logits and colours to 8
bits between their extremes; harmonics as a palette of 65536 entries of 6 bits under the L2 norm (gsplat: the L1 norm);
the least opaque left out until the rest fills a square. Another: the grid is filled along a Morton curve through the
scene, not by the sorting of PLAS (Morgenstern et al. 2024), and all is one zip. For measurements only: nothing else
reads it, and the window and `scene convert` do not offer it.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import numpy as np

from daub.codec.scenes.formats.morton import morton_order
from daub.codec.scenes.formats.palette import palette
from daub.render.splats.splats import HARMONICS, Splats

_META = "meta.json"
_PALETTE = 1 << 16
_LEVELS_OF_ENTRIES = (1 << 6) - 1
_LARGEST = 30.0  # of a log-scale and a logit, which may be infinite


def pieces(splats: Splats) -> list[bytes]:
    """A file.

    Args:
        splats: at least one.
    """
    side = int(len(splats) ** 0.5)
    splats = splats.take(np.sort(np.argsort(-splats.logits, kind="stable")[: side * side]))
    splats = splats.take(morton_order(splats.means)[_grid(side)])
    meta = {"side": side, "degree": splats.degree, "antialiased": splats.antialiased}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:

        def put(name: str, content: bytes) -> None:
            bundle.writestr(zipfile.ZipInfo(name), content)

        def put_levels(name: str, values: np.ndarray, levels: int = 255) -> np.ndarray:
            steps, meta[name] = _steps(values, levels)
            return steps.reshape(side, side, -1)

        places = put_levels("means", np.sign(splats.means) * np.log1p(np.abs(splats.means.astype(np.float64))), 65535)
        put("means_l.png", _png(places & 255))
        put("means_u.png", _png(places >> 8))
        rotations = splats.rotations / np.linalg.norm(splats.rotations, axis=1, keepdims=True)
        put("quats.png", _png(put_levels("quats", rotations)))
        put("scales.png", _png(put_levels("scales", splats.log_scales.clip(-_LARGEST, _LARGEST))))
        put("opacities.png", _png(put_levels("opacities", splats.logits.clip(-_LARGEST, _LARGEST)[:, None])))
        put("sh0.png", _png(put_levels("sh0", splats.dc)))
        if splats.degree:
            entries, labels = palette(splats.sh.reshape(len(splats), -1), _PALETTE)
            steps, meta["shN"] = _steps(entries, _LEVELS_OF_ENTRIES)
            both = io.BytesIO()
            np.savez_compressed(both, centroids=steps.astype(np.uint8), labels=labels.astype(np.uint16))
            put("shN.npz", both.getvalue())
        put(_META, json.dumps(meta, separators=(",", ":")).encode())
    return [buffer.getvalue()]


def read(data: bytes) -> tuple[Splats, tuple[str, ...]]:
    """What `pieces` wrote; files of others are not expected, and damage is not looked for."""
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        meta = json.loads(bundle.read(_META))
        count = meta["side"] ** 2

        def taken(name: str, levels: int = 255) -> np.ndarray:
            return _values(_pixels(bundle.read(f"{name}.png")).reshape(count, -1), meta[name], levels)

        low, high = (_pixels(bundle.read(f"means_{part}.png")).astype(int) for part in "lu")
        logarithms = _values((low + 256 * high).reshape(count, 3), meta["means"], 65535)
        means = np.sign(logarithms) * np.expm1(np.abs(logarithms))
        sh = np.zeros((count, 0, 3), np.float32)
        if meta["degree"]:
            both = np.load(io.BytesIO(bundle.read("shN.npz")))
            entries = _values(both["centroids"], meta["shN"], _LEVELS_OF_ENTRIES).astype(np.float32)
            sh = entries[both["labels"]].reshape(count, HARMONICS[meta["degree"]], 3)
        single = (taken(name).astype(np.float32) for name in ("scales", "quats", "opacities", "sh0"))
        scales, rotations, opacities, dc = single
        splats = Splats(means.astype(np.float32), scales, rotations, opacities[:, 0], dc, sh)
        return replace(splats, antialiased=meta["antialiased"]), ()


def _grid(side: int) -> np.ndarray:
    """(side * side,) which of the places along the curve stands in each cell, row by row: along a curve as well."""
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    by_curve = morton_order(np.stack([across.ravel(), down.ravel(), np.zeros(side * side)], axis=1))
    cells = np.empty(side * side, np.int64)
    cells[by_curve] = np.arange(side * side)
    return cells


def _steps(values: np.ndarray, levels: int) -> tuple[np.ndarray, dict[str, list[float]]]:
    """(N, C) steps of each column between its extremes, and these."""
    low, high = values.min(axis=0).astype(np.float64), values.max(axis=0).astype(np.float64)
    steps = np.rint(levels * (values - low) / np.where(high > low, high - low, 1)).astype(int)
    return steps, {"low": low.tolist(), "high": high.tolist()}


def _values(steps: np.ndarray, extremes: dict[str, list[float]], levels: int) -> np.ndarray:
    low, high = np.array(extremes["low"]), np.array(extremes["high"])
    return low + steps * (high - low) / levels


def _png(levels: np.ndarray) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    picture = levels[..., 0] if levels.shape[-1] == 1 else levels
    Image.fromarray(picture.astype(np.uint8)).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _pixels(data: bytes) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(data), formats=("PNG",)))
