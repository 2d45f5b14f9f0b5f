"""Images beside one reference: the figures of those that fit, and why the others do not.

Beside them, if that is wanted, what the ordinary codecs make of as many bytes as the first one, or of as good a PSNR.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daub.app.tasks.comparison import Comparison, compare
from daub.app.tasks.device import OpenDevice
from daub.app.tasks.reading import notices_of, open_image
from daub.app.tasks.telling import Say, silent
from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.evaluation.matched import Match, at_bytes, at_psnr
from daub.codec.evaluation.peers import Peer, peer_named
from daub.codec.evaluation.perceptual import MISSING, available
from daub.codec.transparency import is_transparent, with_alpha
from daub.render.eight_bit import to_8bit


@dataclass(frozen=True)
class Matching:
    """What the ordinary codecs are to make.

    Args:
        codecs: their names.
        by_psnr: files as good as the first one that is compared; otherwise as large.
    """

    codecs: tuple[str, ...] = ()
    by_psnr: bool = False


@dataclass(frozen=True)
class MatchedCodec:
    """What one of them has made."""

    codec: str
    parameter: str  # the name of its setting
    setting: float
    reached: bool  # False: it is the nearest that the codec can make
    bytes: int
    bpp: float
    psnr: float
    ms_ssim: float
    ssimulacra2: float | None  # as in `Comparison`
    flip: float | None


@dataclass(frozen=True)
class ComparedFiles:
    """Images beside one reference.

    Args:
        compared: those that could be, in their order.
        failures: by its path, or the name of its codec, why another one could not.
        notices: one line each of what a person should know.
        matched: of codecs on equal terms with the first that could be compared.
    """

    compared: tuple[Comparison, ...]
    failures: dict[str, DaubError]
    notices: tuple[str, ...]
    matched: tuple[MatchedCodec, ...] = ()


def compare_files(
    reference: str,
    files: Sequence[str],
    device: OpenDevice,
    background: tuple[float, float, float] | None = None,
    say: Say = silent,
    large: bool = False,
    matching: Matching = Matching(),
) -> ComparedFiles:
    """The distortion of each image, rounded to 8 bits, against the reference.

    Args:
        background: (red, green, blue) in [0, 1] that transparency is laid on, of the reference as of the others; None:
            they are compared on black and on white, as `evaluation.score` says.
        large: as of `DecodeRequest`.
        matching: what the ordinary codecs are to make.

    Raises:
        DaubError: the reference cannot be read, or there is no such codec; of the others, the failures tell.
    """
    peers = [peer_named(name) for name in matching.codecs]
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
        source, image8 = opened.pixels, to_8bit(image.pixels)
        if is_transparent(source) or is_transparent(image8):
            source, image8 = with_alpha(source), with_alpha(image8)
        compared.append(compare(name, image.source_bytes, source, image8, perceptually=True))
    matched = []
    for peer in peers if compared else ():
        say(f"matching {peer.name}")
        try:
            matched.append(_match(peer, opened.pixels, compared[0], matching.by_psnr))
        except DaubError as error:
            failures[peer.name] = error
    return ComparedFiles(tuple(compared), failures, tuple(notices), tuple(matched))


def _match(peer: Peer, pixels: np.ndarray, first: Comparison, by_psnr: bool) -> MatchedCodec:
    if is_transparent(pixels):
        what, why = f"{peer.name} cannot be matched", "the reference is transparent"
        raise DaubError(what, why, "lay all of them on a colour (--background white)")
    found: Match = at_psnr(peer, pixels, first.psnr) if by_psnr else at_bytes(peer, pixels, first.bytes)
    score = vars(compare(peer.name, len(found.data), pixels, found.image8, perceptually=True))
    measured = {name: score[name] for name in ("bytes", "bpp", "psnr", "ms_ssim", "ssimulacra2", "flip")}
    return MatchedCodec(peer.name, peer.parameter_name, found.parameter, found.reached, **measured)


def _check_same_size(name: str, image: images.Image, reference: str, other: images.Image) -> None:
    (height, width, _), (other_height, other_width, _) = image.pixels.shape, other.pixels.shape
    if (width, height) != (other_width, other_height):
        raise DaubError(
            f"cannot compare {name} with {reference}",
            f"it has {width}x{height} pixels and the reference {other_width}x{other_height}",
            "give images of one size",
        )
