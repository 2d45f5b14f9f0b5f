"""What is around the picture: the furniture of a window."""

from __future__ import annotations

from enum import StrEnum

from daub.app.model.signal import Signal


class Appearance(StrEnum):
    """Colours of the window; the values are how they are kept in the settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Chrome:
    """What of the window is open, and how it looks.

    Attributes:
        timeline: the strip under the picture is unfolded.
        panel: settings and result are seen.
        full_screen: there is nothing but the window.
        appearance: which colours are wanted.
    """

    def __init__(self):
        self.changed = Signal()
        self.timeline = True
        self.panel = True
        self.full_screen = False
        self.appearance = Appearance.SYSTEM

    def set(self, **values: object) -> None:
        """Changes some of the attributes."""
        for name, value in values.items():
            setattr(self, name, value)
        self.changed.emit()
