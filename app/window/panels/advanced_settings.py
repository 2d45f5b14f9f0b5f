"""The settings of a fit that few people change: tuning, steps, seed, background, and how it takes the machine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from daub.app.model.fit.method import steps_of
from daub.app.model.picture.picture import WHITE, Colour
from daub.app.model.workspace.workspace import Workspace
from daub.app.window.panels.action_button import ActionCheck
from daub.app.window.panels.goal_field import FIELD_WIDTH
from daub.app.window.panels.wheel_guard import WheelGuard
from daub.codec.options import option_of
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import TUNINGS

_LARGEST = 2**31 - 1  # that a field of Qt can hold
_TUNE_HINT = "what an error counts; usually balanced, but as the goal says with one of PSNR or MS-SSIM"
_RESTORE_HINT = (
    "Restore: a network mends what compression loses, where the file is better with it. The fit goes on by a third\n"
    "towards what is left to it. Takes about twice the time, and PyTorch, also for whoever opens the file."
)


class AdvancedSettings(QWidget):
    """Seen once it is unfolded. What differs from the usual is told beside its name.

    Args:
        guard: keeps the wheel from fields that have no focus.
        switches: actions that are on or off, each with a check box.

    Attributes:
        fold: the button that unfolds it.
    """

    def __init__(self, workspace: Workspace, guard: WheelGuard, switches: Sequence[QAction]):
        super().__init__()
        self._workspace = workspace
        self.fold = QToolButton()
        self.fold.setProperty("role", "fold")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setCheckable(True)
        self.fold.setToolTip("Tuning, steps, seed, background, and how the fit takes the machine")
        self.fold.toggled.connect(self._unfold)
        self.tune = _tunings(guard)
        self.steps = number_field("steps", guard)
        self.steps.setSingleStep(50)
        self.seed = number_field("seed", guard)
        self.background = QPushButton()
        self.background.setProperty("role", "plain")
        self.background.setFixedWidth(FIELD_WIDTH)
        self.background.setToolTip("Transparent parts of a picture stay transparent, or are laid on a colour")
        self.background.clicked.connect(self._choose_background)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for row, text in enumerate(("Tune", "Steps", "Seed", "Background")):
            widget, label = getattr(self, text.lower()), QLabel(text)
            label.setBuddy(widget)
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        self.restore = QCheckBox("Restore what is lost")
        self.restore.setToolTip(_RESTORE_HINT)
        grid.addWidget(self.restore, grid.rowCount(), 0, 1, 2)
        for switch in switches:
            grid.addWidget(ActionCheck(switch), grid.rowCount(), 0, 1, 2)
        self.tune.currentIndexChanged.connect(lambda: workspace.change(tune=self.tune.currentData()))
        # The steps that the effort or the method would take follow these, until somebody asks for others.
        self.steps.valueChanged.connect(lambda value: workspace.change(steps=value))
        self.restore.clicked.connect(lambda on: workspace.change(restore=on))
        self.seed.valueChanged.connect(lambda value: workspace.change(seed=value))
        workspace.settings_changed.connect(self.show_settings)
        workspace.background_changed.connect(self.show_background)
        self.show_background(workspace.background_colour)
        self.show_settings(workspace.settings)
        self._unfold(False)

    def show_settings(self, settings: EncodeSettings) -> None:
        """What is wanted."""
        method = self._workspace.method
        self.restore.setChecked(settings.restore)
        for field, value in ((self.steps, steps_of(settings, method)), (self.seed, settings.seed)):
            field.blockSignals(True)
            field.setValue(min(value, _LARGEST))
            field.blockSignals(False)
        self.tune.blockSignals(True)
        self.tune.setCurrentIndex(self.tune.findData(settings.tune))
        self.tune.blockSignals(False)
        self.tune.setEnabled(method.weighs_pixels)
        hint = _TUNE_HINT if method.weighs_pixels else f"{method.name} has a loss of its own"
        self.tune.setToolTip(f"Tune: {hint}")
        self._name_changes()

    def show_background(self, colour: Colour | None) -> None:
        """What transparent parts are laid on; None: they stay transparent."""
        self._name_changes()
        if colour is None:
            self.background.setText("Transparent")
            self.background.setStyleSheet("")
            return
        chosen = QColor.fromRgbF(*colour)
        self.background.setText("White" if chosen == QColor("white") else chosen.name())
        ink = "#000000" if chosen.lightnessF() > 0.5 else "#ffffff"
        self.background.setStyleSheet(f"background: {chosen.name()}; color: {ink}; padding: 3px 8px;")

    def _name_changes(self) -> None:
        settings = self._workspace.settings
        others = {
            "tune": settings.tune is not None,
            "steps": settings.steps is not None,
            "seed": settings.seed != 0,
            "restoration": settings.restore,
            "background": self._workspace.background_colour is not None,
        }
        changed = [name for name, is_other in others.items() if is_other]
        self.fold.setText(f"Advanced, {' and '.join(changed)} changed" if changed else "Advanced")

    def _unfold(self, on: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.setVisible(on)

    def _choose_background(self) -> None:
        dialog = QColorDialog(QColor.fromRgbF(*(self._workspace.background_colour or WHITE)), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)  # which has no such button
        keep = dialog.findChild(QDialogButtonBox).addButton(
            "Stay &transparent", QDialogButtonBox.ButtonRole.ResetRole
        )
        keep.clicked.connect(lambda: self._workspace.opening.lay_on(None))
        keep.clicked.connect(dialog.reject)
        dialog.setWindowTitle("Background of transparent pictures")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self._workspace.opening.lay_on(tuple(colour.getRgbF()[:3])))
        dialog.open()


def number_field(name: str, guard: WheelGuard) -> QSpinBox:
    """A field for a setting of whole numbers. Args: name: of the field of `EncodeSettings`."""
    option, field = option_of(EncodeSettings, name), QSpinBox()
    field.setRange(int(option.smallest), int(min(option.largest, _LARGEST)))
    field.setGroupSeparatorShown(True)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setKeyboardTracking(False)
    field.setFixedWidth(FIELD_WIDTH)
    field.setAccessibleName(name.capitalize())
    field.setToolTip(f"{name.capitalize()}: {option.help}")
    guard.watch(field)
    return field


def _tunings(guard: WheelGuard) -> QComboBox:
    """The choice of a tuning; the first follows from the goal."""
    field = QComboBox()
    field.addItem("Usual", None)
    for tuning, option in TUNINGS.items():
        field.addItem(option.label, tuning)
        field.setItemData(field.count() - 1, option.help, Qt.ItemDataRole.ToolTipRole)
    field.setFixedWidth(FIELD_WIDTH)
    field.setAccessibleName("Tune")
    guard.watch(field)
    return field
