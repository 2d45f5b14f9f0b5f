"""The results: every file that a fit has come to, kept until the window closes, so that going back costs nothing.

What does not fit into a budget of memory lies on the disk, but for what is known of it in figures, and is read again
when somebody wants to see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daub.app.model.fit.method import profile_on_disk
from daub.app.model.fit.state import FitState
from daub.app.model.picture.picture import Picture, PictureKey
from daub.app.model.work.signal import Signal
from daub.app.model.work.spill import Spill
from daub.codec.settings import EncodeSettings

if TYPE_CHECKING:
    from daub.codec.container import Document
    from daub.codec.evaluation.perceptual import Perceptual
    from daub.codec.profiles.profile import Profile
    from daub.codec.rate.encoded import Encoded


BUDGET = 256_000_000  # bytes that results may take in memory: some hundred of the largest pictures


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file that is not at hand.

    Args:
        bytes: its size.
        psnr: dB against the picture.
        width, height: pixels.
    """

    bytes: int
    psnr: float
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Result:
    """A file, with what was asked for and what came of it.

    Args:
        picture: what was encoded.
        settings: what was asked for.
        profile: the method where it stood in a file, which may hold another by now.
        state: of the fit at its end, the file included; without it and whatever else is large while that lies on the
            disk.
        file: what is known of the file in any case.
        ms_ssim: of the file against the picture, None until it has been measured: at once where it was the goal.
        perceptual: SSIMULACRA2 and FLIP of the same, None until they have been measured.
        origin: what its fit went on from that these settings do not say, "" where it began with nothing.
    """

    picture: PictureKey
    settings: EncodeSettings
    profile: Profile | None
    state: FitState
    file: FileFacts
    ms_ssim: float | None = None
    perceptual: Perceptual | None = None
    origin: str = ""

    @staticmethod
    def made(
        picture: PictureKey, settings: EncodeSettings, profile: Profile | None, state: FitState, origin: str = ""
    ) -> Result:
        """Of a fit that has come to a file. Args: as of `Result`."""
        encoded = state.encoded
        file = FileFacts(len(encoded.data), encoded.psnr, encoded.document.width, encoded.document.height)
        return Result(picture, settings, profile, state, file, encoded.ms_ssim, origin=origin)

    @property
    def encoded(self) -> Encoded | None:
        """The file, None while it lies on the disk."""
        return self.state.encoded

    @property
    def memory(self) -> int:
        """About the bytes that it takes."""
        if self.encoded is None:
            return 0
        arrays = [self.encoded.gaussians.parameters]
        if self.state.snapshot is not None:
            arrays.append(self.state.snapshot.gaussians.parameters)
        return len(self.encoded.data) + sum(array.nbytes for array in arrays)

    def answers(self, picture: Picture, settings: EncodeSettings, map_digest: bytes) -> bool:
        """It came of that picture with these settings and that map."""
        if self.origin or (self.picture, self.settings, self.state.map_digest) != (picture.key, settings, map_digest):
            return False
        return self.profile is None or profile_on_disk(settings) == self.profile


