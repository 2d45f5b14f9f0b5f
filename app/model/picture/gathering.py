"""Files that are read beside what is open: one after another, in a process of its own that ends with the last."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from daub.app.model.picture.image_reader import ImageReader
from daub.app.model.picture.origin import Origin
from daub.app.model.picture.picture import Colour, Picture, open_picture
from daub.app.model.work.background import Background
from daub.app.model.work.failure import Failure

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Asked:
    name: str
    read: Callable[[Callable[[], bool]], object]
    deliver: Callable[[object], None]


class Gathering:
    """Reads one file at a time; what is opened meanwhile, with a reader of its own, waits for none of them.

    Args:
        background: where it reads.
        on_progress: told whenever `name` is another one.
        on_failure: told why a file cannot be read; the others are read all the same.
    """

    def __init__(self, background: Background, on_progress: Callable[[], None], on_failure: Callable[[Failure], None]):
        self._background, self._on_progress, self._on_failure = background, on_progress, on_failure
        self._reader = ImageReader()
        self._waiting: deque[_Asked] = deque()
        self._under_way: _Asked | None = None

    @property
    def name(self) -> str:
        """Of the file that is being read, "" where none is."""
        return "" if self._under_way is None else self._under_way.name

    def read(self, origin: Origin, colour: Colour | None, deliver: Callable[[Picture], None]) -> None:
        """Has `deliver` called with it on the thread of the model. Args: colour: what transparent parts are laid on."""
        self.read_other(origin.name, lambda _: open_picture(origin, colour, self._reader.load), deliver)

    def read_other(self, name: str, read: Callable[[Callable[[], bool]], T], deliver: Callable[[T], None]) -> None:
        """The same for what is no picture. Args: read: gets what says, on any thread, whether it is waited for yet."""
        self._waiting.append(_Asked(name, read, deliver))
        if self._under_way is None:
            self._next()

    def cancel(self) -> None:
        """Gives up the file that is being read, and those that wait."""
        self._waiting.clear()
        if self._under_way is not None:
            self._under_way = None
            self._reader.give_up()
            self._on_progress()

    def close(self) -> None:
        """Gives everything up, for good. Returns at once."""
        self._waiting.clear()
        self._under_way = None
        self._reader.close()

    def _next(self) -> None:
        asked = self._under_way = self._waiting.popleft() if self._waiting else None
        if asked is None:
            self._reader.give_up()  # its process takes memory
            self._on_progress()
            return
        self._on_progress()

        def go_on(act: Callable[[object], None]) -> Callable[[object], None]:
            def delivered(outcome: object) -> None:
                if self._under_way is asked:
                    act(outcome)
                    self._next()

            return delivered

        self._background.run_alone(
            lambda: asked.read(lambda: self._under_way is asked), go_on(asked.deliver), go_on(self._on_failure)
        )
