"""How the shown result looks beside its picture, by SSIMULACRA2 and FLIP, where their packages are installed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from daub.app.model.picture.picture import measure_perceptually
from daub.app.model.work.failure import Failure
from daub.app.model.workspace.workspace import Workspace

if TYPE_CHECKING:
    from daub.codec.evaluation.perceptual import Perceptual


class Looks:
    """Has the shown result measured, one at a time.

    Half a second for a small picture, half a minute for a huge one: results that are passed over meanwhile must not
    pile up, and neither the MS-SSIM of the next one nor the end of the process waits for it.
    """

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self._busy = False
        workspace.changed.connect(lambda _: self._measure())
        workspace.results.changed.connect(self._measure)

    def _measure(self) -> None:
        state, picture = self._workspace.state, self._workspace.picture
        result = None if state.encoded is None else self._workspace.results.of(state.ticket)
        if self._busy or result is None or result.perceptual is not None:
            return
        if picture is None or picture.key != result.picture:
            return
        self._busy = True
        work = partial(measure_perceptually, picture.fitted, result.encoded.document)
        self._workspace.background.run_alone(work, partial(self._deliver, state.ticket), self._fail)

    def _deliver(self, ticket: int, found: Perceptual | None) -> None:
        if found is not None:  # without packages it stays busy: there is nothing to ask for again
            self._busy = False
            self._workspace.results.measured(ticket, perceptual=found)

    def _fail(self, failure: Failure) -> None:
        """Told once, as the next result would fail likewise."""
        self._workspace.failed.emit(failure)
