"""The program that decodes an OpenEXR file for `openexr`: from its standard input into an array in a file.

    python exr_process.py TARGET.npy MAX_PIXELS < picture.exr

Prints a line of JSON. It knows NumPy and OpenEXR alone, so that it starts quickly.
"""

from __future__ import annotations

import io
import json
import sys

import numpy as np
import OpenEXR

_COLOURS = (("R", "G", "B"), ("Y",))
_ALPHA = "A"
_CHROMA = {"RY", "BY"}
_SAVE = "save it as RGB with another program"


def main(target: str, max_pixels: int) -> dict:
    """Decode the first part that has red, green and blue, or luminance.

    Returns:
        `refused`, the cause and the remedy; or what `openexr` has to know of the array, (H, W, C) float32 with the
        colours and then alpha: `alpha`, the two windows, `chromaticities` and the number of `parts`.
    """
    data = sys.stdin.buffer.read()
    parts = OpenEXR.File(io.BytesIO(data), separate_channels=True, header_only=True, num_threads=0).parts
    plain = (None, OpenEXR.scanlineimage, OpenEXR.tiledimage)
    usable = [n for n, part in enumerate(parts) if part.header.get("type") in plain and _colours_of(part)]
    if not usable:
        return {"refused": ["it is an OpenEXR image without plain colours (deep, or of other channels)", _SAVE]}
    header, names = parts[usable[0]].header, _names(parts[usable[0]])
    if "Y" in names and _CHROMA & names:
        return {"refused": ["it is an OpenEXR image of luminance and chroma, which is not read", _SAVE]}
    for part in parts:  # all of them are decoded
        for window in ("dataWindow", "displayWindow"):
            width, height = _size(part.header[window])
            if width * height * max(1, len(_names(part)) / 4) > max_pixels:
                why = f"it declares {width}x{height} pixels, above the limit of {max_pixels / 1e6:g} megapixels"
                return {"refused": [why, "scale it down with another program"]}
    part = OpenEXR.File(io.BytesIO(data), separate_channels=True, num_threads=0).parts[usable[0]]
    order = [*_colours_of(part), *([_ALPHA] if _ALPHA in names else [])]
    np.save(target, np.stack([part.channels[name].pixels.astype(np.float32) for name in order], 2))
    windows = {
        name: [np.asarray(corner).tolist() for corner in header[name]] for name in ("dataWindow", "displayWindow")
    }
    points = header.get("chromaticities")
    chromaticities = None if points is None else [float(number) for number in np.ravel(points)]
    return {"alpha": _ALPHA in names, "chromaticities": chromaticities, "parts": len(parts)} | windows


def _colours_of(part) -> tuple[str, ...]:
    """The names of the channels that make the colours; empty where there are none."""
    return next((names for names in _COLOURS if set(names) <= _names(part)), ())


def _names(part) -> set[str]:
    """The channels of a part, as its header lists them."""
    return {channel.name for channel in part.header["channels"]}


def _size(window) -> tuple[int, int]:
    (left, top), (right, bottom) = window
    return int(right) - int(left) + 1, int(bottom) - int(top) + 1


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
