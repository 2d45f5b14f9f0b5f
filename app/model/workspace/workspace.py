"""What one window works on: the picture that is open, what is wanted of it, the fit, and the results there have been.

The name is not Document: that is a .daub file that has been read, of which a workspace may have one open.

    commands, panels --- change, open, play ... ---> Workspace --- operations ---> History
    window <------------- signals ------------------ Workspace
                                                      |-- Opening   reads pictures
                                                      |-- Fitting   has them fitted
                                                      |-- Tries     makes the files of fits results
                                                      |-- Rewind    looks back at earlier steps

Nothing here knows a window. Everything runs on one thread, that of whoever made it, but for what `Background` and
`FitWorker` do on theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from daub.app.model.fit.frame import Framing
from daub.app.model.fit.method import method_of
from daub.app.model.fit.state import FitState, Method, Phase, Snapshot
from daub.app.model.picture.box import Box, around
from daub.app.model.picture.canvas import Canvas
from daub.app.model.picture.origin import Origin
from daub.app.model.picture.picture import Colour, Picture, PictureKey
from daub.app.model.picture.shelf import Shelf
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure
from daub.app.model.work.signal import Signal
from daub.app.model.work.spill import Spill
from daub.app.model.workspace.fitting import Fitting
from daub.app.model.workspace.history import History
from daub.app.model.workspace.method_choice import values_for
from daub.app.model.workspace.opening import Opening
from daub.app.model.workspace.operations import ChangeSettings, GoBack
from daub.app.model.workspace.result import Result, Results
from daub.app.model.workspace.rewind import Rewind
from daub.app.model.workspace.tries import Tries
from daub.codec.goal import Goal
from daub.codec.settings import EncodeSettings
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.importance import Importance


class Workspace:
    """See above.

    Args:
        post: has a function called on the thread of the workspace, soon; is called from any thread.
        soon: has `fitting.refresh` called there, not so often that whoever shows it could not follow; likewise.

    Attributes:
        picture: what is open, None at first.
        settings: what is wanted of a fit.
        method: what these settings fit with.
        background_colour: what transparent parts are laid on; None: they stay transparent.
        device: what shall fit, one of `device.DEVICES`.
        state: the fit, or the result, that is shown; of an earlier step while somebody looks back.
        newest: the same as it is now.
        opening: reads pictures, and places them.
        fitting: the fit that is wanted, and its course.
        tries: every fit that was asked for.
        rewind: looks back, and goes on from there.
        results: every file so far.
        history: what can be undone.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], soon: Callable[[], None]):
        self.ready = Signal()  # what the kernels need is loaded: methods can be looked up
        self.opened = Signal()  # Picture
        self.previewed = Signal()  # Preview, of what is being read
        self.changed = Signal()  # FitState
        self.settings_changed = Signal()  # EncodeSettings
        self.background_changed = Signal()  # Colour
        self.device_known = Signal()  # Device
        self.device_chosen = Signal()  # one of `device.DEVICES`
        self.mapped = Signal()  # Box: what matters in the picture is another there
        self.failed = Signal()  # Failure
        self.noticed = Signal()  # one line
        self.loading = Signal()  # a name, or "" when done
        self.read_share = Signal()  # of what is loading, 0 to 1, where that is known
        self.left = Signal()  # something else is to be opened

        self.picture: Picture | None = None
        self.settings = EncodeSettings()
        self.method = Method()
        self.background_colour: Colour | None = None
        self.device = "auto"
        self.state = self.newest = FitState()
        self.history = History(self)
        self.background = Background(post, self.failed.emit)
        self._spill = Spill(self.background)
        self.results = Results(self._spill)
        self.rewind = Rewind(self)
        self.tries = Tries(self)
        self.fitting = Fitting(self, post, soon)
        self._canvases: dict[tuple[Origin, tuple[int, int]], Canvas] = {}  # by origin and stamp of the picture
        self._shelf = Shelf()
        self.opening = Opening(self, self._shelf)
        self._free_goal: Goal | None = None  # of before the method came that knows one kind of goal alone
        self._told: Failure | None = None  # the failure of a fit that has been told

    # Life.

    def wake(self) -> None:
        """Starts the worker. It loads numba, which holds up everything else: let there be a window before."""
        if not self.fitting.is_awake:
            self.opening.start()
            self.fitting.wake()

    def close(self) -> None:
        """Ends everything but files that were asked for. Returns at once."""
        self.opening.close()
        self.background.close()
        self._spill.close()
        self.fitting.close()

    def finish_files(self) -> None:
        """After `close`: returns when the files that were asked for are written."""
        self.fitting.finish_files()
        self.background.wait_for_files()

    # What is open.

    def open(self, origin: Origin) -> None:
        """Opens a picture or a .daub; the fit of a picture starts by itself."""
        self.left.emit()
        self.opening.open(origin)

    def undo(self) -> None:
        """Takes the last operation back; where a picture must be read again for it, when that has been done."""
        self.opening.undo()

    def redo(self) -> None:
        """Does the operation again that was taken back last."""
        self.opening.redo()

    def go_to(self, position: int) -> None:
        """Undoes or redoes until so many operations of the history are done."""
        self.opening.go_to(position)

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
            self.fitting.show_result(result)

    def place(self, key: PictureKey, begins: bool = True) -> None:
        """Shows a picture of the shelf, with the result of what is wanted, or a fit. For operations.

        Args:
            begins: a fit begins where there is no such result; otherwise nothing is shown of one.
        """
        self.picture = picture = self._shelf.get(key)
        self._shelf.put(picture)
        self.fitting.pass_over()
        snapshot = None if picture.gaussians is None else Snapshot(picture.gaussians, len(picture.gaussians))
        self.state = self.newest = FitState(self.tries.newest, Phase.IDLE, self.settings.goal, snapshot=snapshot)
        self.opened.emit(picture)
        if begins:
            self.fitting.pursue()
        else:
            self.changed.emit(self.state)

    def picture_at_hand(self, key: PictureKey) -> Picture | None:
        """One that was read lately; None where it must be read again."""
        return self._shelf.get(key)

    def lay_on(self, colour: Colour | None) -> None:
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
        return self.canvas_of(self.picture.key, (self.picture.width, self.picture.height))

    def canvas_of(self, picture: PictureKey, size: tuple[int, int]) -> Canvas:
        """That of a picture of so many pixels in width and height, on whatever background."""
        key = picture.origin, picture.stamp
        if key not in self._canvases:
            self._canvases[key] = Canvas(*size)
        return self._canvases[key]

    @property
    def canvases(self) -> list[tuple[PictureKey, Canvas]]:
        """All that there are."""
        return [(PictureKey(*key, self.background_colour), canvas) for key, canvas in self._canvases.items()]

    @property
    def importance(self) -> Importance | None:
        """The same for a fit, None where its method knows no importance."""
        return self.canvas.importance if self.can_fit and self.method.weighs_pixels else None

    @property
    def map_digest(self) -> bytes:
        """Of the map that a fit is to follow; empty where nothing matters more than other things."""
        return b"" if self.importance is None else self.canvas.digest

    def paint(self, tiles: Mapping[Box, bytes]) -> None:
        """Puts tiles into the map. For operations."""
        self.canvas.abandon()
        self.canvas.apply(tiles)
        self.mapped.emit(around(tiles))
        self.fitting.follow_map()

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
        self.fitting.is_held = False
        values, free_goal = values_for(profile, parts, self.settings, self.state.readings, self._free_goal)
        self.change(**values)
        self._free_goal = free_goal

    def read_method_again(self) -> None:
        """The file of the method may hold another by now.

        Raises:
            DaubError: or none.
        """
        self.method = method_of(self.settings)
        self.settings_changed.emit(self.settings)
        self.fitting.restart()

    def apply(self, settings: EncodeSettings) -> None:
        """Makes these the settings that are wanted. For operations."""
        self.method = method_of(settings)
        self.settings = settings
        if not self.method.writes_files:
            self._free_goal = None
        self.settings_changed.emit(settings)
        if not self.rewind.takes(settings):
            self.fitting.pursue(settle=True)

    def use_device(self, device: str) -> None:
        """Args: device: one of `device.DEVICES`; a fit under way starts again on it, a result stays."""
        if device != self.device:
            self.device = device
            self.device_chosen.emit(device)
            self.fitting.follow_device()

    # What is shown.

    def show(self, state: FitState) -> None:
        """Shows a state of a fit, or an earlier one of it where somebody looks back. For `Fitting`."""
        self.newest = state
        self.state = state = state.at(self.rewind.kept_of(state))
        self.changed.emit(state)
        if state.phase is Phase.FAILED and state.failure is not self._told:
            self._told = state.failure
            self.failed.emit(state.failure)

    def show_again(self) -> None:
        """Another step of the fit is looked at. For `Rewind`."""
        self.show(self.newest)

    def look_at(self, framing: Framing | None) -> None:
        """The part of the picture on the screen."""
        self.fitting.worker.look_at(framing)
