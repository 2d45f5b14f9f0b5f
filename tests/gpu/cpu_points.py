"""Files of the CPU that those of the GPU are held against: bytes and PSNR of every image, at three qualities.

    python tests/gpu/cpu_points.py FOLDER OUT.json

They can be made beforehand and elsewhere, as they take minutes that a borrowed GPU may not have.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import in_place  # noqa: F401

QUALITIES = 47, 50, 53  # near enough that PSNR is straight between them over the logarithm of bytes


def encoded_at(path: Path, quality: float, effort: int, device: object) -> tuple[int, float]:
    """Bytes and PSNR in dB of the file that a quality makes of an image."""
    from daub.codec.front_door import encode
    from daub.codec.goal import Goal
    from daub.codec.settings import EncodeSettings

    encoded = encode(str(path), EncodeSettings(Goal("quality", quality), effort=effort), device=device)
    return len(encoded.data), float(encoded.psnr)


def points_of(path: Path, effort: int) -> list[tuple[int, float]]:
    """Bytes and PSNR of the CPU's files of an image."""
    return [encoded_at(path, quality, effort, "cpu") for quality in QUALITIES]


if __name__ == "__main__":
    folder, out = map(Path, sys.argv[1:])
    found = {}
    for image in sorted(path for path in folder.iterdir() if path.suffix == ".png"):
        found[image.name] = points_of(image, effort=5)
        out.write_text(json.dumps(found), "utf-8")
        print(image.name, *found[image.name], flush=True)
