"""The ordinary codecs that Daub is measured against, each at the settings of an honest baseline.

Every peer takes and gives (H, W, 3) uint8 sRGB and has one rate parameter in the unit its users know: quality for JPEG,
WebP and AVIF, compression ratio for JPEG 2000, Butteraugli distance for JPEG XL.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import imagecodecs
import numpy as np
import PIL.Image

from daub.codec.errors import DaubError


@dataclass(frozen=True)
class Peer:
    """One codec.

    Args:
        name: what a legend calls it.
        suffix: of its files, as ".jpg".
        parameter_name: what the rate parameter is called, "quality", "ratio" or "distance".
        runs: the settings of the rate parameter worth trying. Within a run files grow from the first to the last; a
            codec that changes its method at some setting, and with it the size of the file, has two runs.
        sweep: the settings of a rate-distortion curve: 0.08 to 0.5 bpp on Kodak photographs, as far as the codec goes
            that low (only JPEG 2000 does on detailed ones); measured on kodim04 (smooth) and kodim13 (detailed).
        encoder: (image8, parameter) to bytes.
        decoder: bytes to image8.
    """

    name: str
    suffix: str
    parameter_name: str
    runs: tuple[tuple[float, ...], ...]
    sweep: tuple[float, ...]
    encoder: Callable[[np.ndarray, float], bytes]
    decoder: Callable[[bytes], np.ndarray]

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value of the rate parameter, as numbers."""
        settings = [setting for run in self.runs for setting in run]
        return min(settings), max(settings)

    def encode(self, image8: np.ndarray, parameter: float) -> bytes:
        """Compress an image.

        Args:
            image8: (H, W, 3) uint8.
            parameter: within `range`.

        Raises:
            ValueError: not such an image, or the parameter is out of range.
            DaubError: the codec cannot hold an image of this size.
        """
        if image8.ndim != 3 or image8.shape[2] != 3 or image8.dtype != np.uint8 or image8.size == 0:
            raise ValueError(f"expected an image (H, W, 3) uint8, got {image8.shape} {image8.dtype}")
        low, high = self.range
        if not low <= parameter <= high:
            raise ValueError(f"{self.name}: {self.parameter_name} must be from {low:g} to {high:g}, not {parameter:g}")
        try:
            return self.encoder(np.ascontiguousarray(image8), parameter)
        except (OSError, ValueError, RuntimeError) as error:  # Pillow raises the first two, imagecodecs the third
            height, width = image8.shape[:2]
            what = f"{self.name} cannot encode {width}x{height} pixels"
            raise DaubError(what, str(error) or type(error).__name__, "leave this codec out") from error

    def decode(self, data: bytes) -> np.ndarray:
        """Decompress what `encode` gave.

        Returns:
            (H, W, 3) uint8.

        Raises:
            DaubError: the data are damaged.
        """
        try:
            return self.decoder(data)
        except (OSError, ValueError, RuntimeError) as error:
            raise DaubError(f"{self.name} cannot decode these {len(data)} bytes", str(error), "encode again") from error


def peer_named(name: str) -> Peer:
    """Look up a peer by its name, in upper or lower case.

    Raises:
        DaubError: there is none.
    """
    for known in PEERS.values():
        if known.name.lower() == name.lower():
            return known
    raise DaubError(f"cannot compare with {name!r}", "there is no such codec", f"choose from {', '.join(PEERS)}")


def _pillow_encoder(file_format: str, parameter_name: str, **settings: object) -> Callable[[np.ndarray, float], bytes]:
    """The encoder of a format that Pillow writes."""

    def encode(image8: np.ndarray, parameter: float) -> bytes:
        file = io.BytesIO()
        PIL.Image.fromarray(image8).save(file, file_format, **{parameter_name: parameter}, **settings)
        return file.getvalue()

    return encode


