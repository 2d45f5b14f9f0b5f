"""Writes the golden files of scenes anew, after a deliberate change of the format.

python tests/codec/scenes/coding/make_golden_scenes.py
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[3]))
from gaussian_scenes import some_splats

from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.coding.symbols import Box, SceneSymbols, box_of, quantise

GOLDEN = Path(__file__).parent / "golden"
COLUMNS = ("means", "log_scales", "rotations", "logits", "dc", "sh")


def cloud(count, degree, depth, antialiased):
    """Of classes from the coarsest on, the finest ones among them."""
    splats = some_splats(count, degree, seed=7)
    classes = np.random.default_rng(7).integers(0, 12, (count, 2))
    return replace(quantise(splats, classes, box_of(splats, 0.004, depth)), antialiased=antialiased)


def extreme():
    """Flat and huge Gaussians, opaque ones and next to invisible ones, one far away, one of no colour of a screen."""
    splats = some_splats(16, seed=3)
    splats.log_scales[:4, 0], splats.log_scales[4:8] = -np.inf, 9
    splats.logits[:3], splats.logits[3:6] = np.inf, -30
    splats.means[8], splats.dc[9] = 1e6, -40
    return quantise(splats, np.full((16, 2), 6), box_of(splats, 0.004, 12))


def empty():
    nothing = np.zeros((0, 15), np.int32), np.zeros((0, 3), np.int32)
    box = Box(np.float32([1, 2, 3]), np.float32(4), 5, -600)
    return SceneSymbols(box, 0, False, np.zeros(0, np.int64), np.zeros(0, np.int64), *nothing)


FILES = {"cloud": cloud(20, 0, 3, True), "harmonics": cloud(5, 3, 1, False), "extreme": extreme(), "empty": empty()}

if __name__ == "__main__":
    for name, symbols in FILES.items():
        data = scene_file.write(symbols)
        found, splats = scene_file.read(data), scene_file.read(data).splats()
        content = {key: getattr(found, key).tolist() for key in ("leaves", "counts", "table", "levels")}
        floats = {key: [float(f"{x:.7g}") for x in getattr(splats, key).ravel()] for key in COLUMNS}
        text = json.dumps({"flags": found.degree + 8 * found.antialiased, **content, **floats})
        (GOLDEN / f"{name}.daub").write_bytes(data)
        (GOLDEN / f"{name}.json").write_text(text.replace("], ", "],\n") + "\n")
