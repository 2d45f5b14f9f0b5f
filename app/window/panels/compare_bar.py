"""The bar of a comparison: which difference, how much amplified and in which colours, or how fast the sides blink."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QToolBar, QWidget

from daub.app.model.commands.compare import COLOUR_WORDS, DIFFERENCE_WORDS
from daub.app.model.compare.difference import GAINS, Difference
from daub.app.model.compare.modes import BLINK_PERIODS, Mode
from daub.app.model.view.view import View

_SLIDER = 110  # logical pixels
_CHANNELS, _TWO_SIDES = "Red, green, blue apart", "Blue and red, by the sign"
_COLOURS = (*COLOUR_WORDS.values(), _CHANNELS, _TWO_SIDES)


class CompareBar(QToolBar):
    """Seen while a difference is, or while the sides blink.

    Args:
        view: whose look it shows and changes.
    """

    def __init__(self, view: View):
        super().__init__("Comparison")
        self._view = view
        self.setObjectName("comparison")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.kinds = _choices("Kind of difference", [*DIFFERENCE_WORDS.values()])
        self.gain, self.gain_words = _steps("Gain of the difference", len(GAINS))
        self.colours = _choices("Colours of the difference", _COLOURS)
        self.period, self.period_words = _steps("Seconds that each side is seen", len(BLINK_PERIODS))
        self._of_difference = [
            self.addWidget(widget)
            for widget in (self.kinds, QLabel("Gain "), self.gain, self.gain_words, QLabel("Colours "), self.colours)
        ]
        self._of_blinking = [
            self.addWidget(widget) for widget in (QLabel("Each side for "), self.period, self.period_words)
        ]
        self.kinds.activated.connect(lambda index: view.choose_difference(list(DIFFERENCE_WORDS)[index]))
        self.colours.activated.connect(self._choose_colours)
        self.gain.valueChanged.connect(lambda index: view.amplify(index - GAINS.index(view.look.gain)))
        self.period.valueChanged.connect(lambda index: view.blink_slower(index - BLINK_PERIODS.index(view.look.blink)))
        view.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows the look as it is."""
        view, look = self._view, self._view.look
        chosen = look.mode if view.has_picture and view.compares else None
        self.setVisible(chosen in (Mode.DIFFERENCE, Mode.BLINK))
        for actions, mode in ((self._of_difference, Mode.DIFFERENCE), (self._of_blinking, Mode.BLINK)):
            for action in actions:
                action.setVisible(chosen is mode)
        self.kinds.setCurrentIndex(list(DIFFERENCE_WORDS).index(look.difference))
        _silently(self.gain, lambda: self.gain.setValue(GAINS.index(look.gain)))
        self.gain_words.setText(f"× {look.gain:g}")
        self._show_colours()
        _silently(self.period, lambda: self.period.setValue(BLINK_PERIODS.index(look.blink)))
        self.period_words.setText(f"{look.blink:g} s")

    def _show_colours(self) -> None:
        """What has a sign is drawn in colours that have two sides, whichever were chosen for what has none."""
        look = self._view.look
        signed, separate = look.difference is Difference.SIGNED, look.by_channel and not look.difference.is_measured
        one_sided = range(len(COLOUR_WORDS))
        for row in one_sided:
            self.colours.view().setRowHidden(row, signed)
        self.colours.view().setRowHidden(_COLOURS.index(_TWO_SIDES), not signed)
        usual = _TWO_SIDES if signed else COLOUR_WORDS[look.colour_map]
        self.colours.setCurrentIndex(_COLOURS.index(_CHANNELS if separate else usual))

    def _choose_colours(self, index: int) -> None:
        if index < len(COLOUR_WORDS):
            self._view.choose_colour_map(list(COLOUR_WORDS)[index])
        elif self._view.look.by_channel != (_COLOURS[index] == _CHANNELS):
            self._view.toggle("by_channel")
        self.refresh()  # there may be no channels to keep apart


def _choices(name: str, words: Iterable[str]) -> QComboBox:
    box = QComboBox()
    box.addItems(words)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box


def _steps(name: str, count: int) -> tuple[QSlider, QLabel]:
    slider, words = QSlider(Qt.Orientation.Horizontal), QLabel()
    slider.setRange(0, count - 1)
    slider.setPageStep(1)
    slider.setFixedWidth(_SLIDER)
    slider.setAccessibleName(name)
    slider.setToolTip(name)
    words.setMinimumWidth(words.fontMetrics().horizontalAdvance("0.35 s") + 12)
    words.setContentsMargins(6, 0, 6, 0)
    words.setProperty("role", "dim")
    return slider, words


def _silently(widget: QWidget, change: Callable[[], None]) -> None:
    widget.blockSignals(True)
    change()
    widget.blockSignals(False)
