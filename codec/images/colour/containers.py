"""Which container says what about colours: one function for each kind that says more than a profile and EXIF."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from daub.codec.images.colour import bmp, heif, jpeg, jpeg2000, png
from daub.codec.images.colour.declared import Declared
from daub.codec.images.colour.signals import Profile, Signal

_READERS: dict[str, Callable[[BinaryIO], Declared]] = {
    "PNG": png.declared,
    "JPEG": jpeg.declared,
    "AVIF": heif.declared,
    "HEIC": heif.declared,
    "JPEG 2000": jpeg2000.declared,
    "BMP": bmp.declared,
    "DIB": partial(bmp.declared, header_at=0),
}


def signals_of(kind: str, file: BinaryIO, of_reader: tuple[Signal, ...]) -> tuple[tuple[Signal, ...], list[str]]:
    """All that a file says about its colours.

    Args:
        kind: of the file, as `readers.kinds` names it.
        file: seekable.
        of_reader: what the reader of the samples knows: an embedded profile, what EXIF says.

    Returns:
        The signals, the one that ranks highest first, and what is passed over, one phrase each.
    """
    if kind not in _READERS:
        return of_reader, []
    try:
        found = _READERS[kind](file)
    except Exception as error:  # in damaged data anything can be missing, which must not cost the picture
        return of_reader, [f"what it says about its colours is damaged ({error}), so they may be off"]
    signals = found.ranked(of_reader)
    if found.embeds_profile and not any(isinstance(signal, Profile) for signal in signals):
        found.notices.append("its colour profile is damaged, so its colours may be off")
    return signals, found.notices
