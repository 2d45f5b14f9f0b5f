"""The pinhole camera through which a scene is seen, in the conventions of COLMAP and OpenCV, stated once.

Axes: x right, y down, z forward. A point p of the world is at t = R p + T in the camera, and falls on the picture at

    u = fx t_x / t_z + cx,    v = fy t_y / t_z + cy

in pixels, with the corner of the picture at (0, 0): the pixel in row i, column j has its centre at (j + 1/2, i + 1/2).
(The kernels of 2D Gaussians put that centre at (j, i).)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Camera:
    """One view.

    >>> camera = Camera.looking((0, 0, -2), (0, 0, 0), up=(0, -1, 0), width=640, height=480, vertical_fov=60)
    >>> camera.centre.round(6).tolist(), camera.project([[0, 0, 0]]).tolist()
    ([0.0, 0.0, -2.0], [[320.0, 240.0, 2.0]])

    Args:
        width, height: pixels.
        fx, fy: focal lengths, pixels.
        cx, cy: principal point, pixels from the corner of the picture.
        rotation: (3, 3) float64, world to camera.
        translation: (3,) float64: where the origin of the world lies in the camera.
        name: of the photo or the view, for people.

    Raises:
        ValueError: no pixels, a focal length that is not positive, or shapes that do not fit.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    rotation: np.ndarray
    translation: np.ndarray
    name: str = ""

    def __post_init__(self):
        if self.width < 1 or self.height < 1 or not (self.fx > 0 and self.fy > 0):
            raise ValueError(f"no camera has {self.width}x{self.height} pixels and focal lengths {self.fx}, {self.fy}")
        if self.rotation.shape != (3, 3) or self.translation.shape != (3,):
            shapes = f"{self.rotation.shape}, {self.translation.shape}"
            raise ValueError(f"a rotation is (3, 3) and a translation (3,), not {shapes}")

    @staticmethod
    def looking(eye, at, up, width: int, height: int, vertical_fov: float, name: str = "") -> Camera:
        """From a point at another one.

        Args:
            eye, at: (3,) points of the world, not the same.
            up: (3,) direction of the world that points up in the picture, not along the line of sight.
            vertical_fov: degrees, between 0 and 180.
        """
        eye, at, up = (np.asarray(v, np.float64) for v in (eye, at, up))
        forward = (at - eye) / np.linalg.norm(at - eye)
        right = np.cross(forward, up)
        length = np.linalg.norm(right)
        if not length > 0:
            raise ValueError(f"nobody looks along the direction that is up, from {eye} at {at}")
        right = right / length
        rotation = np.array([right, np.cross(forward, right), forward])
        focal = height / 2 / np.tan(np.radians(vertical_fov) / 2)
        return Camera(width, height, focal, focal, width / 2, height / 2, rotation, -rotation @ eye, name)

    @property
    def centre(self) -> np.ndarray:
        """(3,) where it stands in the world."""
        return -self.rotation.T @ self.translation

    def project(self, points) -> np.ndarray:
        """(N, 3) u and v in pixels and the depth t_z of (N, 3) points of the world; behind it u and v mean nothing."""
        t = np.asarray(points, np.float64) @ self.rotation.T + self.translation
        with np.errstate(divide="ignore", invalid="ignore"):
            u, v = self.fx * t[:, 0] / t[:, 2] + self.cx, self.fy * t[:, 1] / t[:, 2] + self.cy
        return np.stack([u, v, t[:, 2]], axis=1)

    def resized(self, width: int, height: int) -> Camera:
        """The same view on another number of pixels; another shape stretches it."""
        x, y = width / self.width, height / self.height
        return replace(self, width=width, height=height, fx=self.fx * x, fy=self.fy * y, cx=self.cx * x, cy=self.cy * y)
