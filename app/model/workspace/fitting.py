"""The fits of a workspace: which one is wanted, its course, and which file answers what is wanted without any.

    Workspace: picture, settings, map ---> Fitting --- Wanted, a state ---> FitWorker (on a thread of its own)
         ^                                  |     <------ WorkerState ------
         +------ what is shown, results ----+

Every fit has a number, its ticket. What a worker says of one that has been passed over is not shown any more, but its
file is kept all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from daub.app.model.fit.method import profile_on_disk
from daub.app.model.fit.state import FitState, Phase, Progress, Snapshot
from daub.app.model.fit.wanted import FitRequest, Wanted
from daub.app.model.fit.worker import FitWorker, Making, WorkerState
from daub.app.model.workspace.result import Result
from daub.app.model.workspace.tries import Asked, Continued
from daub.codec.progress import Stage

if TYPE_CHECKING:
    from daub.app.model.workspace.workspace import Workspace
    from daub.codec.rate.encoded import Encoded

SETTLE = 0.25  # seconds from the last change of a setting to the new fit


class Fitting:
    """See above.

    Args:
        post, soon: as of the workspace.

    Attributes:
        making: the file that is being made of a fit on its way, None for none.
        start_paused: a fit that would begin by itself waits until it is played.
        is_held: no fit starts, as the parts of its method do not go together.
    """

    def __init__(self, workspace: Workspace, post: Callable[[Callable[[], None]], None], soon: Callable[[], None]):
        self.worker = FitWorker(
            soon, lambda device: post(partial(workspace.device_known.emit, device)), workspace.background.end
        )
        self.making: Making | None = None
        self.start_paused = False
        self.is_held = False
        self.is_awake = False
        self._workspace, self._tries = workspace, workspace.tries
        self._wanted = Wanted()
        self._is_ready = False
        self._is_owed = False  # a fit should have started while none did
        self._oldest_shown = 1  # ticket; what is before is over and done with
        self._seen: FitState | None = None  # what the worker said last
        self._awaited: int | None = None  # ticket of a result that is read from the disk to be shown

    # Life.

    def wake(self) -> None:
        """Starts the worker."""
        self.is_awake = True
        self.worker.start()
        self._want(device=self._workspace.device)

    def close(self) -> None:
        """Ends everything but files that were asked for. Returns at once."""
        if self.is_awake:
            self.worker.close()
        else:
            self._workspace.background.end()

    def finish_files(self) -> None:
        """After `close`: returns when the files that were asked for are made."""
        if self.is_awake:
            self.worker.wait_for_packs()

    # What a person does.

    def start_fits_paused(self, on: bool) -> None:
        """Whether a fit that would begin by itself waits until it is played."""
        self.start_paused = on
        self._workspace.changed.emit(self._workspace.state)

    def restart(self) -> None:
        """A fit from the start, whatever results there are."""
        self.pursue(anew=True)

    def play_or_pause(self) -> None:
        """Pauses a running fit, goes on with a paused one, or with an ended one from where it is looked at."""
        rewind = self._workspace.rewind
        if self.is_under_way and self._workspace.state.kept is not None:
            rewind.to_newest()
        elif self.is_under_way:
            self._want(playing=not self._wanted.playing)
        elif rewind.can_go_on:
            rewind.go_on()
        else:
            self.restart()

    def step(self) -> None:
        """One record more, then a pause; of an ended fit, one step after that which is looked at."""
        if self.is_under_way:
            self._want(playing=False, single_steps=self._wanted.single_steps + 1)
        elif self._workspace.rewind.can_go_on:
            self._workspace.rewind.go_on(playing=False)
        else:
            self.restart()
            self._want(playing=False, single_steps=int(self.is_under_way))

    def stop(self) -> None:
        """Ends the fit here and makes the best file there is; called again, in more haste."""
        if self.is_under_way:
            self._want(playing=True, stops=self._wanted.stops + 1)

    def cancel(self) -> None:
        """Ends the fit without a file; where there was a result of these settings, goes back to it."""
        if not self.is_under_way:
            return
        result = self._answer()
        if result is not None:
            self.show_result(result)
            return
        self._want(fit=None)
        workspace = self._workspace
        if workspace.state.phase.active or workspace.state.phase is Phase.WARMING:  # the worker may say nothing of it
            workspace.show(replace(workspace.newest, phase=Phase.STOPPED))

    def hold(self, held: bool) -> None:
        """Starts no fit while it is held; the one under way goes on."""
        self.is_held = held
        if not held and self._is_owed:
            self.pursue()

    @property
    def is_under_way(self) -> bool:
        """A fit is under way, paused, or about to begin."""
        return self._wanted.fit is not None

    # Following the workspace.

    def pursue(self, settle: bool = False, anew: bool = False) -> None:
        """Shows the result of what is wanted now, or has it fitted.

        Args:
            settle: the fit begins once nothing else has been wanted for a moment.
            anew: it is fitted in any case.
        """
        workspace = self._workspace
        if not workspace.can_fit:
            self._want(fit=None)
            if workspace.picture is not None:
                workspace.show_again()
            return
        result = None if anew else self._answer()
        self._is_owed = self.is_held and result is None
        if result is not None:
            self.show_result(result)
        elif self.is_held:
            wanted = self._wanted.fit
            if wanted is not None and self._tries.picture_of(wanted.ticket) != workspace.picture.key:
                self._want(fit=None)
            workspace.noticed.emit("No fit starts until the parts of the method go together")
            workspace.show_again()
        else:
            self._begin(settle, waits=self.start_paused and not anew)

    def follow_map(self) -> None:
        """What matters in the picture is other than it was.

        A fit under way goes on towards that; where its file is being made, or made, there is to be another.
        """
        result = self._answer()
        if result is not None:
            self.show_result(result)
        elif not self.is_under_way or self._workspace.state.progress.stage is Stage.ROUND:
            self.pursue(settle=True)

    def follow_device(self) -> None:
        """Another device shall fit: a fit under way starts again on it, a result stays."""
        if self.is_awake:
            self._want(device=self._workspace.device)
            if self.is_under_way:
                self._begin(snapshot=self._workspace.newest.snapshot)

    def begin_from(self, continued: Continued, snapshot: Snapshot, playing: bool) -> None:
        """A fit that goes on from another. For `Rewind`.

        Args:
            snapshot: of the step that it goes on from.
            playing: False to take a single step.
        """
        self._begin(snapshot=snapshot, continued=continued, waits=not playing, single_steps=0 if playing else 1)

    def show_result(self, result: Result) -> None:
        """Shows a result, once it is read where it is on the disk; no fit is wanted any more."""
        self._awaited = None
        if result.encoded is None:
            self._want(fit=None)
            self._awaited = result.state.ticket
            self._workspace.results.load(result.state.ticket, self._show_loaded)
            return
        self._oldest_shown = self._tries.newest + 1
        self._want(fit=None)
        self._workspace.show(result.state)

    def pass_over(self) -> None:
        """Of all fits so far, nothing is shown any more."""
        self._oldest_shown = self._tries.newest + 1
        self._awaited = None

    def leave(self, ticket: int) -> None:
        """Shows the result of that fit no more, where it is shown: it has been deleted."""
        workspace = self._workspace
        if workspace.newest.ticket == ticket and workspace.newest.encoded is not None:
            self._oldest_shown = self._tries.newest + 1
            workspace.show(FitState(ticket, Phase.IDLE, workspace.settings.goal, method=workspace.method))

    def come_back(self) -> None:
        """Shows the result of what is wanted, where there is one again and nothing else is shown."""
        result = self._answer() if self._workspace.can_fit else None
        if result is not None and not self.is_under_way and self._workspace.newest.encoded is None:
            self.show_result(result)

    # Following the worker.

    def refresh(self) -> None:
        """Takes over what the worker has come to."""
        workspace = self._workspace
        worker, _ = self.worker.state.take()
        if worker.ready and not self._is_ready:
            self._is_ready = True
            workspace.ready.emit()
        if worker.making is not self.making:
            self.making = worker.making
            workspace.changed.emit(workspace.state)
        fit, wanted = worker.fit, self._wanted.fit
        if fit is not None and fit.encoded is not None:
            self._tries.keep(fit)
        if fit is not None and fit is not self._seen and fit.ticket >= self._oldest_shown:
            self._seen = fit
            ended = wanted is not None and fit.ticket == wanted.ticket and not fit.phase.active
            if ended:
                self._want(fit=None)
            workspace.show(self._with_what_is_seen(fit))
            if ended and fit.phase is Phase.FINISHED and fit.map_digest != workspace.map_digest:
                self.pursue(settle=True)  # it was painted when it was too late for this file
        waits = wanted is not None and (fit is None or fit.ticket != wanted.ticket)
        if waits or workspace.picture is None:
            self._show_waiting(worker)

    def _with_what_is_seen(self, fit: FitState) -> FitState:
        """A fit that has come to nothing yet, with the snapshot that it goes on from."""
        newest = self._workspace.newest
        begins = fit.snapshot is None and fit.phase.active and newest.ticket == fit.ticket
        return replace(fit, snapshot=newest.snapshot) if begins else fit

    def _show_waiting(self, worker: WorkerState) -> None:
        """There is nothing to see of a fit yet."""
        workspace = self._workspace
        if worker.failure is not None:
            workspace.show(replace(workspace.newest, phase=Phase.FAILED, failure=worker.failure))
        elif worker.warming is not None:
            progress = Progress(fraction=worker.warming)
            workspace.show(replace(workspace.newest, phase=Phase.WARMING, progress=progress))
        elif workspace.picture is None:
            workspace.show(replace(workspace.newest, phase=Phase.IDLE, progress=Progress()))

    def keep_export(self, state: FitState, encoded: Encoded) -> None:
        """Makes a file that was exported of a fit on its way a result, which is shown where that fit is over.

        Args:
            state: as it was shown when the file was asked for.
        """
        result, newest = self._tries.keep_export(state, encoded), self._workspace.newest
        over = not self.is_under_way and newest.ticket == state.ticket and newest.encoded is None
        if result is not None and over:
            self.show_result(result)

    # Inside.

    def _answer(self) -> Result | None:
        """The result that makes a fit of what is wanted needless."""
        workspace = self._workspace
        return workspace.results.answering(workspace.picture, workspace.settings, workspace.map_digest)

    def _want(self, **changes: object) -> None:
        self._wanted = replace(self._wanted, **changes)
        self.worker.want(self._wanted)

    def _begin(
        self,
        settle: bool = False,
        snapshot: Snapshot | None = None,
        continued: Continued | None = None,
        waits: bool = False,
        single_steps: int = 0,
    ) -> None:
        """Has a fit begin.

        Args:
            settle: as of `pursue`.
            snapshot: stays on the screen until the fit has come to something.
            continued: what it goes on from.
            waits: until it is played.
            single_steps: that it takes nevertheless.
        """
        workspace = self._workspace
        self._awaited = None
        settings = workspace.settings if continued is None else continued.settings
        origin = "" if continued is None else continued.origin
        ticket = self._tries.add(Asked(workspace.picture.key, settings, profile_on_disk(settings), origin))
        start, timeline = (None, None) if continued is None else (continued.start, continued.timeline)
        request = FitRequest(
            ticket, workspace.picture.fitted, settings, time.monotonic() + (SETTLE if settle else 0.0),
            workspace.importance, start, timeline, workspace.rewind.budget,
            workspace.picture.photo,
        )  # fmt: skip
        self._want(fit=request, playing=not waits, single_steps=single_steps, stops=0)
        if not settle:
            self._oldest_shown = ticket
            planned = start is not None and start.count is not None
            state = FitState.begun(ticket, settings.goal, planned)
            workspace.show(replace(state, snapshot=snapshot, method=workspace.method, timeline=timeline))
        self.refresh()

    def _show_loaded(self, result: Result) -> None:
        if result.state.ticket == self._awaited:
            self.show_result(result)
