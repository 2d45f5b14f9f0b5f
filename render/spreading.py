"""The same work on many things, on all cores that may be taken: for what numpy and SciPy do on one.

>>> spread(lambda number: number**2, range(5))
[0, 1, 4, 9, 16]
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

from daub.render.interruption import go_on
from daub.render.threads import allowed

Thing = TypeVar("Thing")
Result = TypeVar("Result")

MOST_THREADS = 8  # each has temporaries of its own


def spread(work: Callable[[Thing], Result], things: Iterable[Thing]) -> list[Result]:
    """What becomes of each thing, in their order; of a few threads each takes the next thing that is left.

    Raises:
        GivenUp: it is not wanted any more; what has begun is finished first.
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(allowed(min(os.cpu_count() or 1, MOST_THREADS))) as pool:
        waiting = [pool.submit(work, thing) for thing in things]
        try:
            results = []
            for one in waiting:
                results.append(one.result())
                go_on()
            return results
        finally:
            for one in waiting:
                one.cancel()
