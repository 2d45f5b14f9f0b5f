"""Images beside one reference: the figures of those that fit, and why the others do not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from daub.app.tasks import Comparison, OpenDevice, Say, compare, notices_of, open_image, silent
from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.evaluation.perceptual import MISSING, available
from daub.render.eight_bit import to_8bit


@dataclass(frozen=True)
class ComparedFiles:
    """Images beside one reference.

    Args:
        compared: those that could be, in their order.
        failures: by its path, why another one could not.
        notices: one line each of what a person should know.
    """

    compared: tuple[Comparison, ...]
    failures: dict[str, DaubError]
    notices: tuple[str, ...]


def compare_files(
    reference: str,
    files: Sequence[str],
    device: OpenDevice,
    background: tuple[float, float, float] = images.WHITE,
    say: Say = silent,
    large: bool = False,
) -> ComparedFiles:
    """The distortion of each image, rounded to 8 bits, against the reference.

    Args:
        background: (red, green, blue) in [0, 1] that transparency is laid on, of the reference as of the others.
        large: as of `DecodeRequest`.

    Raises:
        DaubError: the reference cannot be read; of the others, the failures tell.
    """
    opened = open_image(reference, device, background, large)
    compared, failures, notices = [], {}, list(notices_of(reference, opened))
    if not available():
        notices.append(MISSING)
    for name in files:
        say(f"comparing {os.path.basename(name)}")
        try:
            image = open_image(name, device, background, large)
            _check_same_size(name, image, reference, opened)
        except DaubError as error:
            failures[name] = error
            continue
        notices += notices_of(name, image)
        compared.append(compare(name, image.source_bytes, opened.pixels, to_8bit(image.pixels), perceptually=True))
    return ComparedFiles(tuple(compared), failures, tuple(notices))


def _check_same_size(name: str, image: images.Image, reference: str, other: images.Image) -> None:
    (height, width, _), (other_height, other_width, _) = image.pixels.shape, other.pixels.shape
    if (width, height) != (other_width, other_height):
        raise DaubError(
            f"cannot compare {name} with {reference}",
            f"it has {width}x{height} pixels and the reference {other_width}x{other_height}",
            "give images of one size",
        )
