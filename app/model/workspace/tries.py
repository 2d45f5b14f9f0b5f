"""Every fit that was asked for, by its number: what it is of, and the result that its file becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from daub.app.model.fit import writer
from daub.app.model.fit.state import FitState, Phase
from daub.app.model.picture.picture import measure
from daub.app.model.workspace.result import Result

if TYPE_CHECKING:
    from daub.app.model.fit.timeline import Timeline
    from daub.app.model.picture.picture import PictureKey
    from daub.app.model.workspace.workspace import Workspace
    from daub.codec.encoder import Start
    from daub.codec.profiles.profile import Profile
    from daub.codec.rate.encoded import Encoded
    from daub.codec.settings import EncodeSettings


@dataclass(frozen=True)
class Asked:
    """What a fit is of.

    Args:
        profile, origin: as of `Result`.
    """

    picture: PictureKey
    settings: EncodeSettings
    profile: Profile | None
    origin: str = ""


@dataclass(frozen=True)
class Continued:
    """What a fit goes on from.

    Args:
        start: the Gaussians at that step, and how the encode goes on with them.
        timeline: how they came there.
        settings: of the fit that goes on.
        origin: as of `Result`.
    """

    start: Start
    timeline: Timeline
    settings: EncodeSettings
    origin: str


class Tries:
    """The fits of a workspace.

    Attributes:
        newest: ticket of the last one that was asked for, 0 before the first.
    """

    def __init__(self, workspace: Workspace):
        self.newest = 0
        self._workspace = workspace
        self._asked: dict[int, Asked] = {}  # by ticket

    def add(self, asked: Asked) -> int:
        """Gives a fit its ticket."""
        self.newest += 1
        self._asked[self.newest] = asked
        return self.newest

    def picture_of(self, ticket: int) -> PictureKey:
        """What that fit is of."""
        return self._asked[ticket].picture

    def settings_of(self, state: FitState) -> EncodeSettings:
        """What that fit was asked for."""
        return self._asked[state.ticket].settings if state.ticket in self._asked else self._workspace.settings

    def origin_of(self, state: FitState) -> str:
        """What that fit went on from, as of `Result`."""
        return self._asked[state.ticket].origin if state.ticket in self._asked else ""

    def keep(self, fit: FitState) -> None:
        """Makes the file of a fit a result."""
        workspace = self._workspace
        if workspace.results.knows(fit.ticket):
            return
        asked = self._asked[fit.ticket]
        workspace.history.seal()  # what follows is another try
        workspace.results.add(Result.made(asked.picture, asked.settings, asked.profile, fit, asked.origin))
        for line in (writer.stopped(fit), str(fit.encoded.missed or "")):
            if line:
                workspace.noticed.emit(line[:1].upper() + line[1:])
        picture = workspace.picture_at_hand(asked.picture)
        if picture is not None and fit.encoded.ms_ssim is None:
            work = partial(measure, picture.fitted, fit.encoded.document)
            workspace.background.run(work, lambda ms_ssim: workspace.results.measured(fit.ticket, ms_ssim=ms_ssim))

    def keep_export(self, state: FitState, encoded: Encoded) -> Result | None:
        """Makes a file that was exported of a fit on its way a result; None where nobody knows that fit.

        Args:
            state: as it was shown when the file was asked for.
        """
        asked = self._asked.get(state.ticket)
        if asked is None:
            return None
        ticket = self.add(asked)
        made = replace(
            state, ticket=ticket, phase=Phase.STOPPED, encoded=encoded, whole=False, kept=None, frame=None,
            progress=replace(state.progress, steps_per_second=None, seconds_left=None),
        )  # fmt: skip
        self.keep(made)
        return self._workspace.results.of(ticket)
