"""The brush that paints, smears and blurs Gaussians: whether it is at hand, how it is set, and its strokes.

press      move            release
begin ---> extend ... ---> end        one stroke, seen as it goes on, and undone as one

A stroke is given up by Esc and by undoing it alone: with another tool, another effect or a file that is written it ends
where it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from daub.app.model.editing.editing import Editing, gaussian_words
from daub.app.model.editing.frame import Point
from daub.app.model.editing.paint_brush import Colour, Effect, PaintBrush
from daub.app.model.editing.pending import Made, PendingEdit, PendingEdits
from daub.app.model.editing.refitting import Refitting
from daub.app.model.editing.strokes import Hold, brushed, settled
from daub.app.model.work.failure import failure_of_work
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace
from daub.codec.errors import DaubError

RECENT = 8  # colours that are remembered
SIZE_STEP = 1.25  # factor of one step of the brush's size
_APART = 0.06, 0.25  # of the radius, and image pixels: points of a stroke lie at least so far apart
_VERBS = {Effect.PAINT: "painting", Effect.SMEAR: "smearing", Effect.BLUR: "blurring"}
_FIRST = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.5, 0.5, 0.5))  # colours at hand before any was used


@dataclass(frozen=True, eq=False)
class Trail:
    """What of a stroke is not seen in the picture yet.

    Args:
        path: image positions.
    """

    brush: PaintBrush
    path: Sequence[Point]


@dataclass(frozen=True, eq=False)
class _Stroke:
    """Each point of its path has been followed once."""

    edit: PendingEdit
    brush: PaintBrush
    path: list[Point]
    hold: Hold


class Brushing:
    """See above. Positions are of the image, (0, 0) at the corner of the first pixel.

    Args:
        refitting: no stroke begins while it is at work.

    Attributes:
        changed: the brush is another one, is at hand or put away.
        drawn: a stroke has gone on, or more of it is seen.
        is_on: the brush is at hand.
        brush: which.
        recent: colours that were painted with, the newest first, and some to begin with.
    """

    def __init__(self, workspace: Workspace, editing: Editing, refitting: Refitting, pending: PendingEdits):
        self.changed, self.drawn = Signal(), Signal()
        self.is_on = False
        self.brush = PaintBrush()
        self.recent: tuple[Colour, ...] = (self.brush.colour, *_FIRST)
        self._workspace, self._editing = workspace, editing
        self._refitting, self._pending = refitting, pending
        self._strokes: list[_Stroke] = []  # that wait; the last may be under the hand
        self._held: PendingEdit | None = None
        pending.changed.connect(self._note_shown)

    # The brush.

    def switch(self, on: bool) -> None:
        """Takes the brush, or puts it away."""
        self.end()
        self.is_on = on
        self.changed.emit()

    def take(self, effect: Effect) -> None:
        """Takes it with that effect; where it is at hand with it already, puts it away."""
        on = not (self.is_on and self.brush.effect is effect)
        self.end()
        self.brush = replace(self.brush, effect=effect)
        self.switch(on)

    def choose(self, **values: object) -> None:
        """Another field of the brush; what is out of range comes to its end."""
        self.brush = replace(self.brush, **values).within_limits()
        self.changed.emit()

    def resize(self, steps: int) -> None:
        """Makes the brush larger, or smaller."""
        self.choose(diameter=self.brush.diameter * SIZE_STEP**steps)

    def swap_colours(self) -> None:
        """The colour that was painted with before this one, and this one after it."""
        others = [colour for colour in self.recent if colour != self.brush.colour]
        if others:
            self.recent = (others[0], self.brush.colour, *others[1:])[:RECENT]
            self.choose(colour=others[0])

    def recall(self, colours: Sequence[Colour]) -> None:
        """Colours of an earlier session, the newest first: the brush has that, and the others are at hand."""
        if colours:
            self.recent = tuple(colours)[:RECENT]
            self.choose(colour=self.recent[0])

    # Strokes.

    @property
    def is_busy(self) -> bool:
        """A stroke is under the hand."""
        return self._held is not None

    @property
    def trails(self) -> list[Trail]:
        """What a hand has drawn that is not seen yet, of all strokes that wait."""
        waiting = ((stroke, stroke.edit.shown) for stroke in self._strokes)
        return [
            Trail(stroke.brush, stroke.path[max(shown - 1, 0) :])
            for stroke, shown in waiting
            if shown < len(stroke.path)
        ]

    def begin(self, x: float, y: float) -> None:
        """The button goes down."""
        self.end()  # of one whose release nobody has seen
        if self._refitting.is_on:
            why = "a fit changes the same Gaussians"
            error = DaubError("nothing can be painted now", why, "let it end, or give it up with Esc")
            self._workspace.failed.emit(failure_of_work(error))
            return
        effect = self.brush.effect
        edit = self._pending.begin(lambda count: f"{_VERBS[effect]} {gaussian_words(count)}")
        if edit is None:
            return
        if effect is Effect.PAINT:
            self._remember(self.brush.colour)
        self._held = edit
        drawn = self._editing.drawn
        hold = Hold(self._editing.count > 0 or drawn is not None, drawn)
        self._strokes.append(_Stroke(edit, self.brush, [(x, y)], hold))
        self._follow()

    def extend(self, x: float, y: float) -> None:
        """The mouse has moved there with it."""
        if self._held is None:
            return
        path = self._strokes[-1].path
        share, least = _APART
        if math.dist(path[-1], (x, y)) >= max(share * self.brush.radius, least):
            path.append((x, y))
            self._follow()

    def end(self) -> None:
        """The button goes up, or the stroke ends otherwise; nothing where none is under the hand."""
        held, self._held = self._held, None
        if held is not None:
            stroke = self._strokes[-1]
            path, pending, device = tuple(stroke.path), self._pending, self._editing.open_device
            make = partial(settled, stroke.brush, path, stroke.hold, pending.has_time, device)
            pending.end(held, make, partial(self._note_done, stroke))

    def escape(self) -> None:
        """Gives up a fit under way, the stroke under the hand, or puts the brush away."""
        if self._refitting.is_on:
            self._refitting.cancel()
        elif self._held is not None:
            held, self._held = self._held, None
            self._pending.give_up(held)
        else:
            self.switch(False)

    def _follow(self) -> None:
        stroke = self._strokes[-1]
        self._pending.follow(stroke.edit, partial(brushed, stroke.brush, tuple(stroke.path), stroke.hold))
        self.drawn.emit()

    def _note_done(self, stroke: _Stroke, made: Made) -> None:
        """The shape that it held to is that of the selection still, what it has brought included."""
        if not stroke.hold.is_on or stroke.brush.effect is not Effect.PAINT:
            return
        if stroke.hold.drawn is not None:
            self._editing.keep_drawn(stroke.edit.session, stroke.hold.drawn)
        if not made.count:
            line = "Nothing was painted: the brush holds to what is selected, and Shift+A selects none"
            self._workspace.noticed.emit(line)

    def _remember(self, colour: Colour) -> None:
        if self.recent[0] != colour:
            others = (each for each in self.recent if each != colour)
            self.recent = (colour, *others)[:RECENT]
            self.changed.emit()

    def _note_shown(self) -> None:
        self._strokes = [stroke for stroke in self._strokes if not stroke.edit.is_done]
        if self._held is not None and self._held.is_done:  # it was given up elsewhere
            self._held = None
        self.drawn.emit()
