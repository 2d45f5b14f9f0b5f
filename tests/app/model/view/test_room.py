"""What goes away in a small window, and comes back."""

from __future__ import annotations

import pytest

from daub.app.model.view.chrome import Chrome
from daub.app.model.view.room import Room


@pytest.fixture
def chrome() -> Chrome:
    return Chrome()


@pytest.fixture
def room(chrome) -> Room:
    return Room(chrome)


def test_they_go_in_a_small_window_and_come_back_in_a_large_one(chrome, room):
    room.resize(1440, 900)
    assert chrome.sources and chrome.strip
    room.resize(1099, 900)
    assert not chrome.sources and chrome.strip
    room.resize(900, 600)
    assert not chrome.sources and not chrome.strip and room.wanted == {"sources": True, "strip": True}
    room.resize(1440, 900)
    assert chrome.sources and chrome.strip


def test_what_was_unfolded_there_stays_and_what_was_folded_by_hand_does_not_come_back(chrome, room):
    room.resize(900, 600)
    chrome.set(strip=True)
    room.resize(900, 620)
    assert chrome.strip
    chrome.set(strip=False)
    room.resize(1440, 900)
    assert chrome.sources and not chrome.strip
    chrome.set(sources=False)
    room.resize(900, 600)
    room.resize(1440, 900)
    assert not chrome.sources and room.wanted == {"sources": False, "strip": False}
