"""Images with an alpha channel through the whole codec: goals, devices, forms, what stays as it was."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

import daub.codec.pillow_plugin  # noqa: F401  registers itself
from daub.codec import DaubError, EncodeSettings, Goal, container, decode, encode
from daub.codec.evaluation.score import score
from daub.codec.recipe import recipe_of

QUICK = {"steps": 60, "effort": 2}


@pytest.fixture(scope="module")
def disc() -> np.ndarray:
    """(48, 64, 4) uint8: a disc with a soft rim, waves on it; what is not seen is noise."""
    y, x = np.mgrid[:48, :64].astype(np.float32)
    alpha = np.clip(17 - np.hypot(x - 31, y - 23), 0, 1)
    waves = 0.5 + 0.3 * np.sin(x / 3) * np.cos(y / 4)
    colours = np.stack([waves, 0.8 - 0.5 * waves, 0 * x + 0.6], -1)
    noise = np.random.default_rng(0).uniform(0, 1, colours.shape)
    colours = np.where(alpha[..., None] > 0, colours, noise)
    return np.rint(255 * np.dstack([colours, alpha])).astype(np.uint8)


def test_a_quality_keeps_rim_and_colours(disc):
    encoded = encode(disc, EncodeSettings(Goal("quality", 70), **QUICK))
    pixels = decode(encoded)
    assert pixels.shape == (48, 64, 4) and encoded.missed is None
    assert encoded.psnr == pytest.approx(score(disc / np.float32(255), pixels).psnr, abs=1e-6) and encoded.psnr > 30
    assert pixels[23, 31, 3] > 245 and pixels[:4, :4, 3].max() < 10
    # Noise that nobody sees takes no bytes.
    calm = disc.copy()
    calm[..., :3][disc[..., 3] == 0] = 0
    assert encode(calm, EncodeSettings(Goal("quality", 70), **QUICK)).data == encoded.data


def test_no_rim_shows_on_black_or_white(disc):
    encoded = encode(disc, EncodeSettings(Goal("quality", 80), **QUICK))
    rim = (disc[..., 3] > 0) & (disc[..., 3] < 255)
    for background in ((0, 0, 0), (1, 1, 1)):
        alpha = disc[..., 3:] / 255
        wanted = disc[..., :3] * alpha + 255 * (1 - alpha) * np.array(background)
        error = decode(encoded, background=background) - wanted
        assert abs(error[rim].mean()) < 4 and np.sqrt((error[rim] ** 2).mean()) < 18


def test_bytes_are_those_of_the_whole_file(disc):
    encoded = encode(disc, EncodeSettings(Goal("bytes", 700), **QUICK))
    assert 0.9 * 700 <= len(encoded.data) <= 700 and encoded.missed is None
    assert {chunk.tag for chunk in encoded.document.chunks} == {b"H", b"t", b"a", b"G"}


def test_a_number_is_that_of_all_gaussians(disc):
    document = encode(disc, EncodeSettings(Goal("gaussians", 120), **QUICK)).document
    assert 110 <= len(document) + len(document.alpha) <= 120 and len(document.alpha) > 5


def test_a_psnr_is_that_of_what_is_seen(disc):
    encoded = encode(disc, EncodeSettings(Goal("psnr", 30), **QUICK))
    assert encoded.psnr == pytest.approx(30, abs=0.3)


def test_what_is_opaque_makes_the_same_file_as_ever(disc):
    settings = EncodeSettings(Goal("gaussians", 40), steps=20)
    opaque = disc.copy()
    opaque[..., 3] = 255
    expected = encode(disc[..., :3], settings).data
    assert encode(opaque, settings).data == encode(opaque / np.float32(255), settings).data == expected
    assert not container.is_transparent(expected) and decode(expected).shape == (48, 64, 3)


@pytest.mark.parametrize("alpha", [0, 1, 128])
def test_an_even_opacity(disc, alpha):
    even = disc.copy()
    even[..., 3] = alpha
    encoded = encode(even, EncodeSettings(Goal("quality", 60), **QUICK))
    assert np.abs(decode(encoded)[..., 3].astype(int) - alpha).mean() < 3


def test_a_background_flattens_as_ever(disc):
    settings = EncodeSettings(Goal("gaussians", 40), steps=20)
    flat = np.asarray(Image.alpha_composite(Image.new("RGBA", (64, 48), "white"), Image.fromarray(disc)))[..., :3]
    mine, other = (decode(encode(image, settings, background=(1, 1, 1))) for image in (disc, flat.copy()))
    assert mine.shape == (48, 64, 3) and np.abs(mine.astype(int) - other).mean() < 6


def test_a_method_lays_it_on_white_and_the_encoder_refuses_it(disc):
    settings = EncodeSettings(Goal("gaussians", 20), steps=3, profile="gaussianimage-cholesky")
    assert decode(encode(disc, settings)).shape == (48, 64, 3)
    from daub.codec.encoder import encode as work
    from daub.render.cpu.backend import CpuRasteriser

    with pytest.raises(DaubError, match="cannot encode a transparent image"):
        next(work(disc / np.float32(255), recipe_of(settings), CpuRasteriser()))


def test_pillow_keeps_it_both_ways(disc):
    file = io.BytesIO()
    Image.fromarray(disc).save(file, "DAUB", gaussians=120, steps=60)
    image = Image.open(io.BytesIO(file.getvalue()))
    assert (image.mode, image.size) == ("RGBA", (64, 48))
    assert np.array_equal(np.asarray(image), decode(file.getvalue()))
    assert Image.open(io.BytesIO(file.getvalue())).convert("RGB").size == (64, 48)


def test_every_record_goes_forward(disc):
    fractions = []
    encode(disc, EncodeSettings(Goal("bytes", 700), **QUICK), report=lambda record: fractions.append(record.fraction))
    assert fractions == sorted(fractions) and 0 < fractions[0] < 0.3 < 0.9 < fractions[-1] <= 1
