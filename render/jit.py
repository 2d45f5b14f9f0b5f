"""numba as Daub uses it: kernels are declared with the names of this module, so that whatever has to be set before the
first of them is compiled always is.

- Where compiled kernels are kept: numba looks at the file of each kernel alone, so a changed constant or callee of
  another module would go unnoticed, and an old kernel would go on writing the old format. The folder is therefore named
  by a hash of all sources that kernels are compiled from: every file with a kernel, and what those import of Daub.
- Which layer runs threads: OpenMP, or numba's own workqueue where there is no libgomp. TBB, which numba would prefer
  where it is installed, waits for minutes at the end of the process when threads still compute.
- How threads wait: asleep. Spinning ones take the core from the window, or from another program, and a step of 4 ms
  then takes 40.
- How many threads there are: no more than the picture has work for, as each costs time to be woken and waited for.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read when libgomp loads, with the first parallel kernel
os.environ.setdefault("NUMBA_THREADING_LAYER_PRIORITY", "omp workqueue tbb")  # read when numba loads

import numba
from numba import get_num_threads, njit, prange, set_num_threads

from daub.render.cache_folder import cache_folder
from daub.render.interruption import go_on
from daub.render.threads import allowed

__all__ = ["FAST", "at_most", "get_num_threads", "njit", "parallel", "prange"]

# Floating-point rules that kernels are compiled under: sums may be reordered into vectors and products fused, but NaN
# and infinity keep their meaning. A Gaussian far thinner than a pixel overflows q to infinity on purpose, and the mask
# of the kernels must still turn that into zero.
#
# Which products are fused is the compiler's choice, and it does not always choose alike: a parallel kernel that does
# some arithmetic for each Gaussian has come out otherwise in the process that compiled it than from the folder of
# compiled kernels, and with it the file of a first encode. Kernels that are as fast without these rules are better
# without them, and tests/render/cpu/test_compiled_alike.py holds the others.
FAST = {"contract", "reassoc", "arcp", "nsz"}

# To wake threads and to wait for them costs a step of the fit some 0.05 ms (OpenMP, two cores), whatever its size: one
# of 16x16 pixels takes 0.02 ms on one thread and 0.07 on two, one of 64x64 0.14 and 0.20. From some 100x100 on a second
# thread is worth it.
PIXELS_PER_THREAD = 4096

_one_at_a_time = threading.Lock()

_ROOT = Path(__file__).parent.parent  # the folder that codec and render stand in, in a clone as in an installed wheel
_IMPORT = re.compile(r"^from daub\.([\w.]+) import (.+)$", re.MULTILINE)


@contextmanager
def parallel(pixels: int) -> Iterator[None]:
    """To be held while parallel kernels run, on any thread: the workqueue layer aborts when two run them at once.

    Args:
        pixels: of the picture that they work on, which says how many threads are worth it. There are never more than
            the caller has set by `numba.set_num_threads`, and than `threads.set_limit` allows.

    Raises:
        GivenUp: what they are run for is not wanted any more.
    """
    go_on()
    worth_it = allowed(max(1, pixels // PIXELS_PER_THREAD))
    with _one_at_a_time:
        if worth_it >= numba.config.NUMBA_NUM_THREADS:
            yield
            return
        most = get_num_threads()
        set_num_threads(min(most, worth_it))
        try:
            yield
        finally:
            set_num_threads(most)


@contextmanager
def at_most(threads: int) -> Iterator[None]:
    """To be held within `parallel` while kernels run that have little to do: so many threads, or one where it is 0."""
    most = get_num_threads()
    set_num_threads(min(most, max(threads, 1)))
    try:
        yield
    finally:
        set_num_threads(most)


def kernel_sources() -> list[Path]:
    """The files that hold kernels, and those that these import of Daub, in a fixed order."""
    texts = {path: path.read_text("utf-8") for name in ("codec", "render") for path in (_ROOT / name).rglob("*.py")}
    found = {path for path, text in texts.items() if "@njit" in text and path != Path(__file__)}
    waiting = list(found)
    while waiting:
        for module, names in _IMPORT.findall(texts[waiting.pop()]):
            folder = _ROOT.joinpath(*module.split("."))
            bare = (name.partition(" as ")[0].strip() for name in names.split(","))
            candidates = [folder.with_suffix(".py"), *(folder / f"{name}.py" for name in bare)]
            fresh = [path for path in candidates if path in texts and path not in found]
            found.update(fresh)
            waiting += fresh
    return sorted(found)


def source_key() -> str:
    """A hash of `kernel_sources`."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in kernel_sources())).hexdigest()[:16]


# Whoever has loaded numba before has not read the variable; the layer is chosen with the first parallel kernel.
numba.config.THREADING_LAYER_PRIORITY = os.environ["NUMBA_THREADING_LAYER_PRIORITY"].split()

if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(cache_folder() / f"kernels-{source_key()}")
