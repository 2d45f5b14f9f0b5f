"""What is open: files that ask for more than a window can do."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from large_file import bomb

from daub.app.model.picture.origin import FileOrigin
from daub.app.model.picture.picture import DEEPEST, decode, open_picture
from daub.codec.container import limits
from daub.codec.errors import DaubError, Large
from daub.render.eight_bit import as_real


def opened(tmp_path, data):
    path = tmp_path / "a.daub"
    path.write_bytes(data)
    return open_picture(FileOrigin(path))


def test_the_largest_picture_opens_though_not_a_pixel_of_it_is_decoded(tmp_path):
    """The screen shows a part or less of it; an export at its own size is refused, a smaller one made."""
    picture = opened(tmp_path, bomb())
    assert (picture.width, picture.height) == (1 << 14, 1 << 14) and picture.memory < 2000
    with pytest.raises(Large, match=r"268\.4 megapixels"):
        decode(picture.document)
    assert decode(picture.document, 0.01).shape == (164, 164, 3)


def test_more_gaussians_over_each_other_than_a_frame_can_draw_are_refused(tmp_path):
    opened(tmp_path, bomb(500, DEEPEST - 10))
    with pytest.raises(DaubError, match=r"a\.daub cannot be shown, some 5\d\d Gaussians lie over every pixel"):
        opened(tmp_path, bomb(500, DEEPEST + 10))
    with pytest.raises(DaubError, match="cannot be shown"):
        opened(tmp_path, bomb(1 << 14, DEEPEST + 10))


def test_a_crowd_of_gaussians_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LARGE_COUNT", 10)
    monkeypatch.setattr("daub.codec.entropy.gaussian_models.read", lambda *_: pytest.fail("it is decoded"))
    with pytest.raises(Large, match=r"a\.daub cannot be decoded, its 20 Gaussians"):
        opened(tmp_path, bomb(64, 20))


def test_a_photo_is_far_from_the_limit(tmp_path):
    from scenes import scattered

    from daub.codec import container
    from daub.codec.symbols import Grid, quantise, step_index

    grid = Grid(768, 512, step_index(0.2), 4)
    picture = opened(tmp_path, container.write(quantise(scattered(20_000, 768, 512), grid), grid))
    assert np.isfinite(picture.gaussians.parameters).all()


@pytest.mark.parametrize("kind", ["opaque", "transparent", "deep"])
def test_a_fit_is_given_levels_where_these_say_all_of_a_picture(tmp_path, kind):
    pixels, path = np.random.default_rng(1).integers(0, 256, (9, 14, 4), np.uint8), tmp_path / "a.png"
    if kind == "deep":
        PIL.Image.fromarray(pixels[..., 0].astype(np.uint16) * 250 + 7).save(path)
    else:
        PIL.Image.fromarray(pixels if kind == "transparent" else pixels[..., :3].copy()).save(path)
    picture = open_picture(FileOrigin(path), None)
    assert picture.pixels.dtype == np.float32 and picture.pixels.shape == (9, 14, 3)
    if kind == "opaque":
        assert picture.fitted.dtype == np.uint8 and picture.texels is picture.levels
        assert np.array_equal(picture.fitted, pixels[..., :3])
        assert np.array_equal(picture.pixels, as_real(picture.fitted))
        assert picture.memory == 9 * 14 * 3 * (4 + 1)
    else:
        assert picture.fitted.dtype == np.float32
        assert picture.fitted.shape == (9, 14, 4 if kind == "transparent" else 3)
