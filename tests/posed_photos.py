"""Small photos of a scene, beside the cameras that have seen them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import PIL.Image
from random_splats import camera, scene

from daub.render.splats.cpu.scene import CpuScene


def write_posed_photos(folder: Path, count: int = 6) -> None:
    """Makes the folder: photos of 48x36 pixels, and cameras.json."""
    folder.mkdir()
    splats, listed = CpuScene(scene(1, 40)), []
    for n in range(count):
        seen = camera(48, 36, turn=n)
        pixels = np.rint(splats.seen(seen).image().clip(0, 1) * 255).astype(np.uint8)
        PIL.Image.fromarray(pixels).save(folder / f"{n}.png")
        matrix = [[seen.fx, 0, seen.cx], [0, seen.fy, seen.cy], [0, 0, 1]]
        listed.append({
            "file": f"{n}.png", "width": 48, "height": 36, "K": matrix, "R": seen.rotation.tolist(),
            "t": seen.translation.tolist(),
        })  # fmt: skip
    (folder / "cameras.json").write_text(json.dumps({"cameras": listed}))
