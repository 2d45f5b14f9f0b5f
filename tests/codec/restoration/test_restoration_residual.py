"""The coarse residual: coded, decoded, bounded."""

from __future__ import annotations

from dataclasses import replace

import imagecodecs
import numpy as np
import pytest

from daub.codec.errors import DaubError
from daub.codec.restoration.residual import coded, decoded

HEIGHT, WIDTH = 45, 70
Y, X = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
RESIDUAL = np.stack([np.sin(X / 14), np.cos(Y / 11), np.sin((X + Y) / 17)], 2).astype(np.float32) * np.float32(0.1)


@pytest.mark.parametrize("halvings", [0, 1, 2])
@pytest.mark.parametrize("gain", [1, 4])
def test_a_smooth_residual_comes_back_nearly(gain, halvings):
    layer = coded(RESIDUAL, gain, halvings, 0.5)
    back = decoded(layer, WIDTH, HEIGHT, "it failed")
    assert back.shape == RESIDUAL.shape and back.dtype == np.float32
    assert np.sqrt(np.mean((back - RESIDUAL) ** 2)) < 0.02


def test_no_difference_stays_none_within_a_sample():
    nothing = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for halvings in range(3):
        back = decoded(coded(nothing, 2, halvings, 15.0), WIDTH, HEIGHT, "it failed")
        assert np.abs(back).max() <= 1 / 127.5 / 2 + 1e-6


def test_what_is_beyond_the_range_is_clipped():
    back = decoded(coded(np.full((16, 16, 3), 0.9, np.float32), 4, 0, 0.5), 16, 16, "it failed")
    assert np.abs(back - 127 / 127.5 / 4).max() < 0.01


def test_a_residual_of_another_size_is_refused_before_it_is_decoded(monkeypatch):
    layer = coded(RESIDUAL, 2, 1, 4.0)
    monkeypatch.setattr(imagecodecs, "jpegxl_decode", lambda data: pytest.fail("it was decoded"))
    with pytest.raises(DaubError, match="35x23 samples and not 36x23"):
        decoded(layer, WIDTH + 1, HEIGHT, "it failed")


@pytest.mark.parametrize("stream", [b"", b"\xff\x0a", b"no JPEG XL at all"])
def test_what_is_no_jpeg_xl_is_refused(stream):
    with pytest.raises(DaubError, match="it failed, its residual is damaged"):
        decoded(replace(coded(RESIDUAL, 2, 1, 4.0), codestream=stream), WIDTH, HEIGHT, "it failed")


def test_every_truncation_is_refused_or_decoded_but_never_crashes():
    layer = coded(RESIDUAL, 2, 2, 8.0)
    for length in range(0, len(layer.codestream), 7):
        try:
            decoded(replace(layer, codestream=layer.codestream[:length]), WIDTH, HEIGHT, "it failed")
        except DaubError as refusal:
            assert str(refusal).startswith("it failed, ")


def test_a_grey_picture_is_refused():
    grey = imagecodecs.jpegxl_encode(np.zeros((HEIGHT, WIDTH), np.uint8), distance=1.0, usecontainer=False)
    with pytest.raises(DaubError, match="no picture of three channels"):
        decoded(replace(coded(RESIDUAL, 2, 0, 8.0), codestream=bytes(grey)), WIDTH, HEIGHT, "it failed")
