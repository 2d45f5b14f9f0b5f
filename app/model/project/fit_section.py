"""A fit that has not come to its file: its last Gaussians, from which it can be gone on with."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from daub.app.model.fit.reel import Kept, Reel
from daub.app.model.fit.state import FitState, Method, Phase, Progress, Snapshot
from daub.app.model.fit.timeline import Timeline
from daub.app.model.picture.picture import PictureKey
from daub.app.model.project.arrays import array_of, npy_of
from daub.app.model.project.fields import Fields
from daub.app.model.project.methods import method_in_json, method_of_json, read_settings, write_settings
from daub.app.model.project.section import Reading, Restored, Write, Writing
from daub.app.model.workspace.tries import Asked
from daub.app.model.workspace.workspace import Workspace
from daub.codec.errors import DaubError
from daub.codec.progress import Stage
from daub.codec.settings import EncodeSettings
from daub.render.gaussians import PARAMETERS, Gaussians

MOST = 4_000_000  # Gaussians
_STEPS = 10_000_000
_ENTRY = "fit/gaussians.npy"
_BORN = "fit/born.npy"


@dataclass(frozen=True, eq=False)
class _Under:
    """A fit under way, or one that has ended without a file.

    Args:
        steps: of the whole fit.
        born: as of `Snapshot`.
    """

    settings: EncodeSettings
    method: Method
    origin: str
    step: int
    steps: int
    snapshot: Snapshot
    curves: np.ndarray


class FitSection:
    """See `Section`."""

    name = "fit"
    counts = False

    def __init__(self, workspace: Workspace):
        self._workspace = workspace

    def state(self) -> Hashable:
        newest = self._workspace.newest
        kept = None if newest.encoded is not None else _newest_kept(newest)
        return None if kept is None else (newest.ticket, kept[0])

    def gather(self) -> Write:
        workspace, newest = self._workspace, self._workspace.newest
        kept = _newest_kept(newest) if workspace.can_fit and newest.encoded is None else None
        if kept is None:
            return lambda _: {}
        settings, origin = workspace.tries.settings_of(newest), workspace.tries.origin_of(newest)
        step, snapshot = kept
        curves = newest.timeline.curves(1000).copy()
        under = _Under(settings, newest.method, origin, step, newest.timeline.steps, snapshot, curves)
        return partial(_write, under)

    def read(self, fields: Fields, reading: Reading) -> Restored:
        if "step" not in fields:
            return Restored()
        under = _read(fields, reading)
        return Restored(finish=partial(self._finish, under))

    def _finish(self, under: _Under) -> None:
        workspace = self._workspace
        if workspace.can_fit and workspace.newest.encoded is None and not workspace.fitting.is_under_way:
            workspace.show(_state_of(under, workspace, workspace.picture.key))


def _newest_kept(state: FitState) -> tuple[int, Snapshot] | None:
    """The step and the Gaussians of a fit that it can be gone on with from: the newest, or the last that was kept."""
    if state.timeline is None:
        return None
    if state.progress.stage is Stage.FIT and state.snapshot is not None and state.timeline.step:
        return state.timeline.step, state.snapshot
    last = state.timeline.reel.last
    return None if last is None or last.snapshot is None else (last.step, last.snapshot)


def _write(under: _Under, writing: Writing) -> dict[str, Any]:
    snapshot = under.snapshot
    writing.archive.add(_ENTRY, npy_of(snapshot.gaussians.parameters.astype("<f4", copy=False)))
    if snapshot.born is not None:
        writing.archive.add(_BORN, npy_of(np.asarray(snapshot.born, "<i4")), deflated=True)
    psnr = snapshot.psnr
    return {
        "settings": write_settings(under.settings, None, writing), "method": method_in_json(under.method),
        "origin": under.origin, "step": under.step, "steps": under.steps, "goal_count": snapshot.goal_count,
        "psnr": None if psnr is None or not np.isfinite(psnr) else float(psnr), "seconds": float(snapshot.seconds),
        "gaussians": _ENTRY, "born": None if snapshot.born is None else _BORN,
        "curves": [[int(step), int(count), _finite(psnr)] for step, count, psnr in under.curves.T],
    }  # fmt: skip


def _read(fields: Fields, reading: Reading) -> _Under:
    gaussians = array_of(
        reading.archive.read(fields.text("gaussians"), 64 * MOST), (None, PARAMETERS), "<f4", "the unfinished fit"
    )  # fmt: skip
    born = None
    if "born" in fields:
        content = reading.archive.read(fields.text("born"), 8 * MOST)
        born = array_of(content, (len(gaussians),), "<i4", "the unfinished fit")
    if not len(gaussians) or not np.isfinite(gaussians).all():
        raise DaubError("the unfinished fit cannot be read", "its Gaussians are none", "it is left out")
    psnr = fields.number("psnr", -1000, 1000, None)
    goal_count = fields.integer("goal_count", 1, MOST)
    steps = fields.integer("steps", 1, _STEPS)
    snapshot = Snapshot(Gaussians(gaussians), goal_count, psnr, fields.number("seconds", 0, 1e9, 0.0), None, born)
    return _Under(
        read_settings(fields.object("settings", "the settings of the unfinished fit"), reading),
        method_of_json(fields.object("method", "the method of the unfinished fit")), fields.text("origin", ""),
        fields.integer("step", 1, steps), steps, snapshot, _curves(fields.list("curves", 2000)),
    )  # fmt: skip


def _curves(rows: list) -> np.ndarray:
    """(3, M) float64: step, count, PSNR; what is none is left out, as nothing depends on it."""
    kept, last = [], 0
    for row in rows:
        fits = isinstance(row, list) and len(row) == 3 and all(type(each) in (int, float) for each in row)
        if fits and last < row[0] <= _STEPS and np.isfinite(row).all():
            kept.append(row)
            last = row[0]
    return np.array(kept, np.float64).reshape(-1, 3).T


def _state_of(under: _Under, workspace: Workspace, picture: PictureKey) -> FitState:
    """It stands still where it was, and can be gone on with."""
    from daub.codec.encoder import Start
    from daub.codec.fit import Checkpoint

    gaussians, count = under.snapshot.gaussians, under.snapshot.goal_count
    born = np.zeros(len(gaussians), np.int32) if under.snapshot.born is None else under.snapshot.born
    # What the optimiser remembers is not kept: it finds its pace again within some steps.
    checkpoint = Checkpoint(under.step, count, gaussians, np.random.default_rng(under.settings.seed), born)
    timeline = Timeline(under.steps, Reel(workspace.rewind.budget))
    for step, psnr_count, psnr in under.curves.T:
        timeline.record(int(step), int(psnr_count), float(psnr), None)
    start = Start(checkpoint, count, under.snapshot.seconds)
    timeline.reel.keep(Kept(under.step, under.snapshot, start, checkpoint.nbytes, True))
    origin = under.origin or f"step {under.step:,} as a project has kept it"
    ticket = workspace.tries.add(Asked(picture, under.settings, None, origin))
    progress = Progress(Stage.FIT, step=under.step, steps=under.steps, fraction=min(1.0, under.step / under.steps))
    state = FitState(ticket, Phase.STOPPED, under.settings.goal, progress, under.snapshot, timeline)
    return replace(state, method=under.method)


def _finite(value: float) -> float:
    return float(value) if np.isfinite(value) else 0.0
