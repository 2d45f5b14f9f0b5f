"""From where a scene is looked at, and how a hand moves that: orbit, pan, nearer and farther, fly.

The world is that of `render.splats`: x right, y down, z forward. A person turns a scene about the vertical of the
world, as on a turntable, and tilts it about the horizontal of the picture; nobody gets over a pole.

>>> start = Viewpoint.looking((0, 0, -2), (0, 0, 0))
>>> (start.orbited(np.pi / 2, 0).eye.round(6) + 0).tolist()  # what was dragged to the right shows its left side
[-2.0, 0.0, 0.0]
>>> start.nearer(2).eye.tolist(), start.flown(0, 0, 1).target.tolist()
([0.0, 0.0, -1.0], [0.0, 0.0, 1.0])
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from daub.codec.scenes.cameras.made import Extent
    from daub.render.splats.camera import Camera

FIELD = math.tan(math.radians(30))  # tangent of half the angle that is seen where nothing else is said
_UP = np.array([0.0, -1.0, 0.0])
_FORWARD = np.array([0.0, 0.0, 1.0])
_STEEPEST = math.radians(88)  # to the horizon
_LEVEL = 1e-6  # of the vertical that the right of a picture may have without being rolled
_INSIDE = 0.5  # of the radius: how far ahead of the eye the point lies that a room is turned about


@dataclass(frozen=True, eq=False)
class Viewpoint:
    """A place, a direction, and the point ahead that everything turns about.

    Args:
        rotation: (3, 3) float64, world to camera: its rows point right, down and forward.
        target: (3,) float64, the point ahead, in the middle of the picture but for `shift`.
        distance: from the eye to it, more than 0.
        across, down: tangents of half the angles that are in the picture at least, whatever its shape.
        shift: how far to the right of the middle of the picture, and below it, straight ahead lies, as shares of the
            focal length: of a camera whose principal point is not in the middle.
    """

    rotation: np.ndarray
    target: np.ndarray
    distance: float
    across: float = FIELD
    down: float = FIELD
    shift: tuple[float, float] = (0.0, 0.0)

    @staticmethod
    def looking(eye, at) -> Viewpoint:
        """From a point at another one, upright. Args: eye, at: (3,), not the same, nor one above the other."""
        eye, at = np.asarray(eye, np.float64), np.asarray(at, np.float64)
        forward = at - eye
        distance = float(np.linalg.norm(forward))
        right = np.cross(forward / distance, _UP)
        right /= np.linalg.norm(right)
        return Viewpoint(np.array([right, np.cross(forward / distance, right), forward / distance]), at, distance)

    @staticmethod
    def framing(extent: Extent) -> Viewpoint:
        """All of an object, from where a turntable begins; of a room from its middle."""
        from daub.codec.scenes.cameras.made import TURN_ABOVE, TURN_RADII

        if extent.hollow:
            return Viewpoint.looking(extent.middle, extent.middle + _INSIDE * extent.radius * _FORWARD)
        back = np.array([0.0, -TURN_ABOVE, -math.sqrt(1 - TURN_ABOVE**2)])
        return Viewpoint.looking(extent.middle + back * extent.radius * TURN_RADII, extent.middle)

    @staticmethod
    def of_camera(camera: Camera, extent: Extent) -> Viewpoint:
        """All that a camera has seen; turned about the point ahead that is as deep as the middle of the scene."""
        ahead = float(camera.rotation[2] @ (extent.middle - camera.centre))
        distance = ahead if ahead > 0.05 * extent.radius else _INSIDE * extent.radius
        return Viewpoint(
            camera.rotation, camera.centre + distance * camera.rotation[2], distance,
            camera.width / (2 * camera.fx), camera.height / (2 * camera.fy),
            ((camera.cx - camera.width / 2) / camera.fx, (camera.cy - camera.height / 2) / camera.fy),
        )  # fmt: skip

    @property
    def eye(self) -> np.ndarray:
        """(3,) where it is."""
        return self.target - self.distance * self.rotation[2]

    def focal(self, width: int, height: int) -> float:
        """Focal length in pixels of a picture of that size."""
        return min(width / (2 * self.across), height / (2 * self.down))

    def camera(self, width: int, height: int) -> Camera:
        """What sees a picture of that size from here."""
        from daub.render.splats.camera import Camera

        focal = self.focal(width, height)
        translation = -self.rotation @ self.eye
        cx, cy = (side / 2 + focal * shift for side, shift in zip((width, height), self.shift, strict=True))
        return Camera(width, height, focal, focal, cx, cy, self.rotation, translation)

    @property
    def _upright(self) -> float:
        """1, or -1 where what is below in the world is above in the picture."""
        return 1.0 if self.rotation[1, 1] >= 0 else -1.0

    # What a hand does.

    def orbited(self, across: float, down: float) -> Viewpoint:
        """The scene is turned, as if what is near were dragged. Args: across, down: radians, to the right and down."""
        upright = self._upright
        c, s = math.cos(upright * across), math.sin(upright * across)
        turned = self.rotation @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
        tilt = _tilt(turned[2])
        to = min(max(tilt + upright * down, min(-_STEEPEST, tilt)), max(_STEEPEST, tilt))
        c, s = math.cos(upright * (to - tilt)), math.sin(upright * (to - tilt))
        rotation = np.array([[1, 0, 0], [0, c, -s], [0, s, c]]) @ turned
        return replace(self, rotation=_orthonormal(rotation))

    def panned(self, across: float, down: float) -> Viewpoint:
        """What is as deep as the target is moved over the picture.

        Args:
            across, down: as shares of the focal length: pixels over `focal`.
        """
        right, below, _ = self.rotation
        return replace(self, target=self.target - self.distance * (across * right + down * below))

    def nearer(self, factor: float) -> Viewpoint:
        """The target is seen so many times as large."""
        return replace(self, distance=self.distance / factor)

    def focused(self, point: np.ndarray) -> Viewpoint:
        """The head turns to a point, which is in the middle now, and the target. Args: point: (3,), not the eye."""
        ahead, forward = point - self.eye, self.rotation[2]
        distance = float(np.linalg.norm(ahead))
        if abs(self.rotation[0, 1]) > _LEVEL:  # a camera that was held askew stays so
            rotation = _orthonormal(self.rotation @ _shortest(forward, ahead / distance).T)
            target = self.eye + distance * rotation[2]
            return replace(self, rotation=rotation, target=target, distance=distance, shift=(0.0, 0.0))
        across = math.atan2(ahead[0], ahead[2]) - math.atan2(forward[0], forward[2])
        down = _tilt(ahead / distance) - _tilt(forward)
        upright = self._upright
        turned = self.looked(upright * across, upright * down)
        target = turned.eye + distance * turned.rotation[2]
        return replace(turned, target=target, distance=distance, shift=(0.0, 0.0))

    def flown(self, right: float, below: float, forward: float) -> Viewpoint:
        """The eye is elsewhere, and looks in the same direction. Args: lengths of the world."""
        return replace(self, target=self.target + np.array([right, below, forward]) @ self.rotation)

    def looked(self, across: float, down: float) -> Viewpoint:
        """The head turns, and the eye stays. Args: across, down: radians, to the right and down."""
        turned = self.orbited(across, down)
        return replace(turned, target=self.eye + turned.distance * turned.rotation[2])


def _tilt(direction: np.ndarray) -> float:
    """Radians that a unit vector points below the horizon."""
    return math.asin(min(max(float(direction[1]), -1.0), 1.0))


def _shortest(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(3, 3) the smallest rotation that takes one unit vector to another, not its opposite (Rodrigues' formula)."""
    x, y, z = np.cross(start, end)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + cross + cross @ cross / max(1 + start @ end, 1e-12)


def _orthonormal(rotation: np.ndarray) -> np.ndarray:
    """Without what rounding has added: after thousands of turns it would be seen."""
    right, below = rotation[0] / np.linalg.norm(rotation[0]), rotation[1]
    below = below - (below @ right) * right
    below /= np.linalg.norm(below)
    return np.array([right, below, np.cross(right, below)])
