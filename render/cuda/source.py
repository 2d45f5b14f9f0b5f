"""The kernels' source, the constants compiled into it, and the shape of every launch.

No CUDA package is needed here: the backend, the offline compilation and the tests' CPU harness all start from this.
"""

from __future__ import annotations

import functools
import math
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from daub.render.descent import LEAST_ENERGY, MOMENTUM, GaussNewton
from daub.render.gaussians import PARAMETERS, SUPPORT
from daub.render.peaks import SCATTER
from daub.render.weighting import LEVELS

# The kernels are one source to a compiler, in this order.
FILES = ("common.cu", "lists.cu", "forward.cu", "backward.cu", "descent.cu", "births.cu", "pixels.cu")

WARP = 32  # threads
TILE = 16  # side of a tile, pixels
ROWS = 2  # pixels of a tile that one thread has, in one column
RUN = 16  # tiles of a run, in a row: the lists of Gaussians are those of runs
INDEX_BITS = 32 - 2 * (RUN.bit_length() - 1)  # of an entry of a list; the others are the first and last tile touched
TILE_BAND = 8  # height of a band, rows of tiles
PIECE = 32  # rounds of a warp over the box around a Gaussian, about, before another warp takes over
SCANNED = 8  # entries of a list that a thread of `scan` adds up by itself
THREADS = 128  # threads per block where threads or warps share nothing
STEP_THREADS = 256  # and in the optimiser's step, whose warps mostly wait
BLOCK = WARP * WARP  # threads of a kernel that is one block: as many warps as a warp has lanes

# Threads per block of every kernel. The first eight are the launches of a step, in their order: either `collect`, or
# the three after it. With weights, `rasterise_weighted`, `backward_weighted` and `step_weighted` take the places of
# their twins.
KERNELS = {
    "derive": THREADS,
    "collect": BLOCK,
    "count": WARP,
    "scan": BLOCK,
    "fill": WARP,
    "rasterise": TILE * TILE // ROWS,
    "backward": THREADS,
    "step": STEP_THREADS,
    "gather": THREADS,
    "rasterise_weighted": TILE * TILE // ROWS,
    "backward_weighted": THREADS,
    "step_weighted": STEP_THREADS,
    "gather_energy": THREADS,
    "smooth": THREADS,
    "peaks": THREADS,
    "make_opaque": THREADS,
    "round_to_8bit": THREADS,
}

# Slots of the array of lengths: the total length of the lists of runs, of the pieces, and of the lists of bands.
RUNS, PIECES, BANDS = range(3)

# Fields of the kernels' Settings, all float: those of GaussNewton, the price of bits, the bounds of mean and log-scale.
SETTINGS = (
    *("rate", "decay", "damping", "position_trust", "shape_trust", "adaption", "slowest", "fastest", "brake", "slack"),
    *("bit_price", "left", "right", "top", "bottom", "smallest", "largest"),
)

# Fields of the kernels' Verdict, all double. It is what makes many steps possible without the host:
#
#     the host      writes error, best_error and fresh of the Descent, and taken = 0
#     each step     held:  did a list not fit? Then the squares or the gradient are wrong: nothing below changes, no
#                          Gaussian moves, and as the lists stay as they are all further steps are held as well
#                   else:  risen and improved by the table of `Descent.judge`, bit_cost = bit_price * the lesser of
#                          error and best_error / Gaussians; then error, best_error, fresh = 0, taken += 1; where there
#                          are weights also squares, the error without them
#     the host      reads it; if taken falls short it makes room, and has the rest done again
VERDICT = ("error", "best_error", "fresh", "taken", "held", "risen", "improved", "bit_cost", "squares")

# Types of the kernels' arguments, or of what these point to -> types of numbers, or of the arrays that hold them.
DTYPES = {
    "float": np.float32,
    "float4": np.float32,
    "Settings": np.float32,
    "int": np.int32,
    "int4": np.int32,
    "unsigned char": np.uint8,
    "bool": np.bool_,
    "double": np.float64,
    "Verdict": np.float64,
    "unsigned long long": np.uint64,
}


