"""A rectangle over the picture, and how good both sides are in it.

tool, keys --- place, clear ---> Region --- measures beside the window ---> figures of A and of B
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from daub.app.model.compare.comparison import Comparison
from daub.app.model.compare.decoded import Decoded
from daub.app.model.picture.box import NOWHERE, Box
from daub.app.model.sources.sides import CompareSource
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.restraint import Restraint
from daub.app.model.work.signal import Signal
from daub.render.eight_bit import as_real


@dataclass(frozen=True)
class PartFigures:
    """How good a side is in the rectangle, against the picture.

    Args:
        is_reference: it is the picture itself: nothing is measured.
        psnr: dB, infinity where all pixels are equal.
        ms_ssim: of the rectangle alone, with as many scales as fit (`metrics.ms_ssim`).
        flip: mean of the map of the whole picture there; None while it is not known, or cannot be.
        bits: of the file that lie there, None where nobody knows.
    """

    is_reference: bool = False
    psnr: float | None = None
    ms_ssim: float | None = None
    flip: float | None = None
    bits: float | None = None


NOTHING = PartFigures()


@dataclass(frozen=True, eq=False)
class _Task:
    """What is measured: arrays as of `Decoded.get`, None for a side that is not there, or not yet."""

    box: Box
    reference: np.ndarray
    sides: tuple[np.ndarray | None, np.ndarray | None]
    generation: int

    def is_as(self, other: _Task | None) -> bool:
        """They measure the same."""
        if other is None or self.box != other.box or self.reference is not other.reference:
            return False
        return all(mine is theirs for mine, theirs in zip(self.sides, other.sides, strict=True))


class Region:
    """The rectangle of one window.

    Attributes:
        is_on: the tool is at hand, the rectangle is seen.
        box: the rectangle, None before there is one; whole pixels, at least one, all in the picture.
        figures: of A and of B.
        bits_of: tells how many bits of a side's file lie in a rectangle, None where it cannot; whoever accounts for
            bits sets it, and calls `measure` when it knows more.
        why: there are no figures, or none of FLIP, "" where there are.
    """

    def __init__(self, comparison: Comparison, decoded: Decoded, background: Background):
        self.changed = Signal()  # the attributes
        self.is_on = False
        self.box: Box | None = None
        self.figures: tuple[PartFigures, PartFigures] = (NOTHING, NOTHING)
        self.bits_of: Callable[[CompareSource, Box], float | None] | None = None
        self.why = ""
        self._comparison, self._decoded, self._background = comparison, decoded, background
        self._is_held = False  # somebody drags it
        self._quick: _Task | None = None  # of which PSNR and MS-SSIM are known
        self._seen: _Task | None = None  # of which FLIP is known, too
        self._busy = False
        self._restraint = Restraint()
        self._no_flip = ""  # why FLIP cannot be measured
        comparison.changed.connect(self._look_at_sides)
        decoded.changed.connect(self.measure)

    @property
    def is_possible(self) -> bool:
        """There is a picture to lie on."""
        return self._comparison.size != (0, 0)

    def switch(self, on: bool) -> None:
        """Takes the tool, with the rectangle that there was; or puts it away, and the rectangle out of sight."""
        self.is_on = on and self.is_possible
        self.changed.emit()
        self.measure()

    def hold(self, on: bool) -> None:
        """Somebody drags the rectangle: what takes long waits until it is let go."""
        self._is_held = on
        self.measure()

    def place(self, box: Box) -> None:
        """Puts the rectangle there, as far as it lies in the picture; nowhere else stays what there is."""
        box = box.within(*self._comparison.size)
        if box.is_empty or box == self.box:
            return
        self.box = box
        self.measure()
        self.changed.emit()

    def clear(self) -> None:
        """There is no rectangle."""
        self.box, self.figures = None, (NOTHING, NOTHING)
        self._quick = self._seen = None
        self.changed.emit()

    def measure(self) -> None:
        """Brings the figures up to date, with what is known by now."""
        if not self.is_on or self.box is None:
            return
        task = self._task()
        self.why = self._why(task)
        if task is None:
            self.figures = (NOTHING, NOTHING)
            self._show_bits()
            self.changed.emit()
            return
        if self._show_bits():
            self.changed.emit()
        if self._busy:
            return
        if not task.is_as(self._quick):
            self._run(task, measured, self._take_quick)
        elif not task.is_as(self._seen) and not self._is_held and not self._no_flip:
            self._run(task, flips, self._take_flips)

    def _task(self) -> _Task | None:
        reference = self._comparison.reference
        if reference is None:
            return None
        sides = tuple(self._decoded.get(side) for side in self._comparison.sides)
        return _Task(self.box, reference, sides, self._comparison.generation)

    def _why(self, task: _Task | None) -> str:
        if task is None:
            return self._comparison.why_no_reference
        if all(side is None for side in task.sides):
            return "There is nothing to measure yet"
        return self._no_flip

    def _run(self, task: _Task, work: Callable, take: Callable) -> None:
        self._busy, is_live = True, self._comparison.is_live

        def both() -> list:
            return [None if side is None else work(task.reference, side, task.box) for side in task.sides]

        self._background.run_alone(
            lambda: self._restraint.do(both, is_live),
            lambda found: self._end(lambda: take(task, found)),
            lambda failure: self._end(lambda: self._refuse(failure)),
        )

    def _end(self, take: Callable[[], None]) -> None:
        self._busy = False
        take()
        self._show_bits()
        self.changed.emit()
        self.measure()  # the rectangle may be elsewhere by now

    def _take_quick(self, task: _Task, found: list[PartFigures | None]) -> None:
        self._quick = task
        if self.box is not None and task.generation == self._comparison.generation:
            self.figures = tuple(each or NOTHING for each in found)

    def _take_flips(self, task: _Task, found: list[float | None]) -> None:
        self._seen = task
        if task.is_as(self._quick):
            pairs = zip(self.figures, found, strict=True)
            self.figures = tuple(each if each.is_reference else replace(each, flip=flip) for each, flip in pairs)

    def _refuse(self, failure: Failure) -> None:
        self._no_flip = self.why = failure.line

    def _show_bits(self) -> bool:
        """Puts them into the figures. Returns whether they are others than before."""
        if self.bits_of is None or self.box is None:
            return False
        bits = [None if side is None else self.bits_of(side, self.box) for side in self._comparison.sides]
        before = [each.bits for each in self.figures]
        self.figures = tuple(replace(each, bits=count) for each, count in zip(self.figures, bits, strict=True))
        return bits != before

    def _look_at_sides(self) -> None:
        width, height = self._comparison.size
        if self.box is not None and self.box.within(width, height) != self.box:
            self.clear()  # of a picture of another size
        self.measure()


def measured(reference: np.ndarray, side: np.ndarray, box: Box) -> PartFigures:
    """PSNR and MS-SSIM in a rectangle. Args: reference, side: (H, W, 3), the latter as of `Decoded.get`."""
    from daub.codec.evaluation import metrics

    if side is reference:
        return PartFigures(is_reference=True)
    parts = reference[box.slices], as_real(side[box.slices])
    return PartFigures(psnr=metrics.psnr(*parts), ms_ssim=metrics.ms_ssim(*parts))


def flips(reference: np.ndarray, side: np.ndarray, box: Box) -> float | None:
    """Mean FLIP in a rectangle, None of the reference itself; arguments as of `measured`. Raises DaubError."""
    from daub.codec.evaluation.flip import flip_of_part
    from daub.codec.evaluation.flip_process import REACH

    if side is reference:
        return None
    # No more of a huge picture becomes floating point than FLIP looks at.
    left, top = max(box.left - REACH, 0), max(box.top - REACH, 0)
    around = slice(top, box.bottom + REACH), slice(left, box.right + REACH)
    inside = Box(box.left - left, box.top - top, box.right - left, box.bottom - top)
    return flip_of_part(reference[around], as_real(side[around]), inside.slices)


def dragged(box: Box, grip: tuple[int, int], dx: int, dy: int, size: tuple[int, int]) -> Box:
    """The rectangle after a drag of so many pixels.

    Args:
        grip: which edges were taken, across and down: -1 the left or upper, 1 the right or lower, 0 neither; (0, 0)
            moves all of it.
        size: width and height of the picture, in which it stays.
    """
    width, height = size
    left, right = _dragged(box.left, box.right, grip[0], dx, grip == (0, 0), width)
    top, bottom = _dragged(box.top, box.bottom, grip[1], dy, grip == (0, 0), height)
    return Box(left, top, right, bottom)


def _dragged(low: int, high: int, edge: int, by: int, moves: bool, side: int) -> tuple[int, int]:
    if moves:
        by = min(max(by, -low), side - high)
        return low + by, high + by
    moved, fixed = (low + by, high) if edge < 0 else (high + by, low)
    if edge == 0:
        return low, high
    moved = min(max(moved, 0), side)
    first, last = min(moved, fixed), max(moved, fixed)
    return (first, last) if last > first else (first, first + 1) if first < side else (side - 1, side)


def spanned(first: tuple[float, float], second: tuple[float, float]) -> Box:
    """The pixels between two image positions, those under them included; NOWHERE of none."""
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(first, second, strict=True))
    box = Box(int(left // 1), int(top // 1), int(right // 1) + 1, int(bottom // 1) + 1)
    return NOWHERE if box.is_empty else box
