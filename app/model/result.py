"""The results: every file that a fit has come to, kept until the window closes, so that going back costs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daub.app.model.fit_state import FitState
from daub.app.model.method import profile_on_disk
from daub.app.model.picture import Picture, PictureKey
from daub.app.model.signal import Signal
from daub.codec.settings import EncodeSettings

if TYPE_CHECKING:
    from daub.codec.evaluation.perceptual import Perceptual
    from daub.codec.profiles.profile import Profile
    from daub.codec.rate.encoded import Encoded


@dataclass(frozen=True, eq=False)
class Result:
    """A file, with what was asked for and what came of it.

    Args:
        picture: what was encoded.
        settings: what was asked for.
        profile: the method where it stood in a file, which may hold another by now.
        state: of the fit at its end, the file included.
        ms_ssim: of the file against the picture, None until it has been measured: at once where it was the goal.
        perceptual: SSIMULACRA2 and FLIP of the same, None until they have been measured.
        origin: what its fit went on from that these settings do not say, "" where it began with nothing.
    """

    picture: PictureKey
    settings: EncodeSettings
    profile: Profile | None
    state: FitState
    ms_ssim: float | None = None
    perceptual: Perceptual | None = None
    origin: str = ""

    @property
    def encoded(self) -> Encoded:
        """The file."""
        return self.state.encoded

    def answers(self, picture: Picture, settings: EncodeSettings, map_digest: bytes) -> bool:
        """It came of that picture with these settings and that map."""
        if self.origin or (self.picture, self.settings, self.state.map_digest) != (picture.key, settings, map_digest):
            return False
        return self.profile is None or profile_on_disk(settings) == self.profile


class Results:
    """All results of a window, the newest last. What is deleted can be brought back."""

    def __init__(self):
        self.changed = Signal()
        self._results: list[Result] = []
        self._deleted: set[int] = set()  # tickets

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self):
        return (result for result in self._results if result.state.ticket not in self._deleted)

    def add(self, result: Result) -> None:
        """Keeps it."""
        self._results.append(result)
        self.changed.emit()

    def measured(self, ticket: int, **figures: object) -> None:
        """Notes what was measured of the result of that fit. Args: figures: fields of it."""
        for index, result in enumerate(self._results):
            if result.state.ticket == ticket:
                self._results[index] = replace(result, **figures)
        self.changed.emit()

    def knows(self, ticket: int) -> bool:
        """There has been a result of that fit, which may be deleted by now."""
        return any(result.state.ticket == ticket for result in self._results)

    def of(self, ticket: int) -> Result | None:
        """That of a fit, None where it has none."""
        return next((result for result in self if result.state.ticket == ticket), None)

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
