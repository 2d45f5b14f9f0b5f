"""Pairs of a picture and what a file has kept of it, from which the restoration network learns.

A pair is a crop of an image and the `.daub` that the real encoder has made of it, at a rate drawn at random. The file
itself is kept rather than its rendering: it takes a hundredth of the room, and whatever a decoder could feed to the
network can be made of it anew. Which crop, rate and tuning a pair has follows from the name of its image and its number
alone, so that making pairs can be stopped and taken up again anywhere, and by several processes.

One pair in PUBLISHED_EVERY is a file of a published method: they have artefacts of their own, which a network that has
seen native files alone mends next to nothing of (LEARNED.md). Another is fitted with foresight of the network there is
(`codec/rate/foresight.py`), which leaves more to be mended, and less that Gaussians could have shown.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.codec.front_door import encode
from daub.codec.goal import Goal, GoalKind
from daub.codec.images import READ_SUFFIXES, load
from daub.codec.profiles import PROFILES
from daub.codec.settings import EncodeSettings
from daub.codec.tuning import Tuning
from daub.render.eight_bit import to_8bit
from daub.render.rasteriser import Rasteriser

PUBLISHED_EVERY = 4  # a pair of so many of an image is of a published method, the last of them
_FORESEEN = 1  # the number of the one among them that is fitted with foresight
FASTEST = 25.0  # times the rate of a published method that its fit bears
HELD_OUT = 8  # one image of so many is for validation, by its name, and none of its crops is learnt from


@dataclass(frozen=True)
class PairSettings:
    """How pairs are drawn.

    Args:
        side: of a crop, pixels; an image with a shorter side is taken to its edge.
        qualities: of the encodes, drawn evenly between these.
        effort: of the encodes: what a rounding leaves looks the same from 4 on, at half the time of the usual one.
        tunings: drawn evenly.
        published: names of the methods of published pairs, drawn evenly.
        published_side: as `side`, of those.
        published_density: Gaussians per pixel, of those; their logarithm is drawn evenly between these.
        published_steps: of their fits, with rates as much higher as these are fewer than those of the paper.
    """

    side: int = 480
    qualities: tuple[float, float] = (15.0, 70.0)
    effort: int = 4
    tunings: tuple[Tuning, ...] = (Tuning.BALANCED, Tuning.PSNR)
    published: tuple[str, ...] = ("gaussianimage-cholesky", "gaussianimage-rs", "gaussianimage++")
    published_side: int = 256
    published_density: tuple[float, float] = (1 / 400, 1 / 20)
    published_steps: int = 2000


@dataclass(frozen=True, eq=False)
class Pair:
    """A crop and its file.

    Args:
        name: of the image that it is from.
        source: (H, W, 3) uint8.
        file: content of the `.daub`.
    """

    name: str
    source: np.ndarray
    file: bytes

    @property
    def is_held_out(self) -> bool:
        """Whether it is for validation rather than training."""
        return is_held_out(self.name)


def is_held_out(name: str) -> bool:
    """Whether the image of that name, without its suffix, is for validation."""
    return zlib.crc32(name.encode()) % HELD_OUT == 0


def images_of(folders: Sequence[Path]) -> list[Path]:
    """All images of the folders, sorted by name.

    Raises:
        DaubError: there is none.
    """
    found = [path for folder in folders for path in folder.iterdir() if path.suffix.lower() in READ_SUFFIXES]
    if not found:
        what = f"there is nothing to train on in {', '.join(map(str, folders))}"
        raise DaubError(what, "no image is in there", "give folders of images that may be trained on")
    return sorted(found, key=lambda path: path.name)


def make_pairs(
    folders: Sequence[Path],
    cache: Path,
    rounds: int,
    rasteriser: Rasteriser,
    settings: PairSettings | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> int:
    """Makes the pairs that are not in the cache yet: `rounds` of each image, a whole round before the next.

    Returns:
        How many were made now.
    """
    cache.mkdir(parents=True, exist_ok=True)
    made, paths, settings = 0, images_of(folders), settings or PairSettings()
    for number in range(rounds):
        for path in paths:
            kept = cache / f"{path.stem}-{number:03d}.npz"
            if not kept.exists():
                write_atomic(kept, _packed(_pair(path, number, rasteriser, settings)))
                made += 1
                report(f"pair {number + 1} of {path.name}")
    return made


def read_pairs(cache: Path) -> Iterator[Pair]:
    """All pairs of a cache, sorted by name."""
    for kept in sorted(cache.glob("*.npz")):
        with np.load(kept) as arrays:
            yield Pair(kept.stem.rsplit("-", 1)[0], arrays["source"], arrays["daub"].tobytes())


def _pair(path: Path, number: int, rasteriser: Rasteriser, settings: PairSettings) -> Pair:
    draw = np.random.default_rng([zlib.crc32(path.stem.encode()), number])
    is_published = number % PUBLISHED_EVERY == PUBLISHED_EVERY - 1
    crop = _crop(path, settings.published_side if is_published else settings.side, draw)
    is_foreseen = number % PUBLISHED_EVERY == _FORESEEN
    asked = _of_published(crop, settings, draw) if is_published else _of_native(settings, draw, is_foreseen)
    return Pair(path.stem, crop, encode(crop, asked, device=rasteriser).data)


def _crop(path: Path, side: int, draw: np.random.Generator) -> np.ndarray:
    """(rows, columns, 3) uint8 of an image, at most `side` either way."""
    pixels = load(path).pixels
    rows, columns = (min(have, side) for have in pixels.shape[:2])
    top, left = (int(draw.integers(have - take + 1)) for have, take in zip(pixels.shape, (rows, columns), strict=False))
    return to_8bit(np.ascontiguousarray(pixels[top : top + rows, left : left + columns]))


def _of_native(settings: PairSettings, draw: np.random.Generator, foreseen: bool) -> EncodeSettings:
    quality = float(draw.uniform(*settings.qualities))
    tuning = settings.tunings[int(draw.integers(len(settings.tunings)))]
    return EncodeSettings(Goal(GoalKind.QUALITY, quality), effort=settings.effort, tune=tuning, restore=foreseen)


def _of_published(crop: np.ndarray, settings: PairSettings, draw: np.random.Generator) -> EncodeSettings:
    profile = PROFILES[settings.published[int(draw.integers(len(settings.published)))]]
    density = math.exp(draw.uniform(*np.log(settings.published_density)))
    count = max(1, round(density * crop[..., 0].size))
    faster = min(profile.steps / settings.published_steps, FASTEST)
    if profile.name.startswith("gaussianimage-"):  # the other one's rates are ten times as high already
        profile = replace(profile, optimiser=replace(profile.optimiser, rate=profile.optimiser.rate * faster))
    return EncodeSettings(Goal(GoalKind.GAUSSIANS, count), steps=settings.published_steps, profile=profile)


def _packed(pair: Pair) -> bytes:
    file = io.BytesIO()
    np.savez(file, source=pair.source, daub=np.frombuffer(pair.file, np.uint8))
    return file.getvalue()
