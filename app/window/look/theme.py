"""Dark and light: one set of colours for widgets, viewport and plots, following the system."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from daub.app.model.view.chrome import Appearance
from daub.app.window.look import sizes
from daub.app.window.look.font import use_font
from daub.resources import ROOT


@dataclass(frozen=True)
class Theme:
    """Colours as "#rrggbb"."""

    name: str
    window: str
    raised: str  # fields and buttons
    line: str  # thin borders
    text: str
    dim: str  # secondary text
    faint: str  # disabled
    accent: str  # lines and marks of what is chosen
    fill: str  # areas of what is chosen, or to be pressed first ...
    accent_text: str  # ... and the words on them
    surround: str  # behind the picture
    strip: str  # timeline
    psnr: str  # curve
    count: str  # curve, and where it grew
    relocated: str  # marks under the curves ...
    pruned: str  # ... where the population changed
    error: str
    notice: str


DARK = Theme(
    name="dark", window="#22252b", raised="#2f343d", line="#414753", text="#e4e7ec", dim="#9ca4b1", faint="#616976",
    accent="#4a97f2", fill="#2a71d0", accent_text="#ffffff", surround="#1f1f1f", strip="#1c1f24",
    psnr="#6cb6ff", count="#f2b84b", relocated="#5fbf8f", pruned="#d88cf0", error="#ff7b72", notice="#6cb6ff",
)  # fmt: skip
LIGHT = Theme(
    name="light", window="#f3f4f6", raised="#ffffff", line="#cfd4dc", text="#1d222b", dim="#5d6675", faint="#a5acb8",
    accent="#1463cc", fill="#1769d6", accent_text="#ffffff", surround="#d6d6d6", strip="#eceef1",
    psnr="#1463cc", count="#925700", relocated="#17764d", pruned="#9a2fc0", error="#c62828", notice="#1463cc",
)  # fmt: skip


class Colours(QObject):
    """Applies a theme to the application and keeps following the system, unless told otherwise.

    Attributes:
        wanted: what was asked for.
        theme: what that comes to.
    """

    changed = Signal(object)  # Theme

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.theme = DARK
        self.wanted = Appearance.SYSTEM
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply)
        use_font(QApplication.instance())
        self._apply()

    def want(self, appearance: Appearance) -> None:
        """Looks like that from now on."""
        self.wanted = appearance
        self._apply()

    def _apply(self, *_) -> None:
        scheme = QGuiApplication.styleHints().colorScheme()
        follows = self.wanted is Appearance.SYSTEM and scheme == Qt.ColorScheme.Dark
        dark = self.wanted is Appearance.DARK or follows
        self.theme = DARK if dark else LIGHT
        application = QApplication.instance()
        application.setPalette(_palette(self.theme))
        application.setStyleSheet(_style_sheet(self.theme))
        self.changed.emit(self.theme)


def rgb(colour: str) -> tuple[float, float, float]:
    """A colour for OpenGL."""
    return QColor(colour).getRgbF()[:3]


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(theme.window))
    colours = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.raised, role.Text: theme.text,
        role.AlternateBase: theme.window, role.Button: theme.raised, role.ButtonText: theme.text,
        role.Highlight: theme.fill, role.HighlightedText: theme.accent_text, role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text, role.PlaceholderText: theme.dim, role.Link: theme.accent, role.Mid: theme.line,
        role.Accent: theme.accent,
    }  # fmt: skip
    for each, colour in colours.items():
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.faint))
    return palette


def _style_sheet(theme: Theme) -> str:
    """resources/style.qss with its @names replaced: by colours of the theme, sizes, and the folder of the icons."""
    names = {name.lower(): f"{size}px" for name, size in vars(sizes).items() if name.isupper()}
    names |= {field.name: getattr(theme, field.name) for field in fields(theme)}
    names["icons"] = (ROOT / "icons").as_posix()
    return re.sub(r"@(\w+)", lambda match: names[match[1]], (ROOT / "style.qss").read_text("utf-8"))
