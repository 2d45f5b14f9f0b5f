"""What to give to the decoder for a file, and what the samples that come out mean."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daub.codec.images.colour import icc, primaries, transfers
from daub.codec.images.colour.declared import GAIN_MAP
from daub.codec.images.colour.signals import LINEAR_SRGB, Encoding, Profile, Signal
from daub.codec.images.colour.transfers import Transfer
from daub.codec.images.jpegxl.codestream import codestream_of, has_gain_map
from daub.codec.images.jpegxl.header import STANDARD_LIGHT, Header, Places, parse
from daub.codec.images.jpegxl.icc import read_profile
from daub.codec.images.jpegxl.rewriting import Samples, asking_for


@dataclass(frozen=True)
class Request:
    """How a file is decoded.

    Args:
        data: for the decoder: the file, or its codestream with other headers.
        header: of what comes out.
        colour: what that means, the signal that ranks highest first.
        notices: what a person should know, one phrase each.
    """

    data: bytes
    header: Header
    colour: tuple[Signal, ...]
    notices: tuple[str, ...] = ()


def prepare(data: bytes) -> Request:
    """Decide how to decode a whole file.

    A lossless file holds samples of the space that it names. A lossy one holds absolute colours: HDR is rendered in the
    space that the file names, everything else as sRGB.

    Raises:
        ValueError: its headers are damaged or incomplete.
    """
    codestream = codestream_of(data)
    header, places = parse(codestream)
    notices = (GAIN_MAP,) if has_gain_map(data) else ()
    space = header.colour.space
    if header.colour.has_profile:
        return _by_profile(data, codestream, header, places, notices)
    if space and space.transfer.hdr and header.absolute and not header.floating_point:
        data = asking_for(Samples.STATED_16, codestream, places, places.end, header.colour.grey)
        return Request(data, replace(header, bits=16), (space,), notices)
    if space and (not header.absolute or space.is_srgb() or space.transfer.hdr):
        return Request(data, header, (_scene_light(space, header),), notices)
    if not header.absolute:
        return Request(data, header, (), notices)
    said = (f"its colours were converted from {space.name} to sRGB",) if space else ()
    return _rendered(codestream, header, places, places.end, (*notices, *said))


def _by_profile(data: bytes, codestream: bytes, header: Header, places: Places, notices: tuple[str, ...]) -> Request:
    try:
        profile, frames = read_profile(codestream, places.end)
    except ValueError as error:
        if header.absolute:  # the decoder renders linear light then, which needs no profile
            return Request(data, header, (LINEAR_SRGB,), notices)
        said = f"its colour profile is damaged or does not fit ({error}), so its colours may be off"
        return Request(data, header, (), (*notices, said))
    if not header.absolute:
        return Request(data, header, (Profile(profile),), notices)
    if header.light > STANDARD_LIGHT:
        return _rendered_light(codestream, header, places, frames, profile, notices)
    said = () if icc.is_srgb(profile) else (f"its colours were converted from {icc.name_of(profile)} to sRGB",)
    return _rendered(codestream, header, places, frames, (*notices, *said))


def _rendered(codestream: bytes, header: Header, places: Places, frames: int, notices: tuple[str, ...]) -> Request:
    """As sRGB at 16 bits."""
    data = asking_for(Samples.SRGB_16, codestream, places, frames, header.colour.grey)
    return Request(data, replace(header, bits=16, floating_point=False), (), notices)


def _rendered_light(
    codestream: bytes, header: Header, places: Places, frames: int, profile: bytes, notices: tuple[str, ...]
) -> Request:
    """As light, 1 being the brightest that the file states."""
    data = asking_for(Samples.LINEAR_FLOAT, codestream, places, frames, header.colour.grey)
    transfer = Transfer("linear", lambda encoded: encoded * encoded.dtype.type(header.light), hdr="PQ")
    space = Encoding(primaries.SRGB, transfer, icc.name_of(profile), header.light)
    return Request(data, replace(header, bits=32, floating_point=True), (space,), notices)


def _scene_light(space: Encoding, header: Header) -> Encoding:
    """Linear floating point may be brighter than white."""
    brighter = header.floating_point and space.transfer is transfers.LINEAR
    return replace(space, transfer=transfers.SCENE) if brighter else space
