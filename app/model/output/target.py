"""Where an export goes: names that are proposed, suffixes, and the one file that is never written over.

>>> with_suffix(Path("photo.v2"), (".daub",))
PosixPath('photo.v2.daub')
>>> with_suffix(Path("photo.JPG"), (".png", ".jpg"))
PosixPath('photo.JPG')
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from daub.app.model.picture.picture import Picture
from daub.codec import targets
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX


def with_suffix(path: Path, suffixes: Sequence[str]) -> Path:
    """The path, with the first of the suffixes behind it unless it ends in one of them.

    Args:
        suffixes: those of the right kind, in small letters and with their points; where there are none, any is right.
    """
    if not suffixes or path.suffix.lower() in suffixes:
        return path
    return path.with_name(path.name.rstrip(".") + suffixes[0])


def proposed_name(picture: Picture, suffix: str) -> str:
    """What an export of a picture is called unless somebody says otherwise: never as what is open.

    A .daub of photo.png is photo.daub, a picture of its Gaussians photo-decoded.png.
    """
    stem = Path(picture.name).stem
    if suffix != SUFFIX:
        return f"{stem}-decoded{suffix}"
    return f"{stem}{SUFFIX}" if picture.document is None else f"{stem}-copy{SUFFIX}"


def check_target(path: Path, picture: Picture) -> None:
    """Refuses to write over what is open, by whatever name or link, and where no file can be written.

    Raises:
        DaubError: that is where the path leads, or as of `daub.codec.targets.check_target`.
    """
    if picture.path is not None and targets.same_file(path, picture.path):
        raise DaubError(f"cannot write {path.name}", "it is the picture that is open", "choose another name")
    targets.check_target(path)
