"""The one typeface of the window: Roboto, which comes with imgui-bundle, for the widgets of Qt and for Dear ImGui."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from daub.app.window.look.sizes import TEXT

# Not imported: that would load a library of 30 MB for the folder it lies in.
_FOLDER = Path(find_spec("imgui_bundle").origin).parent / "assets" / "fonts" / "Roboto"
REGULAR = _FOLDER / "Roboto-Regular.ttf"
_BOLD = _FOLDER / "Roboto-Bold.ttf"
# Dear ImGui sizes a face by its height from the highest to the lowest letter, Qt by its em: the same letters.
IMGUI_SIZE = TEXT * 1.172


@cache
def use_font(application: QApplication) -> None:
    """Has all widgets written in it; where its files are missing, in the font of the system."""
    numbers = [QFontDatabase.addApplicationFont(str(path)) for path in (REGULAR, _BOLD)]
    families = QFontDatabase.applicationFontFamilies(numbers[0])
    if families:
        font = QFont(families[0])
        font.setPixelSize(TEXT)
        application.setFont(font)
