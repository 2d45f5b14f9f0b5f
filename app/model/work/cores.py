"""Whether what computes leaves one core of the processor to the window and to other programs.

>>> cores = Cores(count=4)
>>> cores.is_usual, cores.leaves_one
(True, False)
>>> cores.leave_one(True)
>>> cores.leaves_one, threads.allowed(4)
(True, 3)
>>> cores.leave_one(False)
>>> threads.allowed(4)
4
"""

from __future__ import annotations

import os

from daub.app.model.work.signal import Signal
from daub.render import threads

_USUAL_FROM = 3  # cores: with two, to leave one would take half of the speed


def core_count() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Cores:
    """The limit is that of the whole process, so that all windows have the same.

    Args:
        count: of cores.
    """

    def __init__(self, count: int | None = None):
        self.changed = Signal()
        self.count = core_count() if count is None else count

    @property
    def is_possible(self) -> bool:
        """There is more than one."""
        return self.count > 1

    @property
    def is_usual(self) -> bool:
        """One is left unless somebody says otherwise."""
        return self.count >= _USUAL_FROM

    @property
    def leaves_one(self) -> bool:
        """One is left."""
        return self.is_possible and threads.allowed(self.count) == self.count - 1

    def leave_one(self, on: bool) -> None:
        """From the next step on; files are the same either way."""
        threads.set_limit(self.count - 1 if on and self.is_possible else None)
        self.changed.emit()
