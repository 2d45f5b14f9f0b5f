"""Where numba keeps compiled kernels: in the user's cache folder, keyed by the source of everything compiled in.

numba looks at the file of each kernel alone. A changed constant or callee of another module would go unnoticed, and an
old kernel would go on writing the old format. Import this before any kernel is declared.
"""

import hashlib
import os
from pathlib import Path

import numba

from render.cache_folder import cache_folder

COMPILED_IN = (
    "render/gaussians.py",
    "render/cpu_kernels.py",
    "render/cpu_atoms.py",
    "codec/entropy.py",
    "codec/quantise.py",
    "codec/vectors.py",
    "codec/context.py",
    "codec/payload.py",
    "codec/methods/ans.py",
    "codec/methods/attributes.py",
    "codec/methods/bits_back.py",
    "codec/methods/coders.py",
    "codec/methods/losses.py",
    "codec/methods/optimisers.py",
    "codec/methods/ssim.py",
    "codec/metrics.py",  # the size of its window
    "codec/refine.py",
    "codec/train_network.py",
)


def source_key() -> str:
    """A hash of the sources that kernels are compiled from."""
    root = Path(__file__).parent.parent
    return hashlib.sha256(b"".join((root / name).read_bytes() for name in COMPILED_IN)).hexdigest()[:16]


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(cache_folder() / f"kernels-{source_key()}")
