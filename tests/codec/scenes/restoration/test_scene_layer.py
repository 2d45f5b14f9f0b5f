"""The chunk that restores a scene: there and back, damaged, and against a reading by FORMAT.md alone."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest
from random_splats import camera
from second_decoder import varint

from daub.codec.errors import DaubError
from daub.codec.restoration.layer import CodedResidual
from daub.codec.scenes.restoration.layer import (
    GuidedView,
    SceneLayer,
    check_views,
    error_of,
    read_layer,
    root_mean_square_of,
    stored,
)

RESIDUAL = CodedResidual(3, 1, b"a picture")
CAMERAS = (*(camera(turn=turn, off_centre=0.1) for turn in (0.4, 2.0, 4.5)), camera(80, 50, turn=3.0))
LAYER = SceneLayer(
    (GuidedView(CAMERAS[0], RESIDUAL), *map(GuidedView, CAMERAS[1:3]), GuidedView(CAMERAS[3], RESIDUAL)),
    rounds=5, structure=51, rate=32, network=0xDEADBEEF, error=-100,
)  # fmt: skip


def test_a_layer_comes_back():
    found = read_layer(LAYER.chunk().content)
    for name in ("rounds", "structure", "rate", "network", "error"):
        assert getattr(found, name) == getattr(LAYER, name)
    assert [view.residual for view in found.views] == [RESIDUAL, None, None, RESIDUAL]
    points = np.random.default_rng(0).normal(0, 0.5, (50, 3))
    for view, wanted in zip(found.views, LAYER.views, strict=True):
        assert (view.camera.width, view.camera.height) == (wanted.camera.width, wanted.camera.height)
        assert np.abs(view.camera.project(points) - wanted.camera.project(points))[:, :2].max() < 0.02
    without = replace(LAYER, network=None, error=0)
    assert read_layer(without.chunk().content).network is None
    assert len(without.chunk().content) == len(LAYER.chunk().content) - 5


def test_what_is_stored_is_stored_the_same_again():
    once = stored(CAMERAS)
    for a, b in zip(once, stored(once), strict=True):
        np.testing.assert_allclose(a.centre, b.centre, atol=1e-5)
        np.testing.assert_allclose(a.rotation, b.rotation, atol=1e-5)


def test_views_that_would_take_gigabytes_are_refused_by_both_sides():
    large = [replace(CAMERAS[0], width=1 << 13, height=1 << 13)] * 5
    with pytest.raises(DaubError, match="guided by so many views"):
        check_views(large)
    check_views(large[:4])
    views = tuple(map(GuidedView, large))
    with pytest.raises(DaubError, match="more than 268 megapixels"):
        read_layer(SceneLayer(views, 1, 0, 1).chunk().content)
    assert len(read_layer(SceneLayer(views[:4], 1, 0, 1).chunk().content).views) == 4


def test_the_error_is_told_to_a_twentieth():
    assert [root_mean_square_of(error_of(error)) / error for error in (1e-3, 0.02, 0.3)] == pytest.approx(
        [1, 1, 1], rel=0.05
    )


def read_by_the_specification(content: bytes):
    """Centres, rotations as quaternions and residuals, from FORMAT.md, "Restoration of scenes"."""
    flags, at = content[0], 1
    at += 5 if flags & 1 else 0
    rounds, structure, rate = content[at : at + 3]
    x, y, z, side = struct.unpack("<4f", content[at + 3 : at + 19])
    count, at = varint(content, at + 19)
    views = []
    for _ in range(count):
        kind, at = content[at], at + 1
        if kind & 1:
            width, at = varint(content, at)
            height, at = varint(content, at)
            lens, at = (width, height, *struct.unpack("<4f", content[at : at + 16])), at + 16
        centre = [
            o + side * i / 65535 for o, i in zip((x, y, z), struct.unpack("<3H", content[at : at + 6]), strict=True)
        ]
        largest = content[at + 6]
        others = [(2 * i / 65535 - 1) / 2**0.5 for i in struct.unpack("<3H", content[at + 7 : at + 13])]
        others.insert(largest, max(0, 1 - sum(v * v for v in others)) ** 0.5)
        at += 13
        residual = None
        if kind & 2:
            gain, halvings = content[at : at + 2]
            length, at = varint(content, at + 2)
            residual, at = CodedResidual(gain, halvings, content[at : at + length]), at + length
        views.append((lens, centre, others, residual))
    assert at == len(content)
    return rounds, structure, rate, views


def test_the_specification_reads_the_same():
    content = LAYER.chunk().content
    rounds, structure, rate, views = read_by_the_specification(content)
    layer = read_layer(content)
    assert (rounds, structure, rate) == (layer.rounds, layer.structure, layer.rate)
    for (lens, centre, (w, x, y, z), residual), view in zip(views, layer.views, strict=True):
        seen = view.camera
        assert lens == (seen.width, seen.height, seen.fx, seen.fy, seen.cx, seen.cy) and residual == view.residual
        np.testing.assert_allclose(seen.centre, centre, atol=1e-6)
        first_row = (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y))
        np.testing.assert_allclose(seen.rotation[0], first_row, atol=1e-5)


def test_a_layer_that_is_damaged_is_refused_in_one_line():
    content = bytearray(LAYER.chunk().content)
    for length in range(len(content)):
        with pytest.raises(DaubError):
            read_layer(bytes(content[:length]))
    with pytest.raises(DaubError, match="follow its end"):
        read_layer(bytes(content) + b"\0")
    rng = np.random.default_rng(0)
    for _ in range(500):
        changed = bytearray(content)
        for at in rng.integers(len(content), size=rng.integers(1, 4)):
            changed[at] = rng.integers(256)
        try:
            layer = read_layer(bytes(changed))
        except DaubError:
            continue
        for view in layer.views:
            assert np.isfinite(view.camera.rotation).all() and np.isfinite(view.camera.translation).all()
