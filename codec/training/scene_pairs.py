"""Pairs of renderings from which the restoration network of scenes learns: of a scene, and of what a file kept of it.

One `.npz` in the cache holds some views of one encode. Which codec, rate and views it has follows from the name of its
scene and its number alone, so that making pairs can be stopped and taken up again anywhere, and by several processes.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.codec.goal import Goal, GoalKind
from daub.codec.restoration.layer import LARGEST_HALVINGS
from daub.codec.restoration.residual import coded, decoded
from daub.codec.scenes.cameras.made import made_views
from daub.codec.scenes.initial import SOG, MergedCodec, OwnCodec, SceneCodec
from daub.codec.scenes.restoration.layer import error_of
from daub.codec.scenes.restoration.references import Maps, conditions_of
from daub.codec.scenes.scene_files import read_scene
from daub.codec.scenes.view_scores import pictures_of
from daub.codec.training.examples import STEP, Example
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats

_BESIDE = 1000  # of seeds of views: those that an encode has not seen have this one more
_OWN = 3  # of so many encodes of a scene all but one are Daub's
_GAINS = 2, 4  # of coarse residuals
_DISTANCES = 2.0, 12.0  # of JPEG XL, drawn evenly


@dataclass(frozen=True)
class ScenePairSettings:
    """How pairs are drawn.

    Args:
        views, side: that a scene is encoded for: how many, and pixels of each way.
        seen, unseen: pictures kept of an encode, from views that it was made for and from others.
        qualities: of Daub's encodes, drawn evenly.
        distortions: of Gaussians that are merged and written as SOG; their logarithms are drawn evenly.
    """

    views: int = 24
    side: int = 400
    seen: int = 6
    unseen: int = 2
    qualities: tuple[float, float] = (8.0, 45.0)
    distortions: tuple[float, float] = (0.03, 0.25)


def scenes_by_name(paths: Sequence[Path]) -> dict[str, Path]:
    """The scenes by the names that their pairs have: those of their files without suffix.

    Raises:
        DaubError: two are called alike.
    """
    named: dict[str, Path] = {}
    for path in paths:
        if path.stem in named:
            why = f"{named[path.stem]} and {path} have the same name, by which pairs are kept"
            raise DaubError("cannot make pairs", why, "rename one of them")
        named[path.stem] = path
    return named


def make_scene_pairs(
    scenes: dict[str, Path],
    cache: Path,
    rounds: int,
    settings: ScenePairSettings | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> int:
    """Makes the pairs that are not in the cache yet: `rounds` encodes of each scene, a whole round before the next.

    Returns:
        How many encodes were made now.

    Raises:
        DaubError: a scene cannot be read.
    """
    cache.mkdir(parents=True, exist_ok=True)
    made, settings = 0, settings or ScenePairSettings()
    for number in range(rounds):
        for name, path in scenes.items():
            kept = cache / f"{name}-{number:03d}.npz"
            if not kept.exists():
                write_atomic(kept, _pairs(name, path, number, settings, report))
                made += 1
    return made


def read_scene_examples(cache: Path, names: Sequence[str], rounds: int, every: int = 1) -> Iterator[Example]:
    """What the network sees of pairs of some scenes: each view as it is, and every other one once more with a residual.

    Args:
        rounds: encodes of each scene that count; there may be more in the cache.
        every: of the views of an encode one in so many counts.
    """
    paths = [cache / f"{name}-{number:03d}.npz" for name in sorted(names) for number in range(rounds)]
    for kept in filter(Path.exists, paths):
        name = kept.stem.rsplit("-", 1)[0]
        draw = np.random.default_rng(zlib.crc32(kept.stem.encode()))
        with np.load(kept) as arrays:
            bpp = float(arrays["bpp"])
            for n, conditions in list(enumerate(arrays["conditions"]))[::every]:
                source, base, maps = arrays[f"source{n}"], arrays[f"base{n}"], arrays[f"maps{n}"]
                yield Example(name, bpp, source, base, None, maps, conditions)
                if n // every % 2 == 0:
                    residual = _coarse(source / np.float32(255) - base, draw)
                    mended = np.clip(base + residual, 0, 1).astype(np.float16)
                    yield Example(name, bpp, source, mended, residual.astype(np.float16), maps, conditions)


def _pairs(name: str, path: Path, number: int, settings: ScenePairSettings, report: Callable[[str], None]) -> bytes:
    draw = np.random.default_rng([zlib.crc32(name.encode()), number])
    splats = read_scene(path).splats
    codec = _codec(number, draw, settings)
    seen = made_views(splats, settings.views, settings.side, settings.side, seed=number)
    unseen = made_views(splats, settings.unseen, settings.side, settings.side, seed=number + _BESIDE)
    data = codec.encode(splats, seen)
    found = codec.decode(data)
    chosen = sorted(draw.choice(len(seen), min(settings.seen, len(seen)), replace=False))
    kept: dict[str, np.ndarray] = {"bpp": np.float32(8 * len(data) / (len(seen) * settings.side**2))}
    conditions: list[np.ndarray] = []
    for cameras in ([seen[n] for n in chosen], list(unseen)):
        conditions += _render(splats, found, cameras, len(conditions), kept)
    report(f"{name}, {codec.name}: {len(data):,} bytes, {len(conditions)} views")
    file = io.BytesIO()
    np.savez_compressed(file, conditions=np.stack(conditions), **kept)
    return file.getvalue()


def _render(
    splats: Splats, found: Splats, cameras: Sequence[Camera], first: int, kept: dict[str, np.ndarray]
) -> list[np.ndarray]:
    """Adds the views to what is kept, numbered from `first` on; returns what the network is told of each."""
    scene, maps, error = CpuScene(found), Maps(found), 0.0
    for n, (camera, source) in enumerate(zip(cameras, pictures_of(splats, cameras), strict=True), first):
        base = scene.seen(camera).image().clip(0, 1)
        error += float(np.mean(np.square(source / np.float32(255) - base), dtype=np.float64)) / len(cameras)
        height, width = (side // STEP * STEP for side in source.shape[:2])
        kept[f"source{n}"] = source[:height, :width]
        kept[f"base{n}"] = base[:height, :width].astype(np.float16)
        kept[f"maps{n}"] = maps.of(camera)[: height // 2, : width // 2].astype(np.float16)
    return [conditions_of(error_of(error**0.5))] * len(cameras)


def _codec(number: int, draw: np.random.Generator, settings: ScenePairSettings) -> SceneCodec:
    if number % _OWN != 1:
        return OwnCodec(Goal(GoalKind.QUALITY, float(draw.uniform(*settings.qualities))))
    return MergedCodec(SOG, float(np.exp(draw.uniform(*np.log(settings.distortions)))))


def _coarse(residual: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    height, width, _ = residual.shape
    gain, halvings = int(draw.choice(_GAINS)), int(draw.integers(LARGEST_HALVINGS + 1))
    distance = float(draw.uniform(*_DISTANCES))
    return decoded(coded(residual, gain, halvings, distance), width, height, "a residual made for training is damaged")