def _pillow_decode(data: bytes) -> np.ndarray:
    with PIL.Image.open(io.BytesIO(data), formats=("JPEG", "WEBP", "AVIF", "JPEG2000")) as image:
        return np.asarray(image.convert("RGB"))


def _encode_jpeg_2000(image8: np.ndarray, ratio: float) -> bytes:
    file = io.BytesIO()
    # 9/7 wavelet and the colour transform: the lossy path. A bare codestream saves the 85 bytes of the JP2 boxes.
    settings = {"quality_mode": "rates", "quality_layers": [ratio], "irreversible": True, "mct": 1, "no_jp2": True}
    PIL.Image.fromarray(image8).save(file, "JPEG2000", **settings)
    return file.getvalue()


def _encode_jpeg_xl(image8: np.ndarray, distance: float) -> bytes:
    # Pillow's JPEG XL plugin silently ignores the distance.
    return bytes(imagecodecs.jpegxl_encode(image8, distance=distance, effort=7))


def _decode_jpeg_xl(data: bytes) -> np.ndarray:
    return imagecodecs.jpegxl_decode(data)


def _ladder(first: float, last: float, steps: int) -> tuple[float, ...]:
    """`steps` settings in equal ratios."""
    return tuple(float(f"{setting:.5g}") for setting in np.geomspace(first, last, steps))


_WHOLE_QUALITIES = tuple(range(101))
_AVIF_SWEEP = (2, 8, 14, 20, 25, 30, 35, 40, 48)

PEERS = {
    entry.name: entry
    for entry in (
        Peer(
            name="JPEG",
            suffix=".jpg",
            parameter_name="quality",
            runs=(_WHOLE_QUALITIES[1:],),
            sweep=(1, 3, 5, 7, 10, 14, 20, 30),
            # Pillow's defaults (baseline Huffman tables) need a fifth more rate at equal PSNR.
            encoder=_pillow_encoder("JPEG", "quality", subsampling="4:2:0", optimize=True, progressive=True),
            decoder=_pillow_decode,
        ),
        Peer(
            name="WebP",
            suffix=".webp",
            parameter_name="quality",
            # libwebp's quantiser goes with the cube root of the quality, and takes fractions: low rates need them.
            runs=(tuple(round(100 * (step / 400) ** 3, 6) for step in range(401)),),
            sweep=(0, 0.05, 0.3, 1, 3, 8, 15, 30, 53),
            encoder=_pillow_encoder("WEBP", "quality", method=6),
            decoder=_pillow_decode,
        ),
        Peer(
            name="JPEG 2000",
            suffix=".j2k",
            parameter_name="ratio",
            runs=(_ladder(4000, 1, 1200),),
            sweep=(300, 240, 190, 150, 120, 95, 75, 60, 48),
            encoder=_encode_jpeg_2000,
            decoder=_pillow_decode,
        ),
        Peer(
            name="JPEG XL",
            suffix=".jxl",
            parameter_name="distance",
            # From distance 20 on, libjxl halves the resolution first, which on detailed photographs makes larger files.
            runs=(_ladder(25, 20, 32), _ladder(19.99, 0.05, 800)),
            sweep=(25, 19, 14, 11, 8, 6, 4.8, 3.8),
            encoder=_encode_jpeg_xl,
            decoder=_decode_jpeg_xl,
        ),
        Peer(
            name="AVIF",
            suffix=".avif",
            parameter_name="quality",
            runs=(_WHOLE_QUALITIES,),
            sweep=_AVIF_SWEEP,
            encoder=_pillow_encoder("AVIF", "quality", speed=6, subsampling="4:4:4"),
            decoder=_pillow_decode,
        ),
        Peer(
            name="AVIF speed 2",
            suffix=".avif",
            parameter_name="quality",
            runs=(_WHOLE_QUALITIES,),
            sweep=_AVIF_SWEEP,
            encoder=_pillow_encoder("AVIF", "quality", speed=2, subsampling="4:4:4"),
            decoder=_pillow_decode,
        ),
    )
}
