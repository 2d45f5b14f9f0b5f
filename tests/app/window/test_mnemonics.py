"""The letters of menus."""

from __future__ import annotations

from daub.app.model.commands.commands import COMMANDS, MENUS
from daub.app.window.mnemonics import marked, mnemonics, unmarked, with_mnemonics


def test_every_entry_of_a_menu_has_a_letter_of_its_own():
    for texts in (MENUS, *([each.text for each in COMMANDS if each.menu == menu] for menu in MENUS)):
        places = mnemonics(texts)
        letters = [text[place].lower() for text, place in zip(texts, places, strict=True)]
        assert len(set(letters)) == len(letters) and all(letter.isalnum() for letter in letters)


def test_the_menus_open_by_their_first_letters_where_that_can_be():
    assert {"&File", "&Edit", "&View", "&Window", "&Help"} <= set(with_mnemonics(MENUS))


def test_who_has_a_second_choice_makes_room():
    assert mnemonics(["ab", "a"]) == [1, 0]
    assert mnemonics(["ab", "bc", "a"]) == [1, 1, 0]


def test_where_no_letter_is_left_there_is_none():
    assert mnemonics(["a", "A", "…", "ab"]) == [0, None, None, 1]
    assert marked("…", None) == "…"


def test_an_ampersand_is_no_letter_and_comes_back():
    for text, place in (("Salt & pepper", 0), ("Salt & pepper", 7), ("R&D", None)):
        assert unmarked(marked(text, place)) == text
    assert marked("Salt & pepper", 7) == "Salt && &pepper"
