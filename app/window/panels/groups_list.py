"""The groups of what is edited, as layers: name, eye, lock, strength."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QGridLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from daub.app.model.editing import changing
from daub.app.model.editing.editing import Editing
from daub.app.window.look.sizes import GAP
from daub.app.window.panels.action_button import ActionButton
from daub.codec.editing.groups import Group

_NAME, _SHOWN, _LOCKED, _STRENGTH = range(4)
_HEIGHT = 110  # logical pixels
_STRONGEST = 1000.0  # percent


class GroupsList(QWidget):
    """See above; names and strengths are edited by a double click or F2. Args: group: makes one of what is selected."""

    def __init__(self, editing: Editing, group: QAction):
        super().__init__()
        self._editing = editing
        self._shown: tuple[Group, ...] | None = None
        self.list = QTreeWidget()
        self.list.setColumnCount(4)
        self.list.setHeaderLabels(["Group", "Shown", "Locked", "Strength"])
        self.list.setRootIsDecorated(False)
        self.list.setFixedHeight(_HEIGHT)
        self.list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.list.setMinimumWidth(0)
        self.list.setAccessibleName("Groups of Gaussians")
        self.list.setToolTip("A group is a layer: hide it, lock it, or give it another strength with a double click")
        self.list.header().setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_SHOWN, _LOCKED, _STRENGTH):
            self.list.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self.list.itemChanged.connect(self._change)
        self.list.currentItemChanged.connect(lambda *_: self._show_buttons())
        self.select, self.ungroup = QPushButton("Select it"), QPushButton("Ungroup")
        self.select.clicked.connect(self._select)
        self.ungroup.clicked.connect(lambda: changing.ungroup(self._editing, self._number))
        buttons = QGridLayout()
        for place, button in enumerate((ActionButton(group, "plain"), self.select, self.ungroup)):
            button.setProperty("role", "plain")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button, 0, place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.list)
        column.addLayout(buttons)
        self.refresh()

    def refresh(self) -> None:
        """Shows the groups as they are."""
        population = self._editing.population
        groups = () if population is None else population.groups
        if groups == self._shown:
            return
        self._shown, number = groups, self._number
        self.list.blockSignals(True)
        # Items stay: what comes here may be the change of one, which must not go while it is told.
        while self.list.topLevelItemCount() > len(groups):
            self.list.takeTopLevelItem(self.list.topLevelItemCount() - 1)
        for place, group in enumerate(groups):
            item = self.list.topLevelItem(place) or _item(self.list)
            item.setText(_NAME, group.name)
            item.setText(_STRENGTH, f"{100 * group.strength:.0f} %")
            for column, on in ((_SHOWN, group.visible), (_LOCKED, group.locked)):
                item.setCheckState(column, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        if groups:
            self.list.setCurrentItem(self.list.topLevelItem(min(max(number, 0), len(groups) - 1)))
        self.list.blockSignals(False)
        self._show_buttons()

    @property
    def _number(self) -> int:
        """Of the group that is chosen in the list, -1 for none."""
        return self.list.indexOfTopLevelItem(self.list.currentItem()) if self.list.currentItem() else -1

    def _show_buttons(self) -> None:
        for button in (self.select, self.ungroup):
            button.setEnabled(self._number >= 0)

    def _select(self) -> None:
        self._editing.select(changing.members(self._editing.population, self._number))

    def _change(self, item: QTreeWidgetItem, column: int) -> None:
        number = self.list.indexOfTopLevelItem(item)
        on = item.checkState(column) == Qt.CheckState.Checked
        self._shown = None  # what was typed may be another thing than what comes of it
        if column == _NAME:
            values, label = (
                {"name": item.text(_NAME).strip() or self._editing.population.groups[number].name},
                "renaming",
            )
        elif column == _SHOWN:
            values, label = {"visible": on}, "showing" if on else "hiding"
        elif column == _LOCKED:
            values, label = {"locked": on}, "locking" if on else "unlocking"
        else:
            strength = _percent(item.text(_STRENGTH), self._editing.population.groups[number].strength)
            values, label = {"strength": strength}, "changing the strength of"
        changing.change_group(self._editing, number, label, **values)


def _item(rows: QTreeWidget) -> QTreeWidgetItem:
    """Another one, the last of the list."""
    item = QTreeWidgetItem(rows)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable)
    return item


def _percent(text: str, otherwise: float) -> float:
    """A share that was typed as percent; the one before where it is no number.

    >>> _percent("50 %", 1.0), _percent("much", 1.0)
    (0.5, 1.0)
    """
    try:
        value = float(text.replace("%", "").replace(",", ".").strip())
    except ValueError:
        return otherwise
    return min(max(value, -_STRONGEST), _STRONGEST) / 100 if value == value else otherwise
