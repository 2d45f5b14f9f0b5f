"""Opening that takes long: it is said, it can be given up, and the next one takes its place."""

from __future__ import annotations

import threading
import time

import pytest
from hanging_reader import COMMAND, hangs

from daub.app.model.commands import commands
from daub.app.model.picture import image_reader
from daub.app.model.picture.origin import FileOrigin

SANE = image_reader.COMMAND


@pytest.fixture
def hang(desk, draw, monkeypatch):
    """Opens a picture whose reader hangs by now, by that name."""
    monkeypatch.setattr(image_reader, "COMMAND", COMMAND)
    desk.workspace.opening._reader.give_up()  # the process of before

    def open_one(name: str):
        path = draw(name, 9)
        desk.workspace.open(FileOrigin(path))
        desk.until(lambda: hangs(path))
        return path

    return open_one


def until_no_load_is_left(desk):
    desk.until(lambda: not any(thread.name == "daub-alone" for thread in threading.enumerate()), 10)


@pytest.mark.parametrize("name", ["hanging.png", "deaf.png"])
def test_what_hangs_is_given_up_by_the_command_and_what_was_open_stays(desk, hang, photo, name):
    desk.open(photo)
    before, told = desk.workspace.picture, desk.heard["loading"]
    hang(name)
    assert told[-1] == name and desk.workspace.opening.is_reading
    cancel = commands.BY_NAME["cancel"]
    assert cancel.enabled(desk.bench) and cancel.words(desk.bench) == "Cancel opening"
    fitting = desk.workspace.fitting.is_under_way
    cancel.run(desk.bench)
    assert told[-1] == "" and not desk.workspace.opening.is_reading and desk.workspace.fitting.is_under_way == fitting
    until_no_load_is_left(desk)
    assert desk.workspace.picture is before and not desk.heard["failed"]
    assert cancel.words(desk.bench) == "Cancel"
    desk.open(photo.rename(photo.with_name("another.png")))
    assert desk.workspace.picture.name == "another.png"


def test_another_picture_takes_the_place_of_one_that_hangs(desk, hang, photo):
    hang("hanging.png")
    desk.open(photo)
    assert desk.heard["loading"][-3:] == ["hanging.png", "photo.png", ""]
    assert [picture.name for picture in desk.heard["opened"]] == ["photo.png"]
    until_no_load_is_left(desk)


def test_a_daub_takes_it_too_and_ends_the_reader(desk, hang, tmp_path):
    from large_file import bomb

    hang("hanging.png")
    (tmp_path / "a.daub").write_bytes(bomb(64, 9))
    desk.open(tmp_path / "a.daub")
    assert desk.workspace.picture.name == "a.daub"
    until_no_load_is_left(desk)


def test_a_background_that_is_given_up_is_said_to_be_the_old_one(desk, hang, draw, monkeypatch):
    path = draw("hanging.png", 9)
    monkeypatch.setattr(image_reader, "COMMAND", SANE)
    desk.open(path)
    desk.workspace.opening._reader.give_up()
    monkeypatch.setattr(image_reader, "COMMAND", COMMAND)
    old = desk.workspace.background_colour
    desk.workspace.opening.lay_on((0.0, 0.5, 1.0))
    desk.until(lambda: hangs(path))
    desk.workspace.opening.cancel()
    assert desk.heard["background_changed"][-1] == old == desk.workspace.background_colour
    until_no_load_is_left(desk)


@pytest.mark.parametrize("name", ["hanging.png", "deaf.png"])
def test_closing_returns_at_once(new_desk, draw, monkeypatch, name):
    monkeypatch.setattr(image_reader, "COMMAND", COMMAND)
    desk, path = new_desk(), draw(name, 9)
    desk.workspace.open(FileOrigin(path))
    desk.until(lambda: hangs(path))
    began = time.monotonic()
    desk.workspace.close()
    assert time.monotonic() - began < 1
    until_no_load_is_left(desk)


def test_what_hangs_in_the_window_itself_holds_up_nothing_else(new_desk, photo, monkeypatch):
    """A network disk that is gone: nobody can end that thread, but other pictures are opened, and all is closed."""
    from daub.app.model.workspace import opening

    go_on, read = threading.Event(), opening.open_picture

    def open_picture(origin, *given):
        if "gone" in origin.name:
            go_on.wait(60)
        return read(origin, *given)

    monkeypatch.setattr(opening, "open_picture", open_picture)
    desk = new_desk()
    for number in range(4):
        desk.workspace.open(FileOrigin(photo.with_name(f"gone{number}.png")))
    desk.open(photo)
    assert desk.workspace.picture.name == "photo.png"
    began = time.monotonic()
    desk.workspace.close()
    desk.workspace.finish_files()
    assert time.monotonic() - began < 1
    go_on.set()
    until_no_load_is_left(desk)
