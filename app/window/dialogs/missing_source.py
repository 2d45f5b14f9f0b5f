"""Asks where a picture is that a project names."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget

from daub.app.model.project.source_files import Found, Lacking
from daub.app.window.dialogs.file_dialogs import FileDialogs


def find_source(lacking: Lacking, files: FileDialogs, parent: QWidget) -> Path | None:
    """Where it is; the path it had for the file that is there, though it has changed; None for going on without it."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Open project")
    changed = lacking.found is Found.CHANGED
    box.setText(f"{lacking.name} {'has changed since the project was saved' if changed else 'is not where it was'}.")
    box.setInformativeText(
        f"{lacking.path}\n\nWithout it the files that were made of it can be looked at, and nothing can be fitted."
    )
    locate = box.addButton("Locate…", QMessageBox.ButtonRole.AcceptRole)
    as_it_is = box.addButton("Use it as it is", QMessageBox.ButtonRole.AcceptRole) if changed else None
    without = box.addButton("Open without it", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(locate)
    box.setEscapeButton(without)
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    if chosen is locate:
        return files.source_to_open(f"Locate {lacking.name}")
    return lacking.path if as_it_is is not None and chosen is as_it_is else None
