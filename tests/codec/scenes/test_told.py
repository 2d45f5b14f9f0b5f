"""Whether a file is a scene is told by its name, and by the tags of a .daub."""

from __future__ import annotations

import os
import threading

import pytest

from daub.codec.container.chunks import Chunk, file_of
from daub.codec.scenes.told import is_scene


@pytest.mark.parametrize(
    "name", ["a.ply", "A.PLY", "b.compressed.ply", "c.spz", "d.sog", "e.glb", "f.splat", "g.ksplat"]
)
def test_by_its_name(name, tmp_path):
    assert is_scene(tmp_path / name)


def test_by_its_tags(tmp_path):
    path = tmp_path / "a.daub"
    path.write_bytes(file_of([Chunk(b"x", bytes(70_000)), Chunk(b"y", b""), Chunk(b"S", b"what it is made of")]))
    assert is_scene(path)
    path.write_bytes(file_of([Chunk(b"x", b"1"), Chunk(b"H", b"12"), Chunk(b"G", b"a picture")]))
    assert not is_scene(path)


@pytest.mark.parametrize("data", [b"", b"DAUB", b"DAUB\x02", b"DAUB\x02x", b"DAUB\x02x\xff\xff\xff\xff\xff\xff", b"S"])
def test_what_is_cut_short_is_none(data, tmp_path):
    path = tmp_path / "a.daub"
    path.write_bytes(data)
    assert not is_scene(path)


def test_others_are_none_and_a_folder_is_one_by_what_is_in_it(tmp_path):
    assert not is_scene(tmp_path / "photo.png") and not is_scene(tmp_path / "nothing.daub") and not is_scene(tmp_path)
    (tmp_path / "meta.json").write_text("{}")
    assert is_scene(tmp_path) and is_scene(tmp_path / "meta.json") and not is_scene("a\0b.daub")


def test_a_pipe_is_none_and_is_not_waited_for(tmp_path):
    pipe, told = tmp_path / "pipe.daub", []
    os.mkfifo(pipe)
    asking = threading.Thread(target=lambda: told.append(is_scene(pipe)), daemon=True)
    asking.start()
    asking.join(10)
    assert told == [False]
