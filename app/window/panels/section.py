"""What divides a column of the window: headings and thin lines."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from daub.app.window.look.sizes import GAP


def rule() -> QFrame:
    """A thin line."""
    line = QFrame()
    line.setProperty("role", "rule")
    line.setFixedHeight(1)
    return line


def section(heading: str, widget: QWidget, beside: QWidget | None = None) -> QWidget:
    """A widget under its heading. Args: beside: stands at the right end of the heading."""
    outer = QWidget()
    column = QVBoxLayout(outer)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    label = QLabel(heading)
    label.setProperty("role", "heading")
    head = QHBoxLayout()
    head.addWidget(label, 1)
    if beside is not None:
        head.addWidget(beside)
    column.addLayout(head)
    column.addWidget(widget)
    return outer
