"""A .daub as a small PNG, for the file managers of desktops."""

from __future__ import annotations

from dataclasses import dataclass

from daub.codec import container
from daub.codec.decoder import decode
from daub.codec.files import write_atomic
from daub.codec.images.png_file import png_pieces
from daub.codec.targets import check_target
from daub.render.cpu.backend import CpuRasteriser
from daub.render.strips import scaled_size


@dataclass(frozen=True)
class Thumbnail:
    """A thumbnail that was made."""

    width: int  # pixels, as height
    height: int


def make_thumbnail(source: str, target: str, longest: int) -> Thumbnail:
    """Draws a .daub at a small size into a PNG, however that is called.

    Without what a restoration layer adds, which is not seen so small, and on the CPU: a folder has many files, and each
    of them has a process of its own that would have to wake a GPU first.

    Args:
        source, target: paths.
        longest: side of the thumbnail, pixels; smaller pictures keep their size.

    Raises:
        DaubError: the file cannot be read or is damaged, or the PNG cannot be written.
        Large: it would take gigabytes or minutes.
    """
    check_target(target, [source])
    document = container.read(container.load_bytes(source), source)
    size = document.width, document.height
    width, height = scaled_size(size, min(1.0, longest / max(size)))
    pixels = decode(document, CpuRasteriser(), (width, height), restore=False, background=None, name=source)
    write_atomic(target, png_pieces([pixels], width, height, alpha=pixels.shape[2] == 4))
    return Thumbnail(width, height)
