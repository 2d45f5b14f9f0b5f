"""A thing that was cut from one picture is laid over another: it looks as it did, whatever was there."""

from __future__ import annotations

import io

import numpy as np
import pytest
from strokes_made import made, picture

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.editing.clipboard import packed, thing_of, unpacked
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.shapes import Rectangle
from daub.codec.errors import DaubError
from daub.render.gaussians import Gaussians

SPOT = Rectangle(15, 19, 11, 11)  # around that of the file of `brushing`, which is red on grey


@pytest.fixture
def editing(brushing, desk):
    """With that spot on the clipboard."""
    desk.bench.editing.select_shape(SPOT)
    BY_NAME["copy_decoded"].run(desk.bench)
    return desk.bench.editing


def at(desk, column: int, row: int) -> np.ndarray:
    return np.clip(picture(desk)[row, column], 0, 1)


def test_it_covers_what_is_there_with_its_middle_under_the_pointer(editing, desk):
    spot, beside = at(desk, 20, 24), at(desk, 46, 30)
    ground = Gaussians.build([[46, 30]], [np.eye(2) * 60], [[-0.2, 0.5, 0.2]])  # a green one, where it goes
    desk.host.copied, kept = packed(Drawing(ground, 64, 48)), desk.host.copied
    BY_NAME["paste"].run(desk.bench)
    assert np.abs(at(desk, 46, 30) - beside).max() > 0.3
    off = np.abs(at(desk, 46, 30) - spot).max()
    far, position = at(desk, 8, 8), desk.workspace.history.position
    desk.host.copied = kept
    desk.bench.view.pixel = (46, 30)
    BY_NAME["paste_over"].run(desk.bench)
    made(desk)
    assert np.abs(at(desk, 46, 30) - spot).max() < 0.3 * off  # by one Gaussian, as the spot is
    assert np.abs(at(desk, 8, 8) - far).max() < 0.02
    assert desk.workspace.history.position == position + 1
    assert desk.workspace.history.undo_label.endswith(" over the picture")
    chosen = editing.population.gaussians.mean[editing.population.selected]
    assert len(chosen) and np.hypot(*(chosen - [46, 30]).T).max() < 12
    desk.workspace.undo()
    assert np.abs(at(desk, 46, 30) - spot).max() > 0.2


def test_without_a_pointer_it_goes_where_it_was(editing, desk):
    spot = at(desk, 20, 24)
    editing.select(np.ones(len(editing.population), bool))
    BY_NAME["delete_gaussians"].run(desk.bench)
    assert at(desk, 20, 24).max() == 0
    BY_NAME["paste_over"].run(desk.bench)
    made(desk)
    assert np.abs(at(desk, 20, 24) - spot).max() < 0.3  # by one Gaussian
    assert at(desk, 50, 10).max() < 0.02  # nothing came along from beside it


def test_without_a_shape_it_is_what_is_seen_where_they_are(brushing, desk):
    editing = desk.bench.editing
    editing.begin()
    editing.select(np.array([True, False]))
    spot = at(desk, 20, 24)
    BY_NAME["copy_decoded"].run(desk.bench)
    thing = thing_of(desk.host.copied)
    assert thing.region is None and thing.chosen.tolist() == [True, False] and thing.middle == (20.0, 24.0)
    desk.bench.view.pixel = (46, 30)
    BY_NAME["paste_over"].run(desk.bench)
    made(desk)
    assert np.abs(at(desk, 46, 30) - spot).max() < 0.1  # with the grey beneath it, which is no selected one


def npz_of(**arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


_ONE, _REGION = np.zeros((1, 8), np.float32), np.ones((4, 5), bool)
_THING = {"around": _ONE, "corner": np.array([0, 0]), "box": np.array([5, 4]), "region": _REGION}
_CHOSEN = {**_THING, "chosen": np.ones(2, bool)}
del _CHOSEN["region"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"PK\x03\x04 and no more", npz_of(size=np.array([4, 4])), npz_of(parameters=_ONE), npz_of(**_CHOSEN),
        npz_of(parameters=np.full((1, 8), np.nan, np.float32), size=np.array([4, 4])),
        npz_of(parameters=np.zeros((1, 7), np.float32), size=np.array([4, 4])),
        npz_of(parameters=_ONE, size=np.array([4, -4])), npz_of(parameters=_ONE, size=np.array([1 << 20, 1 << 20])),
        npz_of(parameters=_ONE, size=np.array([4.0, np.nan])),
        npz_of(**_THING | {"region": _REGION.astype(np.uint8)}), npz_of(**_THING | {"region": ~_REGION}),
        npz_of(**_THING | {"region": _REGION.T}), npz_of(**_THING | {"corner": np.array([0, 1 << 40])}),
        npz_of(**_THING | {"box": np.array([4])}), npz_of(parameters=np.array([object()]), size=np.array([4, 4])),
    ],
)  # fmt: skip
def test_whatever_else_lies_on_the_clipboard_is_told_in_a_line(data):
    with pytest.raises(DaubError, match="nothing can be pasted, the clipboard holds no Gaussians"):
        thing_of(data)


def test_a_thing_is_the_same_after_the_clipboard(editing, desk):
    thing = thing_of(desk.host.copied)
    assert thing.region.sum() == 121 and thing.middle == (20.0, 24.0)
    assert np.array_equal(unpacked(desk.host.copied).parameters, editing.population.picked().gaussians.parameters)
    with pytest.raises(DaubError):
        unpacked(npz_of(**_THING))
