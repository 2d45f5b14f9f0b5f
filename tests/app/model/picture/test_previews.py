"""A large image is seen small first: in the place of what is open, until the whole of it is there."""

from __future__ import annotations

import PIL.Image
import pytest
from hanging_reader import COMMAND, hangs

from daub.app.model.picture import image_reader
from daub.app.model.picture.origin import FileOrigin


@pytest.fixture
def large(tmp_path):
    """2304x2304 pixels."""

    def write(name: str):
        PIL.Image.new("RGB", (2304, 2304), (200, 30, 20)).save(tmp_path / name)
        return tmp_path / name

    return write


def seen(desk):
    """What is on side A, and the size of the picture on the screen."""
    a, b = desk.bench.comparison.sides
    return None if a is None else a.title, b, desk.bench.view.camera.image


def test_it_stands_in_for_what_is_being_read(desk, large, photo):
    desk.open(photo)
    previews, sides = [], []
    desk.workspace.previewed.connect(lambda preview: (previews.append(preview), sides.append(seen(desk))))
    desk.open(large("large.jpg"))
    assert [preview.pixels.shape for preview in previews] == [(576, 576, 3)]
    assert sides == [("large.jpg · preview", None, (576, 576))]
    assert seen(desk)[0] == "Source" and seen(desk)[2] == (2304, 2304)
    desk.open(photo)
    assert len(previews) == 1 and seen(desk)[2] == (12, 8), "a small one has none"


@pytest.mark.parametrize("with_another", [False, True], ids=["nothing open", "a picture open"])
def test_what_was_there_before_comes_back_where_it_is_given_up(desk, large, photo, monkeypatch, with_another):
    if with_another:
        desk.open(photo)
        desk.workspace.fitting.play_or_pause()
    before = seen(desk)
    monkeypatch.setattr(image_reader, "COMMAND", COMMAND)
    desk.workspace.opening._reader.give_up()
    path = large("hanging.jpg")
    desk.workspace.open(FileOrigin(path))
    desk.until(lambda: hangs(path) and desk.heard["previewed"])
    assert seen(desk) == ("hanging.jpg · preview", None, (576, 576)) and desk.bench.view.has_picture
    desk.bench.sources.pair.changed.emit()  # a fit goes on meanwhile
    assert seen(desk)[0] == "hanging.jpg · preview"
    desk.workspace.opening.cancel()
    assert seen(desk)[0] == before[0] and desk.bench.view.has_picture == with_another
    assert not with_another or seen(desk)[2] == (12, 8)
