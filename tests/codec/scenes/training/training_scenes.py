"""A small scene with photos of it, for tests of the trainer."""

from __future__ import annotations

import numpy as np

from daub.codec.scenes.cameras.colmap_points import Points
from daub.codec.scenes.training.photos import Photo, Photos
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats


def twenty(seed: int = 3) -> Splats:
    """Gaussians of all colours within about 1 of the origin."""
    rng = np.random.default_rng(seed)
    return Splats.build(
        rng.uniform(-0.8, 0.8, (20, 3)), rng.uniform(0.12, 0.4, (20, 3)), rng.uniform(0.5, 0.95, 20),
        rng.uniform(0, 1, (20, 3)), rng.normal(size=(20, 4)),
    )  # fmt: skip


def camera(turn: float, name: str = "", width: int = 64, height: int = 48) -> Camera:
    """At the origin from a distance of 4."""
    eye = 4 * np.array([np.sin(turn), -0.3 + 0.2 * np.sin(3 * turn), -np.cos(turn)])
    return Camera.looking(eye, (0, 0, 0), (0, -1, 0), width, height, vertical_fov=35, name=name)


def photo(splats: Splats, seen_from: Camera) -> Photo:
    image = CpuScene(splats).seen(seen_from).image((0, 0, 0))
    return Photo(seen_from, np.rint(image.clip(0, 1) * 255).astype(np.uint8))


def photos(splats: Splats, views: int = 6, points: bool = True, held_out: int = 1) -> Photos:
    """From all around; points of it, near where they are, if it has some."""
    turns = 2 * np.pi * np.arange(views) / views
    some = tuple(photo(splats, camera(turn, f"{n}.png")) for n, turn in enumerate(turns))
    others = tuple(photo(splats, camera(0.5 + n, f"held {n}")) for n in range(held_out))
    known = None
    if points:
        rng = np.random.default_rng(1)
        places = splats.means + rng.normal(0, 0.05, splats.means.shape)
        known = Points(places.astype(np.float64), splats.colour.clip(0, 1).astype(np.float32))
    return Photos(some, others, known)
