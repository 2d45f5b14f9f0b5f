"""Asks before work goes that is in no file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox, QMessageBox, QPushButton, QWidget

from daub.app.model.host import Leaving

ASKS = "ask_about_results"  # setting: whether it is asked at all
_MOST = 8  # names that are told


def may_lose(names: Sequence[str], settings: QSettings, parent: QWidget, of_project: bool = True) -> Leaving:
    """Of results and edits: asks once for all of them; not any more where somebody has said so.

    Args:
        names: theirs.
        of_project: a project can hold them.
    """
    if settings.value(ASKS, True, bool) is False:
        return Leaving.LEAVE
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Close")
    one = len(names) == 1
    box.setText("One thing has not been exported." if one else f"{len(names)} results or edits have not been exported.")
    shown = [f"· {name}" for name in names[:_MOST]] + (["· …"] if len(names) > _MOST else [])
    box.setInformativeText("\n".join([*shown, "", f"{'It is' if one else 'They are'} gone when the window closes."]))
    close = box.addButton("Close without exporting", QMessageBox.ButtonRole.DestructiveRole)
    save = box.addButton("Save project…", QMessageBox.ButtonRole.AcceptRole) if of_project else None
    stay = box.addButton("Keep the window open", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    no_more = QCheckBox("Do not ask again")
    box.setCheckBox(no_more)
    box.exec()
    answer = _answer(box, save, close)
    if answer is Leaving.LEAVE and no_more.isChecked():
        settings.setValue(ASKS, False)
    box.deleteLater()
    return answer


def may_remove(name: str, parent: QWidget) -> bool:
    """Of a version of a scene that is in no file. Args: name: its."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Take out of the list")
    box.setText(f"{name} is in no file.")
    box.setInformativeText("It was made here, and is gone once it is out of the list.")
    out = box.addButton("Take it out", QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton("Keep it", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    answer = box.clickedButton() is out
    box.deleteLater()
    return answer


def may_leave(name: str, parent: QWidget) -> Leaving:
    """Of a project that is another by now than what was saved. Args: name: of the project."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Close")
    box.setText(f"{name} has changed since it was saved.")
    box.setInformativeText("The changes are gone when the window closes without saving them.")
    save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    close = box.addButton("Close without saving", QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton("Keep the window open", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(stay)
    box.exec()
    answer = _answer(box, save, close)
    box.deleteLater()
    return answer


def _answer(box: QMessageBox, save: QPushButton | None, close: QPushButton) -> Leaving:
    clicked = box.clickedButton()
    if clicked is None:
        return Leaving.STAY
    return Leaving.SAVE if clicked is save else Leaving.LEAVE if clicked is close else Leaving.STAY
