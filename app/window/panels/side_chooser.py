"""What says which source is on a side of the picture."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QWidgetAction

from daub.app.model.sources.pair import SideName
from daub.app.model.sources.source import Kind, Source
from daub.app.model.sources.sources import Sources
from daub.app.window.panels.chooser import Chooser

_LONGEST = 260  # logical pixels of a name in the menu
_HEADINGS = {
    "Picture": (Kind.PICTURE,), "Results": (Kind.LIVE, Kind.EDITED, Kind.RESULT), "Files": (Kind.FILE,),
    "For comparison": (Kind.RIVAL,),
}  # fmt: skip


class SideChooser(Chooser):
    """Args: side: "a" or "b"."""

    def __init__(self, sources: Sources, side: SideName):
        super().__init__(f"side_{side}", side.upper(), self._fill_with_sources)
        self._sources, self._side = sources, side
        sources.pair.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        row = self._sources.get(self._sources.pair.on(self._side))
        self.tell(None if row is None else self._name(row))
        self.setEnabled(row is not None or bool(self._rows))

    @property
    def _rows(self) -> list[Source]:
        return [row for row in self._sources.rows if self._sources.pair.can_compare(row.key)]

    def _name(self, row: Source) -> str:
        reference = self._sources.reference.picture
        return f"Source, {row.name}" if reference is not None and reference.key == row.picture and (
            row.kind in (Kind.PICTURE, Kind.FILE)
        ) else row.name  # fmt: skip

    def _fill_with_sources(self, menu: QMenu) -> None:
        """What is there by kinds, each under its heading, and below it what can be made."""
        here, rows = self._sources.pair.on(self._side), self._rows
        for title, kinds in _HEADINGS.items():
            of_kind = [row for row in rows if row.kind in kinds]
            if of_kind:
                menu.addAction(_heading(title, menu))
            for row in of_kind:
                facts = " · ".join(row.facts[:1] + row.facts[2:3])
                name = menu.fontMetrics().elidedText(self._name(row), Qt.TextElideMode.ElideMiddle, _LONGEST)
                action = menu.addAction("\t".join([name.replace("&", "&&"), facts]))
                action.setToolTip(self._name(row))
                action.setCheckable(True)
                action.setChecked(row.key == here)
                action.triggered.connect(partial(self._put, row.key))
        self._add_offers(menu)

    def _add_offers(self, menu: QMenu) -> None:
        menus: dict[str, QMenu] = {}
        offers = [offer for offer in self._sources.offers if offer.is_possible()]
        if offers:
            menu.addSeparator()
        for offer in offers:
            if offer.kind not in menus:
                menus[offer.kind] = menu.addMenu(offer.kind.replace("&", "&&"))
            action = menus[offer.kind].addAction(offer.text.replace("&", "&&"))
            action.triggered.connect(lambda _=False, offer=offer: offer.take(self._side))

    def _put(self, key: str, _: bool = False) -> None:
        self._sources.pair.put(key, self._side)


def _heading(title: str, menu: QMenu) -> QWidgetAction:
    """Words over some entries of a menu, which cannot be chosen."""
    label, action = QLabel(title.upper()), QWidgetAction(menu)
    label.setProperty("role", "heading")
    label.setContentsMargins(10, 6, 10, 2)
    action.setDefaultWidget(label)
    action.setText(title)
    action.setEnabled(False)
    return action
