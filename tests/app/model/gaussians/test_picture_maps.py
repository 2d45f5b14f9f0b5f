"""Maps over the picture: how dense Gaussians lie, and where bits are."""

import numpy as np
import pytest
from scenes import some_gaussians

from daub.app.model.gaussians.file_bits import bits_of
from daub.app.model.gaussians.picture_maps import MapKind, PictureMap, density_of, map_of
from daub.codec import container
from daub.codec.symbols import Grid, quantise, step_index
from daub.render.gaussians import Gaussians


def at(places):
    return Gaussians.build(places, [np.eye(2) * 4] * len(places), [[0.5] * 3] * len(places))


def test_density_is_that_of_centres_and_forgets_none_at_an_edge():
    even = at([(x, y) for x in range(2, 100, 5) for y in range(2, 80, 5)])
    found = density_of(even, 100, 80)
    assert found.kind is MapKind.DENSITY and found.values.shape == (80, 100)
    assert found.values.mean() == pytest.approx(1000 / 25, rel=0.02)
    assert found.values.min() > 0.7 * 40 and found.values.max() < 1.3 * 40
    corner = density_of(at([(1, 1)] * 50 + [(60, 60)]), 100, 80)
    row, column = np.unravel_index(corner.values.argmax(), corner.values.shape)
    assert row < 4 and column < 4


def test_a_huge_picture_has_cells_and_centres_beside_it_do_not_count():
    inside = [(x, y) for x in range(32, 4096, 64) for y in range(32, 2048, 64)]
    found = density_of(at([*inside, *[(-50, 5), (9000, 5)] * 500]), 4096, 2048)
    assert found.values.shape == (512, 1024)
    assert found.values.mean() == pytest.approx(1000 / 64**2, rel=0.02)
    empty = density_of(Gaussians.empty(), 30, 20)
    assert not empty.values.any() and empty.span[1] > 0


def test_the_map_of_bits_says_what_is_not_on_it():
    grid = Grid(64, 48, step_index(0.1), 3)
    document = container.read(container.write(quantise(some_gaussians(30, 64, 48), grid), grid))
    shown = map_of(bits_of(document, document.account()))
    assert shown.kind is MapKind.BITS and "bytes" in shown.aside and shown.shares.max() == 255


def test_colours_span_from_nothing_to_nearly_everything():
    values = np.zeros((10, 10))
    values[0, 0] = 5.0
    shown = PictureMap.of(MapKind.BITS, values)
    assert shown.span[0] == 0 and shown.shares[0, 0] == 255 and not shown.shares[1:].any()
