"""Adds to the samples of a file, or of a picture inside of one, what its container says about their colours."""

from __future__ import annotations

from typing import BinaryIO

from daub.codec.images.colour import containers
from daub.codec.images.samples import Samples


def described(samples: Samples, kind: str, file: BinaryIO) -> Samples:
    """The same samples, with all signals of the container in their order.

    Args:
        samples: with the signals that their reader knows: a profile, what EXIF says.
        kind: of the container, as `kinds` names it.
        file: seekable.
    """
    samples.colour, passed_over = containers.signals_of(kind, file, samples.colour)
    samples.notices += passed_over
    return samples
