"""What one window works on: the picture that is open, what is wanted of it, the fit, and the results there have been.

The name is not Document: that is a .daub file that has been read, of which a workspace may have one open.

    commands, panels --- change, open, play ... ---> Workspace --- operations ---> History
                                                      |     ^
                                   Wanted, a state    v     |  WorkerState
                                                     FitWorker (on a thread of its own)
    window <------------- signals ------------------ Workspace

Nothing here knows a window. Everything runs on one thread, that of whoever made it, but for what `Background` and
`FitWorker` do on theirs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from daub.app.model import writer
from daub.app.model.background import Background
from daub.app.model.brush import Box, around
from daub.app.model.canvas import Canvas
from daub.app.model.fit_state import Failure, FitState, Method, Phase, Progress, Snapshot
from daub.app.model.fit_worker import FitWorker, Making
from daub.app.model.frame import Framing
from daub.app.model.history import History
from daub.app.model.method import method_of, profile_on_disk
from daub.app.model.opening import Opening
from daub.app.model.operations import ChangeSettings, GoBack
from daub.app.model.origin import Origin
from daub.app.model.picture import WHITE, Colour, Picture, PictureKey, measure
from daub.app.model.result import Result, Results
from daub.app.model.rewind import Rewind
from daub.app.model.shelf import Shelf
from daub.app.model.signal import Signal
from daub.app.model.spill import Spill
from daub.app.model.timeline import Timeline
from daub.app.model.wanted import FitRequest, Wanted
from daub.codec.goal import DEFAULT_GOAL, GOALS, Goal, GoalKind
from daub.codec.progress import Stage
from daub.codec.settings import EncodeSettings
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from pathlib import Path

    from daub.codec.encoder import Start
    from daub.codec.importance import Importance
    from daub.codec.profiles.profile import Profile
    from daub.codec.rate.encoded import Encoded

SETTLE = 0.25  # seconds from the last change of a setting to the new fit


@dataclass(frozen=True)
class _Continued:
    """What a fit goes on from; see `Workspace.begin_from`."""

    start: Start
    timeline: Timeline
    settings: EncodeSettings
    origin: str


@dataclass(frozen=True)
class _Asked:
    """What a fit is of."""

    picture: PictureKey
    settings: EncodeSettings
    profile: Profile | None  # as in `Result`
    origin: str = ""  # likewise


class Workspace:
    """See above.

    Args:
        post: has a function called on the thread of the workspace, soon; is called from any thread.
        soon: has `refresh` called there, not so often that whoever shows it could not follow; likewise.

    Attributes:
        picture: what is open, None at first.
        settings: what is wanted of a fit.
        method: what these settings fit with.
        background_colour: what transparent parts are laid on.
        device: what shall fit, one of `device.DEVICES`.
        state: the fit, or the result, that is shown; of an earlier step while somebody looks back.
        newest: the same as it is now.
        making: the file that is being made of a fit on its way, None for none.
        rewind: looks back, and goes on from there.
        start_paused: a fit that would begin by itself waits until it is played.
        results: every file so far.
        history: what can be undone.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], soon: Callable[[], None]):
        self.ready = Signal()  # what the kernels need is loaded: methods can be looked up
        self.opened = Signal()  # Picture
        self.changed = Signal()  # FitState
        self.settings_changed = Signal()  # EncodeSettings
        self.background_changed = Signal()  # Colour
        self.device_known = Signal()  # Device
        self.device_chosen = Signal()  # one of `device.DEVICES`
        self.mapped = Signal()  # Box: what matters in the picture is another there
        self.failed = Signal()  # Failure
        self.noticed = Signal()  # one line
        self.loading = Signal()  # a name, or "" when done
        self.left = Signal()  # something else is to be opened

        self.picture: Picture | None = None
        self.settings = EncodeSettings()
        self.method = Method()
        self.background_colour: Colour = WHITE
        self.device = "auto"
        self.state = self.newest = FitState()
        self.making: Making | None = None
        self.start_paused = False
        self.rewind = Rewind(self)
        self.history = History(self)
        self.background = Background(post, self.failed.emit)
        self._spill = Spill(self.background)
        self.results = Results(self._spill)
        self.worker = FitWorker(soon, lambda device: post(partial(self.device_known.emit, device)), self.background.end)
        self._wanted = Wanted()
        self._awake = self._is_ready = False
        self._canvases: dict[tuple[Origin, tuple[int, int]], Canvas] = {}  # by origin and stamp of the picture
        self._shelf = Shelf()
        self._opening = Opening(self, self._shelf)
        self._ticket = 0  # of the newest fit
        self._oldest_shown = 1  # ticket; what is before is over and done with
        self._asked: dict[int, _Asked] = {}  # by ticket
        self._held = False  # no fit starts: the parts of its method do not go together ...
        self._owed = False  # ... though one should have
        self._free_goal: Goal | None = None  # of before the method came that knows one kind of goal alone
        self._seen: FitState | None = None  # what the worker said last
        self._awaited: int | None = None  # ticket of a result that is read from the disk to be shown
        self._told: Failure | None = None  # the failure of a fit that has been told

    # Life.

    def wake(self) -> None:
        """Starts the worker. It loads numba, which holds up everything else: let there be a window before."""
        if not self._awake:
            self._awake = True
            self._opening.start()
            self.worker.start()
            self._want(device=self.device)

    def close(self) -> None:
        """Ends everything but files that were asked for. Returns at once."""
        self._opening.close()
        self.background.close()
        self._spill.close()
        if self._awake:
            self.worker.close()
        else:
            self.background.end()

    def finish_files(self) -> None:
        """After `close`: returns when the files that were asked for are written."""
        if self._awake:
            self.worker.wait_for_packs()
        self.background.wait_for_files()

    # What is open.

    def open(self, origin: Origin) -> None:
        """Opens a picture or a .daub; the fit of a picture starts by itself."""
        self.left.emit()
        self._opening.open(origin)

    @property
    def is_opening(self) -> bool:
        """A picture is being read."""
        return self._opening.is_reading

    def cancel_opening(self) -> None:
        """Gives up what is being read, whatever its reader does; what is open stays."""
        self._opening.cancel()

    def set_background(self, colour: Colour) -> None:
        """What transparent parts are laid on; reads the picture again."""
        self._opening.lay_on(colour)

    def undo(self) -> None:
        """Takes the last operation back; where a picture must be read again for it, when that has been done."""
        self._opening.undo()

    def redo(self) -> None:
        """Does the operation again that was taken back last."""
        self._opening.redo()

    def open_again(self, key: PictureKey) -> None:
        """Opens a picture that was read before."""
        self._opening.open_again(key)

    def read_beside(self, origin: Origin, deliver: Callable[[Picture], None], colour: Colour | None = None) -> None:
        """Reads a file that is not to be opened. Args: colour: under transparent parts, by default the one there is."""
        self._opening.read_beside(origin, deliver, colour)

    def go_back_to(self, result: Result, name: str) -> None:
        """Wants what was wanted of a result of the picture that is open, and shows that result."""
        ticket = None if self.state.encoded is None else self.state.ticket
        if ticket != result.state.ticket or self.settings != result.settings:
            changed = ChangeSettings.between(self.settings, result.settings)
            self.history.do(GoBack(f"going back to {name}", changed, ticket, result.state.ticket))

    def show_result_of(self, ticket: int | None) -> None:
        """Shows the result of that fit rather than another one of the same settings. For operations."""
        result = None if ticket is None else self.results.of(ticket)
        if result is not None and result.settings == self.settings:
            self._show_result(result)

    def place(self, key: PictureKey) -> None:
        """Shows a picture of the shelf, with the result of what is wanted, or a fit. For operations."""
        self.picture = picture = self._shelf.get(key)
        self._shelf.put(picture)
        self._oldest_shown = self._ticket + 1  # of the fit of the picture before, nothing is shown any more
        self._awaited = None
        snapshot = None if picture.gaussians is None else Snapshot(picture.gaussians, len(picture.gaussians))
        self.state = self.newest = FitState(self._ticket, Phase.IDLE, self.settings.goal, snapshot=snapshot)
        self.opened.emit(picture)
        self._pursue()

    def picture_at_hand(self, key: PictureKey) -> Picture | None:
        """One that was read lately; None where it must be read again."""
        return self._shelf.get(key)

    def lay_on(self, colour: Colour) -> None:
        """Notes another background. For operations."""
        self.background_colour = colour
        self.background_changed.emit(colour)

    @property
    def can_fit(self) -> bool:
        """There is a picture with pixels."""
        return self.picture is not None and self.picture.can_be_fitted

    @property
    def gaussians(self) -> Gaussians | None:
        """What there is to look at."""
        return self.state.gaussians

    # What matters in the picture.

    @property
    def canvas(self) -> Canvas | None:
        """The map of importance of what is open, on whatever background; None where nothing can be fitted."""
        if not self.can_fit:
            return None
        picture = self.picture
        key = picture.key.origin, picture.key.stamp
        if key not in self._canvases:
            self._canvases[key] = Canvas(picture.width, picture.height)
        return self._canvases[key]

    @property
    def importance(self) -> Importance | None:
        """The same for a fit, None where its method knows no importance."""
        return self.canvas.importance if self.can_fit and self.method.weighs_pixels else None

    @property
    def has_map(self) -> bool:
        """Something in the picture matters more than other things."""
        return self._map_digest != b""

    def load_map(self, path: Path, deliver: Callable[[Importance], None]) -> None:
        """Reads a map of importance for the picture that is open; `deliver` gets it if that still is."""
        self._opening.load_map(path, deliver)

    def paint(self, tiles: Mapping[Box, bytes]) -> None:
        """Puts tiles into the map. For operations.

        A fit under way goes on towards that; where its file is being made, or made, there is to be another.
        """
        self.canvas.abandon()
        self.canvas.apply(tiles)
        self.mapped.emit(around(tiles))
        result = self._answer()
        if result is not None:
            self._show_result(result)
        elif not self.is_fitting or self.state.progress.stage is Stage.ROUND:
            self._pursue(SETTLE)

    # What is wanted.

    def change(self, **values: object) -> None:
        """Other settings, by name; a fit follows once they have stood still for a moment.

        Raises:
            DaubError: a value is outside its range.
        """
        settings = replace(self.settings, **values)
        if settings != self.settings:
            self.history.do(ChangeSettings.between(self.settings, settings))

    def choose_method(self, profile: str, parts: tuple[tuple[str, str], ...]) -> None:
        """Another method, which ends a hold.

        The goal follows, where the method knows a number of Gaussians alone, and comes back afterwards.

        Raises:
            DaubError: there is no such method, or its parts do not go together.
        """
        self._held = False
        values: dict[str, object] = {"profile": profile, "parts": parts}
        if profile != self.settings.profile:
            values["steps"] = None  # the method's own
        goal = self.settings.goal
        free_goal = self._free_goal
        method = method_of(replace(self.settings, goal=DEFAULT_GOAL, **values))
        if not method.weighs_pixels:
            values["tune"] = None  # its loss is its own
        if method.writes_files:
            if goal.kind is not GoalKind.GAUSSIANS:
                free_goal = goal
                count = self.state.readings.get(GoalKind.GAUSSIANS, GOALS[GoalKind.GAUSSIANS].default)
                values["goal"] = Goal(GoalKind.GAUSSIANS, int(count))
        elif free_goal is not None:
            values["goal"], free_goal = free_goal, None
        self.change(**values)
        self._free_goal = free_goal

    def read_method_again(self) -> None:
        """The file of the method may hold another by now.

        Raises:
            DaubError: or none.
        """
        self.method = method_of(self.settings)
        self.settings_changed.emit(self.settings)
        self.restart()

    def apply(self, settings: EncodeSettings) -> None:
        """Makes these the settings that are wanted. For operations."""
        self.method = method_of(settings)
        self.settings = settings
        if not self.method.writes_files:
            self._free_goal = None
        self.settings_changed.emit(settings)
        if not self.rewind.takes(settings):
            self._pursue(SETTLE)

    def hold(self, held: bool) -> None:
        """Starts no fit while it is held; the one under way goes on."""
        self._held = held
        if not held and self._owed:
            self._pursue()

    def use_device(self, device: str) -> None:
        """Args: device: one of `device.DEVICES`; a fit under way starts again on it, a result stays."""
        if device == self.device:
            return
        self.device = device
        self.device_chosen.emit(device)
        if self._awake:
            self._want(device=device)
            if self._wanted.fit is not None:
                self._begin(snapshot=self.newest.snapshot)

    # The fit.

    def start_fits_paused(self, on: bool) -> None:
        """Whether a fit that would begin by itself waits until it is played."""
        self.start_paused = on
        self.changed.emit(self.state)

    def restart(self) -> None:
        """A fit from the start, whatever results there are."""
        self._pursue(anew=True)

    def play_or_pause(self) -> None:
        """Pauses a running fit, goes on with a paused one, or with an ended one from where it is looked at."""
        if self.is_fitting and self.state.kept is not None:
            self.rewind.to_newest()
        elif self.is_fitting:
            self._want(playing=not self._wanted.playing)
        elif self.rewind.can_go_on:
            self.rewind.go_on()
        else:
            self.restart()

    def step(self) -> None:
        """One record more, then a pause; of an ended fit, one step after that which is looked at."""
        if self.is_fitting:
            self._want(playing=False, single_steps=self._wanted.single_steps + 1)
        elif self.rewind.can_go_on:
            self.rewind.go_on(playing=False)
        else:
            self.restart()
            self._want(playing=False, single_steps=int(self.is_fitting))

    def begin_from(
        self, start: Start, timeline: Timeline, settings: EncodeSettings, snapshot: Snapshot, origin: str, playing: bool
    ) -> None:
        """A fit that goes on from another. For `Rewind`.

        Args:
            snapshot: of the step that it goes on from.
            origin: as of `Result`.
            playing: False to take a single step.
        """
        self._begin(0.0, snapshot, _Continued(start, timeline, settings, origin))
        if not playing:
            self._want(playing=False, single_steps=1)

    def stop(self) -> None:
        """Ends the fit here and makes the best file there is; called again, in more haste."""
        if self.is_fitting:
            self._want(playing=True, stops=self._wanted.stops + 1)

    def cancel(self) -> None:
        """Ends the fit without a file; where there was a result of these settings, goes back to it."""
        if not self.is_fitting:
            return
        result = self._answer()
        if result is not None:
            self._show_result(result)
            return
        self._want(fit=None)
        if self.state.phase.active or self.state.phase is Phase.WARMING:  # the worker may have nothing to say of it
            self._show(replace(self.newest, phase=Phase.STOPPED))

    @property
    def is_fitting(self) -> bool:
        """A fit is under way, paused, or about to begin."""
        return self._wanted.fit is not None

    def settings_of(self, state: FitState) -> EncodeSettings:
        """What that fit was asked for."""
        return self._asked[state.ticket].settings if state.ticket in self._asked else self.settings

    def origin_of(self, state: FitState) -> str:
        """What that fit went on from, as of `Result`."""
        return self._asked[state.ticket].origin if state.ticket in self._asked else ""

    def show_again(self, pursue: bool = False) -> None:
        """Another step is looked at. For `Rewind`. Args: pursue: other settings are wanted by now."""
        if pursue:
            self._pursue()
        else:
            self._show(self.newest)

    def leave(self, ticket: int) -> None:
        """Shows the result of that fit no more, where it is shown: it has been deleted."""
        if self.newest.ticket == ticket and self.newest.encoded is not None:
            self._oldest_shown = self._ticket + 1
            self._show(FitState(ticket, Phase.IDLE, self.settings.goal, method=self.method))

    def come_back(self) -> None:
        """Shows the result of what is wanted, where there is one again and nothing else is shown."""
        result = self._answer() if self.can_fit else None
        if result is not None and not self.is_fitting and self.newest.encoded is None:
            self._show_result(result)

    def look_at(self, framing: Framing | None) -> None:
        """The part of the picture on the screen."""
        self.worker.look_at(framing)

    def refresh(self) -> None:
        """Takes over what the worker has come to."""
        worker, _ = self.worker.state.take()
        if worker.ready and not self._is_ready:
            self._is_ready = True
            self.ready.emit()
        if worker.making is not self.making:
            self.making = worker.making
            self.changed.emit(self.state)
        fit, wanted = worker.fit, self._wanted.fit
        if fit is not None and fit.encoded is not None:
            self._keep(fit)
        if fit is not None and fit is not self._seen and fit.ticket >= self._oldest_shown:
            self._seen = fit
            ended = wanted is not None and fit.ticket == wanted.ticket and not fit.phase.active
            if ended:
                self._want(fit=None)
            self._show(fit)
            if ended and fit.phase is Phase.FINISHED and fit.map_digest != self._map_digest:
                self._pursue(SETTLE)  # it was painted when it was too late for this file
        waits = wanted is not None and (fit is None or fit.ticket != wanted.ticket)
        if waits or self.picture is None:
            if worker.failure is not None:
                self._show(replace(self.newest, phase=Phase.FAILED, failure=worker.failure))
            elif worker.warming is not None:
                self._show(replace(self.newest, phase=Phase.WARMING, progress=Progress(fraction=worker.warming)))
            elif self.picture is None:
                self._show(replace(self.newest, phase=Phase.IDLE, progress=Progress()))

    def _answer(self) -> Result | None:
        """The result that makes a fit of what is wanted needless."""
        return self.results.answering(self.picture, self.settings, self._map_digest)

    @property
    def _map_digest(self) -> bytes:
        """Of the map that a fit is to follow."""
        return b"" if self.importance is None else self.canvas.digest

    def _want(self, **changes: object) -> None:
        self._wanted = replace(self._wanted, **changes)
        self.worker.want(self._wanted)

    def _pursue(self, settle: float = 0.0, anew: bool = False) -> None:
        """Shows the result of what is wanted now, or has it fitted.

        Args:
            settle: seconds until the fit begins.
            anew: it is fitted in any case.
        """
        if not self.can_fit:
            self._want(fit=None)
            if self.picture is not None:
                self._show(self.newest)
            return
        result = None if anew else self._answer()
        self._owed = self._held and result is None
        if result is not None:
            self._show_result(result)
        elif self._held:
            if self._wanted.fit is not None and self._asked[self._wanted.fit.ticket].picture != self.picture.key:
                self._want(fit=None)
            self.noticed.emit("No fit starts until the parts of the method go together")
            self._show(self.newest)
        else:
            self._begin(settle, waits=self.start_paused and not anew)

    def _begin(
        self,
        settle: float = 0.0,
        snapshot: Snapshot | None = None,
        continued: _Continued | None = None,
        waits: bool = False,
    ) -> None:
        """Has a fit begin.

        Args:
            snapshot: stays on the screen until the fit has come to something.
            continued: what it goes on from.
            waits: until it is played.
        """
        self._ticket += 1
        self._awaited = None
        settings = self.settings if continued is None else continued.settings
        origin = "" if continued is None else continued.origin
        self._asked[self._ticket] = _Asked(self.picture.key, settings, profile_on_disk(settings), origin)
        request = FitRequest(
            self._ticket, self.picture.pixels, settings, time.monotonic() + settle, self.importance,
            None if continued is None else continued.start, None if continued is None else continued.timeline,
            self.rewind.budget,
        )  # fmt: skip
        self._want(fit=request, playing=not waits, single_steps=0, stops=0)
        if not settle:
            self._oldest_shown = self._ticket
            planned = continued is not None and continued.start.count is not None
            state = FitState.begun(self._ticket, settings.goal, planned)
            timeline = None if continued is None else continued.timeline
            self._show(replace(state, snapshot=snapshot, method=self.method, timeline=timeline))
        self.refresh()

    def keep_export(self, state: FitState, encoded: Encoded) -> None:
        """Makes a file that was exported of a fit on its way a result, which is shown where that fit is over.

        Args:
            state: as it was shown when the file was asked for.
        """
        asked = self._asked.get(state.ticket)
        if asked is None:
            return
        self._ticket += 1
        self._asked[self._ticket] = asked
        made = replace(
            state, ticket=self._ticket, phase=Phase.STOPPED, encoded=encoded, whole=False, kept=None, frame=None,
            progress=replace(state.progress, steps_per_second=None, seconds_left=None),
        )  # fmt: skip
        self._keep(made)
        if not self.is_fitting and self.newest.ticket == state.ticket and self.newest.encoded is None:
            self._show_result(self.results.of(made.ticket))

    def _show_result(self, result: Result) -> None:
        self._awaited = None
        if result.encoded is None:
            self._want(fit=None)
            self._awaited = result.state.ticket
            self.results.load(result.state.ticket, self._show_loaded)
            return
        self._oldest_shown = self._ticket + 1
        self._want(fit=None)
        self._show(result.state)

    def _show_loaded(self, result: Result) -> None:
        if result.state.ticket == self._awaited:
            self._show_result(result)

    def _show(self, state: FitState) -> None:
        self.newest = state
        self.state = state = state.at(self.rewind.kept_of(state))
        self.changed.emit(state)
        if state.phase is Phase.FAILED and state.failure is not self._told:
            self._told = state.failure
            self.failed.emit(state.failure)

    def _keep(self, fit: FitState) -> None:
        """Makes the file of a fit a result."""
        if self.results.knows(fit.ticket):
            return
        asked = self._asked[fit.ticket]
        self.history.seal()  # what follows is another try
        self.results.add(Result.made(asked.picture, asked.settings, asked.profile, fit, asked.origin))
        for line in (writer.stopped(fit), str(fit.encoded.missed or "")):
            if line:
                self.noticed.emit(line[:1].upper() + line[1:])
        picture = self._shelf.get(asked.picture)
        if picture is not None and fit.encoded.ms_ssim is None:
            work = partial(measure, picture.pixels, fit.encoded.document)
            self.background.run(work, lambda ms_ssim: self.results.measured(fit.ticket, ms_ssim=ms_ssim))
