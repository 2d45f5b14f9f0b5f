"""Lists of operations: each does what its function does, and nonsense is refused in one line."""

import numpy as np
import PIL.Image
import pytest
from fitted_scene import CPU, HEIGHT, WIDTH, WIRE, distance, fitted, sky

from daub.codec.editing.operations import APPLY, applied, selected_only
from daub.codec.editing.script import read_script, steps_of
from daub.codec.editing.state import Tools
from daub.codec.editing.table import ENTRIES
from daub.codec.editing.to_file import grid_for, plain_file
from daub.codec.errors import DaubError

TOOLS = Tools(CPU)


def _after(*steps):
    return applied(fitted(), list(steps), TOOLS)


def _picture(state):
    return state.drawing.rendered(CPU)


def test_the_table_and_what_is_done_are_of_the_same_names():
    assert list(APPLY) == list(ENTRIES) and all(entry.help for entry in ENTRIES.values())


def test_operations_are_applied_in_their_order():
    before = fitted().rendered(CPU)
    state = _after(("rotate", "90"), ("flip", "h"), ("crop", "10,20,30,40"))
    np.testing.assert_allclose(_picture(state), np.rot90(before, -1)[:, ::-1][20:60, 10:40], atol=1e-3)
    other = _after(("flip", "h"), ("rotate", "90"), ("crop", "10,20,30,40"))
    assert distance(_picture(other), _picture(state)) > 5
    assert _after(("resize", "48x32")).drawing.size == (48, 32)


def test_selections_narrow_each_other_until_something_is_done():
    inside = _after(("select-rectangle", "0,0,48,64")).selected
    small = _after(("select-size", "..3")).selected
    both = _after(("select-rectangle", "0,0,48,64"), ("select-size", "..3")).selected
    assert (both == (inside & small)).all() and 0 < both.sum() < small.sum()
    anew = _after(("select-rectangle", "0,0,48,64"), ("strength", "1"), ("select-size", "..3")).selected
    assert (anew == small).all()
    assert (_after(("select-size", "..3"), ("select-invert", "")).selected == ~small).all()
    assert _after(("select-size", "..3"), ("select-all", "")).selected.all()
    assert _after(("select-size", "..3"), ("select-grow", "")).selected.sum() > small.sum()


def test_deletions_take_what_is_selected():
    gone = _after(("select-rectangle", "0,0,48,64"), ("delete-smaller", "2")).drawing
    first = _after(("select-rectangle", "0,0,48,64"), ("select-size", "..1.9999")).selected
    assert len(gone) == len(fitted()) - first.sum()
    assert len(_after(("delete", "")).drawing) == 0


def test_gestures_move_only_what_is_selected():
    state = _after(("select-rectangle", "0,0,48,64"), ("move", "3,-2"))
    moved = state.drawing.gaussians.mean - fitted().gaussians.mean
    np.testing.assert_allclose(moved[state.selected], np.tile([3, -2], (state.selected.sum(), 1)), atol=1e-4)
    assert not moved[~state.selected].any()
    twice = _after(("select-size", "..3"), ("turn", "90"), ("turn", "-90"), ("scale", "2"), ("scale", "0.5,0.5"))
    np.testing.assert_allclose(twice.drawing.gaussians.mean, fitted().gaussians.mean, atol=1e-3)
    copies = _after(("select-size", "..3"), ("duplicate", "5,5"))
    assert len(copies.drawing) == len(fitted()) + copies.selected.sum()


def test_colours_change_where_the_selection_is():
    before = fitted().rendered(CPU)
    grey = _picture(_after(("saturation", "0")))
    assert np.ptp(grey, axis=2).max() < 1e-3
    assert distance(_picture(_after(("light", "0.5"))), before / 2) < 0.1
    assert distance(_picture(_after(("hue", "360"))), before) < 0.1
    state = _after(("select-rectangle", "20,36,50,26"), ("recolour", "#c04020"))
    core = np.zeros((HEIGHT, WIDTH), bool)
    core[42:58, 28:62] = True
    after = _picture(state)
    assert np.abs(after[core].mean(0) * 255 - [192, 64, 32]).max() < 25
    far = np.zeros_like(core)
    far[:25] = True
    assert distance(after, before, far) < 3


def test_similar_colours_find_the_wire_and_a_fill_removes_it():
    state = _after(("select-colour", "#141414,0.2"), ("fill", ""))
    middle = np.zeros((HEIGHT, WIDTH), bool)
    middle[WIRE : WIRE + 2] = True
    assert distance(_picture(state), sky(False), middle) < 12 < distance(fitted().rendered(CPU), sky(False), middle)


