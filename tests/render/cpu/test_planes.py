"""Images in planes: as levels where they are made of levels, as they are otherwise."""

import numpy as np
import pytest

from daub.render.cpu import planes
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cpu.planes import packed, packed_plane, packed_target, pitch_of, room_for_plane


def levels_of(height, width):
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


def test_an_image_of_levels_is_kept_as_them():
    levels = levels_of(9, 21)
    there = packed_target(levels / np.float32(255))
    assert np.array_equal(there, packed_target(levels))
    assert there.dtype == np.uint8 and there.shape == (9, 3, pitch_of(21))
    assert np.array_equal(there[:, :, :21].transpose(0, 2, 1), levels) and not there[:, :, 21:].any()


@pytest.mark.parametrize("value", [0.3, -0.1, 1.5, 2000.0, np.inf])
@pytest.mark.parametrize("strip", [1, 1 << 20])
def test_one_pixel_of_another_kind_keeps_the_image_as_it_is(monkeypatch, value, strip):
    monkeypatch.setattr(planes, "STRIP_VALUES", strip)
    image = levels_of(9, 21) / np.float32(255)
    image[8, 20, 2] = value
    there = packed_target(image)
    assert there.dtype == np.float32 and np.array_equal(there, packed(image))


def test_black_is_levels_too():
    assert packed_target(np.zeros((3, 5, 3), np.float32)).dtype == np.uint8


def test_a_surface_of_levels_has_the_residual_of_its_numbers():
    image = levels_of(19, 40) / np.float32(255)
    surface, truth = CpuRasteriser().surface(image), CpuRasteriser().forward(gaussians(), 40, 19) - image
    surface.error(gaussians())
    assert np.allclose(surface.residual[:, :, :40].transpose(0, 2, 1), truth, atol=1e-6)


def gaussians():
    from daub.render.gaussians import Gaussians

    return Gaussians.build([[20.0, 9.0]], [[[60.0, 0.0], [0.0, 30.0]]], [[3.0, 2.0, 1.0]])


def test_weights_in_their_room_are_not_copied_and_others_are():
    room = room_for_plane(9, 21)
    room[:] = np.random.default_rng(0).random(room.shape)
    there = packed_plane(room)
    assert there.shape == (9, 1, pitch_of(21)) and np.shares_memory(there, room)
    for other in (room.copy(), room[:8], room[:, :20], room[::-1], room.astype(np.float64)):
        copied = packed_plane(other)
        assert not np.shares_memory(copied, room)
        assert np.array_equal(copied, packed(other[..., None])) and not copied[:, :, other.shape[1] :].any()
