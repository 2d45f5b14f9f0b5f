"""Image <-> Gaussians <-> bytes, and the front door: an image to a file, and a file to pixels, each in one call.

    >>> from daub.codec import Goal, decode, encode
    >>> encoded = encode("photo.png", Goal("bytes", 500))
    >>> encoded.save("photo.daub")
    >>> encoded.missed is None and len(encoded.data) <= 500
    True
    >>> decode("photo.daub").shape              # (height, width, 3), uint8
    (48, 64, 3)
    >>> decode("photo.daub", (640, 480)).shape  # rendered anew, not resized
    (480, 640, 3)

Nothing is loaded before it is asked for: importing this takes no time, and needs neither numpy nor numba.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daub.codec.errors import DaubError
    from daub.codec.front_door import decode, encode
    from daub.codec.goal import Goal
    from daub.codec.settings import EncodeSettings

__all__ = ["DaubError", "EncodeSettings", "Goal", "decode", "encode"]

_MODULES = {
    "DaubError": "errors",
    "EncodeSettings": "settings",
    "Goal": "goal",
    "decode": "front_door",
    "encode": "front_door",
}


def __getattr__(name: str):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found  # once
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
