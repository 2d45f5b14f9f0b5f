"""Scenes as integers: within the steps of their classes, through the file, and no damaged file does harm."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from gaussian_scenes import covariances, some_splats

from daub.codec.container.chunks import Chunk, file_of
from daub.codec.errors import DaubError
from daub.codec.scenes.coding import scene_file, steps
from daub.codec.scenes.coding.attributes import COLOUR_CLASS, SHAPE_CLASS
from daub.codec.scenes.coding.symbols import MOST_OPAQUE, SceneSymbols, box_of, classes_of, quantise
from daub.codec.scenes.scene_files import read_scene
from daub.render.splats.splats import Splats

RESOLUTION = 0.004


def _symbols(count: int = 400, degree: int = 0, fine: int = 0, depth: int = 4, seed: int = 0) -> SceneSymbols:
    """Of classes from `fine` on."""
    splats = some_splats(count, degree, seed)
    classes = np.random.default_rng(seed).integers(fine, max(fine + 1, steps.CLASSES // 2), (count, 2))
    return quantise(splats, classes, box_of(splats, RESOLUTION, depth))


def _ordered(splats: Splats, symbols: SceneSymbols) -> Splats:
    """In the order of the symbols: each by the nearest mean."""
    means = symbols.splats().means
    return splats.take(np.argmin(np.linalg.norm(splats.means[None] - means[:, None], axis=2), axis=1))


@pytest.mark.parametrize("degree", range(5))
def test_fine_classes_keep_nearly_everything(degree):
    splats = some_splats(300, degree)
    symbols = quantise(splats, np.full((300, 2), 12), box_of(splats, RESOLUTION, 5))
    found, wanted = symbols.splats(), _ordered(splats, symbols)
    assert found.degree == degree and len(set(map(tuple, wanted.means))) == 300
    deviations = np.exp(wanted.log_scales).min(axis=1)
    assert (np.linalg.norm(found.means - wanted.means, axis=1) < 0.01 * (deviations + RESOLUTION)).all()
    np.testing.assert_allclose(found.opacity, np.minimum(wanted.opacity, MOST_OPAQUE), rtol=2e-3)
    np.testing.assert_allclose(found.dc, wanted.dc, atol=4e-3)
    np.testing.assert_allclose(found.sh, wanted.sh, atol=5e-3)
    # Thinner than the resolution is not told apart.
    blur = RESOLUTION**2 * np.eye(3)
    exact, coarse = covariances(wanted) + blur, covariances(found) + blur
    whitened = np.linalg.inv(np.linalg.cholesky(exact))
    off = whitened @ (coarse - exact) @ whitened.transpose(0, 2, 1)
    assert np.abs(off).max() < 0.02


def test_each_class_is_as_coarse_as_it_says():
    splats = some_splats(2000)
    colours = []
    for number in range(6):
        symbols = quantise(splats, np.full((2000, 2), number), box_of(splats, RESOLUTION, 4))
        wanted = splats.take(_order_of_cells(splats, symbols))
        colours.append(np.abs(symbols.splats().colour - wanted.colour).max())
    steps_of = steps.COLOUR[:6] / steps.UNIT
    assert (np.array(colours) <= steps_of).all() and (np.array(colours) > steps_of / 3).all()
    assert steps_of[3] * 2 == steps_of[2]


def _order_of_cells(splats: Splats, symbols: SceneSymbols) -> np.ndarray:
    """As `quantise` sorts them."""
    from daub.codec.scenes.coding.octree import morton_codes

    box = symbols.box
    inside = (splats.means.astype(np.float64) - box.origin) / float(box.side) * 2**box.depth
    cells = np.clip(np.floor(inside), 0, 2**box.depth - 1).astype(np.int64)
    return np.argsort(morton_codes(cells), kind="stable")


@pytest.mark.parametrize(
    ("degree", "depth", "antialiased"), [(0, 0, False), (1, 3, True), (3, 9, False), (4, 20, False)]
)
def test_a_file_is_read_as_it_was_written(degree, depth, antialiased):
    symbols = _symbols(300, degree, depth=depth)
    symbols = replace(symbols, antialiased=antialiased)
    data = scene_file.write(symbols)
    found = scene_file.read(data)
    for name in ("leaves", "counts", "table", "levels"):
        np.testing.assert_array_equal(getattr(found, name), getattr(symbols, name), name)
    assert (found.degree, found.antialiased) == (degree, antialiased) and found.box.depth == depth
    assert found.box.floor == symbols.box.floor and found.box.side == symbols.box.side
    assert scene_file.read_head(data) == (300, degree)
    assert scene_file.write(found) == data


def test_the_front_door_of_scenes_opens_it(tmp_path):
    symbols = _symbols()
    (tmp_path / "a.daub").write_bytes(scene_file.write(symbols))
    scene = read_scene(tmp_path / "a.daub")
    np.testing.assert_array_equal(scene.splats.means, symbols.splats().means)
    assert scene.format == "Daub"


def test_many_alike_take_fewer_bytes_than_a_reader_believes():
    alike = Splats.build(np.zeros((4000, 3)), np.ones((4000, 3)), np.full(4000, 0.5), np.full((4000, 3), 0.5))
    symbols = quantise(alike, np.full((4000, 2), 4), box_of(alike, 0.1, 0))
    data = scene_file.write(symbols)
    assert len(scene_file.read(data)) == 4000 and len(data) < 1000


def test_one_gaussian_and_extreme_ones_have_a_file():
    one = some_splats(1)
    assert len(scene_file.read(scene_file.write(quantise(one, np.full((1, 2), 5), box_of(one, 1.0, 3))))) == 1
    odd = some_splats(50)
    odd.log_scales[:10, 0], odd.log_scales[10:20] = -np.inf, 9
    odd.logits[:5], odd.logits[5:10] = np.inf, -30
    odd.means[20] = 1e6
    odd.dc[21] = -40
    symbols = quantise(odd, np.full((50, 2), 6), box_of(odd, RESOLUTION, 12))
    found = scene_file.read(scene_file.write(symbols))
    np.testing.assert_array_equal(found.table, symbols.table)
    splats = found.splats()
    assert all(
        np.isfinite(a).all() for a in (splats.means, splats.log_scales, splats.rotations, splats.logits, splats.dc)
    )


def test_what_is_beyond_the_format_is_brought_within():
    odd = some_splats(30, 1)
    odd.dc[0], odd.sh[1], odd.log_scales[2] = 2e4, -3e7, 50
    symbols = quantise(odd, np.full((30, 2), 12), box_of(odd, RESOLUTION, 4))
    found = scene_file.read(scene_file.write(symbols))
    np.testing.assert_array_equal(found.table, symbols.table)
    assert np.abs(found.splats().colour).max() > 10


def test_classes_follow_energies():
    found = classes_of(np.array([[1, 1], [4, 0.25], [0, 1e30]]) * 0.02**2, 0.02)
    first = steps.FIRST
    assert found.tolist() == [[first, first], [first + 1, first - 1], [0, steps.CLASSES - 1]]


def test_a_file_of_another_kind_says_so(tmp_path):
    from daub.codec.container import read

    with pytest.raises(DaubError, match="it holds a 3D scene and no picture"):
        read(scene_file.write(_symbols(20)))
    with pytest.raises(DaubError, match="it holds a picture and no scene"):
        scene_file.read(file_of([Chunk(b"H", b"\1\1\0\0\0"), Chunk(b"G", b"\0")]))
    with pytest.raises(DaubError, match="follow its end"):
        scene_file.read(scene_file.write(_symbols(20)) + b"x")


@pytest.mark.parametrize("change", [
    (0, b"\x10", "flags"), (0, b"\x07", "flags"), (1, b"\xff\xff\x7f", "cannot hold"), (2, b"\x15", "box"),
])  # fmt: skip
def test_a_header_that_lies_is_refused(change):
    at, new, why = change
    symbols = _symbols(20, depth=3)
    content = bytearray(file_of([]) and _content(symbols))
    content[at : at + 1] = new
    with pytest.raises(DaubError, match=why):
        scene_file.read(file_of([Chunk(b"S", bytes(content))]))


def _content(symbols: SceneSymbols) -> bytes:
    from daub.codec.scenes.coding import payload

    return payload.write(symbols).content


def test_mutated_files_are_refused_or_read_and_quickly():
    """Whatever the stream says, decoding ends, and what it gives can be drawn."""
    rng = np.random.default_rng(3)
    content = _content(_symbols(200, 1, depth=5))
    refused, slowest = 0, 0.0
    for _ in range(300):
        broken = bytearray(content)
        for _ in range(rng.integers(1, 4)):
            broken[rng.integers(len(broken))] = rng.integers(256)
        if rng.random() < 0.3:
            broken = broken[: rng.integers(8, len(broken))]
        start = time.process_time()
        try:
            splats = scene_file.read(file_of([Chunk(b"S", bytes(broken))])).splats()
            assert np.isfinite(splats.means).all() and np.isfinite(splats.rotations).all()
        except DaubError:
            refused += 1
        slowest = max(slowest, time.process_time() - start)
    assert 50 < refused < 300 and slowest < 10


def test_columns_of_classes_are_what_they_were_given():
    symbols = _symbols(100, fine=3)
    assert symbols.table[:, [COLOUR_CLASS, SHAPE_CLASS]].min() == 3
