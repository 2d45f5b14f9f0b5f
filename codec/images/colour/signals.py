"""What a file can say about its colours. `Samples.colour` holds such signals, the one that ranks highest first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daub.codec.images.colour import primaries, transfers
from daub.codec.images.colour.primaries import Primaries
from daub.codec.images.colour.transfers import Transfer


@dataclass(frozen=True)
class Profile:
    """An embedded ICC profile, with the bytes of the file."""

    data: bytes


@dataclass(frozen=True)
class Encoding:
    """An RGB or grey space given by numbers.

    Args:
        primaries: of which grey has no use.
        transfer: of all channels.
        title: what a notice calls the space; "" composes it of the two.
        peak: cd/m2 of the brightest sample of an HDR picture, where the file says so.
        channel_transfers: of red, green and blue where they differ, instead of `transfer`.
    """

    primaries: Primaries
    transfer: Transfer
    title: str = ""
    peak: float | None = None
    channel_transfers: tuple[Transfer, Transfer, Transfer] | None = None

    @property
    def name(self) -> str:
        """What a notice calls the space."""
        return self.title or f"{self.primaries.name} with the transfer function {self.transfer.name}"

    def name_for(self, channels: int) -> str:
        """What a notice calls the space of a picture of so many channels: grey has no primaries."""
        return f"grey with the transfer function {self.transfer.name}" if channels == 1 else self.name

    def is_srgb(self) -> bool:
        """Whether samples mean what sRGB makes of them."""
        plain = self.transfer is transfers.SRGB and self.channel_transfers is None
        return plain and self.primaries.is_close_to(primaries.SRGB)


Signal = Profile | Encoding

SRGB = Encoding(primaries.SRGB, transfers.SRGB, "sRGB")
LINEAR_SRGB = Encoding(primaries.SRGB, transfers.LINEAR, "linear sRGB")
SCENE_LINEAR = Encoding(primaries.SRGB, transfers.SCENE, "scene-linear light")
ADOBE_RGB = Encoding(primaries.ADOBE_RGB, transfers.ADOBE_RGB, "Adobe RGB (1998)")
DISPLAY_P3 = Encoding(primaries.DISPLAY_P3, transfers.SRGB, "Display P3")
ROMM_RGB = Encoding(primaries.ROMM_RGB, transfers.ROMM, "ROMM RGB")

_UNSPECIFIED = 2
_TITLES = {(1, 13): "sRGB", (1, 8): "linear sRGB", (12, 13): "Display P3"}


def of_cicp(primaries_code: int, transfer_code: int, peak: float | None = None) -> Encoding | None:
    """The space of two coding-independent code points, Rec. ITU-T H.273, Tables 2 and 3.

    Where one of the two is unspecified, that of sRGB takes its place.

    Args:
        primaries_code, transfer_code: ColourPrimaries and TransferCharacteristics.
        peak: cd/m2 of the brightest sample, where the file says so.

    Returns:
        None where both are unspecified.

    Raises:
        ValueError: a code point is reserved.
    """
    if primaries_code == transfer_code == _UNSPECIFIED:
        return None
    space = primaries.SRGB if primaries_code == _UNSPECIFIED else primaries.BY_CODE.get(primaries_code)
    transfer = transfers.SRGB if transfer_code == _UNSPECIFIED else transfers.BY_CODE.get(transfer_code)
    if space is None or transfer is None:
        raise ValueError(f"no standard defines the code points {primaries_code} and {transfer_code} that it names")
    return Encoding(space, transfer, _TITLES.get((primaries_code, transfer_code), ""), peak)


def in_narrow_range(space: Encoding, bits: int) -> Encoding:
    """The same space in the range of television, for RGB samples of so many bits."""
    transfer = transfers.narrow_range(space.transfer, bits)
    return replace(space, transfer=transfer, title=f"{space.name} in the range of television")


def of_gamma(exponent: float, space: Primaries = primaries.SRGB) -> Encoding:
    """The space of a power law, or sRGB where that is what the numbers stand for.

    An exponent of 2.2 with the primaries of sRGB is how files that know no other way write sRGB: PNG asks for these
    very numbers beside its sRGB chunk (PNG, third edition, section 11.3.2.5), and many a writer leaves the chunk out.

    Args:
        exponent: of the decoder: linear = encoded ** exponent.
        space: the primaries.

    Raises:
        ValueError: the exponent or the chromaticities make no sense.
    """
    if not 0.1 <= exponent <= 10:
        raise ValueError(f"a gamma of {exponent:.4g} makes no sense")
    space.to_xyz()
    if abs(exponent - 2.2) < 0.001 and space.is_close_to(primaries.SRGB):
        return SRGB
    transfer = transfers.LINEAR if abs(exponent - 1) < 0.0001 else transfers.power_law(exponent)
    title = LINEAR_SRGB.title if transfer is transfers.LINEAR and space.is_close_to(primaries.SRGB) else ""
    return Encoding(space, transfer, title)
