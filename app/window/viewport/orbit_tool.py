"""Turns a scene, moves it, comes nearer, and flies through it: the habits of SuperSplat and of others like it.

    left drag                     orbit                       wheel, pinch            nearer, farther
    right or middle drag, Shift   pan                         arrow keys              orbit
    double click                  what is there becomes what everything turns about
    W A S D, Q E                  fly, with the right button held or in the mode of flight; the drag turns the head then
"""

from __future__ import annotations

from daub.app.model.scene.stage import Stage
from daub.app.model.view.view import View
from daub.app.window.viewport.tools import ARROWS, FAR_ARROWS, FLIGHT, Button, Cursor, Key, Pointer, Tool

_NOTCHES = 4  # of the wheel that bring the eye to half the distance
_ARROW, _FAR = 20, 80  # logical pixels of a drag that an arrow key is worth, without and with Shift
_WAYS = {  # right, down, forward
    Key.FORWARD: (0, 0, 1), Key.BACK: (0, 0, -1), Key.LEFTWARD: (-1, 0, 0), Key.RIGHTWARD: (1, 0, 0),
    Key.RISE: (0, -1, 0), Key.SINK: (0, 1, 0),
}  # fmt: skip


class OrbitTool(Tool):
    """At hand while a scene is open."""

    def __init__(self, view: View, stage: Stage):
        self._view, self._stage = view, stage
        self._pressed: Pointer | None = None
        self._last: Pointer | None = None
        self._flown: set[Key] = set()  # keys of flight that are held

    def press(self, at):
        if at.button is None or not self._stage.is_open:
            return False
        self._pressed = self._last = at
        return True

    def move(self, at):
        dx, dy = ((now - before) / self._view.scale for now, before in ((at.x, self._last.x), (at.y, self._last.y)))
        self._last = at
        if not (dx or dy):
            return
        if self._flown or (self._stage.flies and self._pressed.button is Button.LEFT):
            self._stage.look_around(dx, dy)
        elif self._pressed.button is Button.LEFT and Key.SHIFT not in self._pressed.keys:
            self._stage.orbit(dx, dy)
        else:
            self._stage.pan(dx, dy)

    def release(self, at):
        self._pressed = None
        if not self._stage.flies:
            self.let_go()

    def double_click(self, at):
        if self._stage.is_open:
            self._stage.focus(*self._view.camera.to_image(at.x, at.y), at.side)
        return self._stage.is_open

    def wheel(self, at, notches):
        if not self._stage.is_open:
            return False
        self._stage.zoom_by(2 ** (notches / _NOTCHES))
        return True

    def scroll(self, at, dx, dy):
        if not self._stage.is_open:
            return False
        self._stage.orbit(dx / self._view.scale, dy / self._view.scale)
        return True

    def pinch(self, at, factor):
        if not self._stage.is_open:
            return False
        self._stage.zoom_by(factor)
        return True

    def wants(self, key):
        return self._stage.is_open and key in FLIGHT and (self._stage.flies or self._holds_right)

    def key(self, key, down):
        if not self._stage.is_open:
            return False
        if key in FLIGHT:
            return self._fly(key, down)
        for arrows, step in ((ARROWS, _ARROW), (FAR_ARROWS, _FAR)):
            if key in arrows:
                ways = (-1, 0), (1, 0), (0, -1), (0, 1)
                x, y = ways[arrows.index(key)]
                if down:
                    self._stage.orbit(step * x, step * y)
                return True
        return False

    def let_go(self):
        self._flown.clear()
        self._stage.fly(0, 0, 0)

    def cursor(self, at, holds):
        return Cursor.GRABBING if holds else None

    @property
    def _holds_right(self) -> bool:
        return self._pressed is not None and self._pressed.button is Button.RIGHT

    def _fly(self, key: Key, down: bool) -> bool:
        if down and not self.wants(key):
            return False
        if down:
            self._flown.add(key)
        else:
            self._flown.discard(key)
        ways = [_WAYS[each] for each in self._flown]
        self._stage.fly(*(sum(axis) for axis in zip(*ways, strict=True)) if ways else (0, 0, 0))
        return True