def test_files_are_pasted_and_refitted_to(tmp_path):
    drawing = fitted()
    (tmp_path / "a,1.daub").write_bytes(plain_file(drawing, grid_for(drawing)))
    state = _after(("paste", f"{tmp_path}/a,1.daub,40,30,0.5"))
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[34:58, 45:83] = True
    wanted = np.asarray(PIL.Image.fromarray(np.uint8(255 * sky(True))).resize((48, 32), PIL.Image.Resampling.BOX))
    part = _picture(state)[30:62, 40:88]
    assert distance(part, np.float32(wanted / 255), inside[30:62, 40:88]) < 14
    assert state.selected.any() and len(selected_only(state)) == state.selected.sum() < len(state.drawing)
    PIL.Image.fromarray(np.uint8(np.rint(255 * sky(False)))).save(tmp_path / "sky.png")
    refitted = _after(("select-rectangle", "0,20,96,24"), ("refit", f"{tmp_path}/sky.png,20"))
    wire = np.zeros((HEIGHT, WIDTH), bool)
    wire[WIRE : WIRE + 2, 5:-5] = True
    assert len(refitted.drawing) == len(drawing) + 20 and distance(_picture(refitted), sky(False), wire) < 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("explode", "1"), ("crop", "1,2,3"), ("crop", "0,0,0,4"), ("crop", "200,0,5,5"), ("crop", "1.5,0,4,4"),
        ("resize", "0x4"), ("resize", "999999999x999999999"), ("flip", "x"), ("rotate", "45"), ("move", "1"),
        ("move", "nan,1"), ("scale", "0"), ("scale", "1,2,3"), ("turn", "inf"), ("recolour", "reddish"), ("hue", "a"),
        ("saturation", "-1"), ("light", "11"), ("strength", "1e9"), ("delete-smaller", "-2"), ("fill", ""),
        ("paste", "/no/such.daub"), ("paste", "a.daub,3"), ("paste", "a.daub,3,4,-1"), ("refit", "/no/such.png"),
        ("select-rectangle", "1"), ("select-polygon", "1,2 3"), ("select-stroke", "4"), ("select-stroke", "0 1,1"),
        ("select-size", "3"), ("select-size", "5..2"), ("select-colour", "red,2"), ("select-colour", "1,2"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_one_line(name, value):
    with pytest.raises(DaubError) as caught:
        _after((name, value))
    assert "\n" not in str(caught.value) and str(caught.value).count(", ") >= 2
    assert name == "explode" or str(caught.value).startswith(f"{name}: ")  # which of several it was


@pytest.mark.parametrize("colour", ["#202020", "32,32,32", "#202020,0.3", "32,32,32,0.3", "gray"])
def test_colours_are_written_as_people_write_them(colour):
    _after(("select-colour", colour))


def test_progress_rises_to_the_end():
    told = []
    tools = Tools(CPU, told.append)
    applied(fitted(), [("flip", "h"), ("select-rectangle", "5,5,20,20"), ("fill", "")], tools)
    assert told == sorted(told) and told[-1] == 1 and len(told) > 10


def test_a_script_is_the_same_as_its_options(tmp_path):
    script = tmp_path / "some.toml"
    script.write_text(
        '[[edit]]\nselect-rectangle = [10, 10, 40, 40]\nselect-size = "0..3"\ndelete = true\n'
        "[[edit]]\nselect-polygon = [[1, 2], [30, 4], [8, 40]]\nhue = 30\n[[edit]]\nrotate = 90\n"
    )
    assert read_script(script) == [
        ("select-rectangle", "10,10,40,40"), ("select-size", "0..3"), ("delete", ""),
        ("select-polygon", "1,2 30,4 8,40"), ("hue", "30"), ("rotate", "90"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        {}, {"edit": {}}, {"edit": [1]}, {"edit": [], "more": 1}, {"edit": [{"explode": 1}]},
        {"edit": [{"delete": "yes"}]}, {"edit": [{"crop": True}]}, {"edit": [{"crop": {}}]},
    ],
)  # fmt: skip
def test_scripts_that_are_none_are_refused(content):
    with pytest.raises(DaubError):
        steps_of(content)


def test_files_that_are_no_scripts_are_refused(tmp_path):
    for content in (b"[[edit", b"\xff\xfe", b""):
        (tmp_path / "bad.toml").write_bytes(content)
        with pytest.raises(DaubError):
            read_script(tmp_path / "bad.toml")
