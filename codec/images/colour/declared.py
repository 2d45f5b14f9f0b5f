"""What a file declares about its colours beside its samples and its profile, and in which order it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from daub.codec.images.colour.signals import Encoding, Profile, Signal

GAIN_MAP = "its HDR gain map was left out, so this is its picture for standard displays"


@dataclass
class Declared:
    """What a container says.

    Args:
        above: signals that rank above an ICC profile, the highest first.
        profiles: ICC profiles that the reader of the samples does not know.
        below: signals that rank below a profile.
        notices: what is passed over, one phrase each.
        embeds_profile: the container has a profile, so that a reader without one has found it damaged.
    """

    above: list[Signal] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    below: list[Signal] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    embeds_profile: bool = False

    def trying(self, what: str, read: Callable[[], Encoding | None]) -> list[Signal]:
        """The signal that `read` finds, if any; a ValueError of it becomes a notice about `what` the file has."""
        try:
            found = read()
        except ValueError as error:
            self.notices.append(f"its {what} is passed over ({error})")
            return []
        return [found] if found else []

    def ranked(self, of_reader: tuple[Signal, ...]) -> tuple[Signal, ...]:
        """All signals in order, with those of the reader: a profile in its place, what EXIF says last."""
        profiles = [signal for signal in of_reader if isinstance(signal, Profile)] or self.profiles
        others = [signal for signal in of_reader if not isinstance(signal, Profile)]
        return (*self.above, *profiles, *self.below, *others)
