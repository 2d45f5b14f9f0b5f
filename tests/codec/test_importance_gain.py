"""What a map is worth: a tenth of a photo marked as important is at least 3 dB closer there, in as many bytes."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec import EncodeSettings, Goal, decode, encode, images
from daub.codec.evaluation.metrics import psnr
from daub.codec.importance import NEUTRAL, Importance

BYTES = 5000  # of a photo at half its size
SHARE = 0.1  # of the area
# What somebody may care for: the corner of a rectangle, as shares of the sides.
MARKED = {"kodim03": (0.30, 0.30), "kodim05": (0.50, 0.40), "kodim15": (0.20, 0.50), "kodim09": (0.55, 0.20)}


@pytest.mark.timeout(600)
def test_a_marked_tenth_is_three_decibels_closer_at_equal_bytes(shared_data):
    gains = {}
    settings = EncodeSettings(Goal("bytes", BYTES), tune="psnr")  # as the gain is one in PSNR
    for name, (left, top) in MARKED.items():
        pixels = images.load(shared_data / "kodak" / f"{name}.png").pixels
        height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
        pixels = pixels.reshape(height, 2, width, 2, 3).mean((1, 3))
        values = np.full((height, width), NEUTRAL, np.uint8)
        rows, columns = (
            slice(round(corner * side), round((corner + SHARE**0.5) * side))
            for corner, side in ((top, height), (left, width))
        )
        values[rows, columns] = 255
        inside = []
        for importance in (None, Importance(values)):
            encoded = encode(pixels, settings, importance=importance)
            assert 0.97 * BYTES < len(encoded.data) <= BYTES
            decoded = decode(encoded.data) / np.float32(255)
            inside.append(psnr(pixels[rows, columns], decoded[rows, columns]))
        gains[name] = inside[1] - inside[0]
    assert np.mean(list(gains.values())) > 3 and min(gains.values()) > 1.5, gains
