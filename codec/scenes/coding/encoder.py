"""A scene to the bytes of a `.daub`, for the views that it is made for.

Nothing is trained and no photo is needed: what a number is worth is found by rendering the scene itself. The distortion
d says how much each part may cost. Gaussians whose alpha matters less than d^2 to the mean view are merged into others,
the rest is quantised so that every number costs about d^2 / 12, and a goal is met by trying several d.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.goal import Goal, GoalKind
from daub.codec.progress import drive, retold
from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.coding.merging import merged, staying
from daub.codec.scenes.coding.refining import refining
from daub.codec.scenes.coding.symbols import SceneSymbols, box_of, classes_of, quantise
from daub.codec.scenes.coding.view_energies import resolution_of, with_unframed
from daub.render.eight_bit import to_8bit
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats

KINDS = (GoalKind.QUALITY, GoalKind.BYTES, GoalKind.PSNR)
VIEWS, LONGEST = 24, 800  # views that a scene is encoded for unless somebody says otherwise, and their longer sides
# The distortion of quality 0, and the quality that halves it: 25 gives 35 dB and 50 gives 41 dB, or thereabouts.
_COARSEST, _HALVING = 0.25, 22.0
_SMALLEST, _LARGEST = 1e-4, 4.0  # distortions that are tried
_TRIALS = 8
_CLOSE = {GoalKind.BYTES: 0.01, GoalKind.PSNR: 0.05}  # as a share of the bytes; dB
_GAUSSIANS_A_CELL = 1.5
ROUNDS = 4  # in which Gaussians are refined under all views
_USUAL = (40.0, 0.06, -8.7)  # dB at a distortion, and by how much they fall with its logarithm, about: where to begin


@dataclass(frozen=True)
class SceneProgress:
    """Where the encode of a scene stands.

    Args:
        stage: in words for people.
        fraction: of the work, 0 to 1, as far as it can be known.
        best: the best file so far, None until there is one.
    """

    stage: str
    fraction: float
    best: EncodedScene | None = None


@dataclass(frozen=True, eq=False)
class EncodedScene:
    """A file, and what it shows.

    Args:
        data: of the `.daub`.
        symbols: what stands in it.
        distortion: d.
        psnr: dB over all pixels of the views it was made for, of 8-bit pictures, against the scene it was made of.
        missed: what the goal was missed by, in words, None where it is met.
    """

    data: bytes
    symbols: SceneSymbols
    distortion: float
    psnr: float
    missed: str | None = None


def encode_scene(splats: Splats, cameras: Sequence[Camera], goal: Goal, report=None) -> EncodedScene:
    """`encoding` run to its end.

    Args:
        report: is given every record.
    """
    return drive(encoding(splats, cameras, goal), report)


def encoding(splats: Splats, cameras: Sequence[Camera], goal: Goal) -> Generator[SceneProgress, None, EncodedScene]:
    """Encodes; stop it between two records to cancel.

    Args:
        cameras: the views that it is made for; the more there are, the better it does for others (6 against 12 views
            cost 1.5 dB on a statue).
        goal: quality, bytes or PSNR.

    Returns:
        The file that meets the goal with the fewest bytes, or comes nearest to it.

    Raises:
        DaubError: no Gaussians, no views, or another kind of goal.
    """
    what = "the scene cannot be encoded"
    if not len(splats):
        raise DaubError(what, "it has no Gaussians", "check that it is the right file")
    if not cameras:
        raise DaubError(what, "there is no view of it", "give cameras, or have views made")
    if goal.kind not in KINDS:
        kinds = ", ".join(kind.value for kind in KINDS)
        raise DaubError(what, f"{goal.kind.value} is no goal for a scene", f"choose from {kinds}")
    trials = _Trials(splats, cameras)
    yield from trials.look(0.15 if goal.kind is not GoalKind.QUALITY else 0.4)
    if goal.kind is GoalKind.QUALITY:
        return (yield from trials.try_at(_COARSEST * 2.0 ** (-goal.value / _HALVING), 0.4, 1.0))
    return (yield from _search(trials, goal))


def _search(trials: _Trials, goal: Goal) -> Generator[SceneProgress, None, EncodedScene]:
    """Secant steps on log d, kept between the trials that are too large and too small."""
    low, high = math.log(_SMALLEST), math.log(_LARGEST)  # d too small, and too large, for all that is known
    usual, distortion, slope = _USUAL
    at = math.log(distortion)
    if goal.kind is GoalKind.PSNR:
        at += (goal.value - usual) / slope
    else:
        slope = -1.1
    best: EncodedScene | None = None
    last: tuple[float, float] | None = None
    for trial in range(_TRIALS):
        start, end = (0.15 + 0.85 * (1 - 0.6**done) for done in (trial, trial + 1))
        found = yield from trials.try_at(math.exp(at), start, end)
        value = found.psnr if goal.kind is GoalKind.PSNR else math.log(len(found.data))
        wanted = goal.value if goal.kind is GoalKind.PSNR else math.log(goal.value)
        if _is_better(found, best, goal):
            best = found
        yield SceneProgress("trying", end, best)
        fits = value >= wanted if goal.kind is GoalKind.PSNR else value <= wanted
        if fits and abs(value - wanted) <= _CLOSE[goal.kind]:
            break
        if (value > wanted) == (slope < 0):  # d was too small: PSNR and bytes fall as it grows
            low = max(low, at)
        else:
            high = min(high, at)
        if last and abs(at - last[0]) > 1e-6 and (value - last[1]) * (at - last[0]) < 0:
            slope = (value - last[1]) / (at - last[0])
        last = at, value
        aim = wanted + (0.4 if goal.kind is GoalKind.PSNR else -0.4) * _CLOSE[goal.kind]
        ahead = at + min(max((aim - value) / slope, -1.5), 1.5)
        at = ahead if low < ahead < high else (low + high) / 2
        if high - low < 1e-3:
            break
    return _judged(best, goal)


def _is_better(found: EncodedScene, best: EncodedScene | None, goal: Goal) -> bool:
    if best is None:
        return True
    if goal.kind is GoalKind.PSNR:
        met, was_met = found.psnr >= goal.value, best.psnr >= goal.value
        better = len(found.data) < len(best.data) if met else found.psnr > best.psnr
    else:
        met, was_met = len(found.data) <= goal.value, len(best.data) <= goal.value
        better = len(found.data) > len(best.data) if met else len(found.data) < len(best.data)
    return met > was_met or (met == was_met and better)


def _judged(found: EncodedScene, goal: Goal) -> EncodedScene:
    if goal.kind is GoalKind.PSNR and found.psnr < goal.value:
        missed = f"{found.psnr:.2f} dB is the most that was reached"
    elif goal.kind is GoalKind.BYTES and len(found.data) > goal.value:
        missed = f"{len(found.data):,} bytes are the fewest that were reached"
    else:
        return found
    return replace(found, missed=missed)


class _Trials:
    """Files of one scene at any distortion."""

    def __init__(self, splats: Splats, cameras: Sequence[Camera]):
        self._splats, self._cameras = splats, cameras
        self._resolution = resolution_of(splats, cameras)
        self._energies = np.zeros((len(splats), 3))
        self._pictures: list[np.ndarray] = []

    def look(self, end: float) -> Generator[SceneProgress, None, None]:
        """Renders the views, and finds what every Gaussian is worth to them."""
        scene = CpuScene(self._splats)
        for n, camera in enumerate(self._cameras):
            view = scene.seen(camera)
            self._energies += view.energies() / len(self._cameras)
            self._pictures.append(to_8bit(view.image()))
            yield SceneProgress("looking at the scene", end * (n + 1) / len(self._cameras))
        self._energies = with_unframed(self._energies, self._splats, self._cameras)

    def try_at(self, distortion: float, start: float, end: float) -> Generator[SceneProgress, None, EncodedScene]:
        """The file at a distortion."""
        stays = staying(self._energies, distortion)
        some = merged(self._splats, self._energies, stays, self._resolution)
        whole = end - start
        steps = refining(some, self._cameras, self._pictures, ROUNDS)
        some = yield from retold(steps, lambda done: SceneProgress("refining", start + whole * 0.5 * done))
        scene, worth = CpuScene(some), np.zeros((len(some), 3))
        for n, camera in enumerate(self._cameras):
            worth += scene.seen(camera).energies() / len(self._cameras)
            yield SceneProgress("weighing", start + whole * (0.5 + 0.4 * (n + 1) / len(self._cameras)))
        worth = with_unframed(worth, some, self._cameras)
        box = box_of(some, self._resolution, _depth_for(some))
        symbols = quantise(some, classes_of(worth[:, 1:], distortion), box)
        data = scene_file.write(symbols)
        decoded = CpuScene(symbols.splats())
        error = 0.0
        for n, (camera, picture) in enumerate(zip(self._cameras, self._pictures, strict=True)):
            difference = np.subtract(to_8bit(decoded.seen(camera).image()), picture, dtype=np.float32) / 255
            error += float(np.mean(np.square(difference), dtype=np.float64)) / len(self._cameras)
            yield SceneProgress("comparing", start + whole * (0.9 + 0.1 * (n + 1) / len(self._cameras)))
        return EncodedScene(data, symbols, distortion, -10 * math.log10(max(error, 1e-10)))


def _depth_for(splats: Splats) -> int:
    """The depth of the octree at which a cell holds about _GAUSSIANS_A_CELL, of those that hold any."""
    low = splats.means.min(axis=0)
    side = max(float((splats.means - low).max()), 1e-30)
    for depth in range(1, 21):
        cells = np.floor((splats.means.astype(np.float64) - low) / (side * 1.0001) * 2**depth).astype(np.int64)
        numbers = np.unique(cells @ np.array([1, 1 << 20, 1 << 40]))
        if len(splats) <= _GAUSSIANS_A_CELL * len(numbers):
            return depth
    return 20
