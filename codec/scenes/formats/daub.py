"""Daub's own scenes, which `codec/scenes/coding` decodes; to write them it needs views, so there is no writer here."""

from __future__ import annotations

from daub.codec.scenes.coding import scene_file
from daub.render.splats.splats import Splats


def read(data: bytes) -> tuple[Splats, tuple[str, ...]]:
    """
    Raises:
        DaubError: it is damaged, or holds a picture.
    """
    return scene_file.read(data, "the scene").splats(), ()
