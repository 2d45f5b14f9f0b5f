"""What is done in the window and the same list of operations on the command line come to the same file, to the byte."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from restored_file import drawn

from daub.app.model.editing import canvas, changing, following
from daub.app.model.editing.refitting import What
from daub.app.model.picture.box import Box
from daub.app.model.picture.origin import FileOrigin
from daub.codec.editing import colours
from daub.codec.editing.shapes import Rectangle
from daub.codec.editing.to_file import grid_for, plain_file
from daub.codec.editing.transforms import Affine

WHERE = ("--select-rectangle", "12,8,24,20")


OPTIONS = {
    "canvas": ("--flip", "h", "--rotate", "90", "--crop", "4,6,30,34"),
    "move and delete": (*WHERE, "--move", "3,-2", "--select-rectangle", "0,0,10,30", "--delete"),
    "resize": ("--resize", "80x60"),
    "recolour": (*WHERE, "--hue", "60", "--strength", "0.7"),
    "fill": (*WHERE, "--fill"),
}
# In a process of its own: the windows of these tests have pretended encoders.
_PROGRAM = """
import json, sys
from daub.app.cli.main import main
sys.exit(sum(main(["edit", *options, "--device", "cpu", "--quiet"]) for options in json.loads(sys.argv[1])))
"""


@pytest.fixture(scope="module")
def edited(tmp_path_factory) -> Path:
    """A folder with a .daub of 40 Gaussians, an image of its size, and what the command line makes of both."""
    folder, drawing = tmp_path_factory.mktemp("edited"), drawn()
    (folder / "spots.daub").write_bytes(plain_file(drawing, grid_for(drawing, quality=70)))
    noise = np.random.default_rng(0).integers(0, 255, (drawing.height, drawing.width, 3), np.uint8)
    PIL.Image.fromarray(noise).save(folder / "source.png")
    spots = str(folder / "spots.daub")
    commands = [(spots, str(folder / f"{name}.daub"), *options) for name, options in OPTIONS.items()]
    refit = ("--refit", f"{folder / 'source.png'},6", "--select-all")
    commands.append((spots, str(folder / "refit.npz"), *WHERE, *refit))
    subprocess.run([sys.executable, "-c", _PROGRAM, json.dumps(commands)], check=True, timeout=400)
    return folder


@pytest.fixture
def spots(desk, edited, monkeypatch) -> Path:
    """The .daub is open, and edited files are made at once."""
    monkeypatch.setattr(following, "IDLE", 0.1)
    path = edited / "spots.daub"
    desk.open(path)
    desk.bench.editing.begin()
    return path


def crop_and_turn(desk) -> None:
    canvas.flip_horizontally(desk.bench.editing)
    canvas.turn(desk.bench.editing, -1)
    canvas.crop(desk.bench.editing, Box(4, 6, 34, 40))


def move_and_delete(desk) -> None:
    editing = desk.bench.editing
    editing.select_shape(Rectangle(12, 8, 24, 20))
    changing.transform(editing, Affine.translation(3, -2), "moving")
    editing.select_shape(Rectangle(0, 0, 10, 30))
    changing.delete(editing)


def recolour(desk) -> None:
    desk.bench.editing.select_shape(Rectangle(12, 8, 24, 20))
    desk.bench.recolouring.map(colours.hue_turned(60))
    desk.bench.recolouring.keep()
    desk.until(lambda: not desk.bench.pending.is_busy, seconds=240)
    desk.bench.recolouring.strengthen(0.7)
    desk.bench.recolouring.keep()
    desk.until(lambda: not desk.bench.pending.is_busy, seconds=240)


def fill(desk) -> None:
    desk.bench.editing.select_shape(Rectangle(12, 8, 24, 20))
    desk.bench.refitting.start(What.FILL)
    desk.until(lambda: not desk.bench.refitting.is_on, seconds=240)


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("canvas", crop_and_turn),
        ("move and delete", move_and_delete),
        ("resize", lambda desk: canvas.resize(desk.bench.editing, 80, 60)),
        ("recolour", recolour),
        ("fill", fill),
    ],
)
def test_edits_come_to_the_same_bytes(desk, spots, name: str, by_hand: Callable):
    by_hand(desk)
    session = desk.bench.editing.session
    desk.until(lambda: session.file.made is not None, seconds=240)
    assert session.file.made.data == spots.with_name(f"{name}.daub").read_bytes() != spots.read_bytes()


def test_refits_come_to_the_same_gaussians(desk, spots):
    """Beside its source the window rounds towards that, which the command line has not."""
    desk.bench.sources.add([FileOrigin(spots.with_name("source.png"))])
    desk.until(lambda: desk.bench.sources.reference.picture is not None)
    desk.bench.editing.select_shape(Rectangle(12, 8, 24, 20))
    desk.bench.refitting.add_more(6)
    desk.bench.refitting.start(What.REFIT)
    desk.until(lambda: not desk.bench.refitting.is_on, seconds=240)
    with np.load(spots.with_name("refit.npz")) as arrays:
        assert len(arrays["parameters"]) == 46
        np.testing.assert_array_equal(desk.bench.editing.population.gaussians.parameters, arrays["parameters"])
