"""How much memory an encode or a decode takes, and how many of them go at once."""

from __future__ import annotations

import os
from pathlib import Path

from daub.app.batch import places
from daub.app.model.work.cores import core_count
from daub.app.tasks.decoding import DecodeRequest
from daub.app.tasks.encoding import EncodeRequest

# MEASUREMENTS.md, "Large pictures": an encode of 12 megapixels takes 0.76 to 1.1 GB, 190 MB of which are libraries and
# kernels; at effort 0, 1 and 3 megapixels take 298 and 396 MB. PyTorch, which restores, takes 230 MB more. A decode
# takes 3 to 5 bytes for each pixel that it makes, beside what the format needs.
PROCESS = 450_000_000  # bytes of a process without a picture
ENCODE, DECODE = 80, 24  # bytes for each pixel of the source of an encode, and of what a decode makes
UNKNOWN = 16  # pixels that a byte of a file may stand for, where its beginning does not say how many there are: 0.5 bpp
_SIZES_KNOWN = ("PNG", "JPEG", "WEBP", "AVIF", "TIFF", "GIF", "BMP", "JPEG2000", "PPM")  # without their pixels
_GROUP = Path("/sys/fs/cgroup")
SHARE = 0.8  # of the memory that is free, which a batch may take


def bytes_wanted(request: EncodeRequest | DecodeRequest, pixels: int) -> int:
    """What one task takes beside `PROCESS`.

    Args:
        pixels: of its source.
    """
    if isinstance(request, EncodeRequest):
        return ENCODE * pixels
    if request.size is not None:
        pixels = request.size[0] * request.size[1]
    elif request.scale is not None:
        pixels = int(request.scale**2 * pixels)
    return DECODE * pixels  # a region is less, and nobody knows yet of how large a picture


def pixels_of(name: str, size: int) -> int:
    """How many pixels a file holds, from its beginning; of a URL, and where that is not known, from its size.

    Args:
        size: bytes.
    """
    if not places.is_url(name):
        import PIL.Image

        from daub.codec import container
        from daub.codec.files import is_daub

        try:
            if is_daub(name):
                width, height = container.read_size(container.load_bytes(name), name)
            else:
                PIL.Image.init()  # without which it knows some formats alone
                with PIL.Image.open(name, formats=_SIZES_KNOWN) as image:
                    width, height = image.size
            return width * height
        except Exception:  # damaged, or of a kind that Pillow does not know: whoever does it says so
            pass
    return UNKNOWN * size


def free_bytes() -> int | None:
    """Memory that may be taken without any being moved to the disk; None where the system does not say."""
    limits = []
    try:
        about = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        limits.append(int(about["MemAvailable"].split()[0]) * 1024)
    except (OSError, KeyError, ValueError):
        pass
    try:  # of a container
        limit, used = (int((_GROUP / f"memory.{name}").read_text()) for name in ("max", "current"))
        limits.append(limit - used + _files_kept())
    except (OSError, ValueError):
        pass
    return max(min(limits), 0) if limits else None


def _files_kept() -> int:
    """Bytes of files that the container's memory holds for the time being, and gives up where others want them."""
    try:
        about = dict(line.split() for line in (_GROUP / "memory.stat").read_text().splitlines())
        return int(about["inactive_file"])
    except (OSError, KeyError, ValueError):
        return 0


def usual_jobs(free: int | None, count: int) -> int:
    """How many processes are worth starting: one for each core, as far as there is memory for them, and files.

    Args:
        free: bytes.
        count: of files.
    """
    fitting = core_count() if free is None else int(SHARE * free) // (2 * PROCESS)
    return max(min(core_count(), fitting, count), 1)


def threads_of_each(jobs: int) -> int:
    """How many threads each of so many processes computes on, so that all cores are busy and none twice."""
    return max(core_count() // jobs, 1)


def gpus() -> list[str]:
    """NVIDIA GPUs of this machine, as CUDA_VISIBLE_DEVICES names them."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES")
    if given is not None:
        return [each for each in given.split(",") if each]
    try:
        return [str(number) for number, _ in enumerate(Path("/proc/driver/nvidia/gpus").iterdir())]
    except OSError:
        return []
