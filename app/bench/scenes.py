"""`bench scene`: what scenes take as .daub and in the formats of others, at which PSNR of renderings."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from daub.app.bench.setting import machine
from daub.app.terminal import table
from daub.codec.files import write_atomic
from daub.codec.goal import Goal, GoalKind
from daub.codec.scenes.cameras.chosen import views_of
from daub.codec.scenes.cameras.made import made_views
from daub.codec.scenes.claims import Refused
from daub.codec.scenes.initial import OTHERS, SOG, OwnCodec, SceneCodec
from daub.codec.scenes.scene import Scene
from daub.codec.scenes.scene_files import read_scene
from daub.codec.scenes.training.held_out import measured
from daub.codec.scenes.training.photo_folder import read_photos
from daub.codec.scenes.training.photos import Photo
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.view_scores import pictures_of, score_views
from daub.render.splats.camera import Camera
from daub.render.splats.splats import Splats

_HELD_OUT = 13  # made views that no encode has seen, where a scene has no cameras
_EVERY = 8  # of the cameras of a scene one in so many is held out, as usual since Mip-NeRF 360


@dataclass(frozen=True)
class SceneRow:
    """One file of one scene.

    Args:
        psnr, ssim, ms_ssim, ssimulacra2: of renderings from views that no encode has seen, against those of the scene,
            as of `ViewScore`.
        photos: dB, mean over photos that no encode has seen; None where there are none.
    """

    scene: str
    codec: str
    gaussians: int
    bytes: int
    bits_per_gaussian: float  # of the scene
    psnr: float
    ssim: float
    ms_ssim: float
    ssimulacra2: float | None
    encode_seconds: float
    decode_seconds: float
    photos: float | None = None


@dataclass(frozen=True)
class SceneSetting:
    """What is measured.

    Args:
        psnrs: that a .daub is made for, dB.
        views, longest: that it is made for, as of `views_of`.
        perceptually: SSIMULACRA2 as well.
        photos: folder of photos that the scenes are of, whose cameras are the views then; None: there are none.
    """

    psnrs: Sequence[float] = (40.0, 35.0)
    views: int = 24
    longest: int = 800
    perceptually: bool = False
    photos: str | None = None


def bench_scenes(paths: Sequence[str], setting: SceneSetting, progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Measures it.

    Args:
        paths: of scenes.
        progress: is told the stage and the share of the work that is done.

    Returns:
        "machine", "views", "longest", "rows": of `SceneRow`, and "left_out": what a codec could not hold, in words.

    Raises:
        DaubError: a scene, or photos, cannot be read.
    """
    rows: list[SceneRow] = []
    left_out: list[str] = []
    for n, path in enumerate(paths):
        scene = read_scene(path)
        bench = _Bench(Path(path).stem, scene, setting, lambda stage, n=n: progress(stage, n / len(paths)))
        bench.run()
        rows += bench.rows
        left_out += bench.left_out
    return {
        "machine": machine(), "views": setting.views, "longest": setting.longest,
        "rows": [asdict(row) for row in rows], "left_out": left_out,
    }  # fmt: skip


def write_csv(rows: Sequence[dict[str, Any]], path: str, replace: bool = True) -> None:
    """A line for every file that was measured.

    Args:
        rows: at least one, all with the same keys.

    Raises:
        DaubError: it cannot be written.
    """
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomic(path, lines.getvalue().encode(), replace=replace)


def scenes_text(done: dict[str, Any]) -> str:
    """For people."""
    photographed = any(row["photos"] is not None for row in done["rows"])
    header = (
        "scene",
        "codec",
        "Gaussians",
        "bytes",
        "bits each",
        "PSNR",
        "SSIM",
        "MS-SSIM",
        "SSIMULACRA2",
        "encode",
        "decode",
        *(("photos",) if photographed else ()),
    )
    lines = [
        (
            row["scene"], row["codec"], f"{row['gaussians']:,}", f"{row['bytes']:,}",
            f"{row['bits_per_gaussian']:.1f}", f"{row['psnr']:.2f}", f"{row['ssim']:.4f}", f"{row['ms_ssim']:.4f}",
            "" if row["ssimulacra2"] is None else f"{row['ssimulacra2']:.1f}",
            f"{row['encode_seconds']:.1f} s", f"{row['decode_seconds']:.2f} s",
            *((f"{row['photos']:.2f}",) if photographed else ()),
        )
        for row in done["rows"]
    ]  # fmt: skip
    about = f"On {done['machine']}\nmade for {done['views']} views of {done['longest']} pixels"
    return "\n".join([about, "", table(lines, header), *done["left_out"]])


