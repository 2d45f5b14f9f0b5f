"""Damage to what containers say about colours."""

import io
import struct

import numpy as np
import pytest
from colour_files import (
    ADOBE_RGB_PROFILE,
    P3_CHROMATICITIES,
    P3_CHUNK,
    P3_POINTS,
    bmp,
    box,
    colr_enumerated,
    colr_profile,
    gamma,
    jp2,
    png,
    profile_chunk,
    saved,
)

from daub.codec.images.colour.containers import signals_of

pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["png", "avif", "jp2", "bmp", "jpeg"])
def test_damage_to_what_is_said_is_never_a_crash(kind, seed):
    """Reads the containers alone, without their pixels."""
    data, name = {
        "png": (png(P3_CHUNK, P3_CHROMATICITIES, gamma(1), profile_chunk(ADOBE_RGB_PROFILE)), "PNG"),
        "avif": (saved("AVIF", icc_profile=ADOBE_RGB_PROFILE), "AVIF"),
        "jp2": (jp2(colr_profile(ADOBE_RGB_PROFILE), colr_enumerated(20)), "JPEG 2000"),
        "bmp": (bmp(0, P3_POINTS, (2, 2, 2)), "BMP"),
        "jpeg": (saved("JPEG", icc_profile=ADOBE_RGB_PROFILE), "JPEG"),
    }[kind]
    rng = np.random.default_rng(seed)
    for _ in range(300):
        damaged = bytearray(data[: rng.integers(1, len(data)) if rng.random() < 0.3 else len(data)])
        for place in rng.integers(0, min(len(damaged), 700), 4):
            damaged[place] = rng.integers(256)
        signals, notices = signals_of(name, io.BytesIO(bytes(damaged)), ())
        assert isinstance(signals, tuple) and all(isinstance(notice, str) for notice in notices)


def test_a_box_that_never_ends():
    data = box(b"jP  ", b"\r\n\x87\n") + struct.pack(">I4sQ", 1, b"jp2h", 0) + bytes(20)
    assert signals_of("JPEG 2000", io.BytesIO(data), ()) == ((), [])
