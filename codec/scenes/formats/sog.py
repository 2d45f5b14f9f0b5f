"""SOG of PlayCanvas: a texel for each Gaussian in a few lossless WebP pictures, and a meta.json that says how to read.

https://github.com/playcanvas/splat-transform, versions 1 and 2: a zip of stored entries, or a folder. Places are 16
bits between limits of sign(v) ln(1 + |v|), in two pictures; rotations the three smaller components of w, x, y, z and
which one is missing; scales and colours indices into codebooks (version 1: 8 bits between limits); harmonics a label
into a palette, which is a picture as well.
"""

from __future__ import annotations

import io
import json
import lzma
import math
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from daub.codec.files import read_file
from daub.codec.scenes.claims import Refused, check_promise, from_largest, logit
from daub.codec.scenes.reading import done
from daub.render.splats.splats import HARMONICS, Splats

META = "meta.json"
ENTRIES_A_ROW = 64  # of the palette, in its picture
FIRST_COMPONENT = 252  # what the alpha of a rotation says where w is missing
_LARGEST_META = 1 << 20  # bytes
_LARGEST_PICTURE = 1 << 30  # bytes
_SPARE_TEXELS = 1 << 16  # that a picture may have more than there are Gaussians, beside as many again


def read(data: bytes) -> tuple[Splats, tuple[str, ...]]:
    """A bundle.

    Raises:
        Refused: it is damaged, or none.
    """
    with _as_refusals():
        bundle = zipfile.ZipFile(io.BytesIO(data))
    entries = {Path(name).name: name for name in bundle.namelist()}

    def entry(name: str, limit: int) -> bytes:
        if name not in entries:
            raise Refused(f"there is no {name} in it")
        if bundle.getinfo(entries[name]).file_size > limit:
            raise Refused(f"its {name} is too large")
        with _as_refusals(), bundle.open(entries[name]) as file:
            return file.read(limit)

    return _Reader(entry, len(data)).splats(), ()


