"""Telling others of a change without knowing them: the model emits, whoever shows it has connected.

Forty lines instead of a library such as psygnal: nothing here crosses threads, and nobody queues, blocks or filters.

    >>> changed = Signal()
    >>> changed.connect(print)
    >>> changed.emit("quality", 60)
    quality 60
"""

from __future__ import annotations

from collections.abc import Callable


class Signal:
    """Calls its receivers in the order in which they were connected, on the thread that emits.

    Receivers are held for as long as the signal lives: model and views of one window come and go together.
    """

    def __init__(self):
        self._receivers: list[Callable] = []

    def connect(self, receiver: Callable) -> None:
        """From now on `receiver` is called with the values of every emission."""
        self._receivers.append(receiver)

    def disconnect(self, receiver: Callable) -> None:
        """Ends that.

        Raises:
            ValueError: it was never connected.
        """
        self._receivers.remove(receiver)

    def emit(self, *values: object) -> None:
        """Tells everybody; receivers that connect meanwhile hear of the next one."""
        for receiver in tuple(self._receivers):
            receiver(*values)
