"""Sides as they lie on the canvas that is compared: what was cropped, flipped, turned or resized, and all others along.

side of a row, its canvas, the one compared ---> Registered.seen ---> its pixels elsewhere, or its Gaussians moved
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.picture.picture import decode
from daub.app.model.picture.registration import SAME, Registration
from daub.app.model.sources.sides import CompareSource
from daub.app.model.work.failure import Failure

if TYPE_CHECKING:
    from daub.app.model.workspace.workspace import Workspace
    from daub.codec.container import Document

_KEPT = 6  # sides, the newest


@dataclass(frozen=True)
class Canvas:
    """What pictures lie on.

    Args:
        size: width and height, pixels.
        registration: where what is open lies on it.
    """

    size: tuple[int, int]
    registration: Registration = SAME


@dataclass(frozen=True, eq=False)
class _Kept:
    content: object  # what makes the picture of a side
    way: Registration
    size: tuple[int, int]
    made: object


class Registered:
    """Finds it, and has it worked out where that takes long.

    Args:
        tell: called when there is more.
    """

    def __init__(self, workspace: Workspace, tell: Callable[[], None]):
        self._workspace, self._tell = workspace, tell
        self._kept: list[_Kept] = []
        self._asked: list[_Kept] = []  # being worked out, or in vain

    def seen(self, side: CompareSource | None, own: Canvas, canvas: Canvas) -> CompareSource | None:
        """A side on another canvas; None while it is worked out, and where `can_lie` says that it cannot.

        Args:
            own: what it lies on.
            canvas: what it shall lie on.
        """
        if side is None or own == canvas:
            return side
        if not self.can_lie(side, own, canvas):
            return None
        way = own.registration.inverse.then(canvas.registration)
        if side.gaussians is not None and not side.has_stages:
            moved = self._known(side.gaussians, way, canvas.size, way.gaussians)
            return replace(side, gaussians=moved, document=None, frame=None)
        if side.pixels is None:
            work = partial(_decoded, side.document, way, canvas.size)
            pixels, texels = self._later(side.document, way, canvas.size, work)
        elif way.is_exact:
            pixels, texels = (self.pixels(each, canvas, own) for each in (side.pixels, side.texels))
        else:
            work = partial(way.resampled, side.pixels, canvas.size)
            pixels, texels = self._later(side.pixels, way, canvas.size, work)
        if pixels is None or texels is None:
            return None
        title = side.title if way.is_exact else f"{side.title}, resampled"
        return CompareSource(title, side.facts, pixels, texels, row=side.row)

    @staticmethod
    def can_lie(side: CompareSource, own: Canvas, canvas: Canvas) -> bool:
        """A side has something to show all over a canvas: Gaussians do, pixels may end before. Args: as of `seen`."""
        if own == canvas or (side.gaussians is not None and not side.has_stages):
            return True
        return own.registration.inverse.then(canvas.registration).covers(own.size, canvas.size)

    def pixels(self, pixels: np.ndarray, canvas: Canvas, own: Canvas | None = None) -> np.ndarray | None:
        """The same numbers as they lie on a canvas, the same object each time; None where that is not exact.

        Args:
            pixels: (H, W, ...).
            own: what they lie on; None for those of what is open.
        """
        if own is None:
            own = Canvas((pixels.shape[1], pixels.shape[0]))
        if own == canvas:
            return pixels
        way = own.registration.inverse.then(canvas.registration)
        return self._known(pixels, way, canvas.size, lambda each: way.pixels(each, canvas.size))

    def forget(self) -> None:
        """Another picture is open."""
        self._kept, self._asked = [], []

    def _known(self, content: object, way: Registration, size: tuple[int, int], make: Callable) -> object:
        found = self._find(self._kept, content, way, size)
        if found is None:
            found = _Kept(content, way, size, make(content))
            self._kept = [*self._kept[1 - _KEPT :], found]
        return found.made

    def _later(
        self, content: object, way: Registration, size: tuple[int, int], work: Callable[[], np.ndarray]
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Pixels and texels; None while they are worked out."""
        found = self._find(self._kept, content, way, size)
        if found is not None:
            return found.made
        if self._find(self._asked, content, way, size) is None:
            asked = _Kept(content, way, size, None)
            self._asked = [*self._asked[1 - _KEPT :], asked]

            def deliver(made: tuple[np.ndarray, np.ndarray]) -> None:
                if not any(each is asked for each in self._asked):
                    return  # nobody wants it any more
                self._asked = [each for each in self._asked if each is not asked]
                self._kept = [*self._kept[1 - _KEPT :], replace(asked, made=made)]
                self._tell()

            def fail(failure: Failure) -> None:
                self._workspace.failed.emit(failure)

            self._workspace.background.run(lambda: _with_texels(work()), deliver, fail)
        return None, None

    @staticmethod
    def _find(among: list[_Kept], content: object, way: Registration, size: tuple[int, int]) -> _Kept | None:
        return next((each for each in among if each.content is content and (each.way, each.size) == (way, size)), None)


def _decoded(document: Document, way: Registration, size: tuple[int, int]) -> np.ndarray:
    pixels = decode(document, large=True) / np.float32(255)
    exact = way.pixels(pixels, size)
    return way.resampled(pixels, size) if exact is None else exact


def _with_texels(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return pixels, pixels.astype(np.float16)