@contextmanager
def _as_refusals() -> Iterator[None]:
    """What zipfile raises for damage of any kind."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Refused(f"it is no whole zip: {str(error)[:80]}") from error
    except (struct.error, lzma.LZMAError, IndexError) as error:
        raise Refused("it is no whole zip") from error


def read_folder(meta: Path) -> tuple[Splats, int]:
    """A scene whose pictures lie beside its meta.json.

    Returns:
        It, and the bytes of all its files.

    Raises:
        Refused: it is damaged.
        DaubError: a file cannot be read.
    """
    total = 0

    def entry(name: str, limit: int) -> bytes:
        nonlocal total
        data = read_file(meta if name == META else meta.parent / name, limit)
        total += len(data)
        return data

    size = sum(file.stat().st_size for file in meta.parent.glob("*.webp"))
    splats = _Reader(entry, size).splats()
    return splats, total


class _Reader:
    """
    Args:
        entry: gives the content of a file of the scene, at most so many bytes.
        packed_bytes: of all files.
    """

    def __init__(self, entry: Callable[[str, int], bytes], packed_bytes: int):
        self._entry = entry
        self._packed = packed_bytes
        self._pictures, self._begun = 1, 0  # in all, and those that are read or being read
        try:
            self._meta = json.loads(entry(META, _LARGEST_META))
        except (ValueError, RecursionError) as error:
            raise Refused(f"its {META} is no JSON") from error
        if not isinstance(self._meta, dict):
            raise Refused(f"its {META} is no JSON object")
        self._version = self._meta.get("version", 1)
        if self._version not in (1, 2):
            raise Refused(f"it is SOG of version {str(self._version)[:20]}, and 1 and 2 are read")
        self._count = self._number("count") if self._version == 2 else self._number("means", "shape", 0)

    def splats(self) -> Splats:
        n = self._count
        check_promise(n, 0, self._packed)
        self._pictures = 5 if self._meta.get("shN") is None else 7
        places = self._texels("means", 0)[:, :3] | self._texels("means", 1)[:, :3].astype(np.uint16) << 8
        low, high = self._limits("means", 3)
        with np.errstate(over="ignore"):
            logarithms = low + (places / 65535) * (high - low)
            means = np.sign(logarithms) * np.expm1(np.abs(logarithms))
        turns = self._texels("quats")
        if (turns[:, 3] < FIRST_COMPONENT).any():
            raise Refused("its rotations do not say which component is missing")
        others = (turns[:, :3] / np.float32(255) - np.float32(0.5)) * np.float32(math.sqrt(2))
        colours = self._texels("sh0")
        if self._version == 1:
            scales = self._between("scales", self._texels("scales")[:, :3])
            sh0 = self._between("sh0", colours)
            dc, logits = sh0[:, :3], sh0[:, 3]
        else:
            scales = self._coded("scales", self._texels("scales")[:, :3])
            dc, logits = self._coded("sh0", colours[:, :3]), logit(colours[:, 3] / 255)
        rotations = from_largest(turns[:, 3].astype(int) - FIRST_COMPONENT, others)
        antialiased = self._meta.get("model") == "antialiased"
        return Splats(
            means.astype(np.float32), scales.astype(np.float32), rotations, logits.astype(np.float32),
            dc.astype(np.float32), self._harmonics(), antialiased,
        )  # fmt: skip

    def _harmonics(self) -> np.ndarray:
        if self._meta.get("shN") is None:
            return np.empty((self._count, 0, 3), np.float32)
        palette = self._picture("shN", 0, _LARGEST_PICTURE // 16)
        height, width, _ = palette.shape
        if width not in (ENTRIES_A_ROW * k for k in HARMONICS[1:]):
            raise Refused(f"its palette of harmonics is {width} texels wide")
        k = width // ENTRIES_A_ROW
        check_promise(self._count, HARMONICS.index(k), self._packed)
        palette = palette[:, :, :3].reshape(height * ENTRIES_A_ROW, k, 3)
        texels = self._texels("shN", 1)
        labels = texels[:, 0] | texels[:, 1].astype(np.uint16) << 8
        if labels.max() >= len(palette):
            raise Refused(f"its Gaussians name entry {labels.max():,} of a palette of {len(palette):,}")
        if self._version == 1:
            low, high = self._limits("shN", 1)
            values = low + palette / 255 * (high - low)
        else:
            values = self._coded("shN", palette)
        return values.astype(np.float32)[labels]

    # What stands in meta.json, which may hold anything.

    def _at(self, *keys: str | int) -> Any:
        value = self._meta
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                raise Refused(f"its {META} has no {'.'.join(map(str, keys))}") from None
        return value

    def _number(self, *keys: str | int) -> int:
        value = self._at(*keys)
        if type(value) is not int or not 0 <= value < 1 << 40:
            raise Refused(f"its {META} has no count of Gaussians")
        return value

    def _floats(self, *keys: str) -> np.ndarray:
        try:
            values = np.atleast_1d(np.array(self._at(*keys), np.float64))
        except (TypeError, ValueError, OverflowError):
            values = np.empty((0, 0))
        if values.ndim != 1 or not np.isfinite(values).all():
            raise Refused(f"its {META} has no numbers in {'.'.join(keys)}")
        return values

    def _limits(self, part: str, channels: int) -> tuple[np.ndarray, np.ndarray]:
        low, high = self._floats(part, "mins"), self._floats(part, "maxs")
        if len(low) != channels or len(high) != channels:
            raise Refused(f"its {META} does not limit {channels} channels of {part}")
        return low, high

    def _between(self, part: str, texels: np.ndarray) -> np.ndarray:
        low, high = self._limits(part, texels.shape[1])
        return low + texels / 255 * (high - low)

    def _coded(self, part: str, texels: np.ndarray) -> np.ndarray:
        codebook = self._floats(part, "codebook")
        if texels.max() >= len(codebook):
            raise Refused(f"its codebook of {part} has {len(codebook)} entries, and entry {texels.max()} is wanted")
        return codebook.astype(np.float32)[texels]

    # The pictures.

    def _texels(self, part: str, index: int = 0) -> np.ndarray:
        """(count, 4) uint8."""
        picture = self._picture(part, index, 2 * self._count + _SPARE_TEXELS)
        if picture.shape[0] * picture.shape[1] < self._count:
            raise Refused(f"a picture of {part} has fewer texels than there are Gaussians")
        return picture.reshape(-1, 4)[: self._count]

    def _picture(self, part: str, index: int, limit: int) -> np.ndarray:
        from PIL import Image

        name = self._at(part, "files", index)
        if not isinstance(name, str) or not name or Path(name).name != name:
            raise Refused(f"its {META} names no file in {part}.files")
        done(self._begun / self._pictures)
        self._begun += 1
        data = self._entry(name, _LARGEST_PICTURE)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is tighter
                with Image.open(io.BytesIO(data), formats=("WEBP", "PNG")) as image:
                    if image.width * image.height > limit:
                        raise Refused(f"its {name} has {image.width} x {image.height} texels, far too many")
                    return np.asarray(image.convert("RGBA"))
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
            raise Refused(f"its {name} is damaged") from error
