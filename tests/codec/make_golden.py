"""Writes tests/codec/golden anew, after a deliberate change of the format: `python tests/codec/make_golden.py`."""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from test_container import GOLDEN, some_gaussians

from codec import container
from codec.quantise import Grid, classes, quantise, step_index


def ordinary(count, width, height, step, cell_log2):
    grid = Grid(width, height, step_index(step), cell_log2)
    return quantise(some_gaussians(count, width, height, 7), grid), grid


def corners():
    """What ordinary pictures do not reach: all classes, a crowded cell, huge colours, models worn in."""
    rng = np.random.default_rng(0)
    gaussians, grid = some_gaussians(300, 60, 40, 7), Grid(60, 40, step_index(0.5), 2)
    gaussians.parameters[:40, :2] = rng.uniform(9, 11, (40, 2))
    gaussians.parameters[64:96, 5:] *= 10.0 ** rng.uniform(-1, 4.5, (32, 1))
    by_colour = classes(gaussians.coefficient[64:96], grid.step)
    t = np.concatenate([np.arange(64) % 32, by_colour, np.full(204, 4)])
    return quantise(gaussians, grid, t), grid


FILES = {
    "photo": ordinary(60, 61, 47, 0.15, 2),
    "single": ordinary(1, 1, 1, 0.5, 0),
    "empty": ordinary(0, 9, 9, 1, 4),
    "fine": ordinary(25, 40, 40, 0.01, 3),
    "corners": corners(),
}

for name, (symbols, grid) in FILES.items():
    data = container.write(symbols, grid)
    decoded = container.read(data)
    content = {
        "size": [grid.width, grid.height],
        "symbols": decoded.symbols.values.tolist(),
        "parameters": [[float(f"{x:.7g}") for x in row] for row in decoded.gaussians.parameters],
    }
    (GOLDEN / f"{name}.daub").write_bytes(data)
    (GOLDEN / f"{name}.json").write_text(json.dumps(content).replace("], [", "],\n[") + "\n")
