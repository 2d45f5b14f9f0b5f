"""Pictures of a scene, made on a thread of their own: of what is asked for faster than it can be drawn, the newest.

    stage --- want(shot) ---> Frames --- thread: draws ---> Latest ---> deliver(frame), on the thread of the model
                                |
                                +--- while shots move: of fewer Gaussians and coarser, so that a picture takes no
                                     longer than MOVING;
                                     once nothing has come for REST: the last one again, whole, and how good it is

What draws is `drawing.Drawing`.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.scene.drawing import Drawing, SceneDrawer
from daub.app.model.scene.pace import Pace
from daub.app.model.scene.version import ORIGINAL, Version
from daub.app.model.scene.viewpoint import Viewpoint
from daub.app.model.work.failure import Failure, failure_of_work
from daub.app.model.work.latest import Latest
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.render.splats.cpu.scene import CpuScene

MOVING = 0.04  # seconds that the pictures of a moment may take while something moves: the window needs some, too
REST = 0.15  # seconds without a movement, after which the picture is drawn whole
_LONGEST_END = 2.0  # seconds that a window which closes waits for a picture that a graphics card draws
_SOONEST = 1 / 60  # seconds from one picture to the next: no screen shows more


@dataclass(frozen=True, eq=False)
class Shot:
    """What is to be seen.

    Args:
        viewpoint: from where.
        width, height: pixels.
        versions: that are compared, by side.
        seen: the sides that are looked at; while something moves the others are left out.
        original: what they are measured against.
        moves: another follows soon, so that this one may be coarse.
        shows_gaussians: where they lie is to be known of the version on this side; "" for none.
    """

    viewpoint: Viewpoint
    width: int
    height: int
    versions: Mapping[str, Version]
    original: Version
    seen: tuple[str, ...] = ("a", "b")
    moves: bool = False
    shows_gaussians: str = ""


@dataclass(frozen=True, eq=False)
class Frame:
    """What a shot has come to.

    Args:
        shot: it.
        coarseness: pixels of the picture a side for each that was drawn; 1 for a whole one.
        stands_in: a stand-in with fewer Gaussians was drawn for one of the versions.
        pixels: (H, W, 3) uint8 by side, all of the size of the shot.
        psnr: dB against the original by side, of whole pictures of other versions.
        gaussians: those that lie in the picture, of the side that was asked for.
    """

    shot: Shot
    coarseness: float
    pixels: Mapping[str, np.ndarray]
    psnr: Mapping[str, float] = field(default_factory=dict)
    gaussians: Gaussians | None = None
    stands_in: bool = False


class Frames:
    """See above. Everything is called on the thread of the model.

    Args:
        post: has a function called on the thread of the model, soon.
        deliver: gets every frame that was not overtaken.
        on_failure: told why there is none.
        stand_in: what is drawn for a version while something moves and the whole takes too long; None for itself.
        on_fall_back: told in one line why the processor draws from now on.
    """

    def __init__(
        self,
        post: Callable[[Callable[[], None]], None],
        deliver: Callable[[Frame], object],
        on_failure: Callable[[Failure], object],
        stand_in: Callable[[Version], CpuScene | None] = lambda _: None,
        on_fall_back: Callable[[str], object] = lambda _: None,
    ):
        self._post, self._deliver, self._on_failure = post, deliver, on_failure
        self._latest: Latest[Frame | None] = Latest(None, lambda: post(self._take))
        self._stand_in = stand_in
        self._drawing = Drawing(lambda line: post(lambda: on_fall_back(line)))
        self._pace = Pace(MOVING)
        self._whole_seconds = 0.0  # that the last whole picture took, of the sides that are looked at
        self._woken = threading.Condition()  # held to touch those that follow
        self._next: Shot | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def want(self, shot: Shot) -> None:
        """Draws that next."""
        with self._woken:
            self._next = shot
            self._woken.notify()
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="daub-scene", daemon=True)
            self._thread.start()

    def draw_by(self, drawer: SceneDrawer | None) -> None:
        """Draws by this from the next picture on; None: by the processor."""
        self._drawing.use(drawer)

    def close(self) -> None:
        """Draws nothing any more. Returns at once, or where a graphics card draws, when it has let go of it."""
        with self._woken:
            self._closed, self._next = True, None
            self._woken.notify()
        if self._drawing.is_of_a_card and self._thread is not None:
            self._thread.join(_LONGEST_END)

    def _take(self) -> None:
        frame, _ = self._latest.take()
        if frame is not None and not self._closed:
            self._deliver(frame)

    # On the thread.

    def _run(self) -> None:
        try:
            self._draw_on()
        finally:
            self._drawing.close()

    def _draw_on(self) -> None:
        coarse: Shot | None = None  # what was drawn last, while it is not whole
        while True:
            with self._woken:
                came = self._woken.wait_for(lambda: self._closed or self._next is not None, coarse and REST)
                if self._closed:
                    return
                shot, self._next = (self._next, None) if came else (replace(coarse, moves=False), None)
            began = time.perf_counter()
            try:
                if (frame := self._draw(shot)) is not None:
                    self._latest.publish(frame)
                    if not shot.moves:
                        self._measure(frame)
            except Exception as error:  # a scene that cannot be drawn is told of, and the window goes on
                failure = failure_of_work(error)
                self._post(lambda failure=failure: self._on_failure(failure))
                coarse = None
                continue
            coarse = shot if shot.moves else None
            time.sleep(max(0.0, _SOONEST - (time.perf_counter() - began)))

    def _draw(self, shot: Shot) -> Frame | None:
        """None where a hand has moved on before a whole picture had all its sides."""
        coarseness = self._pace.coarseness if shot.moves else 1.0
        stand_ins = {side: self._stand_in(version) for side, version in shot.versions.items()}
        stands_in = False
        size = math.ceil(shot.width / coarseness), math.ceil(shot.height / coarseness)
        of_gaussians = of_pixels = 0.0  # seconds
        pixels, gaussians = {}, None
        camera = shot.viewpoint.camera(shot.width, shot.height).resized(*size)
        for side, version in shot.versions.items():
            if shot.moves and side not in shot.seen:
                continue
            if pixels and not shot.moves and self._is_moved_on:
                return None
            began = time.perf_counter()
            drawn = version.drawn
            if shot.moves and self._whole_seconds > MOVING and stand_ins[side] is not None:
                drawn, stands_in = stand_ins[side], True
            found = self._drawing.image(drawn, camera)
            pixels[side] = _enlarged(found.pixels, shot.width, shot.height)
            if side in shot.seen:  # as while something moves
                of_gaussians += found.sorted - began
                of_pixels += time.perf_counter() - found.sorted
            if side == shot.shows_gaussians:
                view = drawn.seen(camera) if found.view is None else found.view
                gaussians = _projected(view, shot.width / size[0], shot.height / size[1])
        if not shot.moves:
            self._whole_seconds = of_gaussians + of_pixels
        if shot.moves or not any(stand_ins.values()):  # else what moves next is not like this one
            self._pace.note(coarseness, of_gaussians, of_pixels)
        return Frame(shot, coarseness, pixels, {}, gaussians, stands_in)

    def _measure(self, frame: Frame) -> None:
        """Tells how good the sides are, unless somebody has moved on meanwhile."""
        shot, psnr = frame.shot, {}
        others = {side: version for side, version in shot.versions.items() if version.key != ORIGINAL}
        if not others or self._is_overtaken:
            return
        kept = next((frame.pixels[side] for side, each in shot.versions.items() if each.key == ORIGINAL), None)
        if kept is None:
            kept = self._drawing.image(shot.original.drawn, shot.viewpoint.camera(shot.width, shot.height)).pixels
        for side in others:
            if self._is_overtaken:
                return
            psnr[side] = _psnr(kept, frame.pixels[side])
        self._latest.publish(replace(frame, psnr=psnr))

    @property
    def _is_overtaken(self) -> bool:
        return self._closed or self._next is not None

    @property
    def _is_moved_on(self) -> bool:
        """Something moves again. Another whole picture, as of a window that changes its size, waits for this one: it
        would be overtaken likewise, and nothing ever shown."""
        following = self._next
        return self._closed or (following is not None and following.moves)


def _enlarged(pixels: np.ndarray, width: int, height: int) -> np.ndarray:
    """(height, width, 3) uint8, smooth between the pixels; the same where it has that size."""
    if pixels.shape[:2] == (height, width):
        return pixels
    import PIL.Image

    image = PIL.Image.fromarray(pixels).resize((width, height), PIL.Image.Resampling.BILINEAR)
    return np.asarray(image)


def _projected(view, across: float, down: float) -> Gaussians:
    from daub.app.model.scene.projected import projected

    return projected(view).resized(across, down)


def _psnr(reference: np.ndarray, pixels: np.ndarray) -> float:
    from daub.codec.evaluation.metrics import psnr

    return psnr(reference / np.float32(255), pixels)