class Results:
    """All results of a window, the newest last. What is deleted can be brought back.

    Args:
        spill: where those go that do not fit into the budget.
        budget: bytes.
    """

    def __init__(self, spill: Spill, budget: int = BUDGET):
        self.changed = Signal()
        self._spill, self._budget = spill, budget
        self._held: set[int] = set()  # tickets of those that are seen
        self._on_disk: set[int] = set()  # tickets of those that have been written
        self._uses: list[int] = []  # tickets, the one that was seen last at the end
        self._results: dict[int, Result] = {}  # by ticket, the newest last
        self._deleted: set[int] = set()  # tickets
        self._exported: set[int] = set()  # tickets of those that are in a file of their own
        self._kept: set[int] = set()  # tickets of those that are in a project
        self._readers: dict[int, Callable[[], FitState]] = {}  # of those that come out of a project, by ticket

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self):
        return (result for ticket, result in self._results.items() if ticket not in self._deleted)

    def add(self, result: Result) -> None:
        """Keeps it."""
        self._results[result.state.ticket] = result
        self._use(result.state.ticket)
        self.changed.emit()

    def restore(self, result: Result, read: Callable[[], FitState]) -> None:
        """Keeps one that comes out of a project, whose file nobody has read yet. Args: read: gives its state."""
        self._readers[result.state.ticket] = read
        self.add(result)

    def is_restored(self, ticket: int) -> bool:
        """It came out of a project."""
        return ticket in self._readers

    def hold(self, tickets: set[int]) -> None:
        """Those of these fits are seen and stay in memory; of the others, what goes beyond the budget goes to disk."""
        self._held = tickets
        for ticket in tickets:
            self._use(ticket)
        spare = self._budget
        for ticket in reversed(self._uses):
            result = self._results.get(ticket)
            spare -= 0 if result is None else result.memory
            if spare < 0 and result is not None and result.encoded is not None:
                self._put_away(result)

    def load(self, ticket: int, deliver: Callable[[Result], None]) -> None:
        """Calls `deliver` with the result of a fit once it is at hand, which it mostly is."""
        result = self.of(ticket)
        if result is None or result.encoded is not None:
            if result is not None:
                deliver(result)
            return

        def take(state: FitState) -> None:
            self._replace(ticket, state=replace(state, timeline=result.state.timeline))
            self._use(ticket)
            found = self.of(ticket)
            if found is not None:
                deliver(found)

        self._spill.run(self._reader(ticket), take)

    def document_of(self, ticket: int) -> Callable[[], Document] | None:
        """What gives the file of a result, to be called beside the window, as it may lie on the disk; nothing of it
        stays in memory. None where there is no such result."""
        read = self.encoded_of(ticket)
        return None if read is None else lambda: read().document

    def encoded_of(self, ticket: int) -> Callable[[], Encoded] | None:
        """The same of all that is known of that file."""
        result = self.of(ticket)
        if result is None:
            return None
        if result.encoded is not None:
            encoded = result.encoded
            return lambda: encoded
        read = self._reader(ticket)
        return lambda: read().encoded

    def measured(self, ticket: int, **figures: object) -> None:
        """Notes what was measured of the result of that fit. Args: figures: fields of it."""
        self._replace(ticket, **figures)
        self.changed.emit()

    def knows(self, ticket: int) -> bool:
        """There has been a result of that fit, which may be deleted by now."""
        return ticket in self._results

    def of(self, ticket: int) -> Result | None:
        """That of a fit, None where it has none."""
        return None if ticket in self._deleted else self._results.get(ticket)

    @property
    def unexported(self) -> tuple[Result, ...]:
        """Those that are in no file, neither of their own nor a project."""
        return tuple(result for result in self if result.state.ticket not in self._exported | self._kept)

    def note_kept(self, tickets: Iterable[int]) -> None:
        """Those of these fits are in a project."""
        self._kept.update(tickets)
        self.changed.emit()

    def note_export(self, ticket: int) -> None:
        """That of this fit has been written to a file."""
        self._exported.add(ticket)
        self.changed.emit()

    def delete(self, tickets: Iterable[int]) -> None:
        """Those of these fits count no more."""
        self._deleted.update(tickets)
        self.changed.emit()

    def bring_back(self, tickets: Iterable[int]) -> None:
        """They do again."""
        self._deleted.difference_update(tickets)
        self.changed.emit()

    def answering(self, picture: Picture, settings: EncodeSettings, map_digest: bytes = b"") -> Result | None:
        """What makes such a fit of that picture needless: the newest of a whole fit, or of a part.

        Args:
            map_digest: digest of the map of importance.
        """
        answers = [result for result in self if result.answers(picture, settings, map_digest)]
        return max(answers, key=lambda result: (result.state.whole, result.state.ticket), default=None)

    def _reader(self, ticket: int) -> Callable[[], FitState]:
        """What reads one again that is not in memory."""
        return self._readers.get(ticket) or self._spill.reader(ticket)

    def _use(self, ticket: int) -> None:
        self._uses = [*(other for other in self._uses if other != ticket), ticket]

    def _replace(self, ticket: int, **values: object) -> None:
        if ticket in self._results:
            self._results[ticket] = replace(self._results[ticket], **values)

    def _put_away(self, result: Result) -> None:
        """Writes what is large of it, unless that has been done, and then forgets that."""
        ticket, thin = result.state.ticket, replace(result.state, snapshot=None, encoded=None)

        def forget() -> None:
            self._on_disk.add(ticket)
            if ticket not in self._held:
                self._replace(ticket, state=thin)

        if ticket in self._held:
            return
        if ticket in self._on_disk or ticket in self._readers:
            forget()
        else:
            # The timeline stays: its curves are small, and the earlier states in it have a budget of their own.
            self._spill.write(ticket, replace(result.state, timeline=None), forget)
