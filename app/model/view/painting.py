"""Painting what matters in the picture: whether the brush is at hand, which one it is, and what it does.

    commands, bar, viewport ---> Painting --- strokes ---> Canvas of the workspace
                                    |
                                    +--- done ---> History: a stroke, a cleared map and an imported one are undone alike

What is painted is tinted in the view, from when the brush is taken until it is put away.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from daub.app.model.picture.box import Box
from daub.app.model.picture.brush import LARGEST, LEAST_STRENGTH, SMALLEST, Brush, Effect
from daub.app.model.picture.canvas import Canvas
from daub.app.model.picture.picture import Picture
from daub.app.model.picture.registration import SAME
from daub.app.model.view.view import View
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.operations import PaintMap
from daub.app.model.workspace.workspace import Workspace
from daub.codec.importance import Importance

SIZE_STEP = 1.25  # factor of one step of the brush's size
_SHARE = 1 / 8  # of the shorter side of a picture, the brush's size until somebody has chosen one
_PUBLISH_EVERY = 0.25  # seconds, while a stroke goes on: each time a fit begins to weigh anew

_STROKES = {Effect.MORE: "brush stroke", Effect.LESS: "brush stroke", Effect.ERASE: "erasing importance"}


class Painting:
    """The brush over a workspace.

    Attributes:
        is_on: the brush is at hand.
        brush: which.
    """

    def __init__(self, workspace: Workspace, view: View):
        self.changed = Signal()  # the attributes, or whether there is something on the map
        self.painted = Signal()  # Box: the map of the picture is another there
        self.is_on = False
        self.brush = Brush()
        self._workspace, self._view = workspace, view
        self._size_was_chosen = False
        self._stroke: Canvas | None = None  # that a stroke is under way on
        self._published = 0.0  # when the stroke was, by the monotonic clock
        workspace.opened.connect(self._show_picture)
        workspace.mapped.connect(self._take)
        workspace.settings_changed.connect(lambda _: self.switch(self.is_on))
        view.changed.connect(self._leave_another_canvas)

    # The brush.

    @property
    def is_possible(self) -> bool:
        """There is a picture to fit, by a method that knows what matters, and it lies as it was opened."""
        return self._workspace.can_fit and self._workspace.method.weighs_pixels and self._view.registration == SAME

    def switch(self, on: bool) -> None:
        """Takes the brush, and shows what is painted; or puts it away."""
        on = on and self.is_possible
        if on != self.is_on:
            self._abandon()
            self.is_on = on
            self._view.tint(on)
            self.changed.emit()

    def _leave_another_canvas(self) -> None:
        if self.is_on and not self.is_possible:
            self.switch(False)

    def choose(self, **values: object) -> None:
        """Another `effect`, `diameter` or `strength`; what is out of range comes to its end."""
        brush = replace(self.brush, **values)
        diameter = min(max(brush.diameter, SMALLEST), LARGEST)
        strength = min(max(brush.strength, LEAST_STRENGTH), 1.0)
        self._size_was_chosen |= "diameter" in values
        self.brush = replace(brush, diameter=diameter, strength=strength)
        self.changed.emit()

    def resize(self, steps: int) -> None:
        """Makes the brush larger, or smaller."""
        self.choose(diameter=self.brush.diameter * SIZE_STEP**steps)

    # The map.

    @property
    def canvas(self) -> Canvas | None:
        """The map of the picture."""
        return self._workspace.canvas

    @property
    def has_map(self) -> bool:
        """Something in the picture matters more than other things."""
        canvas = self.canvas
        return canvas is not None and not canvas.is_blank

    def begin(self, x: float, y: float) -> None:
        """A stroke begins at an image position."""
        self._abandon()
        self._stroke, self._published = self.canvas, time.monotonic()
        self.painted.emit(self._stroke.begin(self.brush, x, y))

    def extend(self, x: float, y: float) -> None:
        """It goes on to another. The fit sees what there is of it now and then."""
        if self._stroke is None:
            return
        self.painted.emit(self._stroke.extend(x, y))
        now = time.monotonic()
        if self._workspace.fitting.is_under_way and now - self._published > _PUBLISH_EVERY:
            self._stroke.publish()
            self._published = now

    def end(self) -> None:
        """It is done."""
        canvas, self._stroke = self._stroke, None
        if canvas is not None:
            self._do(PaintMap(_STROKES[self.brush.effect], canvas.end()))

    @property
    def is_painting(self) -> bool:
        """A stroke is under way."""
        return self._stroke is not None

    def clear(self) -> None:
        """Nothing matters more than anything else."""
        neutral = Importance.neutral(*self.canvas.values.shape).values
        self._do(PaintMap("clearing importance", self.canvas.patch_to(neutral)))

    def load(self, path: Path) -> None:
        """Takes a map from an image file."""
        self._workspace.opening.load_map(path, lambda loaded: self._import(loaded.values))

    def _import(self, values: np.ndarray) -> None:
        self._abandon()
        self._do(PaintMap("imported importance", self.canvas.patch_to(values)))
        self.switch(True)

    def _do(self, operation: PaintMap) -> None:
        if operation.patch:
            self._workspace.history.do(operation)

    def _abandon(self) -> None:
        """Of a stroke that nobody ends."""
        canvas, self._stroke = self._stroke, None
        if canvas is not None:
            canvas.abandon()
            self.painted.emit(canvas.whole)

    def _take(self, box: Box) -> None:
        abandoned, self._stroke = self._stroke, None  # by the workspace
        self.painted.emit(box if abandoned is None else abandoned.whole)
        self.changed.emit()

    def _show_picture(self, picture: Picture) -> None:
        self._abandon()
        if not self._size_was_chosen:
            size = round(_SHARE * min(picture.width, picture.height))
            self.brush = replace(self.brush, diameter=float(max(SMALLEST, size)))
        self.switch(self.is_on)  # there may be nothing to paint on
        self.changed.emit()
