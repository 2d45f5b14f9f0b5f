"""What is measured of the coders, on a picture of a few pixels."""

import numpy as np
from PIL import Image

from daub.app.bench.coders import measure


def test_every_coder_is_measured_in_real_files(tmp_path):
    image = tmp_path / "noise.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8)).save(image)
    measured = measure(str(image), 30, steps=2)
    assert measured["gaussians"] == 30
    for method in ("gaussianimage", "gaussianimage++"):
        bits = measured[method]["bits_per_gaussian"]
        assert list(bits) == ["raw", "static", "adaptive", "bits-back"]
        assert bits["bits-back"] < bits["static"]
        assert 0.8 < measured[method]["saved_of_order"] < 1.2
