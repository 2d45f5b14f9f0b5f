import io

import numpy as np
import PIL.Image
import pytest
from scipy import ndimage

from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import psnr
from daub.codec.evaluation.peers import PEERS, peer_named


@pytest.fixture(scope="module")
def image8():
    rng = np.random.default_rng(5)
    smooth = ndimage.gaussian_filter(rng.random((64, 96, 3)), (3, 3, 0), mode="wrap")
    return (255 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)


everyone = pytest.mark.parametrize("codec", PEERS.values(), ids=lambda codec: codec.name)


def test_the_registry_is_complete():
    assert list(PEERS) == ["JPEG", "WebP", "JPEG 2000", "JPEG XL", "AVIF", "AVIF speed 2"]
    assert peer_named("jpeg xl") is PEERS["JPEG XL"]
    with pytest.raises(DaubError, match="JPEG, WebP, JPEG 2000"):
        peer_named("GIF")


@everyone
def test_files_grow_and_get_better_along_a_run(codec, image8):
    run = codec.runs[-1]
    data = [codec.encode(image8, run[index]) for index in (len(run) // 8, len(run) // 2, len(run) * 9 // 10)]
    assert len(data[0]) < len(data[1]) < len(data[2])
    quality = [psnr(image8 / 255, codec.decode(one) / 255) for one in data]
    assert quality == sorted(quality) and quality[2] > 30


@everyone
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (17, 2)], ids=str)
def test_round_trip_of_tiny_images(codec, size):
    image8 = np.full((*size, 3), (200, 100, 50), np.uint8)
    decoded = codec.decode(codec.encode(image8, codec.runs[-1][-1]))
    assert decoded.shape == image8.shape and decoded.dtype == np.uint8
    assert np.abs(decoded.astype(int) - image8).max() <= 6


@everyone
def test_the_sweep_is_usable(codec, image8):
    low, high = codec.range
    assert low <= min(codec.sweep) and max(codec.sweep) <= high and len(set(codec.sweep)) >= 8
    sizes = [len(codec.encode(image8, parameter)) for parameter in (codec.sweep[0], codec.sweep[-1])]
    assert sizes[0] < sizes[1]


def test_settings_are_those_of_an_honest_baseline(image8):
    jpeg = PIL.Image.open(io.BytesIO(PEERS["JPEG"].encode(image8, 50)))
    assert jpeg.info["progressive"] == 1
    assert [(component[1], component[2]) for component in jpeg.layer] == [(2, 2), (1, 1), (1, 1)]  # 4:2:0
    # 4:4:4: a red and a blue field, a pixel wide each, stay apart.
    stripes = np.zeros((32, 32, 3), np.uint8)
    stripes[:, ::2], stripes[:, 1::2] = (255, 0, 0), (0, 0, 255)
    avif = PEERS["AVIF"]
    assert psnr(stripes / 255, avif.decode(avif.encode(stripes, 95)) / 255) > 30
    assert len(PEERS["AVIF speed 2"].encode(image8, 50)) != len(avif.encode(image8, 50))
    # JPEG XL must heed the distance, which some wrappers ignore.
    sizes = {len(PEERS["JPEG XL"].encode(image8, distance)) for distance in (1, 4, 12)}
    assert len(sizes) == 3


def test_wrong_input_is_refused(image8):
    jpeg = PEERS["JPEG"]
    with pytest.raises(ValueError, match="uint8"):
        jpeg.encode(image8 / 255, 50)
    with pytest.raises(ValueError, match="from 1 to 100"):
        jpeg.encode(image8, 0)
    with pytest.raises(DaubError, match="WebP cannot encode 16384x1 pixels"):
        PEERS["WebP"].encode(np.zeros((1, 16384, 3), np.uint8), 50)


@everyone
def test_damaged_data_are_refused(codec, image8):
    data = codec.encode(image8, codec.runs[-1][len(codec.runs[-1]) // 2])
    with pytest.raises(DaubError, match="cannot decode"):
        codec.decode(data[:20])
