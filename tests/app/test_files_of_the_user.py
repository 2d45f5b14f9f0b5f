"""Every road on which Daub reads a file that the user names has the same guards."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from stages import golden

from daub.app.model.picture.origin import FileOrigin
from daub.app.model.picture.picture import open_picture
from daub.app.tasks.describing import describe
from daub.app.tasks.reading import decode_file, open_image
from daub.codec import images
from daub.codec.container import limits
from daub.codec.errors import DaubError
from daub.codec.evaluation import rd_table
from daub.codec.profiles import profile_file
from daub.render.cpu.backend import CpuRasteriser

ROADS = {
    "info": (describe, ".daub"),
    "decode": (lambda name: decode_file(name, CpuRasteriser()), ".daub"),
    "window, .daub": (lambda name: open_picture(FileOrigin(Path(name))), ".daub"),
    "window, image": (lambda name: open_picture(FileOrigin(Path(name))), ".png"),
    "images": (images.load, ".png"),
    "profile": (profile_file.load_profile, ".toml"),
    "measurements": (rd_table.read_csv, ".csv"),
}
roads = pytest.mark.parametrize("read, suffix", ROADS.values(), ids=ROADS)


@roads
@pytest.mark.timeout(30)
def test_folders_pipes_and_odd_names_are_refused_in_one_line(read, suffix, tmp_path):
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    for name, why in [
        (f"pipe{suffix}", "it is not an ordinary file, choose a"),
        (f"folder{suffix}", "it is a folder, choose a"),
        (f"absent{suffix}", "there is no such file, check the name"),
        (f"a\0b{suffix}", "embedded null byte, check the name"),
    ]:
        with pytest.raises(DaubError) as refused:
            read(str(tmp_path / name))
        assert why in str(refused.value) and "\n" not in str(refused.value) and "\0" not in str(refused.value)


@roads
def test_what_may_not_be_read_is_refused_in_one_line(read, suffix, tmp_path, monkeypatch):
    (tmp_path / f"file{suffix}").touch()

    def forbidden(*_, **__):  # tests may run as root, whom nothing stops
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", forbidden)
        with pytest.raises(DaubError, match="permission denied, choose a file you may read"):
            read(str(tmp_path / f"file{suffix}"))


@pytest.mark.parametrize("road", ["info", "decode", "window, .daub", "profile", "measurements"])
def test_what_is_far_too_large_is_refused_unread(road, tmp_path):
    read, suffix = ROADS[road]
    with open(tmp_path / f"huge{suffix}", "wb") as file:
        file.truncate(limits.LARGEST_FILE + 1)  # of holes: it takes no room on the disk
    with pytest.raises(DaubError, match=r"it is larger than \d+ MB, check that it is the right file"):
        read(str(tmp_path / f"huge{suffix}"))


def test_what_is_right_is_read_on_every_road(tmp_path):
    (tmp_path / "a.daub").write_bytes(golden("photo"))
    Image.new("RGB", (6, 4), "teal").save(tmp_path / "a.png")
    (tmp_path / "a.toml").write_text('base = "native"')
    rd_table.write_csv([rd_table.RdRow("JPEG", "a.png", 50, 100, 1.0, 30.0, 0.9, 0.1, 0.1)], str(tmp_path / "a.csv"))
    for read, suffix in ROADS.values():
        read(str(tmp_path / f"a{suffix}"))


@pytest.mark.parametrize("name", ["photo.png", "photo"])
def test_a_daub_is_one_by_any_name(name, tmp_path):
    """For the window and for `compare`, as for `info` and `decode`, which ask for nothing else."""
    path = tmp_path / name
    path.write_bytes(golden("photo"))
    said = describe(str(path))
    picture = open_picture(FileOrigin(path))
    assert picture.document is not None and (picture.width, picture.height) == (said.width, said.height)
    opened = open_image(str(path), SimpleNamespace(rasteriser=CpuRasteriser()))
    assert opened.pixels.shape == (said.height, said.width, 3)
