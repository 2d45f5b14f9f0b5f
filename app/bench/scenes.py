"""`bench scene`: what scenes take as .daub and in the formats of others, at which PSNR of renderings."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from daub.app.bench.setting import machine
from daub.app.terminal import table
from daub.codec.evaluation.metrics import ms_ssim
from daub.codec.goal import Goal, GoalKind
from daub.codec.scenes.cameras.chosen import views_of
from daub.codec.scenes.cameras.made import made_views
from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.coding.encoder import EncodedScene, encode_scene
from daub.codec.scenes.scene import Scene
from daub.codec.scenes.scene_files import read_scene, write_scene
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats

OTHERS = {"SOG": ".sog", "SPZ": ".spz"}
_HELD_OUT = 13  # made views that no encode has seen, where a scene has no cameras
_EVERY = 8  # of the cameras of a scene one in so many is held out, as usual since Mip-NeRF 360


@dataclass(frozen=True)
class SceneRow:
    """One file of one scene.

    Args:
        psnr, ms_ssim: of 8-bit renderings from views that no encode has seen, over all their pixels (the mean of the
            views for MS-SSIM), against those of the scene.
    """

    scene: str
    codec: str
    gaussians: int
    bytes: int
    bits_per_gaussian: float  # of the scene
    psnr: float
    ms_ssim: float
    encode_seconds: float
    decode_seconds: float


def bench_scenes(
    paths: Sequence[str], psnrs: Sequence[float], views: int, longest: int, progress: Callable[[str, float], None]
) -> dict[str, Any]:
    """Measures it.

    Args:
        paths: of scenes.
        psnrs: that a .daub is made for, dB.
        views, longest: that it is made for, as of `views_of`.
        progress: is told the stage and the share of the work that is done.

    Raises:
        DaubError: a scene cannot be read.
    """
    rows: list[SceneRow] = []
    for n, path in enumerate(paths):
        scene = read_scene(path)
        rows += _rows(Path(path).stem, scene, psnrs, views, longest, lambda stage, n=n: progress(stage, n / len(paths)))
    return {"machine": machine(), "views": views, "longest": longest, "rows": [asdict(row) for row in rows]}


def scenes_text(done: dict[str, Any]) -> str:
    """For people."""
    header = ("scene", "codec", "Gaussians", "bytes", "bits each", "PSNR", "MS-SSIM", "encode", "decode")
    lines = [
        (
            row["scene"], row["codec"], f"{row['gaussians']:,}", f"{row['bytes']:,}",
            f"{row['bits_per_gaussian']:.1f}", f"{row['psnr']:.2f}", f"{row['ms_ssim']:.4f}",
            f"{row['encode_seconds']:.1f} s", f"{row['decode_seconds']:.2f} s",
        )
        for row in done["rows"]
    ]  # fmt: skip
    return f"On {done['machine']}\nmade for {done['views']} views of {done['longest']} pixels\n\n{table(lines, header)}"


def _rows(
    name: str, scene: Scene, psnrs: Sequence[float], views: int, longest: int, tell: Callable[[str], None]
) -> list[SceneRow]:
    seen, held_out = _views(scene, views, longest)
    pictures = _pictures(scene.splats, held_out)

    def row(codec: str, splats: Splats, size: int, encode_seconds: float, decode_seconds: float) -> SceneRow:
        found = _pictures(splats, held_out)
        error = np.mean(
            [np.mean(np.square(np.subtract(a, b, dtype=np.float64))) for a, b in zip(found, pictures, strict=True)]
        )
        similar = np.mean([ms_ssim(a / np.float32(255), b) for a, b in zip(pictures, found, strict=True)])
        psnr = 10 * np.log10(255**2 / max(error, 1e-9))
        bits = 8 * size / len(scene.splats)
        return SceneRow(
            name, codec, len(splats), size, bits, float(psnr), float(similar), encode_seconds, decode_seconds
        )

    rows: list[SceneRow] = []
    smallest: EncodedScene | None = None
    for psnr in psnrs:
        tell(f"{name}, Daub at {psnr:g} dB")
        began = time.perf_counter()
        encoded = encode_scene(scene.splats, seen, Goal(GoalKind.PSNR, psnr))
        middle = time.perf_counter()
        splats = scene_file.read(encoded.data).splats()
        rows.append(row(f"Daub {psnr:g} dB", splats, len(encoded.data), middle - began, time.perf_counter() - middle))
        smallest = encoded if smallest is None or len(encoded.symbols) < len(smallest.symbols) else smallest
    for codec, suffix in OTHERS.items():
        tell(f"{name}, {codec}")
        rows.append(row(codec, *_by(suffix, scene.splats)))
    if smallest is not None:
        # The same Gaussians as in the smallest .daub: what merging alone would give the others.
        tell(f"{name}, merged for SOG")
        rows.append(row("SOG, merged", *_by(OTHERS["SOG"], smallest.symbols.splats())))
    return rows


def _by(suffix: str, splats: Splats) -> tuple[Splats, int, float, float]:
    """What comes back of a scene in a format, the bytes, and the seconds of writing and reading."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"scene{suffix}"
        began = time.perf_counter()
        size = write_scene(splats, path)
        middle = time.perf_counter()
        read = read_scene(path).splats
        return read, size, middle - began, time.perf_counter() - middle


def _views(scene: Scene, count: int, longest: int) -> tuple[tuple[Camera, ...], tuple[Camera, ...]]:
    """Those that a scene is encoded for, and others."""
    if len(scene.cameras) >= 2 * _EVERY:
        others = tuple(camera for n, camera in enumerate(scene.cameras) if n % _EVERY)
        held_out = scene.cameras[::_EVERY]
        return views_of(scene.splats, others, count, longest), views_of(scene.splats, held_out, len(held_out), longest)
    made, others = (made_views(scene.splats, number, longest, longest, seed=number) for number in (count, _HELD_OUT))
    return made, others


def _pictures(splats: Splats, cameras: Sequence[Camera]) -> list[np.ndarray]:
    scene = CpuScene(splats)
    return [np.rint(scene.seen(camera).image().clip(0, 1) * 255).astype(np.uint8) for camera in cameras]
