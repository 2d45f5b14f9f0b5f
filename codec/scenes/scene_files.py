"""The front door of scenes: a file to a `Scene`, and splats to a file.

    scene = read_scene("scene.ply")
    write_scene(scene.splats, "scene.spz")

What cannot be read or written is a `DaubError`; what was left out, or is not as it seems, a remark on the scene.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.codec.scenes.cameras.beside import cameras_beside
from daub.codec.scenes.claims import Refused, sound
from daub.codec.scenes.reading import done, part, read_in_pieces, telling
from daub.codec.scenes.scene import Scene
from daub.render.splats.splats import Splats

LARGEST_FILE = 1 << 34  # bytes
_READ = 0.95  # and its numbers; what is left is to look for those that are none
_START = 1 << 16  # bytes in which a marker is sought


@dataclass(frozen=True)
class SceneFormat:
    """A format of scenes.

    Args:
        name: as people call it.
        suffixes: of its files, the usual one first.
        module: of `formats`, whose `read` reads it.
        magic: how its files may begin; none where only the name tells.
        marker: what else is in their first 64 KB.
        writer: of `formats`, whose `pieces` writes it; empty where it is only read.
        degree: of harmonics, the highest that the writer takes.
        loaded: share of the reading that is done when its bytes are there, 0 to 1.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    magic: tuple[bytes, ...] = ()
    writer: str = ""
    marker: bytes = b""
    degree: int = 4
    loaded: float = 0.3


DAUB, PLY = "Daub", "PLY"  # the names of Daub's own, and of what training gives
_PLY = b"ply\n", b"ply\r"
FORMATS = (  # the first that fits is taken
    SceneFormat(
        "compressed PLY", (".compressed.ply",), "compressed_ply", _PLY, "compressed_ply_writer", b"\nelement chunk ", 3
    ),
    SceneFormat(PLY, (".ply",), "ply", _PLY, "ply"),
    SceneFormat("SPZ", (".spz",), "spz", (b"NGSP", b"\x1f\x8b"), "spz"),
    SceneFormat("SOG", (".sog",), "sog", (b"PK\x03\x04",), "sog_writer", degree=3),
    SceneFormat("glTF", (".glb", ".gltf"), "gltf", (b"glTF",), "gltf_writer", degree=3),
    SceneFormat(DAUB, (".daub",), "daub", (b"DAUB",), loaded=0.05),
    SceneFormat("splat", (".splat",), "splat"),
    SceneFormat("ksplat", (".ksplat",), "ksplat"),
)
WRITTEN = tuple(each for each in FORMATS if each.writer)


def read_scene(path: str | os.PathLike, progress: Callable[[float], None] | None = None) -> Scene:
    """A scene of any format that is read, told by its content or else by its name; and the cameras beside it.

    Args:
        path: of a file; or, for SOG that is not bundled, of its folder, its meta.json or its lod-meta.json.
        progress: is told the share of the work that is done, 0 to 1; what it raises gives the reading up.

    Raises:
        DaubError: it cannot be read, is damaged, is no scene, or is too large for memory.
    """
    path = Path(path)
    try:
        with telling(progress):
            with part(0, _READ):
                format_, (splats, remarks), size = _read(path)
            done(_READ)
            splats, left_out = sound(splats)
            done(1)
    except Refused as error:
        raise DaubError(f"cannot open {path}", error.why, error.remedy) from error
    cameras, refused = cameras_beside(path if path.is_dir() else path.parent)
    return Scene(splats, format_.name, size, cameras, (*remarks, *left_out, *refused))


def _read(path: Path) -> tuple[SceneFormat, tuple[Splats, tuple[str, ...]], int]:
    sog, levels = (import_module(f"{__package__}.formats.{module}") for module in ("sog", "sog_levels"))
    for name, read_named in ((sog.META, sog.read_folder), (levels.LEVELS, levels.read_finest)):
        meta = path if path.name == name else path / name
        if meta == path or meta.is_file():
            splats, size = read_named(meta)
            return _named(".sog"), (splats, ()), size
    named = _named(path)
    loaded = SceneFormat.loaded if named is None else named.loaded
    with part(0, loaded):
        data = read_in_pieces(path, LARGEST_FILE)
    done(loaded)
    format_ = _format_of(data, path)
    read = import_module(f"{__package__}.formats.{format_.module}").read
    if format_.module == "gltf":
        read = partial(read, folder=path.parent)
    if format_.name == DAUB:
        read = partial(read, name=os.fspath(path))
    with part(loaded, 1):
        return format_, read(data), len(data)


def _format_of(data: bytes, path: Path) -> SceneFormat:
    for format_ in FORMATS:
        if data.startswith(format_.magic) and format_.marker in data[:_START]:
            return format_
    found = _named(path)
    if found is None or (found.magic and found.module != "gltf"):
        names = ", ".join(each.suffixes[0] for each in FORMATS)
        raise Refused("it is no scene of Gaussians that is known", f"choose one of {names}")
    return found


def _named(path: str | os.PathLike) -> SceneFormat | None:
    return next((each for each in FORMATS if os.fspath(path).lower().endswith(each.suffixes)), None)


def format_to_write(path: str | os.PathLike, degree: int = 0) -> SceneFormat:
    """The format that a name asks for.

    Args:
        degree: of the harmonics that it has to hold, 0 to 4.

    Raises:
        DaubError: none that is written, or one that holds fewer harmonics.
    """
    found = _named(path)
    if found not in WRITTEN or not os.fspath(path).lower().endswith(found.suffixes[0]):
        why = f"{Path(path).suffix} is only read" if found else "its name tells no format of scenes"
        if found is not None and found.name == DAUB:
            raise DaubError(f"cannot write {os.fspath(path)}", "a .daub is made for views", "use daub scene encode")
        names = ", ".join(each.suffixes[0] for each in WRITTEN)
        raise DaubError(f"cannot write {os.fspath(path)}", why, f"give it a name in {names}")
    if degree > found.degree:
        why = f"{found.name} holds harmonics up to degree {found.degree}"
        raise DaubError(f"cannot write {os.fspath(path)}", why, f"give --degree {found.degree}, or a name in .ply")
    return found


def write_scene(
    splats: Splats,
    path: str | os.PathLike,
    *,
    spz_version: int | None = None,
    progress: Callable[[float], None] | None = None,
    replace: bool = True,
) -> int:
    """Writes a scene in the format of the name, whole or not at all.

    Args:
        splats: at least one; infinite logits and log-scales become what the format can say.
        spz_version: 4 or 3, of an .spz.
        progress: is told the share of the work that is done, 0 to 1, where it takes long.
        replace: as of `files.write_atomic`.

    Returns:
        The bytes of the file.

    Raises:
        DaubError: the name tells no format that is written, the format cannot hold the scene, or the disk refuses.
    """
    format_ = format_to_write(path)
    pieces = import_module(f"{__package__}.formats.{format_.writer}").pieces
    options = {"version": spz_version} if spz_version and format_.writer == "spz" else {}
    if format_.writer == "sog_writer":
        options["progress"] = progress
    try:
        parts = list(pieces(splats, **options))
    except Refused as error:
        raise DaubError(f"cannot write {os.fspath(path)}", error.why, error.remedy) from error
    write_atomic(path, parts, replace=replace)
    return sum(map(len, parts))
