"""Arrays and pictures as entries of a project: .npy and PNG, read without trust in what they say of themselves."""

from __future__ import annotations

import io

import numpy as np

from daub.codec.errors import DaubError

_LONGEST_HEADER = 1000  # characters of that of an .npy file


def npy_of(array: np.ndarray) -> bytes:
    """The .npy file of an array."""
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(array), allow_pickle=False)
    return out.getvalue()


def array_of(data: bytes, shape: tuple[int | None, ...], dtype: np.dtype | type, name: str) -> np.ndarray:
    """The array of an .npy file.

    Args:
        shape: that it must have, None for a side of any length.
        name: of the entry, for the error.

    Raises:
        DaubError: it is another array, or none.
    """
    file = io.BytesIO(data)
    try:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("another version of .npy")
        found, by_columns, kind = np.lib.format.read_array_header_1_0(file, max_header_size=_LONGEST_HEADER)
        content = memoryview(data)[file.tell() :]
        sides = len(found) == len(shape) and all(want in (None, side) for side, want in zip(found, shape, strict=True))
        if by_columns or kind != np.dtype(dtype) or not sides or min(found, default=0) < 0:
            raise ValueError("another kind of array")
        return np.frombuffer(content, kind).reshape(found)
    except (ValueError, TypeError, SyntaxError, OverflowError, MemoryError, RecursionError) as error:
        raise DaubError(f"{name} cannot be read", "it is no such array", "it is left out") from error


def png_of(pixels8: np.ndarray) -> bytes:
    """The PNG of pixels (H, W) or (H, W, 3 or 4) uint8."""
    import PIL.Image

    out = io.BytesIO()
    PIL.Image.fromarray(np.ascontiguousarray(pixels8)).save(out, "PNG", compress_level=4)
    return out.getvalue()


def pixels_of(data: bytes, mode: str, size: tuple[int, int] | None, name: str, most: int = 1 << 28) -> np.ndarray:
    """The pixels of a PNG, uint8.

    Args:
        mode: "L" for (H, W), "RGB" or "RGBA" for (H, W, 3 or 4).
        size: (width, height) that it must have, None for any.
        name: of the entry, for the error.
        most: pixels.

    Raises:
        DaubError: it is another picture, or none.
    """
    import PIL.Image

    try:
        with PIL.Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if size not in (None, image.size) or image.width * image.height > most:
                raise ValueError(f"{image.width}x{image.height} pixels")
            return np.array(image.convert(mode))
    # Pillow raises whatever its reading runs into: a broken chunk is a SyntaxError, a bomb one of its own.
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, PIL.Image.DecompressionBombError) as error:
        raise DaubError(f"{name} cannot be read", "it is no such picture", "it is left out") from error
