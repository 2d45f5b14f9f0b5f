"""The front door: what `daub.codec` hands on, its examples, and every form in which an image or a file may come."""

from __future__ import annotations

import doctest
import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import daub.codec
from daub.codec import DaubError, EncodeSettings, Goal, container, decode, encode, front_door
from daub.codec.importance import Importance
from daub.render.cpu.backend import CpuRasteriser
from daub.render.devices import choose

FEW = EncodeSettings(Goal("gaussians", 30), steps=5)


@pytest.fixture
def pixels8():
    """(48, 64, 3) uint8."""
    y, x = np.mgrid[:48, :64]
    return np.stack([4 * x, 5 * y, 90 + 60 * (x // 16 % 2)], -1).astype(np.uint8)


@pytest.fixture
def photo(pixels8, tmp_path, monkeypatch):
    """`photo.png` in the working folder."""
    monkeypatch.chdir(tmp_path)
    Image.fromarray(pixels8).save("photo.png")
    return tmp_path / "photo.png"


@pytest.mark.parametrize("module", [daub.codec, front_door], ids=lambda module: module.__name__)
def test_the_examples_say_what_happens(module, photo):
    failed, tried = doctest.testmod(module)
    assert failed == 0 and tried >= 6


def _file_of(values: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(values).save(content, "PNG")
    return content.getvalue()


def test_a_map_of_importance_may_come_in_any_form_of_an_image(pixels8, tmp_path):
    values = np.full(pixels8.shape[:2], 128, np.uint8)
    values[:, :32] = 255
    path = tmp_path / "map.png"
    path.write_bytes(_file_of(values))
    forms = Importance(values), values, Image.fromarray(values), path, path.read_bytes(), io.BytesIO(path.read_bytes())
    first, *others = (encode(pixels8, FEW, importance=form).data for form in forms)
    assert all(other == first for other in others) and first != encode(pixels8, FEW).data
    with pytest.raises(DaubError, match="another shape"):
        encode(pixels8, FEW, importance=values[:20])


def test_importing_it_loads_nothing():
    program = """
import sys
import daub.codec
assert {"encode", "decode", "Goal", "EncodeSettings", "DaubError"} <= set(dir(daub.codec))
print(*(name for name in sys.modules if name.startswith("daub")))
from daub.codec import DaubError, EncodeSettings, Goal
EncodeSettings(Goal("quality", 60))
print(*{"numpy", "numba", "scipy", "PIL", "torch"} & set(sys.modules))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["daub daub.codec", ""]


def test_it_has_nothing_else():
    with pytest.raises(AttributeError, match="no attribute 'transcode'"):
        _ = daub.codec.transcode
    with pytest.raises(ImportError):
        from daub.codec import transcode  # noqa: F401


def test_an_image_may_come_in_any_form(pixels8, photo):
    forms = [photo, str(photo), photo.read_bytes(), io.BytesIO(photo.read_bytes())]
    forms += [Image.open(photo), pixels8, pixels8 / np.float32(255), pixels8[::-1][::-1].astype(np.float64) / 255]
    forms.append(np.dstack([pixels8, np.full((48, 64), 255, np.uint8)]))
    files = {encode(image, FEW).data for image in forms}
    assert len(files) == 1
    grey = encode(pixels8[..., 0], FEW).data
    assert grey == encode(np.repeat(pixels8[..., :1], 3, -1), FEW).data not in files


def test_transparency_is_laid_on_the_background():
    clear = np.zeros((16, 16, 4), np.uint8)
    settings = EncodeSettings(Goal("gaussians", 10), steps=20)
    white, teal = (decode(encode(clear, settings, background=colour)) for colour in ((1, 1, 1), (0, 0.5, 0.5)))
    assert white.mean() > 230 and abs(teal[..., 0].mean()) < 25 and abs(teal[..., 1].mean() - 128) < 25


def test_a_file_may_come_in_any_form(pixels8, tmp_path):
    encoded = encode(pixels8, FEW)
    path = tmp_path / "a.daub"
    encoded.save(path)
    assert path.read_bytes() == encoded.data == bytes(encoded)
    forms = [path, str(path), encoded.data, bytearray(encoded.data), memoryview(encoded.data), encoded]
    forms.append(container.read(encoded.data))
    for source in forms:
        for size in (None, (31, 17)):
            assert np.array_equal(decode(source, size), decode(encoded.data, size))
    assert decode(path, (31, 17)).shape == (17, 31, 3)


def test_an_open_backend_is_used_and_a_name_opens_one(pixels8, monkeypatch):
    backend = CpuRasteriser()
    opened = []
    monkeypatch.setattr(front_door, "choose", lambda device: opened.append(device) or choose(device))
    data = encode(pixels8, FEW, device=backend).data
    assert opened == [] and np.array_equal(decode(data, device=backend), decode(data, device="cpu"))
    assert opened == ["cpu"] and encode(pixels8, FEW).data == data and opened == ["cpu", "auto"]


def test_every_record_is_reported(pixels8):
    records = []
    encode(pixels8, FEW, report=records.append)
    assert [record.step for record in records[:5]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (np.zeros((4, 5, 2), np.uint8), r"got \(4, 5, 2\)"),
        (np.zeros((0, 5, 3), np.uint8), r"got \(0, 5, 3\)"),
        (np.zeros((4, 5)), r"got \(4, 5\)"),
        (np.zeros((4, 5, 3), np.int64), "got int64"),
        (np.full((4, 5, 3), 90.0), r"in \[0, 1\], got 90 to 90"),
        (np.full((4, 5, 3), np.nan), r"in \[0, 1\], got nan to nan"),
    ],
)
def test_arrays_that_are_no_pixels_are_refused(wrong, why):
    with pytest.raises(ValueError, match=why):
        encode(wrong, FEW)


def test_what_cannot_be_read_is_refused_in_one_line(tmp_path):
    for wrong in (lambda: encode(tmp_path / "none.png"), lambda: decode(tmp_path / "none.daub")):
        with pytest.raises(DaubError, match="there is no such file, check the name"):
            wrong()
    (tmp_path / "b.daub").write_bytes(b"DAUB\x09")
    with pytest.raises(DaubError, match=r"b\.daub cannot be decoded, its format version is 9"):
        decode(tmp_path / "b.daub")
    with pytest.raises(DaubError, match="the file cannot be decoded"):
        decode(b"")


def test_a_part_at_any_scale_is_that_of_the_whole(pixels8):
    encoded = encode(pixels8, FEW)
    for scale in (None, 0.5, 3):
        whole = decode(encoded, scale=scale)
        assert whole.shape == (round(48 * (scale or 1)), round(64 * (scale or 1)), 3)
        x, y, width, height = (round(number * (scale or 1)) for number in (10, 20, 24, 6))
        part = decode(encoded, scale=scale, region=(10, 20, 24, 6))
        assert np.array_equal(part, whole[y : y + height, x : x + width])
    by_size = decode(encoded, (192, 144), region=(10, 20, 24, 6))
    assert np.array_equal(by_size, decode(encoded, scale=3, region=(10, 20, 24, 6)))


def test_what_makes_no_sense_of_a_part_or_a_scale_is_refused(pixels8):
    encoded = encode(pixels8, FEW)
    with pytest.raises(DaubError, match=r"in the region 60,0,5,5, the picture has 64x48 pixels, choose a part of it"):
        decode(encoded, region=(60, 0, 5, 5), scale=4)
    with pytest.raises(ValueError, match="not both"):
        decode(encoded, (3, 4), scale=2)
