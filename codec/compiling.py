"""The kernels of an encode, loaded before its time counts; and on a cold start compiled, by two processes at once.

numba compiles on one core, which for all kernels of an encode takes more than a minute. More than half of that are
those that a fit does without, which rounds its Gaussians, writes the file and reads it again: another process,
`python -m daub.codec.compiling TUNING PARENT`, puts them into the folder of compiled kernels meanwhile. A rounding
waits for it (`codec.job`), and this process finds them there. Where that fails, this process compiles them itself.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING

from daub.codec.progress import drive
from daub.codec.tuning import Tuning
from daub.render.compiling import beside

if TYPE_CHECKING:
    import numpy as np

    from daub.codec.progress import EncodeProgress
    from daub.codec.rate.encoded import Encoded
    from daub.codec.recipe import Recipe
    from daub.render.rasteriser import Rasteriser

# -P: the folder that Daub was started in may hold modules whose names others have too.
COMMAND = (sys.executable, "-P", "-m", "daub.codec.compiling")

_LOOKS = 0.2  # seconds between two looks for the process that has begun this one
SIDE = 256  # pixels of the square that is encoded: smaller pictures have no levels (`render.cpu.levels`)


def warming_up(rasteriser: Rasteriser, tune: Tuning) -> Generator[EncodeProgress, None, Encoded]:
    """Loads, or compiles, all kernels that an encode of 8 bits a sample needs, by one that takes a tenth of a second.

    On a cold start another process is begun, `daub.render.compiling.beside`, which is left to itself where these
    records are not driven to their end.

    Args:
        tune: what is encoded is tuned for: weights have kernels of their own.

    Yields:
        The records of that encode.
    """
    from daub.codec.encoder import encode

    compile_beside(tune)
    return (yield from encode(_picture(), _recipe(tune), rasteriser))


def compile_beside(tune: Tuning) -> None:
    """Has another process compile what a fit does without, on a cold start of a machine with more than one core."""
    from daub.codec.entropy import gaussian_models
    from daub.codec.rounding import refine

    if (os.cpu_count() or 1) > 1 and not (gaussian_models.is_compiled() and refine.is_compiled()):
        beside.begin((*COMMAND, str(tune), str(os.getpid())))


def coder_is_compiled_beside() -> bool:
    """Whether the kernels that write a file are on their way: who can wait for them is not to compile them, too."""
    from daub.codec.entropy import gaussian_models

    return beside.is_busy and not gaussian_models.is_compiled()


def compile_coder() -> None:
    """Compiles, or loads, the kernels that write and read a file, and those that draw what it holds."""
    import numpy as np

    from daub.codec import container
    from daub.codec.decoder import decode
    from daub.codec.symbols import COLUMNS, Grid, Symbols
    from daub.render.cpu.backend import CpuRasteriser

    written = container.write(Symbols(np.zeros((1, COLUMNS), np.int64)), Grid(1, 1, 512, 0))
    decode(container.read(written), CpuRasteriser())


def compile_rounding(tune: Tuning) -> None:
    """Compiles, or loads, the kernels of a refinement."""
    from daub.codec.job import Job
    from daub.codec.rounding.refine import refine
    from daub.codec.symbols import Grid, quantise
    from daub.render.cpu.backend import CpuRasteriser
    from daub.render.gaussians import Gaussians

    job, grid = Job(_picture(), _recipe(tune), CpuRasteriser()), Grid(SIDE, SIDE, step_index=400, cell_log2=3)
    wide = Gaussians.build([[SIDE / 2, SIDE / 2]], [[[99.0, 0.0], [0.0, 99.0]]], [[0.5, 0.5, 0.5]])
    drive(refine(job.target, quantise(wide, grid), grid, job.recipe.refine, job.weights()))


def _picture() -> np.ndarray:
    import numpy as np

    return (np.arange(3 * SIDE * SIDE) // (3 * SIDE)).astype(np.float32).reshape(SIDE, SIDE, 3) / np.float32(255)


def _recipe(tune: Tuning) -> Recipe:
    from daub.codec.goal import Goal
    from daub.codec.recipe import recipe_of
    from daub.codec.settings import EncodeSettings

    return recipe_of(EncodeSettings(Goal("gaussians", 8), effort=0, steps=4, tune=tune))


def _end_with(parent: int) -> None:
    """Ends this process soon after the one that has begun it."""
    while os.getppid() == parent:
        time.sleep(_LOOKS)
    os._exit(1)


def main(tune: str, parent: int) -> None:
    """What the other process does. Args: parent: number of the one that has begun it."""
    if os.name == "posix":  # elsewhere something may stand between the two
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    compile_coder()
    compile_rounding(Tuning(tune))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
