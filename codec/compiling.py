"""The kernels of an encode, loaded before its time counts; and on a cold start compiled, by two processes at once.

numba compiles on one core, which for all kernels of an encode takes more than a minute. Two fifths of that are the
coder's, whose one large kernel is the last that an encode comes to: another process, `python -m daub.codec.compiling`,
puts it into the folder of compiled kernels meanwhile, and this one finds it there. Where that fails, or is not done in
time, this process compiles it itself, as it would have.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daub.codec.progress import EncodeProgress
    from daub.codec.rate.encoded import Encoded
    from daub.codec.tuning import Tuning
    from daub.render.rasteriser import Rasteriser

# -P: the folder that Daub was started in may hold modules whose names others have too.
COMMAND = (sys.executable, "-P", "-m", "daub.codec.compiling")


SIDE = 256  # pixels of the square that is encoded: smaller pictures have no levels (`render.cpu.levels`)


def warming_up(rasteriser: Rasteriser, tune: Tuning) -> Generator[EncodeProgress, None, Encoded]:
    """Loads, or compiles, all kernels that an encode of 8 bits a sample needs, by one that takes a tenth of a second.

    Args:
        tune: what is encoded is tuned for: weights have kernels of their own.

    Yields:
        The records of that encode.
    """
    import numpy as np

    from daub.codec.encoder import encode
    from daub.codec.goal import Goal
    from daub.codec.recipe import recipe_of
    from daub.codec.settings import EncodeSettings

    ramp = (np.arange(3 * SIDE * SIDE) // (3 * SIDE)).astype(np.float32).reshape(SIDE, SIDE, 3) / np.float32(255)
    settings = EncodeSettings(Goal("gaussians", 8), effort=0, steps=4, tune=tune)
    with compiling_beside():
        return (yield from encode(ramp, recipe_of(settings), rasteriser))


@contextmanager
def compiling_beside() -> Iterator[None]:
    """To be held while an encode loads or compiles its kernels: a cold one has the coder compiled by another process.

    That process ends with this, whatever it has come to.
    """
    from daub.codec.entropy.gaussian_models import is_compiled

    process = None if is_compiled() or (os.cpu_count() or 1) < 2 else _begun()
    try:
        yield
    finally:
        if process is not None:
            process.kill()
            process.wait()


def _begun() -> subprocess.Popen | None:
    silent = subprocess.DEVNULL
    try:
        return subprocess.Popen(COMMAND, stdin=silent, stdout=silent, stderr=silent)
    except OSError:  # no further process may be started: this one compiles everything
        return None


def compile_coder() -> None:
    """Compiles, or loads, the kernels that write and read a file."""
    import numpy as np

    from daub.codec import container
    from daub.codec.symbols import COLUMNS, Grid, Symbols

    container.read(container.write(Symbols(np.zeros((1, COLUMNS), np.int64)), Grid(1, 1, 512, 0)))


if __name__ == "__main__":
    compile_coder()
