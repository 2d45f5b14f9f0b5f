"""What is around the picture: the furniture of a window."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from daub.app.model.work.signal import Signal


class Appearance(StrEnum):
    """Colours of the window; the values are how they are kept in the settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


SHARES = 0.05, 0.75  # least and most of the time that painting may have while a fit runs


class Chrome:
    """What of the window is open, and how it looks.

    Attributes:
        sources: the column to the left is seen.
        panel: settings and result, to the right, are seen.
        page: name of the page that is chosen in the panel.
        pages: names of those that have something to show.
        strip: the strip under the picture is unfolded.
        strip_height: logical pixels of what it shows then.
        tab: name of the tab that is chosen in it.
        tabs: names of those that have something to show.
        share: of the time that painting may have while a fit runs, within SHARES; the fit has the rest.
        full_screen: there is nothing but the window.
        appearance: which colours are wanted.
    """

    def __init__(self):
        self.changed = Signal()
        self.sources = True
        self.panel = True
        self.page = "Encode"
        self.pages: tuple[str, ...] = ()
        self.strip = True
        self.strip_height = 160
        self.tab = "Timeline"
        self.tabs: tuple[str, ...] = ()
        self.share = 0.25
        self.full_screen = False
        self.appearance = Appearance.SYSTEM

    def set(self, **values: object) -> None:
        """Changes some of the attributes."""
        for name, value in values.items():
            setattr(self, name, value)
        self.changed.emit()

    def offer(self, *, tabs: Iterable[str] | None = None, pages: Iterable[str] | None = None) -> None:
        """These have something to show now."""
        offered = {"tabs": tabs, "pages": pages}
        found = {name: tuple(each) for name, each in offered.items() if each is not None}
        if any(getattr(self, name) != each for name, each in found.items()):
            self.set(**found)

    def shows_tab(self, name: str) -> bool:
        """The strip is unfolded with that."""
        return self.strip and self.tab == name and name in self.tabs

    def toggle_tab(self, name: str) -> None:
        """Unfolds the strip with that tab, or folds it where that is shown."""
        self.set(strip=not self.shows_tab(name), tab=name)

    def show_page(self, name: str) -> None:
        """Shows that page of the panel."""
        self.set(panel=True, page=name)
