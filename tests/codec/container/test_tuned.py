"""What a file says it was tuned for."""

import numpy as np
import pytest
from scenes import random_gaussians

from daub.codec import container
from daub.codec.container import Chunk
from daub.codec.symbols import Grid, quantise
from daub.codec.tuning import Tuning
from daub.render.cpu.backend import CpuRasteriser


def file(optional=()):
    grid = Grid(64, 48, 400, 3)
    return container.write(quantise(random_gaussians(np.random.default_rng(0), 30, 64, 48), grid), grid, optional)


@pytest.mark.parametrize("tuning", Tuning)
def test_a_file_says_what_it_was_tuned_for_and_shows_the_same(tuning):
    data = file(container.tuned_chunks(tuning))
    document = container.read(data)
    assert container.tuning_of(document) == (None if tuning is Tuning.PSNR else tuning)
    assert document.to_bytes() == data and len(data) - len(file()) == (0 if tuning is Tuning.PSNR else 7)
    same = (CpuRasteriser().forward(container.read(each).gaussians, 64, 48) for each in (data, file()))
    assert np.array_equal(*same)


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x63", b"\x01\x01"])
def test_what_nobody_knows_is_passed_over(content):
    assert container.tuning_of(container.read(file([Chunk(b"t", content)]))) is None