class _Bench:
    """The measurement of one scene."""

    def __init__(self, name: str, scene: Scene, setting: SceneSetting, tell: Callable[[str], None]):
        self._name, self._scene, self._setting, self._tell = name, scene, setting, tell
        self._photos: tuple[Photo, ...] = ()  # that no encode has seen
        if setting.photos is None:
            self._seen, self._held_out = views_for(scene, setting.views, setting.longest)
        else:
            photos, _ = read_photos(setting.photos, TrainingSettings(size=setting.longest, hold_out=_EVERY))
            trained = tuple(photo.camera for photo in photos.trained)
            self._seen = views_of(scene.splats, trained, setting.views, setting.longest)
            self._photos = photos.held_out
            self._held_out = tuple(photo.camera for photo in photos.held_out)
        self._pictures = pictures_of(scene.splats, self._held_out)
        self.rows: list[SceneRow] = []
        self.left_out: list[str] = []

    def run(self) -> None:
        """Every codec in turn; against photos the scene itself as well, which no codec is to surpass."""
        scene = self._scene.splats
        if self._photos:
            self._row(scene, "the scene", self._scene.bytes, 0.0, 0.0)
        own = [
            self._measure(OwnCodec(Goal(GoalKind.PSNR, psnr)), scene, f"Daub {psnr:g} dB")
            for psnr in self._setting.psnrs
        ]
        for codec in OTHERS:
            try:
                self._measure(codec, scene, codec.name)
            except Refused as error:
                self.left_out.append(f"{self._name}, {codec.name}: {error.why}")
        if own and scene.degree <= 3:
            # The same Gaussians as in the smallest .daub: what merging alone would give the others.
            self._measure(SOG, min(own, key=len), "SOG, merged")

    def _measure(self, codec: SceneCodec, splats: Splats, label: str) -> Splats:
        """Adds the row of a codec; the splats that come back."""
        self._tell(f"{self._name}, {label}")
        began = time.perf_counter()
        data = codec.encode(splats, self._seen)
        middle = time.perf_counter()
        decoded = codec.decode(data)
        end = time.perf_counter()
        self._row(decoded, label, len(data), middle - began, end - middle)
        return decoded

    def _row(self, splats: Splats, label: str, size: int, encode: float, decode: float) -> None:
        score = score_views(self._pictures, pictures_of(splats, self._held_out), self._setting.perceptually)
        bits = 8 * size / len(self._scene.splats)
        against = [each.psnr for each in measured(splats, self._photos)]
        photos = sum(against) / len(against) if against else None
        figures = (score.psnr, score.ssim, score.ms_ssim, score.ssimulacra2, encode, decode, photos)
        self.rows.append(SceneRow(self._name, label, len(splats), size, bits, *figures))


def views_for(scene: Scene, count: int, longest: int) -> tuple[tuple[Camera, ...], tuple[Camera, ...]]:
    """Those that a scene is encoded for, and others."""
    if len(scene.cameras) >= 2 * _EVERY:
        others = tuple(camera for n, camera in enumerate(scene.cameras) if n % _EVERY)
        held_out = scene.cameras[::_EVERY]
        return views_of(scene.splats, others, count, longest), views_of(scene.splats, held_out, len(held_out), longest)
    seeds = count, _HELD_OUT + (count == _HELD_OUT)  # equal ones would make equal views
    numbers = count, _HELD_OUT
    made, others = (
        made_views(scene.splats, number, longest, longest, seed=seed)
        for number, seed in zip(numbers, seeds, strict=True)
    )
    return made, others
