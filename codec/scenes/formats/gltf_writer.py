"""Writes .glb with KHR_gaussian_splatting, uncompressed: one cloud of points, an attribute after the other."""

from __future__ import annotations

import json
import struct

import numpy as np

from daub.codec.scenes.axes import Y_UP, reflected
from daub.codec.scenes.claims import Refused, alpha_bytes
from daub.codec.scenes.formats.gltf import BIN_CHUNK, EXTENSION, JSON_CHUNK, MAGIC
from daub.render.splats.splats import Splats

_MOST_DEGREES = 3
_LARGEST = (1 << 32) - (1 << 20)  # bytes: lengths have 32 bits
_POINTS, _FLOAT, _BYTE, _VERTICES = 0, 5126, 5121, 34962


def pieces(splats: Splats) -> list[bytes]:
    """A file. That a scene was trained antialiased has no place in it.

    Raises:
        Refused: its harmonics are of degree 4, or it is larger than such a file may be.
    """
    if splats.degree > _MOST_DEGREES:
        raise Refused("glTF holds harmonics up to degree 3", "drop some with --degree 3")
    attributes = _attributes(reflected(splats, Y_UP))
    blobs = [array.tobytes() for array in attributes.values()]
    binary = b"".join(blobs)
    if len(binary) > _LARGEST:
        raise Refused(f"it would have {len(binary):,} bytes, and a .glb at most 4 GB", "drop harmonics or Gaussians")
    text = json.dumps(_document(attributes, blobs), separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    header = struct.pack("<4sII", MAGIC, 2, 28 + len(text) + len(binary))
    return [header, struct.pack("<II", len(text), JSON_CHUNK), text, struct.pack("<II", len(binary), BIN_CHUNK), binary]


def _attributes(splats: Splats) -> dict[str, np.ndarray]:
    """Names and (N, width), float32 but for the colours that stand in for those who know no Gaussians."""
    turns = splats.rotations / np.linalg.norm(splats.rotations, axis=1, keepdims=True)
    levels = np.rint(255 * splats.colour.clip(0, 1)).astype(np.uint8)
    floats = {
        "POSITION": splats.means,
        f"{EXTENSION}:ROTATION": turns[:, [1, 2, 3, 0]],
        f"{EXTENSION}:SCALE": np.exp(splats.log_scales),
        f"{EXTENSION}:OPACITY": splats.opacity[:, None],
        f"{EXTENSION}:SH_DEGREE_0_COEF_0": splats.dc,
    }
    for degree in range(1, splats.degree + 1):
        for index in range(2 * degree + 1):
            floats[f"{EXTENSION}:SH_DEGREE_{degree}_COEF_{index}"] = splats.sh[:, degree * degree - 1 + index]
    colours = np.column_stack([levels, alpha_bytes(splats)])
    return {"COLOR_0": colours, **{name: np.ascontiguousarray(array, "<f4") for name, array in floats.items()}}


def _document(attributes: dict[str, np.ndarray], blobs: list[bytes]) -> dict:
    starts = np.cumsum([0, *map(len, blobs)]).tolist()
    accessors = [
        {
            "bufferView": index, "componentType": _BYTE if array.dtype == np.uint8 else _FLOAT, "count": len(array),
            "type": {1: "SCALAR", 3: "VEC3", 4: "VEC4"}[array.shape[1]],
            **({"normalized": True} if array.dtype == np.uint8 else {}),
            **({"min": array.min(axis=0).tolist(), "max": array.max(axis=0).tolist()} if name == "POSITION" else {}),
        }
        for index, (name, array) in enumerate(attributes.items())
    ]  # fmt: skip
    look = {
        "kernel": "ellipse", "colorSpace": "srgb_rec709_display", "projection": "perspective",
        "sortingMethod": "cameraDistance",
    }  # fmt: skip
    primitive = {
        "mode": _POINTS,
        "attributes": {name: index for index, name in enumerate(attributes)},
        "extensions": {EXTENSION: look},
    }
    return {
        "asset": {"version": "2.0", "generator": "daub"},
        "extensionsUsed": [EXTENSION],
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [primitive]}],
        "accessors": accessors,
        "bufferViews": [
            {"buffer": 0, "byteOffset": start, "byteLength": len(blob), "target": _VERTICES}
            for start, blob in zip(starts, blobs, strict=False)
        ],
        "buffers": [{"byteLength": starts[-1]}],
    }
