"""The table of commands without a window: what can be done when, and that it is done."""

from __future__ import annotations

import pytest

from daub.app.model.commands.commands import BY_NAME, COMMANDS, GESTURES, MENUS, RAIL, TOOL_BAR
from daub.app.model.compare.modes import Mode
from daub.app.model.fit.state import Phase
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.view.chrome import Appearance
from daub.codec.goal import Goal
from daub.resources import ROOT


def can(bench, name: str) -> bool:
    return BY_NAME[name].enabled(bench)


def run(bench, name: str) -> None:
    assert can(bench, name), f"{name} cannot be called now"
    BY_NAME[name].run(bench)


def test_names_and_keys_are_given_once_and_everything_is_explained():
    assert len(BY_NAME) == len(COMMANDS) and {command.menu for command in COMMANDS} == set(MENUS)
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert {name for name in (*TOOL_BAR, *RAIL) if name not in "|>"} <= BY_NAME.keys()
    for command in COMMANDS:
        assert command.text[0].isupper() and "&" not in command.text
        assert not command.icon or (ROOT / "icons" / f"{command.icon}.svg").exists()
        assert not command.group or command.checked is not None
    assert all(key and what for key, what in GESTURES)


def test_of_every_group_exactly_one_is_on(desk, photo):
    groups = {command.group for command in COMMANDS if command.group}
    desk.open(photo)
    for command in (each for each in COMMANDS if each.group):
        command.run(desk.bench)
        for group in groups:
            on = [each.name for each in COMMANDS if each.group == group and each.checked(desk.bench)]
            assert len(on) == 1 and (group != command.group or on == [command.name])


def test_what_can_be_done_follows_the_work(desk, photo):
    fit = {"play", "step", "restart"}
    ends, exports, looks = (
        {"stop", "cancel"},
        {"export_daub", "export_png", "copy_decoded"},
        {"view_source", "split_left"},
    )
    changing = fit | ends | exports | looks | {"undo", "redo", "view_decoded"}

    def possible() -> set[str]:
        return {name for name in changing if can(desk.bench, name)}

    assert possible() == set()
    desk.open(photo)
    assert possible() == fit | ends | looks | {"view_decoded"}
    desk.finish()
    assert possible() == fit | exports | looks | {"view_decoded"}
    desk.workspace.change(seed=3)
    assert possible() >= {"undo"} | ends
    run(desk.bench, "undo")
    assert possible() >= {"redo"} and not can(desk.bench, "undo") and not can(desk.bench, "stop")


def test_no_gaussians_are_looked_at_in_an_empty_window(desk, photo):
    looks = ("show_centres", "show_ellipses", "show_filled", "pick")
    assert not any(can(desk.bench, name) for name in looks)
    desk.open(photo)
    assert all(can(desk.bench, name) for name in looks)


def test_undo_says_what_it_would_take_back(desk):
    words = BY_NAME["undo"].words
    assert words(desk.bench) == "Undo"
    desk.workspace.change(goal=Goal("quality", 70))
    assert words(desk.bench) == "Undo quality"
    run(desk.bench, "undo")
    assert BY_NAME["redo"].words(desk.bench) == "Redo quality"


def test_the_view_is_commanded(desk, photo):
    desk.open(photo)
    for name, mode in (("view_source", Mode.A), ("view_difference", Mode.DIFFERENCE), ("split_middle", Mode.SPLIT)):
        run(desk.bench, name)
        assert desk.bench.view.mode is mode
    zoom = desk.bench.view.camera.zoom
    run(desk.bench, "zoom_in")
    assert desk.bench.view.camera.zoom == pytest.approx(1.5 * zoom)
    run(desk.bench, "show_pixels")
    assert desk.bench.view.look.at_pixels and BY_NAME["show_pixels"].checked(desk.bench)
    for style in ("centres", "ellipses", "filled"):
        run(desk.bench, f"show_{style}")
        assert style in desk.bench.overlay.styles and BY_NAME[f"show_{style}"].checked(desk.bench)
    run(desk.bench, "appearance_dark")
    assert desk.bench.chrome.appearance is Appearance.DARK


