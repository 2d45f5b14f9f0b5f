"""`bench splats`: what a picture of a 3D scene takes, part by part, and what its gradient takes.

Milliseconds on the cores that kernels may have, the least of several tries: what a quiet machine would take. Means over
views that are made around the scene.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from daub.app.bench.setting import machine
from daub.app.terminal import table
from daub.codec.scenes.cameras.made import made_views
from daub.codec.scenes.scene_files import read_scene
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats


@dataclass(frozen=True)
class SplatsRow:
    """One scene; all but its name and sizes are milliseconds.

    Args:
        seen: Gaussians that a view has, mean.
        prepare: what is done once for all views.
        project: to ellipses in the picture, sorted by depth.
        picture: all of a picture, the projection included.
        energies: what each Gaussian is worth to it.
        gradient: of a loss, by all that the scene is made of.
    """

    name: str
    gaussians: int
    degree: int
    seen: float
    prepare: float
    project: float
    picture: float
    energies: float
    gradient: float

    @property
    def ratio(self) -> float:
        """A step of a fit against a picture: both from the numbers of the file on."""
        forward = self.prepare + self.picture
        return (forward + self.gradient) / forward


def bench_splats(paths: Sequence[Path], width: int, height: int, views: int, repeats: int) -> dict[str, Any]:
    """Measures each scene.

    Args:
        width, height: of a picture, pixels.
        views: that are made around each.
        repeats: of each thing, of which the least counts.

    Raises:
        DaubError: no such scene.
    """
    rows = [_row(path.name, read_scene(path).splats, width, height, views, repeats) for path in paths]
    known = {"machine": machine(), "picture": [width, height], "views": views}
    return known | {"rows": [asdict(row) | {"ratio": row.ratio} for row in rows]}


def splats_text(done: dict[str, Any]) -> str:
    """For people."""
    names = ("prepare", "project", "picture", "energies", "gradient")
    lines = [
        (row["name"], f"{row['gaussians']:,}", str(row["degree"]), f"{row['seen']:,.0f}",
         *(f"{row[name]:.1f}" for name in names), f"{row['ratio']:.2f}")
        for row in done["rows"]
    ]  # fmt: skip
    header = ("milliseconds", "Gaussians", "SH", "seen", *names, "ratio")
    width, height = done["picture"]
    return (
        f"On {done['machine']}\n{done['views']} views of {width} x {height}\n\n{table(lines, header)}\n\n"
        "picture: with the projection; ratio: a picture and its gradient against the picture, from the file's numbers."
    )


def _row(name: str, splats: Splats, width: int, height: int, views: int, repeats: int) -> SplatsRow:
    scene = CpuScene(splats)
    prepare = _least(lambda: CpuScene(splats), repeats)
    parts = [_of_view(scene, camera, repeats) for camera in made_views(splats, views, width, height)]
    return SplatsRow(name, len(splats), splats.degree, *_means(parts, prepare))


def _means(parts: list[tuple[float, ...]], prepare: float) -> tuple[float, ...]:
    seen, *others = (fmean(values) for values in zip(*parts, strict=True))
    return seen, prepare, *others


def _of_view(scene: CpuScene, camera: Camera, repeats: int) -> tuple[float, ...]:
    view = scene.seen(camera)
    image = view.image()
    cotangent = np.random.default_rng(0).normal(size=image.shape).astype(np.float32)
    return (
        float((view.depth > 0).sum()),
        _least(lambda: scene.seen(camera), repeats),
        _least(lambda: scene.seen(camera).image(), repeats),
        _least(view.energies, repeats),
        _least(lambda: view.gradient(image, cotangent), repeats),
    )


def _least(act: Callable[[], object], repeats: int) -> float:
    """Milliseconds; done once before, as kernels are compiled or loaded then."""
    act()
    found = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        found.append(1000 * (time.perf_counter() - began))
    return min(found)
