"""The Pillow plugin, through nothing but Pillow."""

from __future__ import annotations

import importlib
import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError
from stages import asking_for_it

import daub.codec.pillow_plugin as plugin
from daub.codec import container
from daub.codec.container import limits
from daub.codec.decoder import decode
from daub.codec.errors import DaubError
from daub.render.devices import choose


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    y, x = np.mgrid[0:40, 0:56]
    red, green, blue = 4 * x, 6 * y, 255 * ((x // 8 + y // 8) % 2)
    return Image.fromarray(np.stack([red, green, blue], -1).astype(np.uint8))


@pytest.fixture(scope="module")
def content(picture) -> bytes:
    file = io.BytesIO()
    picture.save(file, "DAUB", gaussians=120, steps=40)
    return file.getvalue()


def test_saves_and_opens_by_name(picture, tmp_path):
    path = tmp_path / "a.daub"
    picture.save(path, gaussians=120, steps=40)
    decoded = container.read(path.read_bytes())
    assert len(decoded.gaussians) == 120
    expected = decode(decoded, choose()[0])
    with Image.open(path) as image:
        assert (image.format, image.size, image.mode) == ("DAUB", (56, 40), "RGB")
        assert image.get_format_mimetype() == "image/x-daub"
        assert np.array_equal(np.asarray(image), expected)
    source = np.asarray(picture, float)
    assert np.mean((expected - source) ** 2) < 0.25 * np.mean((source - source.mean((0, 1))) ** 2)


def test_a_tuning_and_a_map_of_importance_are_taken(picture, tmp_path):
    grey = Image.new("L", picture.size, 128)
    grey.paste(255, (0, 0, 28, 40))
    grey.save(tmp_path / "map.png")
    files = {}
    for name, options in {
        "plain": {}, "path": {"importance": tmp_path / "map.png"}, "image": {"importance": grey},
        "tuned": {"tune": "ms-ssim"},
    }.items():  # fmt: skip
        picture.save(tmp_path / name, "DAUB", gaussians=60, steps=20, **options)
        files[name] = (tmp_path / name).read_bytes()
    assert files["path"] == files["image"] != files["plain"]
    assert container.tuning_of(container.read(files["tuned"])) == "ms-ssim"
    with pytest.raises(ValueError, match="vmaf is no tuning"):
        picture.save(tmp_path / "a.daub", tune="vmaf")


def test_the_stages_that_a_file_asks_for_run(inverting, content):
    plain, asking = (np.asarray(Image.open(io.BytesIO(data)), int) for data in (content, asking_for_it(content)))
    assert np.abs(plain + asking - 255).max() <= 1 and plain.std() > 10


def test_opening_knows_the_size_and_decodes_only_on_load(content, monkeypatch):
    decoded = []
    real = plugin._decode
    monkeypatch.setattr(plugin, "_decode", lambda data: decoded.append(data) or real(data))
    image = Image.open(io.BytesIO(content))
    assert image.size == (56, 40) and decoded == []
    image.load()
    image.load()
    assert len(decoded) == 1


def test_equal_seeds_give_equal_files_and_others_do_not(picture):
    def saved(seed):
        file = io.BytesIO()
        picture.save(file, "DAUB", gaussians=60, steps=10, seed=seed)
        return file.getvalue()

    assert saved(3) == saved(3) != saved(4)


def test_the_goal_in_bytes_is_kept(picture):
    file = io.BytesIO()
    picture.save(file, "DAUB", bytes=300, steps=10)
    assert 0 < len(file.getvalue()) <= 300


def test_every_goal_has_a_keyword(picture):
    with pytest.warns(UserWarning, match="MS-SSIM 0.9999 cannot be reached"):
        picture.save(io.BytesIO(), "DAUB", effort=0, ms_ssim=0.9999)
    with pytest.warns(UserWarning, match=r"MS-SSIM 0.5 cannot be reached, .* least"):
        Image.new("L", (8, 8)).save(io.BytesIO(), "DAUB", effort=0, ms_ssim="0.5")
    with pytest.raises(ValueError, match=r"ms-ssim 2 is out of range, it must lie in 0\.5\.\.0\.9999"):
        picture.save(io.BytesIO(), "DAUB", ms_ssim=2)
    with pytest.raises(ValueError, match=r"give one of quality, .*, ms_ssim, not psnr and ms_ssim"):
        picture.save(io.BytesIO(), "DAUB", ms_ssim=0.9, psnr=30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_mode_is_converted(picture, mode):
    image = picture.convert("L").convert(mode) if mode == "I;16" else picture.convert(mode)
    file = io.BytesIO()
    image.save(file, "DAUB", gaussians=20, steps=2)
    with Image.open(io.BytesIO(file.getvalue())) as decoded:
        assert (decoded.mode, decoded.size) == ("RGB", (56, 40))
        decoded.load()


def test_another_format_is_left_to_others():
    with pytest.raises(UnidentifiedImageError):
        Image.open(io.BytesIO(b"DAUX" + bytes(60)))


def test_damage_is_an_os_error(content):
    broken = bytearray(content)
    broken[-9] ^= 0x40
    with pytest.raises(OSError, match="checksum"):
        Image.open(io.BytesIO(bytes(broken)))
    with pytest.raises(OSError, match="cut short"):
        Image.open(io.BytesIO(content[:8]))


def test_what_is_large_is_decoded_only_without_a_limit(content, monkeypatch):
    monkeypatch.setattr(limits, "LARGE_WORK", 1)
    with pytest.raises(OSError, match=r"drawn unasked, set PIL\.Image\.MAX_IMAGE_PIXELS = None if that is meant"):
        Image.open(io.BytesIO(content)).load()
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert np.asarray(Image.open(io.BytesIO(content))).any()


def test_an_open_image_can_be_shrunk_copied_and_closed(content, tmp_path):
    path = tmp_path / "a.daub"
    path.write_bytes(content)
    with Image.open(path) as image:
        copy = image.copy()
        image.thumbnail((28, 20))
        assert image.size == (28, 20) and copy.size == (56, 40)
    path.unlink()


def test_wrong_options_are_value_errors(picture):
    with pytest.raises(ValueError, match="one of"):
        picture.save(io.BytesIO(), "DAUB", quality=50, bpp=1)
    with pytest.raises(ValueError, match="out of range"):
        picture.save(io.BytesIO(), "DAUB", quality=101)


@pytest.mark.parametrize(
    "options",
    [
        {"gaussians": np.int64(20), "effort": np.uint8(1), "steps": np.int32(3), "seed": np.array(5)},
        {"gaussians": "20", "effort": "1", "steps": " 3", "seed": np.str_("5")},
        {"gaussians": np.float32(20), "effort": 1.0, "steps": "3.0", "seed": "5e0"},
    ],
)
def test_settings_are_numbers_of_whatever_kind(picture, options):
    files = []
    for given in (options, {"gaussians": 20, "effort": 1, "steps": 3, "seed": 5}):
        file = io.BytesIO()
        picture.save(file, "DAUB", **given)
        files.append(file.getvalue())
    assert files[0] == files[1]
    for name in options:
        for wrong in ("many", "", "nan", True, np.True_, np.array([1, 2]), [3], (3, 4), {}, 1j):
            with pytest.raises(ValueError, match=f"{name} .*(must lie in|is no number)"):
                picture.save(io.BytesIO(), "DAUB", **{**options, name: wrong})


def _refuse(*_, **__):
    raise DaubError("it cannot be encoded", "it is too beautiful", "leave it")


def _stop(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.parametrize(("encode", "error"), [(_refuse, OSError), (_stop, KeyboardInterrupt)])
@pytest.mark.parametrize("named", [str, os.fsencode, Path])
def test_a_save_that_fails_or_is_stopped_leaves_the_file_as_it_was(
    picture, tmp_path, monkeypatch, encode, error, named
):
    path = tmp_path / "kept.daub"
    path.write_bytes(b"as it was")
    monkeypatch.setattr("daub.codec.encode", encode)
    with pytest.raises(error):
        picture.save(named(path), gaussians=20)
    with pytest.raises(error):
        picture.save(named(tmp_path / "kept.other"), "daub", gaussians=20)
    with pytest.raises(ValueError, match="out of range"):
        picture.save(named(path), quality=101)
    assert path.read_bytes() == b"as it was" and os.listdir(tmp_path) == ["kept.daub"]


def test_a_place_where_nothing_can_be_written_is_found_before_the_fit(picture, tmp_path, monkeypatch):
    monkeypatch.setattr("daub.codec.encode", lambda *_: pytest.fail("the fit has begun"))
    with pytest.raises(FileNotFoundError, match="no such folder"):
        picture.save(tmp_path / "absent" / "a.daub")
    (tmp_path / "a.daub").mkdir()
    with pytest.raises(IsADirectoryError, match="that is a folder"):
        picture.save(tmp_path / "a.daub")


def test_pillow_saves_other_formats_as_ever_and_is_taught_once(picture, tmp_path, content):
    picture.save(tmp_path / "a.png")
    picture.save(tmp_path / "b", "PNG")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b").read_bytes()
    with open(tmp_path / "c.daub", "wb") as file:
        picture.save(file, gaussians=120, steps=40)
    assert (tmp_path / "c.daub").read_bytes() == content
    with pytest.raises(ValueError, match="unknown file extension"):
        picture.save(tmp_path / "a.nonsense")
    taught = Image.Image.save
    importlib.reload(plugin)
    assert Image.Image.save is taught and taught.__wrapped__.__module__ == "PIL.Image"


def test_a_goal_out_of_reach_is_warned_of_and_the_best_file_is_there(tmp_path):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (12, 12, 3), np.uint8))
    with pytest.warns(UserWarning, match="60 dB cannot be reached") as warned:
        noise.save(tmp_path / "noise.daub", psnr=60, steps=5)
        noise.save(io.BytesIO(), "DAUB", psnr=60, steps=5)
    assert [warning.filename for warning in warned] == [__file__, __file__]
    assert Image.open(tmp_path / "noise.daub").size == (12, 12)