def test_a_tab_of_the_strip_is_shown_folded_and_only_there_with_something_to_show(desk):
    chrome = desk.bench.chrome
    assert not can(desk.bench, "show_timeline")
    chrome.offer(tabs=["Timeline", "Log"])
    assert BY_NAME["show_timeline"].checked(desk.bench)
    run(desk.bench, "show_timeline")
    assert not chrome.strip and not BY_NAME["show_timeline"].checked(desk.bench)
    chrome.toggle_tab("Log")
    assert chrome.strip and chrome.tab == "Log"
    run(desk.bench, "show_timeline")
    assert chrome.strip and chrome.shows_tab("Timeline")


def test_what_is_offered_is_told_once(desk):
    told = []
    desk.bench.chrome.changed.connect(lambda: told.append(1))
    for _ in range(2):
        desk.bench.chrome.offer(pages=["Encode"])
    assert told == [1] and desk.bench.chrome.tabs == ()


def test_the_icon_of_play_is_that_of_what_it_would_do(desk, photo):
    shown = BY_NAME["play"].shown_icon
    desk.open(photo)
    desk.encoder.permits.release(2)
    desk.until(lambda: desk.state.progress.step == 2)
    assert shown(desk.bench) == "pause"
    run(desk.bench, "play")
    desk.encoder.permits.release(1)
    desk.until(lambda: desk.state.phase is Phase.PAUSED)
    assert shown(desk.bench) == "play"


def test_files_are_asked_for_where_one_would_look_for_them(desk, photo, tmp_path):
    desk.host.answers["open"] = [photo]
    run(desk.bench, "open_file")
    desk.until(lambda: desk.heard["opened"])
    encoded = desk.finish()
    desk.host.answers["save"] = tmp_path / "out.daub"
    run(desk.bench, "export_daub")
    desk.until(lambda: desk.heard["noticed"])
    assert (tmp_path / "out.daub").read_bytes() == encoded.data
    desk.host.answers |= {"save": tmp_path / "out.png", "scale": 2.0}
    run(desk.bench, "export_png")
    desk.until(lambda: len(desk.heard["noticed"]) == 2)
    assert [(name, suffixes[0], folder) for _, name, suffixes, _, folder in desk.host.asked] == [
        ("photo.daub", ".daub", tmp_path),
        ("photo-decoded.png", ".png", tmp_path),
    ]
    assert (tmp_path / "out.png").exists()


def test_whoever_thinks_better_of_it_gets_nothing(desk, photo):
    desk.open(photo)
    desk.finish()
    desk.host.answers = {}
    for name in ("open_file", "export_daub", "export_png"):
        run(desk.bench, name)
    desk.pump()
    assert len(desk.heard["opened"]) == 1 and not desk.heard["noticed"]


def test_an_empty_clipboard_is_told_and_a_full_one_opened(desk, photo):
    run(desk.bench, "paste")
    assert desk.heard["noticed"] == ["There is no picture on the clipboard"]
    desk.host.answers["clipboard"] = [FileOrigin(photo)]
    run(desk.bench, "paste")
    desk.until(lambda: desk.heard["opened"])
    desk.finish()
    run(desk.bench, "copy_decoded")
    desk.until(lambda: desk.host.copied is not None)
    assert desk.host.copied.shape == (8, 12, 3)


def test_a_switch_or_a_state_makes_whoever_shows_commands_look_again(desk, photo):
    told = []
    desk.bench.changed.connect(lambda: told.append(1))
    for act in (lambda: run(desk.bench, "show_panel"), lambda: desk.workspace.change(seed=9), lambda: desk.open(photo)):
        before = len(told)
        act()
        assert len(told) > before


def test_keys_that_lists_sliders_and_fields_need_belong_to_no_command():
    needed = {"Home", "End", "Up", "Down", "Left", "Right"}
    assert not {(command.name, key) for command in COMMANDS for key in command.keys if key in needed}
