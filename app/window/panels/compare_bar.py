"""The bar of a comparison: which difference, how much amplified and in which colours, or how fast the sides blink."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox, QLabel

from daub.app.model.commands.compare import COLOUR_WORDS, DIFFERENCE_WORDS
from daub.app.model.compare.difference import GAINS, Difference
from daub.app.model.compare.modes import BLINK_PERIODS, Mode
from daub.app.model.view.view import View
from daub.app.window.panels.bar import Bar, BarSlider

_CHANNELS, _TWO_SIDES = "Red, green, blue apart", "Blue and red, by the sign"
_COLOURS = (*COLOUR_WORDS.values(), _CHANNELS, _TWO_SIDES)


class CompareBar(Bar):
    """Seen while a difference is, or while the sides blink.

    Args:
        view: whose look it shows and changes.
    """

    def __init__(self, view: View):
        super().__init__("Comparison", "comparison")
        self._view = view
        self.kinds = _choices("Kind of difference", [*DIFFERENCE_WORDS.values()])
        self.colours = _choices("Colours of the difference", _COLOURS)
        self._of_difference = [self.addWidget(self.kinds)]
        self.gain = BarSlider(
            self, "Gain", "Gain of the difference", (0, len(GAINS) - 1), "× 64",
            lambda index: view.amplify(index - GAINS.index(view.look.gain)),
        )  # fmt: skip
        self._of_difference += self.gain.actions
        self._of_difference += [self.addWidget(widget) for widget in (QLabel("Colours "), self.colours)]
        self.period = BarSlider(
            self, "Each side for", "Seconds that each side is seen", (0, len(BLINK_PERIODS) - 1), "0.35 s",
            lambda index: view.blink_slower(index - BLINK_PERIODS.index(view.look.blink)),
        )  # fmt: skip
        self._of_blinking = self.period.actions
        self.kinds.activated.connect(lambda index: view.choose_difference(list(DIFFERENCE_WORDS)[index]))
        self.colours.activated.connect(self._choose_colours)
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
        self.gain.show(GAINS.index(look.gain), f"× {look.gain:g}")
        self._show_colours()
        self.period.show(BLINK_PERIODS.index(look.blink), f"{look.blink:g} s")

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
