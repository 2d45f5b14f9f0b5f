"""Large arrays go back to the system as soon as they are freed.

glibc keeps what it has freed once, for up to 32 MB an array and 64 MB a thread, to give it out again; most of that it
never returns. In an encode of 12 megapixels it was 120 MB of 660, while the next stage took new memory besides. Arrays
of 4 MB and more come from the system one by one instead. numpy asks for those in huge pages, so a step of a fit of 12
megapixels takes no longer that could be told from noise.
"""

from __future__ import annotations

import ctypes
from functools import cache

LEAST = 4 << 20  # bytes of an array that goes back at once; numpy asks for huge pages from there on
_M_MMAP_THRESHOLD = -3  # malloc.h of glibc


@cache
def free_at_once() -> bool:
    """Has arrays of LEAST bytes freed at once from now on, in the whole process; False where nobody can be told so."""
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library than glibc
        return False
    return bool(tell(_M_MMAP_THRESHOLD, LEAST))
