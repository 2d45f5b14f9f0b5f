"""What hypothesis tries: the same examples each time in `make test`, others each time and many in `make fuzz`.

A test that fails once in a hundred runs tells nothing of the change it fails for, so `make test` leaves nothing to
chance or to the clock: examples follow from the test itself (and from the version of hypothesis, which pyproject.toml
states), and none is too slow. What a search by chance finds is for `make fuzz`, and then an `@example` of its test.

`conftest` loads this; a test with a number of examples of its own says `@settings(max_examples=examples(60))`.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

FUZZ = "DAUB_FUZZ"  # variable: how many times as many examples as usual, by chance; not set or 0: as always
USUAL = 100  # examples of a test that says no number

_times = int(os.environ.get(FUZZ) or 0)
# By the clock a test fails where kernels are still to be compiled, or others compute.
_untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)

settings.register_profile("same", _untimed, derandomize=True, database=None, max_examples=USUAL)
settings.register_profile("fuzz", _untimed, derandomize=False, max_examples=max(_times, 1) * USUAL)
settings.load_profile("fuzz" if _times else "same")


def examples(usual: int) -> int:
    """How many a test tries that usually tries so many."""
    return max(_times, 1) * usual