class Argument(NamedTuple):
    """An argument of a kernel."""

    dtype: np.dtype
    points: bool  # to an array; else it is a number


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

    constants = {
        "SUPPORT": single(SUPPORT),
        "EDGE": single(math.exp(-SUPPORT / 2)),
        "LOG2_OF_W": single(-0.5 / math.log(2)),  # log2 of exp(-q/2), per unit of q
        "ROOT_OF_1_PI": single(math.pi**-0.5),
        "PARAMETERS": PARAMETERS,
        "MOMENTUM": MOMENTUM,
        "LEAST_ENERGY": single(LEAST_ENERGY),
        "LEVELS": LEVELS,
        "WARP": WARP,
        "WARP_LOG2": WARP.bit_length() - 1,
        "TILE": TILE,
        "ROWS": ROWS,
        "RUN": RUN,
        "INDEX_BITS": INDEX_BITS,
        "RUN_LOG2": RUN.bit_length() - 1,
        "PIECES_SLOT": PIECES,
        "RUNS_SLOT": RUNS,
        "TILE_BAND": TILE_BAND,
        "PIECE": PIECE,
        "SCANNED": SCANNED,
        "SCATTER": f"{SCATTER}u",
        "THREADS": THREADS,
        "STEP_THREADS": STEP_THREADS,
        "BLOCK": BLOCK,
        "SETTINGS": ",".join(SETTINGS),
        "VERDICT": ",".join(VERDICT),
    }
    return [f"-D{name}={value}" for name, value in constants.items()]


def nvrtc_options(architecture: int) -> list[str]:
    """Options of NVRTC for compute capability `architecture`, such as 89."""
    return [*fast_options(architecture), *options()]


def fast_options(architecture: int) -> list[str]:
    """Those that any kernels of Daub are compiled with.

    exp2f, roots and quotients are then a few instructions each. That costs numbers below 1e-38 and the last bit or two;
    infinity and NaN go on as they should, which --use_fast_math would not promise.
    """
    fast = "-ftz=true", "-prec-sqrt=false", "-prec-div=false"
    return [f"--gpu-architecture=sm_{architecture}", "--std=c++17", *fast]


@functools.cache
def signatures() -> dict[str, dict[str, Argument]]:
    """Kernel -> its arguments by name, in their order."""
    found = re.findall(r"__launch_bounds__\([^)]+\)\s+(\w+)\(([^)]*)\)", read())
    return {kernel: dict(map(_argument, arguments.split(","))) for kernel, arguments in found}


def _argument(text: str) -> tuple[str, Argument]:
    kind, pointer, name = re.fullmatch(r"\s*(?:const )?([\w ]+) (\*?)(\w+)", text).groups()
    return name, Argument(np.dtype(DTYPES[kind]), bool(pointer))


def tiles(width: int, height: int) -> tuple[int, int]:
    """Columns and rows of tiles."""
    return -(-width // TILE), -(-height // TILE)


def blocks(threads: int, of: int = THREADS) -> tuple[int, int, int]:
    """The grid for so many threads, in blocks of `of`; never none, which CUDA refuses."""
    return max(1, -(-threads // of)), 1, 1


def settings(optimiser: GaussNewton, bit_price: float, width: int, height: int) -> np.ndarray:
    """(len(SETTINGS),) float32, the kernels' Settings for an image of this size.

    Args:
        bit_price: see `Surface.advance`.
    """
    values = vars(optimiser) | {
        "bit_price": bit_price,
        "slowest": math.log(optimiser.slowest),
        "fastest": math.log(optimiser.fastest),
        "smallest": math.log(optimiser.smallest),
        "largest": math.log(2 * max(width, height)),
        "left": -0.5,
        "right": width - 0.5,
        "top": -0.5,
        "bottom": height - 0.5,
    }
    return np.array([values[name] for name in SETTINGS], np.float32)
