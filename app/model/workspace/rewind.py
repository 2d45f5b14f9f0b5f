"""Looking back at earlier steps of a fit, playing them, and going on from any of them.

    timeline.reel (states) <--- looked at: `Rewind.at` ---> Workspace.state, with that snapshot instead of the newest
                                    |
                                    +--- go_on: a new fit from there, with the settings that are wanted now

While somebody looks back, the fit under way goes on unseen, and other settings start none: they wait to be gone on
with from there, or for the newest state to be looked at again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daub.app.model.fit.method import steps_of
from daub.app.model.fit.reel import Budget, Kept, Reel
from daub.app.model.fit.state import FitState, Phase
from daub.app.model.workspace.tries import Continued
from daub.codec.settings import EncodeSettings

if TYPE_CHECKING:
    from daub.app.model.workspace.workspace import Workspace

LONGER = 1 / 3  # share of its usual steps that a fit at its end is extended by


class Rewind:
    """What of a fit is looked at.

    Args:
        workspace: whose fit it is.

    Attributes:
        budget: of the states of all fits.
        is_playing: the states are shown one after the other.
    """

    def __init__(self, workspace: Workspace):
        self.budget = Budget()
        self.is_playing = False
        self._workspace = workspace
        self._kept: Kept | None = None  # None: the newest
        self._ticket = 0  # of the fit whose state that is
        self._waits = False  # other settings have come meanwhile

    @property
    def reel(self) -> Reel | None:
        """The states of the fit that is shown."""
        timeline = self._workspace.newest.timeline
        return None if timeline is None else timeline.reel

    @property
    def is_possible(self) -> bool:
        """There is something to look back at."""
        return self.reel is not None and len(self.reel) > 0

    def kept_of(self, state: FitState) -> Kept | None:
        """The state that is looked at, if it is one of that fit."""
        if state.ticket != self._ticket:
            self._kept, self.is_playing = None, False
        return self._kept

    def takes(self, settings: EncodeSettings) -> bool:
        """Whether other settings wait for a fit to go on from here."""
        self._waits = self._kept is not None
        return self._waits

    # Looking.

    def look_at(self, step: float) -> None:
        """The state nearest to a step; the newest where that is nearer."""
        self.is_playing = False
        if self.is_possible:
            kept, newest = self.reel.at(step), self._workspace.newest.timeline.step
            self._look_at(None if abs(newest - step) <= abs(kept.step - step) else kept)

    def move(self, by: int) -> None:
        """The state before or after. Args: by: -1 or 1."""
        self.is_playing = False
        self._move(by)

    def to_first(self) -> None:
        """The first state there is."""
        self.is_playing = False
        if self.is_possible:
            self._look_at(self.reel.states[0])

    def to_newest(self) -> None:
        """Back to the fit as it is now, or to its file; where other settings are wanted by now, on to theirs."""
        self.is_playing = False
        self._look_at(None)

    def play(self) -> None:
        """Shows the states one after the other, from here or from the first; called again, stops at this one."""
        self.is_playing = not self.is_playing and self.is_possible
        if self.is_playing and self._kept is None:
            self._look_at(self.reel.states[0])
        self._workspace.show_again()

    def tick(self) -> None:
        """While it plays: the next one. Stops at the newest."""
        if self.is_playing:
            self._move(1)
            self.is_playing = self._kept is not None
            if not self.is_playing:
                self._workspace.show_again()

    # Going on.

    @property
    def from_here(self) -> Kept | None:
        """What a fit would go on from: the state that is looked at, or the last of a fit that has ended."""
        kept = self._kept if self._kept is not None else (self.reel.last if self.is_possible else None)
        return kept if kept is not None and kept.can_go_on else None

    @property
    def can_go_on(self) -> bool:
        """A fit can go on from what is shown: from an earlier step at any time, from the newest once it has ended."""
        workspace = self._workspace
        if not workspace.can_fit or self.from_here is None:
            return False
        return self._kept is not None or not (workspace.fitting.is_under_way or workspace.newest.phase is Phase.FAILED)

    @property
    def steps_to_go(self) -> int:
        """Steps that `go_on` would take; 0 where only the writing of the file is left."""
        kept, workspace = self.from_here, self._workspace
        if kept is None:
            return 0
        usual = steps_of(workspace.settings, workspace.method)
        if kept.step < usual:
            return usual - kept.step
        is_whole = workspace.newest.encoded is not None and workspace.newest.whole
        return self.longer if is_whole or self._kept is not None else 0

    @property
    def longer(self) -> int:
        """Steps that a fit at its end is extended by."""
        return max(1, round(LONGER * steps_of(self._workspace.settings, self._workspace.method)))

    def go_on(self, playing: bool = True) -> None:
        """A fit from the state that is looked at, or from the end, with the settings that are wanted now.

        Args:
            playing: False to take a single step.
        """
        steps = self.steps_to_go
        self._go_on(steps if playing else max(steps, 1), playing)

    def extend(self) -> None:
        """The same for some steps more, though the fit may have had all that it was to have."""
        self._go_on(max(self.longer, self.steps_to_go), playing=True)

    def _go_on(self, steps: int, playing: bool) -> None:
        kept, workspace = self.from_here, self._workspace
        if kept is None or not self.can_go_on:
            return
        before, asked = workspace.newest, workspace.tries.settings_of(workspace.newest)
        whole = kept.step + steps
        settings = workspace.settings
        if whole != steps_of(settings, workspace.method):
            settings = replace(settings, steps=whole)
        start = kept.start if settings.goal == asked.goal else replace(kept.start, count=None)
        timeline = before.timeline.branch(kept.step, whole, self.budget)
        origin = workspace.tries.origin_of(before)
        if settings != asked or workspace.map_digest:  # nobody knows which map it has followed so far
            origin = f"step {kept.step:,} of {asked.goal}"
        self._kept, self.is_playing, self._waits = None, False, False
        workspace.fitting.begin_from(Continued(start, timeline, settings, origin), kept.snapshot, playing)

    def _move(self, by: int) -> None:
        if not self.is_possible:
            return
        step = self._workspace.newest.timeline.step + 1 if self._kept is None else self._kept.step
        kept = self.reel.beside(step, by)
        if kept is None and by < 0:
            return
        is_newest = kept is not None and kept.step == self._workspace.newest.timeline.step
        if is_newest and by < 0:  # there is nothing to see that is not on the screen already
            kept, is_newest = self.reel.beside(kept.step, by), False
            if kept is None:
                return
        self._look_at(None if is_newest else kept)

    def _look_at(self, kept: Kept | None) -> None:
        waits = self._waits and kept is None
        self._kept, self._ticket = kept, self._workspace.newest.ticket
        self._waits = self._waits and not waits
        if waits:
            self._workspace.fitting.pursue()
        else:
            self._workspace.show_again()
