"""JPEG XL by imagecodecs, which decodes by the header but does not tell it."""

from __future__ import annotations

from typing import BinaryIO

import imagecodecs
import numpy as np

from daub.codec.images import jpegxl
from daub.codec.images.colour.signals import Encoding
from daub.codec.images.readers.refusal import Limits, Refused
from daub.codec.images.samples import ONE_OF_SEVERAL, WHITE, Samples, unpremultiplied


def read(file: BinaryIO, limits: Limits) -> Samples:
    """The first frame, which the decoder turns upright."""
    data = file.read()
    header = jpegxl.read_header(data)
    limits.check(header.width, header.height, 4 * (3 + len(header.extra_channels)))
    if jpegxl.BLACK in header.extra_channels:
        raise Refused("it is a JPEG XL image of four inks, of which the decoder leaves out black", "save it as PNG")
    request = jpegxl.prepare(data)
    header = request.header
    values = imagecodecs.jpegxl_decode(request.data, index=0)
    values = values.reshape(*values.shape[:2], -1)
    if header.floating_point:
        values = np.nan_to_num(values.astype(np.float32))
    elif header.bits not in (8, 16):
        values = values / np.float32((1 << header.bits) - 1)
    alpha = values.shape[2] in (2, 4)
    if header.premultiplied:
        values = unpremultiplied(values / np.float32(WHITE[values.dtype]))
    notices = [ONE_OF_SEVERAL] if header.animated else []
    if len(header.extra_channels) > alpha:
        notices.append("its channels beside the colours were left out")
    light = any(isinstance(signal, Encoding) and signal.transfer.hdr for signal in request.colour)
    if header.floating_point and not light and (values.min() < 0 or values.max() > 1):
        notices.append("samples outside the range from black to white were clipped")
    return Samples(values, alpha, request.colour, [*notices, *request.notices])
