"""Asks before results go that are in no file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

ASKS = "ask_about_results"  # setting: whether it is asked at all
_MOST = 8  # names that are told


def may_lose(names: Sequence[str], settings: QSettings, parent: QWidget) -> bool:
    """Asks once for all of them; not any more where somebody has said so. Args: names: of the results."""
    if settings.value(ASKS, True, bool) is False:
        return True
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Close")
    one = len(names) == 1
    box.setText("A result has not been exported." if one else f"{len(names)} results have not been exported.")
    shown = [f"· {name}" for name in names[:_MOST]] + (["· …"] if len(names) > _MOST else [])
    box.setInformativeText("\n".join([*shown, "", f"{'It is' if one else 'They are'} gone when the window closes."]))
    close = box.addButton("Close without exporting", QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton("Keep the window open", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    no_more = QCheckBox("Do not ask again")
    box.setCheckBox(no_more)
    box.exec()
    closes = box.clickedButton() is close
    if closes and no_more.isChecked():
        settings.setValue(ASKS, False)
    box.deleteLater()
    return closes
