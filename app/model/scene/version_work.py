"""A scene in another format, or restored, for the process of the jobs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from daub.codec.errors import DaubError
from daub.codec.goal import Goal, GoalKind
from daub.render.splats.splats import Splats


def make(given: dict, arrays: Sequence[np.ndarray], tell: Callable[[dict], None]) -> tuple[dict, list[np.ndarray]]:
    """Writes a scene anew and reads what was written.

    Args:
        given: "path" of the scene; "suffix" of what is made; of a .daub its "quality". Of a scene that is in no file
            "own_suffix", of its format, and "path" is that of its photos and cameras.
        arrays: without a file its bytes, uint8.
        tell: is told the "fraction" that is done.

    Returns:
        The "format", whether it is "antialiased"; the bytes of the file, and the arrays of `Splats`.

    Raises:
        DaubError: the scene cannot be read, or not be written so.
    """
    from daub.codec.scenes.cameras.beside import read_cameras
    from daub.codec.scenes.scene_files import read_scene

    with tempfile.TemporaryDirectory() as folder:
        if "own_suffix" in given:
            whole = Path(folder, f"whole{given['own_suffix']}")
            whole.write_bytes(arrays[0])
            scene = replace(read_scene(whole), cameras=read_cameras(given["path"]))
        else:
            scene = read_scene(given["path"])
        path = Path(folder, f"scene{given['suffix']}")
        if "quality" in given:
            path.write_bytes(_encoded(scene, given["quality"], tell))
        else:
            from daub.codec.scenes.scene_files import write_scene

            write_scene(scene.splats, path, progress=lambda fraction: tell({"fraction": fraction}))
        made, data = read_scene(path), path.read_bytes()
    done = {"format": made.format, "antialiased": made.splats.antialiased}
    return done, [np.frombuffer(data, np.uint8), *_arrays(made.splats)]


def restore(given: dict, arrays: Sequence[np.ndarray], tell: Callable[[dict], None]) -> tuple[dict, list[np.ndarray]]:
    """Restores a scene from the views that its .daub may hold.

    Args:
        given: "name" of the file, for a person; its "path", or None.
        arrays: without a path the bytes of the file, uint8.
        tell: is told the "fraction" that is done.

    Returns:
        The "format" of the file, whether it is "antialiased"; the arrays of `Splats`.

    Raises:
        DaubError: the file cannot be read, or says nothing of views, or its network is missing.
    """
    from daub.codec.files import read_file
    from daub.codec.progress import drive
    from daub.codec.scenes.coding import scene_file
    from daub.codec.scenes.restoration.layer import layer_of
    from daub.codec.scenes.restoration.refined import obstacle_of, restoring
    from daub.codec.scenes.scene_files import DAUB, LARGEST_FILE

    name, path = given["name"], given["path"]
    data = arrays[0].tobytes() if path is None else read_file(path, LARGEST_FILE, wanted="a scene")
    layer = layer_of(data, name)
    why = "it does not say from which views" if layer is None else obstacle_of(layer)
    if why is not None:
        raise DaubError(f"{name} cannot be restored", why, "look at it as it is")
    coded = scene_file.read(data, name).splats()
    splats = drive(restoring(coded, layer), lambda done: tell({"fraction": done}))
    return {"format": DAUB, "antialiased": splats.antialiased}, _arrays(splats)


def _arrays(splats: Splats) -> list[np.ndarray]:
    return [splats.means, splats.log_scales, splats.rotations, splats.logits, splats.dc, splats.sh]


def _encoded(scene, quality: float, tell: Callable[[dict], None]) -> bytes:
    from daub.codec.scenes.cameras.chosen import views_of
    from daub.codec.scenes.coding.encoder import LONGEST, VIEWS, encode_scene

    views = views_of(scene.splats, scene.cameras, VIEWS, LONGEST)
    goal = Goal(GoalKind.QUALITY, quality)
    return encode_scene(scene.splats, views, goal, lambda each: tell({"fraction": each.fraction})).data
