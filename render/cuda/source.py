"""The kernels' source, the constants compiled into it, and the shape of every launch.

No CUDA package is needed here: the backend, the offline compilation and the tests' CPU harness all start from this.
"""

from __future__ import annotations

import functools
import math
import re
from pathlib import Path

import numpy as np

from daub.render.descent import MOMENTUM, GaussNewton
from daub.render.gaussians import PARAMETERS, SUPPORT
from daub.render.peaks import SCATTER

# The kernels are one source to a compiler, in this order.
FILES = ("common.cu", "lists.cu", "forward.cu", "backward.cu", "descent.cu", "births.cu", "pixels.cu")

WARP = 32
TILE = 16  # pixels, both ways
ROWS = 2  # of pixels in a tile that a thread has
BAND = 8  # rows of tiles
PIECE = 64  # rounds of a warp over the pixels of a Gaussian, about, before another warp takes over
SCANNED = 8  # entries of a list that a thread of `scan` adds up by itself
THREADS = 128  # per block where threads or warps do not share anything
BLOCK = WARP * WARP  # of a kernel that is one block: its warps are as many as lanes

# Threads per block of every kernel, in the order of a step; from `gather` on they have no place in one.
KERNELS = {
    "derive": THREADS,
    "count": WARP,
    "scan": BLOCK,
    "fill": WARP,
    "rasterise": TILE * TILE // ROWS,
    "backward": THREADS,
    "step": THREADS,
    "gather": THREADS,
    "smooth": THREADS,
    "peaks": THREADS,
    "make_opaque": THREADS,
    "round_to_8bit": THREADS,
}

# Lists, by the slot that holds the length of all of them.
TILES, PIECES, BANDS = range(3)

# Fields of the kernels' Settings, all float: GaussNewton's, the price of bits, and the bounds of mean and log-scale.
SETTINGS = (
    *("rate", "decay", "damping", "position_trust", "shape_trust", "adaption", "slowest", "fastest", "brake", "slack"),
    *("price", "left", "right", "top", "bottom", "smallest", "largest"),
)

# Fields of the kernels' Verdict, all double: those of a Descent, how many steps were taken, whether the last one was
# held instead, and what it was told to do.
VERDICT = ("error", "best_error", "fresh", "taken", "held", "risen", "improved", "toll")

# What the kernels' arguments point to, as arrays hold it.
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


@functools.cache
def read() -> str:
    folder = Path(__file__).parent
    # Messages of a compiler then name the file.
    return "".join(f'#line 1 "{name}"\n{(folder / name).read_text("utf-8")}' for name in FILES)


def options() -> list[str]:
    """Definitions for NVRTC, or any C++ compiler: what the kernels share with Python is typed once, there."""

    def single(value: float) -> str:
        return f"{np.float32(value)!s}f"

    constants = {
        "SUPPORT": single(SUPPORT),
        "EDGE": single(math.exp(-SUPPORT / 2)),
        "LOG2_OF_W": single(-0.5 / math.log(2)),  # per unit of q
        "ROOT_OF_1_PI": single(math.pi**-0.5),
        "PARAMETERS": PARAMETERS,
        "MOMENTUM": MOMENTUM,
        "WARP": WARP,
        "WARP_LOG2": WARP.bit_length() - 1,
        "TILE": TILE,
        "ROWS": ROWS,
        "BAND": BAND,
        "PIECE": PIECE,
        "SCANNED": SCANNED,
        "SCATTER": f"{SCATTER}u",
        "THREADS": THREADS,
        "BLOCK": BLOCK,
        "SETTINGS": ",".join(SETTINGS),
        "VERDICT": ",".join(VERDICT),
    }
    return [f"-D{name}={value}" for name, value in constants.items()]


def nvrtc_options(architecture: int) -> list[str]:
    """For compute capability `architecture`, such as 89.

    exp2f, roots and quotients are then a few instructions each. That costs numbers below 1e-38 and the last bit or two;
    infinity and NaN go on as they should, which --use_fast_math would not promise.
    """
    fast = "-ftz=true", "-prec-sqrt=false", "-prec-div=false"
    return [f"--gpu-architecture=sm_{architecture}", "--std=c++17", *fast, *options()]


@functools.cache
def signatures() -> dict[str, list[tuple[str, np.dtype | None]]]:
    """Kernel -> its arguments, each with the type of the array that it points to, None for an int passed by value."""
    found = re.findall(r"__launch_bounds__\([^)]+\)\s+(\w+)\(([^)]*)\)", read())
    return {kernel: list(map(_argument, arguments.split(","))) for kernel, arguments in found}


def _argument(text: str) -> tuple[str, np.dtype | None]:
    kind, pointer, name = re.fullmatch(r"\s*(?:const )?([\w ]+) (\*?)(\w+)", text).groups()
    return name, np.dtype(DTYPES[kind]) if pointer else None


def tiles(width: int, height: int) -> tuple[int, int]:
    """Columns and rows of tiles."""
    return -(-width // TILE), -(-height // TILE)


def blocks(threads: int) -> tuple[int, int, int]:
    """The grid for so many threads, in blocks of THREADS; never none, which CUDA refuses."""
    return max(1, -(-threads // THREADS)), 1, 1


def settings(optimiser: GaussNewton, price: float, width: int, height: int) -> np.ndarray:
    """(len(SETTINGS),) float32, the kernels' Settings for an image of this size."""
    values = vars(optimiser) | {
        "price": price,
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
