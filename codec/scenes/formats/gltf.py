"""glTF and .glb with KHR_gaussian_splatting: Gaussians as points, their numbers as attributes of the points.

https://github.com/KhronosGroup/glTF, extensions/2.0/Khronos/KHR_gaussian_splatting, the release candidate of 2026:
POSITION; ROTATION as x, y, z, w; SCALE, which is no logarithm; OPACITY from 0 to 1; SH_DEGREE_l_COEF_n, m = -l..l. Axes
are x right, y up, z backward.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from daub.codec.files import read_file
from daub.codec.scenes.axes import Y_UP, reflected
from daub.codec.scenes.claims import Refused, check_promise, logit
from daub.codec.scenes.formats.gltf_nodes import placements
from daub.codec.scenes.joining import joined
from daub.codec.scenes.placing import placed, stretches
from daub.codec.scenes.reading import done
from daub.render.splats.splats import HARMONICS, Splats

EXTENSION = "KHR_gaussian_splatting"
MAGIC = b"glTF"
JSON_CHUNK, BIN_CHUNK = 0x4E4F534A, 0x004E4942  # kinds of chunks
_LARGEST_JSON = 1 << 26  # bytes
_LARGEST_BUFFER = 1 << 33  # bytes
_COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_SHAPES = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}


def read(data: bytes, folder: Path | None = None) -> tuple[Splats, tuple[str, ...]]:
    """Everything that is Gaussians in it, one after the other.

    Args:
        folder: where the files lie that it names; None where none may be read.

    Raises:
        Refused: it is damaged, or has no Gaussians.
        DaubError: a file that it names cannot be read.
    """
    text, binary = _chunks(data) if data.startswith(MAGIC) else (data, None)
    try:
        document = json.loads(text) if len(text) <= _LARGEST_JSON else None
    except (ValueError, RecursionError) as error:
        raise Refused("its JSON cannot be read") from error
    if not isinstance(document, dict):
        raise Refused("it is no glTF")
    reader = _Reader(document, binary, folder)
    parts = reader.parts()
    if not parts:
        raise Refused(f"it has no Gaussians ({EXTENSION})", "choose a file with Gaussians, not with a mesh")
    return reflected(joined(parts), Y_UP), tuple(dict.fromkeys(reader.remarks))


def _chunks(data: bytes) -> tuple[bytes, bytes | None]:
    """The JSON of a .glb, and its binary chunk."""
    found, position = {}, 12
    while position + 8 <= len(data):
        length, kind = struct.unpack_from("<II", data, position)
        if position + 8 + length > len(data):
            raise Refused("it ends within a chunk")
        found.setdefault(kind, data[position + 8 : position + 8 + length])
        position += 8 + length
    if JSON_CHUNK not in found:
        raise Refused("it has no JSON")
    return found[JSON_CHUNK], found.get(BIN_CHUNK)


class _Reader:
    """A document, in which anything may stand where numbers are expected."""

    def __init__(self, document: dict, binary: bytes | None, folder: Path | None):
        self._document, self._binary, self._folder = document, binary, folder
        self._buffers: dict[int, bytes] = {}
        self._meshes: dict[int, list[Splats]] = {}
        self.remarks: list[str] = []

    def parts(self) -> list[Splats]:
        """The Gaussians of each primitive, as often as nodes hold it and where they say; of a file whose nodes hold
        none, all of them where they stand."""
        found = [(mesh, matrix) for mesh, matrix in placements(self._document) if self._of_mesh(mesh)]
        if not found:
            found = [(mesh, np.eye(4)) for mesh in range(len(self._list("meshes")))]
        parts, count = [], 0
        for n, (mesh, matrix) in enumerate(found):
            done(n / len(found))
            for each in self._of_mesh(mesh):
                count += len(each)
                check_promise(count, each.degree)  # a few bytes may ask for the same ones any number of times
                parts.append(self._placed(each, matrix))
        return parts

    def _placed(self, part: Splats, matrix: np.ndarray) -> Splats:
        turn, offset = matrix[:3, :3], matrix[:3, 3]
        if np.array_equal(matrix, np.eye(4)):
            return part
        if part.degree and stretches(turn):
            self.remarks.append(
                "its nodes stretch Gaussians more one way than another: their harmonics are turned, not stretched"
            )
        return placed(part, turn, offset)

    def _of_mesh(self, index: int) -> list[Splats]:
        """The Gaussians of each of its primitives, in its own axes."""
        if index not in self._meshes:
            meshes = self._list("meshes")
            mesh = meshes[index] if 0 <= index < len(meshes) else None
            primitives = mesh.get("primitives") if isinstance(mesh, dict) else None
            self._meshes[index] = [
                self._splats(primitive, primitive["extensions"][EXTENSION])
                for primitive in (primitives if isinstance(primitives, list) else ())
                if isinstance(primitive, dict) and isinstance(primitive.get("extensions"), dict)
                and EXTENSION in primitive["extensions"]
            ]  # fmt: skip
        return self._meshes[index]

    def _splats(self, primitive: dict, extension: Any) -> Splats:
        if isinstance(extension, dict) and extension.get("extensions"):
            raise Refused("its Gaussians are compressed", "save it uncompressed, or as .spz")
        if isinstance(extension, dict) and "lin_" in str(extension.get("colorSpace")):
            self.remarks.append("its colours are linear, and shown as if they were sRGB")
        attributes = primitive.get("attributes")
        if not isinstance(attributes, dict):
            raise Refused("its points have no attributes")
        degree = max((each for each in range(5) if f"{EXTENSION}:SH_DEGREE_{each}_COEF_0" in attributes), default=0)

        def values(name: str, width: int) -> np.ndarray:
            if name not in attributes:
                raise Refused(f"its Gaussians have no {name.rpartition(':')[2]}")
            return self._accessor(attributes[name], width)

        means = values("POSITION", 3)
        check_promise(len(means), degree)
        scales, remark = values(f"{EXTENSION}:SCALE", 3), None
        if (scales < 0).any():
            remark = "its scales are logarithms, as drafts of the format had them"
        else:
            with np.errstate(divide="ignore"):
                scales = np.log(scales)
        self.remarks += [remark] * (remark is not None)
        opacity = values(f"{EXTENSION}:OPACITY", 1)[:, 0]
        coefficients = [
            values(f"{EXTENSION}:SH_DEGREE_{each}_COEF_{n}", 3)
            for each in range(degree + 1) for n in range(2 * each + 1)
        ]  # fmt: skip
        turns = values(f"{EXTENSION}:ROTATION", 4)[:, [3, 0, 1, 2]]
        arrays = (means, scales, turns, opacity, *coefficients)
        if len({len(array) for array in arrays}) > 1:
            raise Refused("its attributes are of different lengths")
        sh = np.empty((len(means), HARMONICS[degree], 3), np.float32)
        for index, coefficient in enumerate(coefficients[1:]):
            sh[:, index] = coefficient
        return Splats(means, scales, turns, logit(opacity), coefficients[0], sh)

    def _accessor(self, index: Any, width: int) -> np.ndarray:
        """(N, width) float32."""
        accessor = self._entry("accessors", index)
        kind = _COMPONENTS.get(self._whole(accessor, "componentType"))
        if kind is None or _SHAPES.get(str(accessor.get("type"))) != width:
            raise Refused(f"an accessor of it has no {width} numbers of a kind that is known")
        if "sparse" in accessor or "bufferView" not in accessor:
            raise Refused("an accessor of it is sparse", "save it with whole accessors")
        view = self._entry("bufferViews", accessor["bufferView"])
        buffer = self._buffer(self._whole(view, "buffer"))
        item = np.dtype(kind).itemsize * width
        count = self._whole(accessor, "count")
        stride = self._whole(view, "byteStride", 0) or item
        start = self._whole(view, "byteOffset", 0) + self._whole(accessor, "byteOffset", 0)
        if stride < item or count < 1 or start + stride * (count - 1) + item > len(buffer):
            raise Refused("an accessor of it ends after its buffer")
        values = np.ndarray((count, width), kind, buffer, start, (stride, np.dtype(kind).itemsize))
        if accessor.get("normalized") is True and kind != "<f4":
            return (values / np.float32(np.iinfo(kind).max)).astype(np.float32)
        return values.astype(np.float32)

    def _buffer(self, index: int) -> bytes:
        if index not in self._buffers:
            uri = self._entry("buffers", index).get("uri")
            self._buffers[index] = self._bytes_at(uri)
        return self._buffers[index]

    def _bytes_at(self, uri: Any) -> bytes:
        if uri is None and self._binary is not None:
            return self._binary
        if isinstance(uri, str) and uri.startswith("data:"):
            try:
                return base64.b64decode(uri.partition(",")[2], validate=True)
            except binascii.Error as error:
                raise Refused("a buffer of it is no base64") from error
        if not isinstance(uri, str) or self._folder is None or Path(uri).name != uri or uri in (".", ".."):
            raise Refused("a buffer of it is not beside it")
        return read_file(self._folder / uri, _LARGEST_BUFFER)

    def _list(self, name: str) -> list:
        value = self._document.get(name)
        return value if isinstance(value, list) else []

    def _entry(self, name: str, index: Any) -> dict:
        entries = self._list(name)
        if type(index) is not int or not 0 <= index < len(entries) or not isinstance(entries[index], dict):
            raise Refused(f"it names one of its {name} that is not there")
        return entries[index]

    @staticmethod
    def _whole(holder: dict, name: str, default: int = -1) -> int:
        value = holder.get(name, default)
        if type(value) is not int or not 0 <= value < 1 << 40:
            raise Refused(f"it has no whole number as {name}")
        return value
