"""Daub's own scenes, which `codec/scenes/coding` decodes; to write them it needs views, so there is no writer here."""

from __future__ import annotations

from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.reading import done, part
from daub.render.splats.splats import Splats

_DECODED = 0.8  # of the reading: there are its integers


def read(data: bytes, name: str = "the scene") -> tuple[Splats, tuple[str, ...]]:
    """
    Args:
        name: of the file, for errors.

    Raises:
        DaubError: it is damaged, or holds a picture.
    """
    with part(0, _DECODED):
        symbols = scene_file.read(data, name)
    with part(_DECODED, 1):
        splats = symbols.splats()
        done(1)
    return splats, ()
