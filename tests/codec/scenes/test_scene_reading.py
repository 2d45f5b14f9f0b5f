"""How far the reading of a scene is, and giving it up."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from random_splats import scene

from daub.codec.scenes import reading
from daub.codec.scenes.coding import payload, scene_file
from daub.codec.scenes.coding.symbols import box_of, classes_of, quantise
from daub.codec.scenes.formats import ply_header, spz
from daub.codec.scenes.scene_files import read_scene, write_scene
from daub.render.splats.splats import HARMONICS


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


@pytest.mark.parametrize("version", [3, 4])
def test_the_planes_of_an_spz_are_told_of(tmp_path, monkeypatch, version):
    monkeypatch.setattr(spz, "_AT_ONCE", 4096)
    write_scene(scene(0, 600, 1), tmp_path / "a.spz", spz_version=version)
    shares = []
    found = read_scene(tmp_path / "a.spz", shares.append)
    assert len(found.splats) == 600 and shares == sorted(shares)
    assert len([share for share in shares if 0.3 < share < 0.95]) >= 5


def coded(count):
    """A scene as the integers of a file."""
    splats = scene(0, count, 1)
    return quantise(splats, classes_of(np.ones((count, 2)), 0.1), box_of(splats, 0.01, 4))


def test_a_daub_tells_how_many_gaussians_are_decoded(tmp_path, monkeypatch):
    """Asked every 50 ms, which is longer than a small scene takes: here the kernel waits until it has been."""
    decode, asked = payload._decode, threading.Event()

    def decode_and_wait(*given):
        found = decode(*given)
        assert asked.wait(60)
        return found

    def told(share):
        shares.append(share)
        if share > 0.5:
            asked.set()

    monkeypatch.setattr(payload, "_decode", decode_and_wait)
    (tmp_path / "a.daub").write_bytes(scene_file.write(coded(600)))
    shares = []
    assert len(read_scene(tmp_path / "a.daub", told).splats) == 600
    assert shares == sorted(shares) and shares[-1] == 1
    decoded = 0.95 * (0.05 + 0.95 * 0.8 * 512 / 600)  # 256 at a time
    assert any(share == pytest.approx(decoded) for share in shares)


def test_a_kernel_whose_outcome_nobody_wants_is_told_to_end():
    stopped = threading.Event()

    def kernel(counts):
        counts[reading.COUNT] = 30
        while not counts[reading.STOPS]:
            stopped.wait(0.001)
        stopped.set()

    def no_more(share):
        assert share == 0.3
        raise NotWanted

    with pytest.raises(NotWanted), reading.telling(no_more):
        reading.counted(kernel, 100)
    assert stopped.wait(60)


def test_decoding_ends_where_it_is_told_to():
    symbols = coded(600)
    content = payload.write(symbols).content
    flags, count, depth, floor, _, stream = payload._read_head(content, "it")
    for stops in (0, 1):
        table = payload._decode(
            stream, count, depth, -floor, HARMONICS[flags & 7], symbols.table.shape[1], np.array([0, stops])
        )[2]
        assert table.any() != stops


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
