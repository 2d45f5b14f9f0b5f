"""How far the reading of a scene is, and giving it up."""

from __future__ import annotations

import pytest
from random_splats import scene

from daub.codec.scenes import reading
from daub.codec.scenes.formats import ply_header
from daub.codec.scenes.scene_files import read_scene, write_scene


class NotWanted(Exception):
    pass


@pytest.mark.parametrize("name", ["a.ply", "a.sog", "a.glb", "a.compressed.ply", "a.spz"])
def test_shares_rise_to_all_of_it(tmp_path, monkeypatch, name):
    monkeypatch.setattr(reading, "_PIECE", 4096)
    monkeypatch.setattr(ply_header, "_ROWS_AT_ONCE", 64)
    path = tmp_path / name
    write_scene(scene(0, 600, 1), path)
    shares = []
    found = read_scene(path, shares.append)
    assert len(found.splats) == 600
    assert shares == sorted(shares) and shares[-1] == 1 and shares[0] < 0.3
    within = [share for share in shares if 0.3 < share < 0.95]
    assert len(within) >= {"a.ply": 15, "a.sog": 5, "a.compressed.ply": 0, "a.spz": 0}.get(name, 0)


def test_it_is_given_up_in_the_midst(tmp_path, monkeypatch):
    monkeypatch.setattr(ply_header, "_ROWS_AT_ONCE", 64)
    path = tmp_path / "a.ply"
    write_scene(scene(0, 600), path)
    shares = []

    def until_half(share):
        shares.append(share)
        if share > 0.5:
            raise NotWanted

    with pytest.raises(NotWanted):
        read_scene(path, until_half)
    assert shares[-1] < 0.9
    count = len(shares)
    assert len(read_scene(path).splats) == 600 and len(shares) == count  # nobody is told any more
