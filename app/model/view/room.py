"""What of the furniture has room in a small window: it goes away by itself, and comes back when there is room again."""

from __future__ import annotations

from daub.app.model.view.chrome import Chrome

# Logical pixels of the window from which on there is room for them.
WIDTH_FOR_SOURCES = 1100
HEIGHT_FOR_STRIP = 760


class Room:
    """Folds the sources in a narrow window and the strip in a low one.

    Whoever unfolds one there anyhow keeps it; what somebody has folded by hand stays folded in a larger window.
    """

    def __init__(self, chrome: Chrome):
        self._chrome = chrome
        self._has_room = {"sources": True, "strip": True}
        self._folded: set[str] = set()  # by us, and not touched since
        chrome.changed.connect(self._notice)

    def resize(self, width: int, height: int) -> None:
        """The window has this size, logical pixels."""
        found = {"sources": width >= WIDTH_FOR_SOURCES, "strip": height >= HEIGHT_FOR_STRIP}
        changes = {}
        for name, has_room in found.items():
            if has_room == self._has_room[name]:
                continue
            self._has_room[name] = has_room
            if has_room and name in self._folded:
                changes[name] = True
            elif not has_room and getattr(self._chrome, name):
                changes[name] = False
        if changes:
            self._folded = {name for name in self._folded | set(changes) if not self._has_room[name]}
            self._chrome.set(**changes)

    @property
    def wanted(self) -> dict[str, bool]:
        """What would be unfolded with room for all: to be remembered."""
        return {name: getattr(self._chrome, name) or name in self._folded for name in self._has_room}

    def _notice(self) -> None:
        """Somebody has unfolded it."""
        self._folded = {name for name in self._folded if not getattr(self._chrome, name)}
