"""The page of an edit: how much is selected, where it lies, its colour, fits of it, and the groups."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from daub.app.model.editing import changing
from daub.app.model.editing.editing import Editing
from daub.app.model.editing.frame import Frame
from daub.app.model.editing.refitting import Refitting
from daub.app.model.workbench import Workbench
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import GAP
from daub.app.window.panels.action_button import ActionButton, ActionCheck
from daub.app.window.panels.colour_sliders import ColourSliders
from daub.app.window.panels.groups_list import GroupsList
from daub.app.window.panels.section import rule, section
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.editing.table import MOST_MORE
from daub.codec.editing.transforms import Affine

_FITS = {  # commands, and the words on their buttons
    "refit_here": "Refit",
    "more_detail": "More detail",
    "less_detail": "Less detail",
    "remove_and_fill": "Remove, fill",
}
_NOTHING = "\N{NO-BREAK SPACE}"  # in the second line: what is below stays where it is, however much is selected
_FARTHEST = 100_000.0  # pixels
_LEAST = 0.1  # pixels, width and height


class EditPanel(QWidget):
    """Shows what is selected on side B. Args: actions: some of its buttons are theirs."""

    def __init__(self, actions: Actions, bench: Workbench):
        super().__init__()
        self._editing = bench.editing
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.numbers = _Numbers(bench.editing)
        self.colour = ColourSliders(bench.recolouring, actions["give_colour"])
        self.groups = GroupsList(bench.editing, actions["group"])
        self.fits = _Fits(actions, bench.refitting)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for widget in (
            section("SELECTED", self.summary), section("PLACE", self.numbers), rule(), section("COLOUR", self.colour),
            rule(), section("FIT HERE", self.fits), rule(), section("GROUPS", self.groups),
        ):  # fmt: skip
            column.addWidget(widget)
        bench.editing.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows what is selected."""
        first, _, second = (self._editing.summary or "Nothing is edited yet.").partition(" · ")
        self.summary.setText(f"{first}\n{second or _NOTHING}")
        some = self._editing.count > 0
        self.numbers.setEnabled(some)
        self.colour.setEnabled(some)
        self.numbers.refresh()
        self.groups.refresh()


class _Fits(QWidget):
    """Buttons of what is fitted here, and how."""

    def __init__(self, actions: Actions, refitting: Refitting):
        super().__init__()
        grid, guard = QGridLayout(self), WheelGuard(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        self.more = QSpinBox()
        self.more.setRange(0, MOST_MORE)
        self.more.setPrefix("with ")
        self.more.setSuffix(" more")
        self.more.setAccelerated(True)
        self.more.setAccessibleName("Gaussians that a refit adds")
        self.more.setToolTip("Gaussians that a refit adds, where the picture is farthest from the source")
        self.more.valueChanged.connect(refitting.add_more)
        guard.watch(self.more)
        refit, *others = (ActionButton(actions[name], "plain", words) for name, words in _FITS.items())
        for place, widget in enumerate((refit, self.more, *others)):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(widget, *divmod(place, 2))
        grid.addWidget(ActionCheck(actions["hold_size"]), grid.rowCount(), 0, 1, 2)


_NUMBERS = (
    ("x", "Left edge", "px"), ("y", "Upper edge", "px"), ("width", "Width", "px"), ("height", "Height", "px"),
    ("turn", "Turn counter-clockwise", "°"), ("scale", "Scale about the middle", "%"),
)  # fmt: skip


class _Numbers(QWidget):
    """Where the frame around the selection lies and how large it is; another number moves, scales or turns it."""

    def __init__(self, editing: Editing):
        super().__init__()
        self._editing = editing
        self._frame: Frame | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        guard = WheelGuard(self)
        self.fields: dict[str, QDoubleSpinBox] = {}
        for place, (name, words, unit) in enumerate(_NUMBERS):
            field, label = QDoubleSpinBox(), QLabel(name.capitalize())
            field.setRange(-_FARTHEST if name in ("x", "y", "turn") else _LEAST, _FARTHEST)
            field.setDecimals(2)
            field.setSuffix(f" {unit}")
            field.setKeyboardTracking(False)
            field.setAccessibleName(f"{words} of what is selected")
            field.setToolTip(words)
            field.valueChanged.connect(lambda value, name=name: self._change(name, value))
            guard.watch(field)
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            label.setProperty("role", "dim")
            row, across = divmod(place, 2)
            grid.addWidget(label, row, 2 * across)
            grid.addWidget(field, row, 2 * across + 1)
            grid.setColumnStretch(2 * across + 1, 1)
            self.fields[name] = field

    def refresh(self) -> None:
        """Shows the frame as it is."""
        self._frame = frame = Frame.around(self._editing.seen)
        known: tuple[float, ...] = (0.0, 0.0, _LEAST, _LEAST)
        if frame is not None:
            known = frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top
        for field, value in zip(self.fields.values(), (*known, 0.0, 100.0), strict=True):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)

    def _change(self, name: str, value: float) -> None:
        frame = Frame.around(self._editing.population)
        if frame is None:
            return
        corner = frame.left - 0.5, frame.top - 0.5
        middle = frame.middle[0] - 0.5, frame.middle[1] - 0.5
        if name == "x":
            changing.transform(self._editing, Affine.translation(value - frame.left, 0), "moving")
        elif name == "y":
            changing.transform(self._editing, Affine.translation(0, value - frame.top), "moving")
        elif name == "turn":
            changing.transform(self._editing, Affine.rotation(value, middle), "turning")
        elif name == "scale":
            changing.transform(self._editing, Affine.scaling(value / 100, value / 100, middle), "scaling")
        elif name == "width":
            factor = value / max(frame.right - frame.left, _LEAST)
            changing.transform(self._editing, Affine.scaling(factor, 1, corner), "scaling")
        else:
            factor = value / max(frame.bottom - frame.top, _LEAST)
            changing.transform(self._editing, Affine.scaling(1, factor, corner), "scaling")
