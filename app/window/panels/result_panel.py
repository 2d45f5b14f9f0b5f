"""What the fit has come to: the size of the file that would be written, and how close it is to the source."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from daub.app.model.fit.state import FitState
from daub.app.model.fit.words import goal_line
from daub.app.model.picture.picture import Picture
from daub.app.model.sources.rows import Edited
from daub.app.model.sources.source import Figures, psnr_text, size_text
from daub.app.model.workbench import Workbench
from daub.app.terminal import looks

_METHOD = "Method"  # of an opened file that is not our own
_LOOKS = "SSIMULACRA2", "FLIP"  # where their packages are installed
_PAIRED = ("Gaussians", "PSNR", "MS-SSIM", "Time", *_LOOKS)  # two in a row
_HIDDEN = (*_LOOKS, _METHOD)  # while they have nothing to say
_OF_A_FIT = ("PSNR", "MS-SSIM", "Time")  # hidden where a .daub is open of which nobody knows them
_TOOL_TIPS = {
    "SSIMULACRA2": "100: equal, 90: visually lossless, 70: high quality, 50: medium, 30: low",
    "FLIP": "Mean difference seen when flipping between the two images: 0 none, 1 the greatest",
    _METHOD: "What made this file: parametrisation, quantisers and coder, as daub info says it",
}


class ResultPanel(QWidget):
    """The file in figures, real ones or, with a tilde, estimates: that which an export would write."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None):
        super().__init__(parent)
        self._bench, self._workspace = bench, bench.workspace
        self._is_file = False  # a .daub is shown, of which less is known
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.size = QLabel("–")
        self.size.setProperty("role", "size")
        self.size.setToolTip("Size of the .daub file; ~ marks an estimate while the fit runs")
        self.share = _dim_label()
        self.share.setWordWrap(True)
        self.near = _dim_label()  # how near the goal is
        self.near.setWordWrap(True)
        self.near.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.near.setToolTip("The file against what was asked for")
        self.missed = QLabel()
        self.missed.setProperty("role", "error")
        self.missed.setWordWrap(True)
        self.missed.setToolTip("The goal could not be met; this is the best file found")
        head = QHBoxLayout()
        head.addWidget(self.size)
        head.addWidget(self.near, 1)
        column.addLayout(head)
        column.addWidget(self.share)
        column.addWidget(self.missed)
        column.addSpacing(2)
        self.values: dict[str, QLabel] = {}
        self._labels: dict[str, QLabel] = {}
        column.addLayout(self._figures())
        bench.sources.pair.changed.connect(lambda: self.show_state(bench.exports.state))
        self.show_state(bench.exports.state)

    def show_state(self, state: FitState) -> None:
        """What the fit, or the open .daub, has come to."""
        if self._bench.exports.edited is not None:
            self._show_edited(self._bench.exports.edited)
            return
        picture = self._bench.exports.picture
        self._is_file = picture is not None and picture.document is not None
        size, exact = (None, False) if picture is None else shown_size(picture, state)
        self.size.setText("–" if size is None else f"{'' if exact else '~'}{size_text(size)}")
        self.share.setText("" if size is None else _share(picture, size, exact))
        missed = None if state.encoded is None else state.encoded.missed
        self.missed.setText("" if missed is None else _sentence(str(missed)))
        self.missed.setVisible(missed is not None)
        self.near.setText("" if missed is not None or self._is_file else goal_line(state))
        self.near.setVisible(bool(self.near.text()))
        gaussians = picture.gaussians if self._is_file else state.gaussians
        self._set("Gaussians", None if gaussians is None else f"{len(gaussians):,}")
        result = None if state.encoded is None or self._is_file else self._workspace.results.of(state.ticket)
        if self._is_file:
            figures = self._bench.sources.reference.figures_of(picture)
        else:
            figures = Figures(state.psnr, None if result is None else result.ms_ssim)
        self._set("PSNR", None if figures.psnr is None else psnr_text(figures.psnr, "" if exact else "~"))
        self._set("MS-SSIM", None if figures.ms_ssim is None else f"{figures.ms_ssim:.4f}")
        perceptual = None if result is None else result.perceptual
        looked = ("", "") if perceptual is None else looks(perceptual.ssimulacra2, perceptual.flip)
        for name, figure in zip(_LOOKS, looked, strict=True):
            self._set(name, figure)
        self._set("Time", None if state.encoded is None or self._is_file else f"{state.encoded.encode_seconds:.1f} s")
        self._set(_METHOD, "" if picture is None else picture.method)

    def _show_edited(self, edited: Edited) -> None:
        """About what a file of it would take; its figures come with the file, when nothing was done for a while."""
        self._is_file = True
        known, size = edited.known, edited.bytes
        about = "~" if known is None else ""
        self.size.setText("–" if size is None else f"{about}{size_text(size)}")
        bits = "" if size is None else f"{about}{8 * size / (edited.width * edited.height):.3f} bits per pixel, edited"
        exact = "" if known is None else f"{size:,} bytes, "
        figures = Figures() if known is None or known.figures is None else known.figures
        against = f"\nHeld against {figures.against}" if figures.against else ""
        self.share.setText(f"{exact}{bits}{against}")
        self.missed.setVisible(False)
        self.near.setVisible(False)
        # What is not known yet has its place, or what is above would move with every touch of the picture. Each is set
        # once: to hide and to show one again lays the whole panel out anew.
        texts = {
            "Gaussians": f"{len(edited.gaussians):,}",
            "PSNR": "" if figures.psnr is None else psnr_text(figures.psnr),
            "MS-SSIM": "" if figures.ms_ssim is None else f"{figures.ms_ssim:.4f}",
        }
        for name in self.values:
            self._set(name, texts.get(name), is_known=name in texts)

    def _figures(self) -> QGridLayout:
        """In two columns, for a low window has to show them beside the settings; a method takes a row of its own."""
        grid = QGridLayout()
        grid.setVerticalSpacing(3)
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for index, name in enumerate((*_PAIRED, _METHOD)):
            row, place = divmod(index, 2)
            label = _dim_label(name)
            value = _WholeLabel("–") if name == _METHOD else QLabel("–")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, row, 2 * place, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 2 * place + 1, 1, 3 if name == _METHOD else 1)
            for widget in (label, value):
                widget.setToolTip(_TOOL_TIPS.get(name, ""))
            self.values[name], self._labels[name] = value, label
        self.values[_METHOD].setWordWrap(True)
        return grid

    def _set(self, name: str, text: str | None, is_known: bool = False) -> None:
        """Args: is_known: somebody will know it, if nobody does yet."""
        self.values[name].setText(text or "–")
        if name in _HIDDEN or name in _OF_A_FIT:
            shown = bool(text) or is_known or (name in _OF_A_FIT and not self._is_file)
            self.values[name].setVisible(shown)
            self._labels[name].setVisible(shown)


def _dim_label(words: str = "") -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "dim")
    return label


class _WholeLabel(QLabel):
    """Keeps as much height as its lines take: a grid beside something that stretches would cut the last one off."""

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setMinimumHeight(self.heightForWidth(self.width()) if text else 0)


def shown_size(picture: Picture, state: FitState) -> tuple[int | None, bool]:
    """Bytes of the file that would be written, and whether they are real."""
    if picture.data is not None:
        return len(picture.data), True
    return state.size, state.encoded is not None


def _share(picture: Picture, size: int, exact: bool) -> str:
    about = "" if exact else "~"
    bits = f"{about}{8 * size / (picture.width * picture.height):.3f} bits per pixel"
    parts = [f"{size:,} bytes, {bits}" if exact else bits]
    if picture.source_bytes and picture.pixels is not None:
        percent = 100 * size / picture.source_bytes
        parts.append(f"{about}{percent:.1f} % of the source, {size_text(picture.source_bytes)}")
    return "\n".join(parts)


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]
