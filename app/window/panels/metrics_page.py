"""The page of figures: how good both sides are, all of the picture and the region that somebody has drawn."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from daub.app.model.compare import region_words
from daub.app.model.compare.region_words import UNKNOWN
from daub.app.model.sources.sides import CompareSource
from daub.app.model.sources.source import size_text
from daub.app.model.workbench import Workbench
from daub.app.window.panels.action_button import ActionButton
from daub.app.window.panels.section import section

_WHOLE = ("Size", "PSNR", "MS-SSIM", "SSIMULACRA2", "FLIP")
_PART = ("PSNR", "MS-SSIM", "FLIP", "Bits")


class MetricsPage(QWidget):
    """Two tables, a column for each side.

    Args:
        take_region: takes the tool that draws a rectangle.
    """

    def __init__(self, bench: Workbench, take_region: QAction):
        super().__init__()
        self._bench = bench
        self.whole, self.part = SidesTable(_WHOLE), SidesTable(_PART)
        self.place = QLabel()
        self.place.setWordWrap(True)
        self.place.setProperty("role", "dim")
        region = QWidget()
        column = QVBoxLayout(region)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.place, self.part, ActionButton(take_region, "plain")):
            column.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(section("WHOLE PICTURE", self.whole))
        column.addWidget(section("REGION", region))
        bench.sources.pair.changed.connect(self._show_whole)
        bench.region.changed.connect(self._show_part)
        self._show_whole()
        self._show_part()

    def _show_whole(self) -> None:
        self.whole.show_sides([_of_whole(side) for side in self._bench.comparison.sides])

    def _show_part(self) -> None:
        region, box = self._bench.region, self._bench.region.box
        if not region.is_on or box is None:
            draw = "Drag a rectangle over the picture"
            self.place.setText(draw if region.is_on else "Take the tool to measure a part of the picture")
        else:
            self.place.setText("\n".join(filter(None, (region_words.place(box), region.why))))
        self.part.setVisible(region.is_on and box is not None)
        if box is None:
            return
        self.part.show_sides([
            ["source", "", "", ""] if figures.is_reference else [
                region_words.psnr(figures), region_words.ms_ssim(figures), region_words.flip(figures),
                region_words.bits(figures, box),
            ]
            for figures in region.figures
        ])  # fmt: skip


class SidesTable(QWidget):
    """Names down the left, what is known of A and of B beside them. Figures can be selected and copied."""

    def __init__(self, names: tuple[str, ...]):
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(0, 1)
        self.cells: list[list[QLabel]] = []  # by side and name
        for column, letter in enumerate("AB", 1):
            head = QLabel(letter)
            head.setProperty("role", "heading")
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(head, 0, column)
            self.cells.append([])
            for row in range(len(names)):
                cell = QLabel()
                cell.setAlignment(Qt.AlignmentFlag.AlignRight)
                cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self.cells[-1].append(cell)
                grid.addWidget(cell, row + 1, column)
        for row, name in enumerate(names, 1):
            label = QLabel(name)
            label.setProperty("role", "dim")
            grid.addWidget(label, row, 0)

    def show_sides(self, values: list[list[str]]) -> None:
        """Args: values: for each side one for each name."""
        for cells, words in zip(self.cells, values, strict=True):
            for cell, text in zip(cells, words, strict=True):
                cell.setText(text)


def _of_whole(side: CompareSource | None) -> list[str]:
    row = None if side is None else side.row
    figures = None if row is None else row.figures
    known = None if figures is None else figures.perceptual
    size = UNKNOWN if row is None or row.bytes is None else size_text(row.bytes)
    if row is not None and figures is None and side.pixels is not None:
        return [size, "source", "", "", ""]
    psnr, ms_ssim = (None, None) if figures is None else (figures.psnr, figures.ms_ssim)
    score, flip = (None, None) if known is None else (known.ssimulacra2, known.flip)
    numbers = (psnr, "{:.2f} dB"), (ms_ssim, "{:.4f}"), (score, "{:.1f}"), (flip, "{:.4f}")
    return [size, *(UNKNOWN if number is None else words.format(number) for number, words in numbers)]
