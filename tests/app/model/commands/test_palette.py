"""Commands are found by letters in their order; what people type comes first."""

from __future__ import annotations

import pytest

from daub.app.model.commands.commands import BY_NAME, COMMANDS
from daub.app.model.commands.palette import find


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("zoom o", "zoom_out"),
        ("zin", "zoom_in"),
        ("spmid", "split_middle"),
        ("ABOUT", "about"),
        ("dark", "appearance_dark"),
        ("export d", "export_daub"),
        ("cuda", "device_cuda"),
        ("start again", "restart"),
        ("window full", "full_screen"),
    ],
)
def test_a_few_letters_find_it(query, first):
    assert find(query, COMMANDS)[0].command.name == first


def test_the_letters_are_where_it_says():
    match = find("zmo", [BY_NAME["zoom_out"]])[0]
    assert [match.command.text[place].lower() for place in match.places] == list("zmo")
    assert list(match.places) == sorted(match.places)


def test_nothing_finds_all_in_their_order_and_nonsense_nothing():
    assert [match.command for match in find(" ", COMMANDS)] == list(COMMANDS)
    assert find("qqq", COMMANDS) == []


def test_by_their_menu_they_come_after_those_with_the_word_itself():
    names = [match.command.name for match in find("fit", COMMANDS)]
    assert names[0] == "zoom_fit" and {"play", "restart"} <= set(names)
