"""The scene that a window has open, from where it is looked at, and the pictures of it that are compared.

    commands, tools --- orbit, fly, step_view ... ---> Stage --- shots ---> Frames
    Comparison, Overlay <--- sides, gaussians --------- Stage <-- frames ---+

A frame is a picture of the size of a pane: whatever compares two pictures compares two frames.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from daub.app.model.compare.modes import Mode
from daub.app.model.scene.drawing import SceneDrawer
from daub.app.model.scene.frames import Frame, Frames, Shot
from daub.app.model.scene.stand_ins import StandIns
from daub.app.model.scene.version import ORIGINAL, SceneDocument, Version, open_scene, open_version
from daub.app.model.scene.versions import SideName, Versions
from daub.app.model.scene.viewpoint import Viewpoint
from daub.app.model.sources.sides import CompareSource, Sides
from daub.app.model.sources.source import psnr_text
from daub.app.model.view.view import View
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace

TURN = 0.008  # radians for each logical pixel of a drag
_SPEED = 0.6  # radii of the scene that are flown in a second
_DISTANCES = 1e-5, 1e4  # in radii of the scene: the nearest and the farthest that anybody gets
_SMALLEST = 0.1  # factor of one pinch: a touchpad may say 0
_AROUND = 4  # pixels on all sides of a point that say how deep it lies
_SEEN_THROUGH = 0.5  # transmittance from which on there is nothing to focus on
_LONGEST = 0.1  # seconds of a flight between two pictures: a slow one is no leap
_SIDES: dict[Mode, tuple[SideName, ...]] = {Mode.A: ("a",), Mode.B: ("b",)}
_NO_ORIGINAL = "Put the original on a side to measure against it"


class Stage:
    """See above.

    Args:
        workspace: reads files, and tells of what goes wrong.
        view: which sides are seen, and how large a pane is.
        post: as that of the workspace.

    Attributes:
        document: what is open, None at first.
        versions: of it.
        viewpoint: from where it is looked at.
        flies: the keys of flight are taken without a button.
        place: in words, the camera that is looked through; "" once somebody has moved.
    """

    def __init__(self, workspace: Workspace, view: View, post: Callable[[Callable[[], None]], None]):
        self.opened = Signal()  # SceneDocument
        self.changed = Signal()  # something else is seen, or can be
        self.document: SceneDocument | None = None
        self.versions = Versions()
        self.viewpoint: Viewpoint | None = None
        self.flies = False
        self.place = ""
        self._workspace, self._view = workspace, view
        self._stand_ins = StandIns(workspace.background)
        failed, noticed = workspace.failed.emit, workspace.noticed.emit
        self._frames = Frames(post, self._take, failed, self._stand_ins.of, noticed)
        self._newest: Frame | None = None
        self._before: Version | None = None  # what the original was before it grew
        self._drawn: dict[SideName, Frame] = {}  # the newest of each side
        self._asked: Shot | None = None
        self._shows_gaussians = False
        self._index = -1  # of the camera that was looked through last
        self._flight = np.zeros(3)  # right, down, forward
        self._flew = 0.0  # when, by the monotonic clock
        self._reference: tuple[np.ndarray, np.ndarray] | None = None  # pixels of the original, and the same as numbers
        self.versions.changed.connect(self._follow_versions)
        view.changed.connect(self._follow_view)
        view.moved.connect(self._follow_view)

    # What is open.

    @property
    def is_open(self) -> bool:
        """There is a scene."""
        return self.document is not None

    def open(self, path: Path, others: Sequence[Path] = ()) -> None:
        """Reads a scene and shows it in the place of the one that is open; that can be given up as that of a picture.

        Args:
            others: files of the same scene, which are added to it one after another, so that the last is on side B.
        """

        def show(document: SceneDocument) -> None:
            self._show(document)
            self.add_all([(other, "b") for other in others])

        self._workspace.left.emit()
        self._workspace.opening.read_told(path.name, partial(open_scene, path), show)

    def add_all(self, files: Sequence[tuple[Path, SideName]]) -> None:
        """Reads other files of the scene, and shows each on its side; in that order, however long each takes. That can
        be given up as opening one."""
        for path, side in files:
            read = partial(open_version, self.versions.new_key(), path)
            self._workspace.opening.read_beside_told(path.name, read, partial(self.versions.add, side=side))

    def show_trained(self, document: SceneDocument) -> None:
        """Shows a scene that is trained, through its first camera."""
        self._show(document)
        self.step_view(1)

    def grow(self, document: SceneDocument) -> None:
        """What is open has become this; what was drawn of it before is seen until this is drawn."""
        self._before = self.document.original
        self.document = document
        self.versions.replace(document.original)

    def draw_by(self, drawer: SceneDrawer | None) -> None:
        """Has pictures drawn by this from now on; None: by the processor."""
        self._frames.draw_by(drawer)
        self._asked = None
        self._want()

    def close(self) -> None:
        """Draws nothing any more, as `Frames.close`."""
        self._frames.close()

    def _show(self, document: SceneDocument) -> None:
        self.document, self._newest, self._drawn, self._asked, self._index = document, None, {}, None, -1
        self._before = None
        self._workspace.opening.cancel_beside()  # files of the scene that was there
        self.viewpoint, self.place = Viewpoint.framing(document.extent), ""
        self.versions.start_anew(document.original)
        self.opened.emit(document)
        for remark in document.remarks:
            self._workspace.noticed.emit(f"{document.name}: {remark}")
        self._want()

    # From where it is looked at.

    def orbit(self, dx: float, dy: float) -> None:
        """Turns it. Args: dx, dy: logical pixels to the right and down, as all that follow."""
        self._go(self.viewpoint.orbited(TURN * dx, TURN * dy))

    def look_around(self, dx: float, dy: float) -> None:
        """Turns the head."""
        self._go(self.viewpoint.looked(TURN / 2 * dx, TURN / 2 * dy))

    def pan(self, dx: float, dy: float) -> None:
        """Moves it, so that what is as deep as its middle stays under the pointer."""
        scale = self._view.scale / self.viewpoint.focal(*self.size)
        self._go(self.viewpoint.panned(scale * dx, scale * dy))

    def zoom_by(self, factor: float) -> None:
        """Nearer to it, or farther away, as far as numbers can tell places apart."""
        nearest, farthest = (radii * self.document.extent.radius for radii in _DISTANCES)
        distance = self.viewpoint.distance / max(factor, _SMALLEST)
        self._go(self.viewpoint.nearer(self.viewpoint.distance / min(max(distance, nearest), farthest)))

    def focus(self, x: float, y: float, side: SideName) -> None:
        """What is seen there comes to the middle, and is what everything turns about.

        Args:
            x, y: pixels of the picture of that side.
        """
        viewpoint, version, (width, height) = self.viewpoint, self.versions.on(side), self.size
        if version is None:
            return

        def go(point: np.ndarray | None) -> None:
            if point is not None and self.viewpoint is viewpoint:
                self._go(viewpoint.focused(point))

        self._workspace.background.run(partial(_point_at, version, viewpoint, (width, height), x, y), go)

    def fit(self) -> None:
        """Shows all of it."""
        self._index = -1
        self._go(Viewpoint.framing(self.document.extent))

    def step_view(self, by: int) -> None:
        """Looks through another of its cameras, or of those that were made for it."""
        views = self.document.views
        self._index = (self._index + by) % len(views) if self._index >= 0 else (0 if by > 0 else len(views) - 1)
        self._go(Viewpoint.of_camera(views[self._index], self.document.extent))
        made = "" if self.document.cameras else ", made"
        name = views[self._index].name if self.document.cameras else ""
        self.place = f"Camera {self._index + 1} of {len(views)}{made}" + (f": {name}" if name else "")
        self.changed.emit()

    def fly(self, right: float, down: float, forward: float) -> None:
        """Flies in that direction until it is called with zeros. Args: times the usual speed."""
        flight = np.array([right, down, forward], np.float64)
        if not self.is_open or np.array_equal(flight, self._flight):
            return
        if not self._flight.any():
            self._flew = time.monotonic()
        self._flight = flight
        self._fly_on()

    def switch_flight(self, on: bool) -> None:
        """Has the keys of flight taken at any time, or only with the right button."""
        self.flies = on
        self.changed.emit()

    def _fly_on(self) -> None:
        now = time.monotonic()
        seconds, self._flew = min(now - self._flew, _LONGEST), now
        if self._flight.any():
            self._go(self.viewpoint.flown(*(self._flight * _SPEED * self.document.extent.radius * seconds)))

    def _go(self, viewpoint: Viewpoint) -> None:
        self.viewpoint, self.place = viewpoint, ""
        self._want(moves=True)

    # What is seen.

    def show_gaussians(self, on: bool) -> None:
        """Where the Gaussians lie in the picture is to be known, or need not be any more."""
        if on != self._shows_gaussians:
            self._shows_gaussians = on
            self._want()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a frame as it shall be, pixels: those of a pane."""
        camera = self._view.camera
        return camera.view[0], max(1, camera.view[1] - camera.inset)

    @property
    def frame_size(self) -> tuple[int, int]:
        """Those of the frames that are there."""
        newest = self._newest
        return self.size if newest is None else (newest.shot.width, newest.shot.height)

    @property
    def sides(self) -> Sides:
        """A and B as they were drawn last, None where there is nothing yet."""
        return self._side("a"), self._side("b")

    @property
    def gaussian_sides(self) -> Sides:
        """The same for the overlay: the Gaussians of the side that is looked at, where they lie in its picture."""
        newest = self._newest
        side = "" if newest is None or newest.gaussians is None or not self._shows_gaussians else (
            newest.shot.shows_gaussians
        )  # fmt: skip
        found = {side: CompareSource("", gaussians=newest.gaussians, is_live=newest.shot.moves)} if side else {}
        return found.get("a"), found.get("b")

    @property
    def reference(self) -> np.ndarray | None:
        """(H, W, 3) float32 in [0, 1]: the picture of the original, where it is on a side and whole."""
        for side, frame in self._drawn.items():
            is_original = frame.shot.versions[side].key == ORIGINAL
            is_whole = frame.coarseness == 1 and not frame.shot.moves  # while it moves there is no time for numbers
            if is_original and is_whole and self._is_current(side):
                pixels = frame.pixels[side]
                if self._reference is None or self._reference[0] is not pixels:
                    self._reference = pixels, pixels / np.float32(255)
                return self._reference[1]
        return None

    @property
    def why_no_reference(self) -> str:
        """In words, where there is none."""
        return _NO_ORIGINAL

    @property
    def preview(self) -> str:
        """In words, that what is seen is coarser than it will be; "" where it is not."""
        newest = self._newest
        if newest is None or (newest.coarseness == 1 and not newest.stands_in):
            return ""
        coarse = f"1/{newest.coarseness:.1f} resolution" if newest.coarseness > 1 else ""
        return ", ".join(filter(None, ("preview", "fewer Gaussians" if newest.stands_in else "", coarse)))

    def psnr_of(self, key: str) -> float | None:
        """dB of a version against the original, from where it is looked at; None where that is not known."""
        for side, frame in self._drawn.items():
            if frame.shot.versions[side].key == key and frame.shot.viewpoint is self.viewpoint:
                return frame.psnr.get(side)
        return None

    def _side(self, side: SideName) -> CompareSource | None:
        if not self._is_current(side):
            return None
        frame = self._drawn[side]
        version, pixels = frame.shot.versions[side], frame.pixels[side]
        facts = [f"{psnr_text(frame.psnr[side])} of this view"] if side in frame.psnr else []
        return CompareSource(
            version.name, (*version.facts, *facts), pixels=pixels, texels=pixels, is_live=frame.shot.moves
        )

    def _is_on(self, side: SideName, frame: Frame) -> bool:
        on = self.versions.on(side)
        return on is not None and on.key == frame.shot.versions[side].key

    def _is_current(self, side: SideName) -> bool:
        """A frame of what is on that side, of the size that the others have; from where they are seen, unless nobody
        looks at it."""
        frame = self._drawn.get(side)
        if frame is None or not self._is_on(side, frame):
            return False
        is_there = frame.shot.viewpoint is self._newest.shot.viewpoint or side not in self._seen
        return is_there and (frame.shot.width, frame.shot.height) == self.frame_size

    @property
    def _seen(self) -> tuple[SideName, ...]:
        """The sides that are looked at."""
        view = self._view
        if not self.versions.compares:
            return ("b",)
        if view.look.mode is Mode.BLINK and view.peeked is None:
            return "a", "b"
        return tuple(sorted({side for pane in view.panes for side in _SIDES.get(pane.mode, ("a", "b"))}))

    def _want(self, moves: bool = False) -> None:
        """Has drawn what is to be seen now and is not there."""
        if not self.is_open:
            return
        versions = {side: on for side in ("a", "b") if (on := self.versions.on(side)) is not None}
        shows = ""
        if self._shows_gaussians:
            shows = "a" if self._view.mode is Mode.A and "a" in versions else "b"
        shot = Shot(self.viewpoint, *self.size, versions, self.versions.original, self._seen, moves, shows)
        if moves or not _is_as(shot, self._asked):
            self._asked = shot
            self._frames.want(shot)

    def _take(self, frame: Frame) -> None:
        if self.document is None or frame.shot.original not in (self.document.original, self._before):
            return
        self._newest = frame
        drawn = self._drawn | dict.fromkeys(frame.pixels, frame)
        # What is on no side any more is let go of, with all its Gaussians.
        self._drawn = {side: drawn[side] for side in frame.shot.versions if side in drawn}
        self.changed.emit()
        self._fly_on()

    def _follow_view(self) -> None:
        self._want()

    def _follow_versions(self) -> None:
        lasting = [version for version in self.versions.rows if not version.is_growing]
        self._stand_ins.follow(lasting, self.document.cameras if self.document else ())
        self._want()
        self.changed.emit()


def _point_at(
    version: Version, viewpoint: Viewpoint, size: tuple[int, int], x: float, y: float
) -> np.ndarray | None:
    """(3,) the point of the world that is seen in a picture of that size, None where there is nothing."""
    camera = viewpoint.camera(*size)
    cx, cy = camera.cx - x + _AROUND, camera.cy - y + _AROUND
    view = version.drawn.seen(replace(camera, width=2 * _AROUND, height=2 * _AROUND, cx=cx, cy=cy))
    depth, seen = view.mean_depth(), view.transmittance < _SEEN_THROUGH
    if not seen.any():
        return None
    z = float(np.median(depth[seen]))
    across, down = (x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy
    return viewpoint.eye + z * np.array([across, down, 1.0]) @ viewpoint.rotation


def _is_as(shot: Shot, asked: Shot | None) -> bool:
    """Whether what was asked for shows all of that, or will once nothing moves."""
    if asked is None or shot.viewpoint is not asked.viewpoint:
        return False
    if (shot.width, shot.height) != (asked.width, asked.height):
        return False
    return shot.versions == asked.versions and shot.shows_gaussians in ("", asked.shows_gaussians)
