"""Compiles the kernels to a cubin, with NVRTC, and keeps it in the user's cache folder. Neither needs a GPU."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import ModuleType

from daub.render.cache_folder import cache_folder
from daub.render.cuda import source


class CompileError(Exception):
    """The kernels do not compile, or there is nothing to compile them with."""


def compile_kernels(architecture: int, *more_options: str, of: ModuleType = source) -> tuple[bytes, str]:
    """Compiles the kernels for one architecture.

    Args:
        architecture: compute capability times ten, such as 89.
        more_options: of NVRTC.
        of: the kernels; another module with `read` and `nvrtc_options`, as `source` has them.

    Returns:
        The cubin, and the compiler's log.

    Raises:
        CompileError: with the log.
    """
    try:
        from cuda.bindings import nvrtc

        _, program = nvrtc.nvrtcCreateProgram(of.read().encode(), b"kernels.cu", 0, [], [])
    except (ImportError, RuntimeError) as missing:  # no bindings, or no library for them to bind
        raise CompileError(f"NVRTC is not installed: {str(missing).splitlines()[0]}") from missing
    options = [option.encode() for option in (*of.nvrtc_options(architecture), *more_options)]
    (result,) = nvrtc.nvrtcCompileProgram(program, len(options), options)
    log = bytearray(nvrtc.nvrtcGetProgramLogSize(program)[1])
    nvrtc.nvrtcGetProgramLog(program, log)
    log = log.decode().rstrip("\0")
    if result != nvrtc.nvrtcResult.NVRTC_SUCCESS:
        nvrtc.nvrtcDestroyProgram(program)
        raise CompileError(f"the kernels do not compile for sm_{architecture}, {result.name}: {log}")
    cubin = bytearray(nvrtc.nvrtcGetCUBINSize(program)[1])
    nvrtc.nvrtcGetCUBIN(program, cubin)
    nvrtc.nvrtcDestroyProgram(program)
    return bytes(cubin), log


def cached_cubin(architecture: int, of: ModuleType = source) -> Path:
    """A file with the cubin for an architecture, such as 89; compiled unless it is in the user's cache folder."""
    key = hashlib.sha256("\0".join([of.read(), *of.nvrtc_options(architecture)]).encode()).hexdigest()[:16]
    path = cache_folder() / f"cuda-{architecture}-{key}.cubin"
    if not path.exists():
        cubin, _ = compile_kernels(architecture, of=of)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(cubin)
        os.replace(unfinished, path)  # another process finds a whole file or none
    return path
