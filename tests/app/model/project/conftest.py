"""A small picture, and real files of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from daub.codec import encode
from daub.codec.goal import Goal
from daub.codec.rate.encoded import Encoded
from daub.codec.settings import EncodeSettings


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Path:
    """24x16 pixels."""
    path = tmp_path_factory.mktemp("pictures") / "small.png"
    y, x = np.mgrid[:16, :24]
    PIL.Image.fromarray(np.stack([10 * x, 15 * y, 200 - 5 * x], 2).astype(np.uint8)).save(path)
    return path


@pytest.fixture(scope="session")
def real_files(small) -> list[Encoded]:
    """Three files of it."""
    pixels = np.asarray(PIL.Image.open(small)) / np.float32(255)
    return [encode(pixels, EncodeSettings(Goal("gaussians", count), steps=5)) for count in (6, 8, 10)]
