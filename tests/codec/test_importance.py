"""Maps of importance: what their greys weigh, and what becomes of image files that are used as one."""

from __future__ import annotations

import io
import os

import numpy as np
import PIL.Image
import pytest
from image_files import png, saved

from daub.codec import Goal, encode, images
from daub.codec.errors import DaubError
from daub.codec.importance import NEUTRAL, Importance


def greys(height: int = 48, width: int = 64) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)


def test_a_grey_weighs_what_the_formula_says():
    factors = Importance(np.arange(256, dtype=np.uint8)[None]).factors[0]
    assert factors.dtype == np.float32
    assert factors[[0, 64, 128, 255]] == pytest.approx([1 / 8, 8**-0.5, 1, 8], rel=1e-6)
    assert factors[128 + 100] == pytest.approx(8 ** (100 / 127), rel=1e-6)
    assert (np.diff(factors) > 0).all()


def test_a_neutral_map_is_known_and_takes_no_memory():
    neutral = Importance.neutral(4000, 6000)
    assert neutral.is_neutral and neutral.values.shape == (4000, 6000) and not neutral.values.flags.writeable
    assert neutral.values.base is not None and neutral.values.base.nbytes == 1
    assert (Importance.neutral(3, 2).factors == 1).all()
    values = np.full((30, 20), NEUTRAL, np.uint8)
    assert Importance(values).is_neutral
    values[29, 19] += 1
    assert not Importance(values).is_neutral
    assert Importance.neutral(1, 1).is_neutral and not Importance(np.zeros((1, 1), np.uint8)).is_neutral


def test_what_it_holds_is_replaced_as_a_whole_and_changes_in_no_other_way():
    given = greys()
    importance = Importance(given)
    before = importance.values
    given[:] = 0
    assert before.max() > 0, "it has a copy"
    with pytest.raises(ValueError, match="read-only"):
        before[0, 0] = 1
    importance.replace(given)
    assert importance.values is not before and not importance.values.any() and before.any()
    for wrong in (given[1:], given.astype(np.float32), np.zeros((48, 64, 3), np.uint8)):
        with pytest.raises(ValueError, match="expected a map"):
            importance.replace(wrong)
    with pytest.raises(ValueError, match="expected a map"):
        Importance(np.zeros((0, 3), np.uint8))


def test_a_saved_map_is_read_as_it_was(tmp_path):
    values = greys()
    Importance(values).save(tmp_path / "map.png")
    assert (Importance.load(tmp_path / "map.png", (64, 48)).values == values).all()
    assert os.listdir(tmp_path) == ["map.png"]
    neutral = Importance.neutral(48, 64).to_png()
    assert Importance.load(neutral, (64, 48)).is_neutral
    with pytest.raises(DaubError, match="which is to stay"):
        Importance(values).save(tmp_path / "map.png", replace=False)
    with pytest.raises(DaubError, match="no such folder"):
        Importance(values).save(tmp_path / "nowhere" / "map.png")


def loaded(image: PIL.Image.Image, size: tuple[int, int] | None = None, **settings) -> np.ndarray:
    return Importance.load(saved(image, "PNG", **settings), size or image.size).values


def test_of_colours_the_luma_counts():
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [90, 90, 90]]], np.uint8)
    assert loaded(PIL.Image.fromarray(pixels)).tolist() == [[54, 182, 18, 90]]
    palette = PIL.Image.fromarray(greys()).quantize(16)
    assert (loaded(palette) == np.asarray(palette.convert("L"))).all()


def test_what_is_transparent_is_neutral():
    grey, opacity = np.full((2, 2), 255, np.uint8), np.array([[0, 255], [128, 0]], np.uint8)
    assert loaded(PIL.Image.fromarray(np.dstack([grey, opacity]))).tolist() == [[128, 255], [192, 128]]


def test_sixteen_bits_and_one_bit_have_the_same_ends_and_middle():
    samples = np.array([[0, 32768, 65535]], ">u2")
    assert Importance.load(png(samples[..., None], 16, 0), (3, 1)).values.tolist() == [[0, 128, 255]]
    assert loaded(PIL.Image.fromarray(np.array([[True, False]]))).tolist() == [[255, 0]]


def test_samples_are_numbers_whatever_colours_they_are_said_to_be():
    values = greys()
    gamma = png(values[..., None], 8, 0, gAMA=(100000).to_bytes(4, "big"))
    assert (Importance.load(gamma, (64, 48)).values == values).all()
    converted = np.rint(255 * images.load(gamma).pixels[..., 0])
    assert abs(converted - values).max() > 50, "as a picture it is brighter"


def test_a_turned_map_is_put_upright():
    values = greys()
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    assert (loaded(PIL.Image.fromarray(values), (48, 64), exif=exif) == np.rot90(values, -1)).all()


def test_another_size_is_resampled_without_ringing():
    halves = np.full((20, 40), NEUTRAL, np.uint8)
    halves[:, 20:] = 255
    for size in ((80, 40), (400, 200), (10, 5)):
        values = loaded(PIL.Image.fromarray(halves), size)
        assert values.shape == size[::-1]
        assert (values[:, : size[0] // 4] == NEUTRAL).all() and (values[:, -(size[0] // 4) :] == 255).all()
        assert values.min() == NEUTRAL and (np.diff(values.astype(int), axis=1) >= 0).all()
    noise = PIL.Image.fromarray(np.random.default_rng(0).choice([0, 255], (400, 400)).astype(np.uint8))
    assert abs(loaded(noise, (10, 10)).astype(int) - 127.5).max() < 25, "averaged, not picked"


@pytest.mark.parametrize("size", [(768, 512), (100, 67), (100, 66), (1, 1), (3, 2), (7680, 5120), (1535, 1024)])
def test_the_same_shape_at_any_scale_is_taken(size):
    assert loaded(PIL.Image.new("L", size, 200), (768, 512)).shape == (512, 768)


@pytest.mark.parametrize("size", [(512, 768), (768, 500), (100, 100), (100, 65), (2, 3)])
def test_another_shape_is_refused_in_one_line(size, tmp_path):
    file = tmp_path / "map.png"
    PIL.Image.new("L", size, 200).save(file)
    with pytest.raises(DaubError) as caught:
        Importance.load(file, (768, 512))
    line = str(caught.value)
    assert "map.png" in line and "768x512" in line and f"{size[0]}x{size[1]}" in line and "\n" not in line


def test_a_map_of_another_size_than_the_image_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="expected a map of importance"):
        encode(greys(), Goal("gaussians", 4), importance=Importance.neutral(20, 30))


def test_what_is_no_image_is_refused_in_one_line(tmp_path):
    for name, content in (("text.png", b"no image"), ("empty.png", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DaubError, match=name):
            Importance.load(tmp_path / name, (64, 48))
    with pytest.raises(DaubError, match="no such file"):
        Importance.load(tmp_path / "gone.png", (64, 48))
    cut = saved(PIL.Image.fromarray(greys()), "PNG")[:-500]
    with pytest.raises(DaubError, match="cut short"):
        Importance.load(io.BytesIO(cut), (64, 48))
