"""Writes the golden files anew, after a deliberate change of the format.

python tests/codec/container/make_golden.py
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from scenes import some_gaussians

from daub.codec import container
from daub.codec.container import alpha
from daub.codec.container.method import PARAMETRISATIONS
from daub.codec.entropy.coders import Adaptive, BitsBack, Raw, Static
from daub.codec.parameters.attributes import attributes_of
from daub.codec.rounding.trained import ByColumns, Half, LogUniform, ResidualVector, Uniform
from daub.codec.symbols import Grid, classes, quantise, step_index

GOLDEN = Path(__file__).parent / "golden"


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


def of_method(parametrisation, quantiser, coder, count, repeated=1, **options):
    """A file of the method's parameters of ordinary Gaussians, every one `repeated` times."""
    parametrisation = dict(PARAMETRISATIONS)[parametrisation]
    raw = parametrisation.raw(attributes_of(some_gaussians(count, 61, 47, 7)), (61, 47))
    raw = np.tile(raw, (repeated, 1))
    quantiser.begin(raw)
    return container.write_profiled(raw, 61, 47, parametrisation, quantiser, coder, **options)


GAUSSIANIMAGE = ByColumns((2, Half()), (3, Uniform(6)), (3, ResidualVector(2, 8)))
LOGARITHMIC = ByColumns((2, Uniform(12)), (1, LogUniform(10)), (1, Uniform(10)), (1, LogUniform(10)), (3, Uniform(6)))


def opacity():
    """Grey ones that are light: here and there the sum of their greens is beyond one, and elsewhere nothing."""
    gaussians, grid = some_gaussians(12, 61, 47, 8), Grid(61, 47, step_index(0.3), 3)
    gaussians.parameters[:, 5:] = 4 * np.abs(gaussians.parameters[:, 5:]).mean(1, keepdims=True)
    return quantise(gaussians, grid), grid


METHODS = {
    "cholesky": of_method("cholesky", GAUSSIANIMAGE, BitsBack(), 60),
    "equal": of_method("native", ByColumns((8, Uniform(5))), BitsBack(), 9, repeated=7),
    "rotation": of_method("rotation-scale", GAUSSIANIMAGE, Raw(), 40),
    "unbounded": of_method("rotation-scale, unbounded", GAUSSIANIMAGE, Static(), 40),
    "covariance": of_method("covariance", LOGARITHMIC, Adaptive(), 40, filter_variance=0.3),
    "empty": of_method("cholesky", GAUSSIANIMAGE, Static(), 0),
}


def save(folder, name, data, content):
    content["parameters"] = [[float(f"{x:.7g}") for x in row] for row in container.read(data).gaussians.parameters]
    (folder / f"{name}.daub").write_bytes(data)
    (folder / f"{name}.json").write_text(json.dumps(content).replace("], [", "],\n[") + "\n")


for name, (symbols, grid) in FILES.items():
    data = container.write(symbols, grid)
    in_order = container.read(data).payload.symbols.values.tolist()
    save(GOLDEN, name, data, {"size": [grid.width, grid.height], "symbols": in_order})
symbols, grid = FILES["photo"]
transparent = container.write(symbols, grid, [alpha.chunk_of(*opacity())])
(GOLDEN / "transparent" / "photo.daub").write_bytes(transparent)
for name, data in METHODS.items():
    save(GOLDEN / "methods", name, data, {"size": [61, 47]})
