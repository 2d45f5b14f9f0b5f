"""A scene in another format, for the process of the jobs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from daub.codec.goal import Goal, GoalKind


def make(given: dict, arrays: Sequence[np.ndarray], tell: Callable[[dict], None]) -> tuple[dict, list[np.ndarray]]:
    """Writes a scene anew and reads what was written.

    Args:
        given: "path" of the scene; "suffix" of what is made; of a .daub its "quality".
        arrays: none.
        tell: is told the "fraction" that is done.

    Returns:
        The "format", whether it is "antialiased"; the bytes of the file, and the arrays of `Splats`.

    Raises:
        DaubError: the scene cannot be read, or not be written so.
    """
    from daub.codec.scenes.scene_files import read_scene

    scene = read_scene(given["path"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"scene{given['suffix']}")
        if "quality" in given:
            path.write_bytes(_encoded(scene, given["quality"], tell))
        else:
            from daub.codec.scenes.scene_files import write_scene

            write_scene(scene.splats, path, progress=lambda fraction: tell({"fraction": fraction}))
        made, data = read_scene(path), path.read_bytes()
    splats = made.splats
    parts = splats.means, splats.log_scales, splats.rotations, splats.logits, splats.dc, splats.sh
    return {"format": made.format, "antialiased": splats.antialiased}, [np.frombuffer(data, np.uint8), *parts]


def _encoded(scene, quality: float, tell: Callable[[dict], None]) -> bytes:
    from daub.codec.scenes.cameras.chosen import views_of
    from daub.codec.scenes.coding.encoder import LONGEST, VIEWS, encode_scene

    views = views_of(scene.splats, scene.cameras, VIEWS, LONGEST)
    goal = Goal(GoalKind.QUALITY, quality)
    return encode_scene(scene.splats, views, goal, lambda each: tell({"fraction": each.fraction})).data
