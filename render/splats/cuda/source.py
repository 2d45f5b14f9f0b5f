"""The source of the kernels for scenes, the constants compiled into it, and the shape of every launch.

A `daub.render.cuda.compiler` takes it as it takes that of the kernels for pictures, which is
`daub.render.cuda.source`; no CUDA package is needed here either.
"""

from __future__ import annotations

import functools
import math
from pathlib import Path

import numpy as np

from daub.render.cuda.source import fast_options
from daub.render.splats import harmonics, rule
from daub.render.splats.kernels import SLACK, TILE
from daub.render.splats.splats import C0

# The kernels are one source to a compiler, in this order.
FILES = ("scenes.cu", "gradient.cu")

WARP = 32  # threads
SUMS = 9  # of a Gaussian over pixels, as of render/splats/cpu/gathering.py
THREADS = 128  # threads per block where threads share nothing

# Threads per block of every kernel, in the order of their launches.
KERNELS = {
    "project": THREADS,
    "list_pairs": THREADS,
    "blend": TILE * TILE,
    "gather": TILE * TILE,
    "to_scene": THREADS,
}

_FLOATS = ("LEAST_ALPHA", "MOST_ALPHA", "LEAST_TRANSMITTANCE", "LARGEST")
_DOUBLES = ("NEAR", "DILATION", "LEAST_COMPENSATION")


@functools.cache
def read() -> str:
    """The whole source."""
    folder = Path(__file__).parent
    # With #line a compiler's messages name the file.
    return "".join(f'#line 1 "{name}"\n{(folder / name).read_text("utf-8")}' for name in FILES)


def options() -> list[str]:
    """Definitions for NVRTC, or any C++ compiler: what the kernels share with Python is typed once, there."""

    def single(value: float) -> str:
        return f"{np.float32(value)!s}f"

    terms = {"C2": harmonics.C2, "C3": harmonics.C3, "C4": harmonics.C4}
    constants = {
        **{name: single(getattr(rule, name)) for name in _FLOATS},
        **{name: repr(float(getattr(rule, name))) for name in _DOUBLES},
        **{f"{name}_{i}": single(value) for name, values in terms.items() for i, value in enumerate(values)},
        "C0": single(C0),
        "C1": single(harmonics.C1),
        "LOG2_OF_ALPHA": single(-0.5 / math.log(2)),  # log2 of exp(-q/2), per unit of q
        "SLACK": single(SLACK),
        "TILE": TILE,
        "WARP": WARP,
        "SUMS": SUMS,
        "THREADS": THREADS,
    }
    return [f"-D{name}={value}" for name, value in constants.items()]


def nvrtc_options(architecture: int) -> list[str]:
    """Options of NVRTC for compute capability `architecture`, such as 89."""
    return [*fast_options(architecture), *options()]


def tiles(width: int, height: int) -> tuple[int, int]:
    """Columns and rows of tiles."""
    return -(-width // TILE), -(-height // TILE)
