"""One task, in whichever process: a device opened once for all of them, and its kernels loaded once."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any

from daub.app.batch import places
from daub.app.batch.task import request_of
from daub.app.model.work.failure import failure_of_work
from daub.app.tasks.decoding import DecodeRequest, decode_to_file
from daub.app.tasks.device import OpenDevice
from daub.app.tasks.encoding import EncodeRequest, encode_file
from daub.app.tasks.telling import silent
from daub.codec.errors import DaubError
from daub.render.errors import DeviceUnavailable
from daub.render.threads import set_limit

_devices: dict[str, OpenDevice] = {}
_ONE = threading.Lock()  # a device does one thing after another, however many threads a worker of Dask has


def do(task: dict[str, Any], device: str, threads: int | None, progress: Callable[[float], None] = silent) -> dict:
    """Does it.

    Args:
        task: as of `task.task_of`.
        device: "auto", "cpu" or "cuda".
        threads: the most that compute on the CPU; None: one for each core.
        progress: is told how much of it is done, 0 to 1.

    Returns:
        The figures of a row, as of `journal.FIGURES`, with "digest" and "made", SHA-256 of source and target, and
        "notices"; or "failed" alone: one line on why it could not be done. What is wrong with this process rather than
        with the file is raised, so that another one may try.

    Raises:
        DeviceUnavailable: "cuda" cannot be had here.
        MemoryError: there is not enough for it here.
    """
    with _ONE:
        set_limit(threads)
        try:
            if device not in _devices:
                _devices[device] = OpenDevice(device, silent)
            opened = _devices[device]
            (opened.load_encoder if task["verb"] == "encode" else opened.load_decoder)(silent)
            began = time.perf_counter()
            row = _done(task, opened, progress)
        except (MemoryError, DeviceUnavailable):
            raise
        except Exception as error:
            return {"failed": failure_of_work(error).line}
        finally:
            set_limit(None)
        return row | {"seconds": time.perf_counter() - began}


def _done(task: dict[str, Any], device: OpenDevice, progress: Callable[[float], None]) -> dict:
    wanted, written = task["source"], task["target"]
    replace = task["replacing"]["files"]
    with places.as_local(wanted) as source, places.to_local(written, replace) as target:
        read = places.digest(source)  # before it may change
        try:
            request = request_of(task, source, target)
            row = _encoded(request, device, progress) if task["verb"] == "encode" else _decoded(
                request, device, progress
            )  # fmt: skip
        except DaubError as error:
            error.call(source, wanted)
            error.call(target, written)
            raise
        row["notices"] = [notice.replace(source, wanted).replace(target, written) for notice in row["notices"]]
        row |= {"source_bytes": os.path.getsize(source), "bytes": os.path.getsize(target)}
        row |= {"digest": read, "made": places.digest(target)}
    return row


def _encoded(request: EncodeRequest, device: OpenDevice, progress: Callable[[float], None]) -> dict:
    result = encode_file(request, device, progress=lambda record: progress(record.fraction))
    done = result.encoding
    return {
        "width": done.width, "height": done.height, "gaussians": done.gaussians, "bpp": done.bpp, "psnr": done.psnr,
        "ms_ssim": done.ms_ssim, "device": done.device, "notices": list(result.notices),
    }  # fmt: skip


def _decoded(request: DecodeRequest, device: OpenDevice, progress: Callable[[float], None]) -> dict:
    done = decode_to_file(request, device, progress=progress)
    notices = [f"{request.source}: {done.plain}" if done.plain else None, done.laid, done.unsaid]
    return {
        "width": done.width, "height": done.height, "gaussians": done.gaussians, "bpp": done.bpp, "psnr": None,
        "ms_ssim": None, "device": done.device, "notices": [each for each in notices if each],
    }  # fmt: skip
