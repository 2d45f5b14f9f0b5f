"""The page of a scene: what its file holds, other versions of it, from where it is looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSlider, QSpinBox, QVBoxLayout, QWidget

from daub.app.model.scene.making import QUALITIES, Making
from daub.app.model.scene.stage import Stage
from daub.app.model.scene.training import Training
from daub.app.model.scene.version import SceneDocument
from daub.app.model.sources.source import size_text
from daub.app.window.actions import Actions
from daub.app.window.look.sizes import GAP
from daub.app.window.panels.action_button import ActionButton, ActionCheck
from daub.app.window.panels.section import section
from daub.app.window.panels.training_section import TrainingSection


class ScenePage(QWidget):
    """See above."""

    def __init__(self, stage: Stage, making: Making, training: Training, actions: Actions):
        super().__init__()
        self._stage = stage
        self.training = TrainingSection(training, actions)
        self.facts = FactsTable()
        self.place = QLabel()
        self.place.setWordWrap(True)
        self.place.setProperty("role", "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.training)
        column.addWidget(section("SCENE", self.facts))
        self.quality = QualityField(making, actions)
        column.addWidget(section("OTHER VERSIONS", _stacked(
            self.quality, ActionButton(actions["make_daub"], "primary"),
            _beside(*(ActionButton(actions[name], "plain") for name in ("make_sog", "make_spz"))),
            ActionButton(actions["restore_version"], "plain"), ActionButton(actions["add_files"], "plain"),
            ActionButton(actions["save_version"], "plain"),
        )))  # fmt: skip
        column.addWidget(section("VIEW", _stacked(
            _beside(*(ActionButton(actions[name], "plain") for name in ("previous_camera", "next_camera"))),
            self.place, ActionCheck(actions["fly"]), ActionButton(actions["export_turntable"], "plain"),
        )))  # fmt: skip
        stage.opened.connect(self._show)
        stage.changed.connect(self._show_place)
        stage.versions.changed.connect(self._show_facts)

    def _show_facts(self) -> None:
        """Of a scene that is trained they change."""
        if self._stage.document is not None:
            self.facts.show_facts(facts_of(self._stage.document))

    def _show(self, scene: SceneDocument) -> None:
        self.facts.show_facts(facts_of(scene))
        self._show_place()

    def _show_place(self) -> None:
        words = self._stage.place or "Drag to turn, wheel to come nearer"
        if self.place.text() != words:
            self.place.setText(words)


class FactsTable(QWidget):
    """Names to the left, what is known to the right, which can be selected and copied."""

    def __init__(self):
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self.values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        """Shows these instead of those before. Args: facts: names and what they are, "" for what is not known."""
        for name, text in facts:
            if name not in self.values:
                row, label, value = len(self.values), QLabel(name), QLabel()
                label.setProperty("role", "dim")
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
                value.setAlignment(Qt.AlignmentFlag.AlignRight)
                value.setWordWrap(True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._grid.addWidget(label, row, 0)
                self._grid.addWidget(value, row, 1)
                self.values[name] = value
                self._names[name] = label
            self.values[name].setText(text)
            for widget in (self._names[name], self.values[name]):
                widget.setVisible(bool(text))


class QualityField(QWidget):
    """The quality of the next .daub."""

    def __init__(self, making: Making, actions: Actions):
        super().__init__()
        self.slider, self.number = QSlider(Qt.Orientation.Horizontal), QSpinBox()
        label = QLabel("Quality")
        label.setBuddy(self.number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (label, self.slider, self.number):
            row.addWidget(widget)
        for field in (self.slider, self.number):
            field.setRange(*QUALITIES)
            field.setValue(making.quality)
            field.setAccessibleName("Quality of the .daub")
            field.setToolTip("25 is about 35 dB, 50 about 41")
            field.valueChanged.connect(self._choose)
        self._making, self._actions = making, actions

    def _choose(self, quality: int) -> None:
        self._making.quality = quality
        for field in (self.slider, self.number):
            field.setValue(quality)
        self._actions.refresh()


def facts_of(scene: SceneDocument) -> list[tuple[str, str]]:
    """What there is to say of a scene, by name."""
    original = scene.original
    middle = zip("xyz", scene.extent.low, scene.extent.high, strict=True)
    whole = zip("xyz", scene.low, scene.high, strict=True)
    return [
        ("Format", original.format),
        ("Gaussians", f"{original.gaussians:,}"),
        ("Harmonics", f"degree {original.degree}" if original.degree else "none"),
        ("Size", "in no file yet" if original.is_growing else size_text(original.bytes)),
        ("Per Gaussian", "" if original.is_growing else f"{original.bits_per_gaussian:.1f} bits"),
        ("Middle 90 %", _box(middle)),
        ("All centres", _box(whole)),
        ("Antialiased", "yes" if scene.antialiased else "no"),
        ("Cameras", f"{len(scene.cameras):,} beside it" if scene.cameras else f"none; {len(scene.views)} made"),
    ]


def _box(axes) -> str:
    return "\n".join(f"{axis} {low:.3g} to {high:.3g}" for axis, low, high in axes)


def _stacked(*widgets: QWidget) -> QWidget:
    outer = QWidget()
    column = QVBoxLayout(outer)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    for widget in widgets:
        column.addWidget(widget)
    return outer


def _beside(*widgets: QWidget) -> QWidget:
    outer = QWidget()
    row = QHBoxLayout(outer)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GAP)
    for widget in widgets:
        row.addWidget(widget, 1)
    return outer
