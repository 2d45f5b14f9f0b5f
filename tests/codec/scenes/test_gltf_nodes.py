"""Gaussians of a glTF stand where its nodes put them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from random_splats import scene

from daub.codec.scenes.axes import Y_UP, reflected
from daub.codec.scenes.claims import Refused
from daub.codec.scenes.formats import gltf, gltf_writer
from daub.codec.scenes.formats.gltf_nodes import placements
from daub.codec.scenes.placing import placed, turned_harmonics
from daub.codec.scenes.rotations import rotations
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import render
from daub.render.splats.splats import Splats

HALF = 0.5**0.5  # of a quarter turn


def file_with(splats: Splats, change) -> bytes:
    """A .glb of Gaussians whose document has been changed by hand."""
    data = b"".join(gltf_writer.pieces(splats))
    length = int.from_bytes(data[12:16], "little")
    document = json.loads(data[20 : 20 + length])
    change(document)
    text = json.dumps(document).encode()
    return data[:12] + len(text).to_bytes(4, "little") + data[16:20] + text + data[20 + length :]


def with_nodes(splats: Splats, nodes: list, roots=(0,)) -> tuple[Splats, tuple[str, ...]]:
    return gltf.read(file_with(splats, lambda document: document.update(nodes=nodes, scenes=[{"nodes": list(roots)}])))


def covariances(splats: Splats) -> np.ndarray:
    roots = rotations(splats.rotations) * np.exp(splats.log_scales.astype(np.float64))[:, None]
    return roots @ roots.swapaxes(1, 2)


def in_file(splats: Splats, matrix: np.ndarray, offset) -> tuple[np.ndarray, np.ndarray]:
    """Means and covariances of what a matrix in the axes of the file makes of Gaussians in ours."""
    flip = np.diag(Y_UP).astype(float)
    matrix = flip @ matrix @ flip
    return splats.means @ matrix.T + flip @ offset, matrix @ covariances(splats) @ matrix.T


def test_parents_turn_scale_and_move_what_is_below_them():
    splats = scene(0, 30)
    nodes = [
        {"children": [1], "translation": [1, 2, 3], "rotation": [0, 0, HALF, HALF]},
        {"children": [2], "scale": [2, 3, 0.5]},
        {"mesh": 0, "matrix": [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 5, 6, 7, 1]},
    ]
    found, remarks = with_nodes(splats, nodes)
    quarter = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]])  # about z, of the outermost and of the innermost
    stretch = np.diag([2, 3, 0.5])
    offset = quarter @ stretch @ [5, 6, 7] + [1, 2, 3]
    means, shapes = in_file(splats, quarter @ stretch @ quarter, offset)
    np.testing.assert_allclose(found.means, means, atol=1e-5)
    np.testing.assert_allclose(covariances(found), shapes, rtol=1e-4, atol=1e-6)
    assert remarks == ()  # there are no harmonics that could be stretched


@pytest.mark.parametrize("mirror", [1, -1])
def test_what_is_seen_turns_with_it(mirror):
    """A picture of a placed scene is that of the scene through a camera that was placed the other way."""
    splats = scene(1, 60, degree=4)
    turn, _ = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))
    turn *= mirror * np.sign(np.linalg.det(turn))
    offset, scale = np.array([0.5, -1, 2]), 1.5
    found = placed(splats, scale * turn, offset)
    seen = Camera.looking((0, 0, -4), (0, 0, 0), up=(0, -1, 0), width=48, height=40, vertical_fov=40)
    # R (s Q p + o) + T is s times R Q p + (R o + T) / s: the same picture, as depth scales with it.
    rotation, translation = seen.rotation @ turn, (seen.rotation @ offset + seen.translation) / scale
    before = Camera(48, 40, seen.fx, seen.fy, seen.cx, seen.cy, rotation, translation)
    wanted, got = render(splats, before), render(found, seen)
    assert wanted.std() > 0.1
    assert np.abs(got - wanted).max() < 2e-3 and np.abs(render(splats, seen) - wanted).max() > 0.1


def test_turning_and_turning_back_is_nothing():
    sh = scene(2, 20, degree=4).sh
    turn, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))
    there = turned_harmonics(sh, turn)
    assert np.abs(there - sh).max() > 0.1
    np.testing.assert_allclose(turned_harmonics(there, turn.T), sh, atol=1e-5)
    # A mirror by signs alone is exact elsewhere.
    np.testing.assert_allclose(
        turned_harmonics(sh, np.diag(Y_UP).astype(float)), reflected(scene(2, 20, degree=4), Y_UP).sh, atol=1e-5
    )


def test_harmonics_that_would_be_stretched_are_told_of():
    _, remarks = with_nodes(scene(3, 20, degree=2), [{"mesh": 0, "scale": [1, 1, 2]}])
    assert remarks == (
        "its nodes stretch Gaussians more one way than another: their harmonics are turned, not stretched",
    )
    _, remarks = with_nodes(scene(3, 20, degree=2), [{"mesh": 0, "scale": [2, 2, 2], "rotation": [0, HALF, 0, HALF]}])
    assert remarks == ()


def test_a_mesh_is_shown_as_often_as_nodes_of_the_scene_hold_it():
    splats = scene(4, 10)
    nodes = [{"mesh": 0}, {"mesh": 0, "translation": [10, 0, 0]}, {"mesh": 0, "translation": [99, 0, 0]}]
    found, _ = with_nodes(splats, nodes, roots=(0, 1))  # the third is in no scene
    assert found.means[:, 0].tolist() == pytest.approx([*splats.means[:, 0], *(splats.means[:, 0] + 10)])
    alone, _ = with_nodes(splats, [{"name": "a camera"}])  # no node holds it: it is shown where it stands
    np.testing.assert_array_equal(alone.means, splats.means)


def test_a_scale_of_nothing_makes_flat_ones():
    found, _ = with_nodes(scene(5, 10), [{"mesh": 0, "scale": [1, 0, 1]}])
    assert np.isneginf(found.log_scales.min(1)).all() or (found.log_scales.min(1) < -30).all()
    assert np.abs(found.means[:, 1]).max() == 0


@pytest.mark.parametrize(
    ("nodes", "line"),
    [
        ([{"mesh": 0, "translation": [1, 2]}], "no 3 numbers as translation"),
        ([{"mesh": 0, "scale": [1, "2", 3]}], "no 3 numbers as scale"),
        ([{"mesh": 0, "matrix": [1] * 16}], "no placement"),
        ([{"mesh": 0, "rotation": [0, 0, 0, 0]}], "no direction"),
        ([{"mesh": 0, "scale": [1e19, 1, 1]}], "no 3 numbers as scale"),
        ([{"children": [0], "mesh": 0}], "below itself"),
        ([{"children": [1, 1]}, {"mesh": 0}], "below two others"),
        ([{"children": [7]}], "not there"),
        ([{"children": [1], "scale": [1e10] * 3}, {"mesh": 0, "scale": [1e10] * 3}], "beyond what can be calculated"),
    ],
)
def test_nodes_that_lie_are_one_line(nodes, line):
    with pytest.raises(Refused, match=line):
        with_nodes(scene(6, 5), nodes)


def test_scenes_that_lie_are_one_line():
    for document in ({"scenes": [{}], "scene": 3}, {"scenes": [4], "scene": 0}):
        with pytest.raises(Refused, match="scenes that is not there"):
            list(placements(document))


def test_a_few_bytes_cannot_ask_for_any_number_of_gaussians(monkeypatch):
    splats = scene(7, 1000)
    monkeypatch.setattr("daub.codec.scenes.claims.MEMORY_LIMIT", 1_000_000, raising=True)
    with pytest.raises(Refused):
        with_nodes(splats, [{"mesh": 0}] * 100, roots=range(100))
