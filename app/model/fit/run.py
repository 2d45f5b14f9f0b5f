"""One fit from its first record to its file, on the worker's thread.

plan ---> fit ---> rounding ---> the file                                       FINISHED
   |       |          |
   +-------+-- stop   +-- stop: the best file so far ------------------------>  STOPPED
           |          |
           |          +-- or where there is none, rounding in all haste ----->  STOPPED
           +-- rounding of what there is, until it is told to stop again ---->  STOPPED
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from daub.app.model.fit.failures import failure_of
from daub.app.model.fit.frame import FramePainter
from daub.app.model.fit.method import method_with
from daub.app.model.fit.pace import Pace
from daub.app.model.fit.reel import Kept, Reel
from daub.app.model.fit.size_estimate import SizeEstimate
from daub.app.model.fit.state import LONG_PLAN, FitState, Phase, Progress, Snapshot
from daub.app.model.fit.timeline import Timeline
from daub.app.model.fit.wanted import FitRequest, metadata_kept
from daub.app.model.fit.within_step import WithinStep
from daub.app.model.picture.canvas import digest_of
from daub.codec.progress import EncodeProgress, Event, Stage
from daub.render.devices import Failover
from daub.render.interruption import GivenUp, while_wanted

if TYPE_CHECKING:
    import numpy as np

    from daub.codec.fit import Checkpoint
    from daub.codec.rate.encoded import Encoded

_LONG_STEP = 0.03  # seconds from one record to the next, from which on a stop does not wait for it
_TOLD_EVERY = 0.15  # seconds between two times that it is told how far it is within a step
_LATEST = 0.5  # share of a fit after which it has too little time left to follow another map of importance
_MIXED = b"of several"  # digest of what a fit has gone by that was given another map later


class FitRun:
    """Drives the encoder's generator, so not asking for the next record is a pause.

    Args:
        request: what to fit.
        rasteriser: on what.
        frames: renders what the viewport shows.
        news: whether something else is wanted by now, which must not wait for an estimate.
        goes_on: asked in the midst of its work, with this: False where that is not to come to its next record.

    Attributes:
        state: the newest.
        paused: no record is asked for, but for single steps.
        stops: how often it has been stopped.
    """

    def __init__(
        self,
        request: FitRequest,
        rasteriser: Failover,
        frames: FramePainter,
        news: Callable[[], bool],
        goes_on: Callable[[FitRun], bool],
    ):
        from daub.codec.encoder import encode
        from daub.codec.recipe import recipe_of
        from daub.codec.transparency import WHITE, laid_on

        self.ticket = request.ticket
        self.paused = False
        self.stops = 0
        planned = request.start is not None and request.start.count is not None
        self.state = FitState.begun(request.ticket, request.settings.goal, planned)
        self._request, self._rasteriser, self._frames, self._goes_on = request, rasteriser, frames, goes_on
        self._records: Generator[EncodeProgress, None, Encoded] | None = None  # None when it has ended
        self._single_steps = self._due = 0  # single steps that have been asked for, and that are still to be taken
        self._is_broken_off = False  # in the midst of a step, as something else was wanted
        self._pace, self._within = Pace(), WithinStep()
        self._told = 0.0  # when it was last told how far it is
        self._done = 0.0  # share of the work that was done when a stop left something else to do
        self._record: EncodeProgress | None = None  # the last one
        self._checkpoint: Checkpoint | None = None  # of that, where the next one takes long
        self._fitted: Snapshot | None = None  # of the plan or fit under way, or the last one
        self._earlier: Snapshot | None = None  # the best of those before
        self._best: Encoded | None = None  # of the files tried so far
        self._shows_plan = False  # what is seen is of a plan
        self._map: np.ndarray | None = None  # of importance, at the last step of the fit ...
        self._map_came_late = False  # ... and has not gone by for long enough
        try:
            self._recipe = recipe_of(request.settings)
            profile, steps = self._recipe.profile, self._recipe.steps
            progress = replace(self.state.progress, steps=steps)
            timeline = request.timeline or Timeline(steps, Reel(request.budget))
            self.state = replace(self.state, method=method_with(profile), timeline=timeline, progress=progress)
            self._metadata, unsaid = metadata_kept(request.photo, request.settings.goal, request.pixels)
            self.state = replace(self.state, unsaid=unsaid)
            self._pixels = request.pixels
            if request.pixels.shape[2] == 4 and not self._recipe.keeps_transparency:
                self._pixels = laid_on(request.pixels, WHITE)
            self._estimate = SizeEstimate(request.pixels, self._recipe, news)
            self._records = encode(
                self._pixels, self._recipe, rasteriser, request.importance, request.start, self._metadata
            )
        except Exception as error:
            self.fail(error)

    @property
    def ended(self) -> bool:
        """There is nothing left to do."""
        return self._records is None

    @property
    def runnable(self) -> bool:
        """The next record is to be asked for."""
        return not self.ended and not self._is_broken_off and (not self.paused or self._due > 0)

    @property
    def has_begun(self) -> bool:
        """There are Gaussians, of which a stop can make a file."""
        return self._fitted is not None

    @property
    def is_resumable(self) -> bool:
        """Its last step can be gone on from, and could not be in the midst of the next."""
        record = self._record
        if record is None or record.stage is not Stage.FIT or self._checkpoint is not None:
            return False
        return record.step < min(record.steps, self._recipe.steps)

    def obey(self, playing: bool, single_steps: int, stops: int) -> None:
        """Does what is wanted of it, see `Wanted`; the same again changes nothing."""
        if self.ended:
            return
        if playing == self.paused or single_steps > self._single_steps:
            self._pace.interrupt()
        self._due = 0 if playing else self._due + max(single_steps - self._single_steps, 0)
        self._single_steps = single_steps
        self.paused = not playing
        if self.paused and self._shows_plan and self.state.progress.stage is Stage.FIT:
            self._shows_plan = False
            self._show_snapshot(self.state, self._fitted)
        if self.stops < stops and self.has_begun:  # without any Gaussians yet, it stops after the first
            self.stops = stops
            self._stop()
        if self._is_broken_off:
            self.cancel()
        if not self.ended:
            self.state = replace(self.state, phase=self._phase)

    def advance(self) -> None:
        """Takes the next record, or the file."""
        importance = self._request.importance
        followed = None if importance is None else importance.values  # by the record that comes
        began = time.perf_counter()
        try:
            with while_wanted(self._asked):
                record = next(self._records)
        except StopIteration as end:
            self._finish(end.value, whole=self.stops == 0)
        except GivenUp:
            self._is_broken_off = True  # `obey` says what for
        except Exception as error:
            self.fail(error)
        else:
            self._due = max(self._due - 1, 0)
            self._note_map(record, followed)
            self._keep_ready(record, time.perf_counter() - began)
            self._show(record)

    def cancel(self) -> None:
        """Ends it without a file; the last snapshot stays."""
        if not self.ended:
            self._keep_last()
            self._end(phase=Phase.STOPPED)

    def fail(self, error: Exception) -> None:
        """Ends it with the reason."""
        self._end(phase=Phase.FAILED, failure=failure_of(error, self._rasteriser.name))

    def _asked(self) -> bool:
        """Whether to go on in the midst of a step; how far it is within that is seen in the state."""
        fraction, now = self._within.asked(), time.perf_counter()
        if now >= self._told + _TOLD_EVERY:
            self._told = now
            self.state = replace(self.state, progress=replace(self.state.progress, fraction=fraction))
        return self._goes_on(self)

    def _fraction_of(self, record: EncodeProgress, attempt: int) -> float:
        """How much of all the work is done, 0 to 1; the pace is marked with it."""
        fraction, stretch = self._done + (1 - self._done) * record.fraction, (record.stage, attempt)
        self._told = time.perf_counter()
        self._pace.mark(self._told, record.step, fraction, stretch)
        return self._within.mark(fraction, stretch)

    @property
    def _phase(self) -> Phase:
        return Phase.PAUSED if self.paused and not self._due else Phase.of(self.state.progress.stage)

    def _note_map(self, record: EncodeProgress, followed: np.ndarray | None) -> None:
        """What the fit goes by; what is rounded goes by the same."""
        if record.stage is Stage.ROUND:
            return
        last = self.state.progress
        begins = self._record is None or (record.stage, record.attempt) != (last.stage, last.attempt)
        if begins:  # a fit from the start, or from where it goes on
            self._map_came_late = False
        elif followed is not self._map and record.step > _LATEST * record.steps:
            self._map_came_late = True
        self._map = followed

    def _show(self, record: EncodeProgress) -> None:
        last = self.state.progress
        if record.stage is Stage.OPACITY:
            self._show_opacity(record)
            return
        if record.stage is Stage.PLAN is last.stage:  # its short fits are counted by their steps
            began_anew = record.step <= last.step
            attempt = last.attempt + began_anew
        else:
            began_anew = (record.stage, record.attempt) != (last.stage, last.attempt)
            attempt = record.attempt
        if began_anew and record.stage is not Stage.ROUND:
            # After a rounding another number of Gaussians is tried, because those before were too many or too few.
            self._earlier = None if last.stage is Stage.ROUND else self._better_fit()
        fraction = self._fraction_of(record, attempt)
        speed = None if record.stage is Stage.ROUND else self._pace.steps_per_second
        left = self._pace.seconds_left
        progress = Progress(record.stage, attempt, record.step, record.steps, fraction, speed, left)
        self._best, self._record = record.best, record
        state = replace(self.state, progress=progress)
        if record.stage is Stage.ROUND:
            snapshot = replace(self.state.snapshot or self._fitted, gaussians=record.gaussians, born=record.born)
        else:
            self._fitted = Snapshot(
                record.gaussians, record.goal_count, record.psnr, record.seconds, born=record.born,
                opacity=record.opacity,
            )  # fmt: skip
            if record.stage is Stage.FIT:
                state.timeline.record(record.step, len(record.gaussians), record.psnr, record.event)
                self._fitted = replace(self._fitted, estimated_bytes=self._estimate(record, at_once=self.paused))
                if not self._foresees(record) and state.timeline.reel.wants(record.step, record.steps, record.event):
                    self._keep(record)
            snapshot = self._fitted
        if self._is_step_back(record):
            seen = self.state.snapshot
            kept = seen if record.stage is Stage.PLAN else replace(seen, goal_count=record.goal_count)
            self.state = replace(state, snapshot=kept)
        else:
            self._show_snapshot(state, snapshot)
            self._shows_plan = record.stage is Stage.PLAN
        self.state = replace(self.state, phase=self._phase)

    def _show_opacity(self, record: EncodeProgress) -> None:
        """There is nothing to see of the picture yet."""
        fraction = self._fraction_of(record, record.attempt)
        progress = Progress(record.stage, 1, 0, 0, fraction, None, self._pace.seconds_left)
        self._record = record
        self.state = replace(self.state, progress=progress)
        self.state = replace(self.state, phase=self._phase)

    def _show_snapshot(self, state: FitState, snapshot: Snapshot) -> None:
        frame = self._frames.paint(snapshot.gaussians, state.frame, at_once=self.paused)
        self.state = replace(state, snapshot=snapshot, frame=frame)

    def _is_step_back(self, record: EncodeProgress) -> bool:
        """Of a fit that begins anew nothing is seen until it is better than what there is.

        The short fits of a plan have no other end. The fit after a plan that was seen has all its Gaussians at some
        time, and may be worse even then, as it may have fewer; and who takes it step by step wants to see its steps.
        """
        seen = self.state.snapshot
        if seen is None or not self._shows_plan or record.psnr >= seen.psnr:
            return False
        if record.stage is Stage.PLAN:
            return True
        grows = record.stage is Stage.FIT and len(record.gaussians) < record.goal_count
        return grows and seen.seconds >= LONG_PLAN and not self.paused

    def _keep(self, record: EncodeProgress) -> None:
        """Keeps the state of a step, to be looked at and gone on from."""
        from daub.codec.encoder import Start

        checkpoint = self._checkpoint or record.checkpoint()
        start = Start(checkpoint, record.goal_count, record.seconds)
        grown = record.event is Event.GROWN or record.step == record.steps
        kept = Kept(record.step, self._fitted, start, checkpoint.nbytes, grown)
        self.state.timeline.reel.keep(kept)

    def _keep_ready(self, record: EncodeProgress, seconds: float) -> None:
        """Copies what another fit goes on from, where that is nothing beside a step: in the midst of the next one, it
        could not be had any more. Args: seconds: that this one took."""
        takes_long = record.stage is Stage.FIT and seconds >= _LONG_STEP and not self._foresees(record)
        self._checkpoint = record.checkpoint() if takes_long and record.checkpoint is not None else None

    def _keep_last(self) -> None:
        """The step at which a fit ends early can always be gone on from."""
        record, last = self._record, self.state.timeline.reel.last if self.state.timeline else None
        if record is None or record.stage is not Stage.FIT or record.checkpoint is None:
            return
        if self._foresees(record) or (self._is_broken_off and self._checkpoint is None):
            return
        if last is None or last.step != record.step:
            self._keep(record)

    def _stop(self) -> None:
        """Makes the best file that can be had from what there is; sooner, the nearer it was to its file."""
        from daub.codec.rate.encoded import missed
        from daub.codec.rate.packing import pack
        from daub.codec.recipe import recipe_of

        settings, rounding = self._request.settings, self.state.progress.stage is Stage.ROUND
        recipe, fitted, best = self._recipe, self._better_fit(), self._best
        pixels, importance = self._pixels, self._request.importance
        self._pace.interrupt()
        self._keep_last()
        self._records.close()
        self._is_broken_off = False
        foresees = self._record is not None and self._foresees(self._record)
        if best is not None and not self._too_large(best) and (rounding or foresees or best.fit_psnr >= fitted.psnr):
            self._finish(replace(best, missed=missed(settings.goal, best)), whole=False)
            return
        try:
            if rounding:
                recipe = recipe_of(replace(settings, effort=0, steps=recipe.steps, profile=recipe.profile, parts=()))
            self._records = pack(
                pixels, fitted.gaussians, recipe, self._rasteriser, fitted.seconds, importance, fitted.born,
                self._metadata, fitted.opacity,
            )  # fmt: skip
        except Exception as error:
            self.fail(error)
            return
        self._pace, self._within, self._done = Pace(), WithinStep(), self.state.progress.fraction
        self._within.mark(self._done)
        progress = Progress(Stage.ROUND, step=0, fraction=self._done)
        self.state = replace(self.state, progress=progress, snapshot=fitted)

    def _foresees(self, record: EncodeProgress) -> bool:
        """It is a step beyond those that were asked for, towards what is left to a network, when there is a file."""
        return record.stage is Stage.FIT and record.step > self._recipe.steps

    def _better_fit(self) -> Snapshot | None:
        """The closest so far; None before the first."""
        if self._earlier is None:
            return self._fitted
        return max(self._earlier, self._fitted, key=lambda snapshot: snapshot.psnr)

    def _too_large(self, encoded: Encoded) -> bool:
        limit = self._recipe.goal.limit(encoded.document.width * encoded.document.height)
        return limit is not None and len(encoded.data) > limit

    def _finish(self, encoded: Encoded, whole: bool) -> None:
        fraction = 1.0 if whole else self.state.progress.fraction
        progress = replace(self.state.progress, fraction=fraction)
        phase = Phase.FINISHED if whole else Phase.STOPPED
        digest = _MIXED if self._map_came_late else b"" if self._map is None else digest_of(self._map)
        self._end(phase=phase, progress=progress, encoded=encoded, whole=whole, frame=None, map_digest=digest)

    def _end(self, **changes) -> None:
        if self._records is not None:
            self._records.close()
            self._records = None
        state = replace(self.state, **changes)
        self.paused = False
        self.state = replace(state, progress=replace(state.progress, steps_per_second=None, seconds_left=None))
