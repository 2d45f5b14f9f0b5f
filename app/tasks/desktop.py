"""Daub on a desktop of freedesktop.org, for one user: file types, thumbnails, an entry in the menus, and icons.

    applications/daub.desktop           opens pictures, by "Open with" too     Desktop Entry Specification
    mime/packages/daub.xml              what .daub and .daubproj are           Shared MIME-info Database
    thumbnailers/daub.thumbnailer       small pictures in file managers        as of GNOME, Xfce, Cinnamon, MATE
    icons/hicolor/.../apps/daub.*       by name and size                       Icon Theme Specification

all below $XDG_DATA_HOME. What is installed calls the program by its whole path, so that it need not be in $PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from daub.codec.errors import DaubError
from daub.codec.files import refusals_of_writing, write_atomic
from daub.resources import ROOT

_TYPES = (
    "image/x-daub", "application/x-daub-project", "image/png", "image/jpeg", "image/webp", "image/avif", "image/jxl",
    "image/heif", "image/jp2", "image/tiff", "image/gif", "image/bmp", "image/qoi", "image/x-exr", "image/vnd.radiance",
    "image/vnd.adobe.photoshop", "image/x-portable-pixmap",
)  # fmt: skip
_ICON = ROOT / "icons" / "daub.svg"
_SIZES = (48, 256)  # pixels of icons for whoever draws no SVG; 48 is what the specification asks for
_THEME = "icons/hicolor"


@dataclass(frozen=True)
class Updater:
    """A program that makes the caches anew which desktops read.

    Args:
        program, package: its name, and where it is from.
        folder: that it is called with.
        read: the folder of what it makes them of.
        made: of which files, within `folder`.
        without: what is amiss where it is missing.
    """

    program: str
    package: str
    folder: str
    read: str
    made: tuple[str, ...]
    without: str


_UPDATERS = (
    Updater(
        "update-mime-database", "shared-mime-info", "mime", "mime/packages",
        ("XMLnamespaces", "aliases", "generic-icons", "globs", "globs2", "icons", "magic", "mime.cache", "subclasses",
         "treemagic", "types", "version", "image/x-daub.xml", "application/x-daub-project.xml"),
        "desktops do not learn of .daub",
    ),
    Updater(
        "update-desktop-database", "desktop-file-utils", "applications", "applications", ("mimeinfo.cache",),
        'Daub may be missing under "Open with"',
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Installed:
    """What was written, or removed.

    Args:
        files: paths.
        remarks: what does not work yet, and why, one line each.
    """

    files: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def data_home() -> Path:
    """Where the files of a user's programs are (XDG Base Directory Specification)."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if os.path.isabs(named) else Path.home() / ".local" / "share"


def install_on_desktop() -> Installed:
    """Writes the files and has the desktop's caches made anew; what is there of an earlier time is replaced.

    Raises:
        DaubError: this system has no such desktop, or a file cannot be written.
    """
    _check_system()
    home, contents = data_home(), _contents()
    for place, content in contents.items():
        path = home / place
        with refusals_of_writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content)
    return Installed(tuple(str(home / place) for place in contents), (*_missing(), *_update(home)))


def uninstall_from_desktop() -> Installed:
    """Removes what `install_on_desktop` writes, caches that are made of nothing then, and folders that are empty then.

    Raises:
        DaubError: this system has no such desktop, or a file cannot be removed.
    """
    _check_system()
    home, gone = data_home(), []
    for place in _places():
        path = home / place
        if not path.exists():
            continue
        with refusals_of_writing(path):
            path.unlink()
        gone.append(str(path))
    remarks = tuple(_update(home)) if gone else ()
    caches = tuple(_needless_caches(home)) if gone else ()
    for cache in caches:
        with refusals_of_writing(cache):
            cache.unlink()
    for place in (*_places(), *(f"{each.folder}/{name}" for each in _UPDATERS for name in each.made)):
        _remove_if_empty((home / place).parent, home)
    return Installed(tuple(gone), remarks)


def _check_system() -> None:
    if sys.platform in ("win32", "darwin"):
        why = "this system has a desktop of another kind"
        raise DaubError("cannot install Daub on the desktop", why, "choose Daub where it asks what to open a file with")


def _places() -> Iterable[str]:
    yield "applications/daub.desktop"
    yield "mime/packages/daub.xml"
    yield "thumbnailers/daub.thumbnailer"
    yield f"{_THEME}/scalable/apps/daub.svg"
    for size in _SIZES:
        yield f"{_THEME}/{size}x{size}/apps/daub.png"


def _contents() -> dict[str, bytes]:
    """What stands in each of the places."""
    program = " ".join(map(_quoted, program_command()))
    words = {"@program@": program, "@types@": "".join(f"{kind};" for kind in _TYPES)}

    def text(name: str) -> bytes:
        content = (ROOT / "desktop" / name).read_text("utf-8")
        for word, meaning in words.items():
            content = content.replace(word, meaning)
        return content.encode()

    images = [_ICON.read_bytes(), *map(_drawn_icon, _SIZES)]
    made = [*map(text, ("daub.desktop", "daub.xml", "daub.thumbnailer")), *images]
    return dict(zip(_places(), made, strict=True))


def program_command() -> list[str]:
    """The words that start the program that runs now."""
    beside = Path(sys.executable).parent / "daub"
    return [str(beside)] if beside.is_file() else [sys.executable, "-m", "daub.app.program"]


def _quoted(word: str) -> str:
    """A word as it stands in an Exec line (Desktop Entry Specification, "The Exec key" and "Value types")."""
    for letter in '\\"`$':
        word = word.replace(letter, f"\\{letter}")
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'


def _drawn_icon(size: int) -> bytes:
    """The icon as a PNG of that many pixels a side."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(_ICON)).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return content.data()


def _missing() -> Iterator[str]:
    """A line for each program that is not there."""
    for each in _UPDATERS:
        if shutil.which(each.program) is None:
            yield f"{each.program} is missing, without which {each.without}: install {each.package}"


def _update(home: Path) -> Iterator[str]:
    """Has the caches made anew; says what fails."""
    for each in _UPDATERS:
        if not (home / each.read).is_dir() or shutil.which(each.program) is None:
            continue
        done = subprocess.run([each.program, str(home / each.folder)], capture_output=True, text=True)
        if done.returncode:
            yield f"{each.program} failed: {' '.join(done.stderr.split())}"
    if (home / _THEME).is_dir():
        with refusals_of_writing(home / _THEME):
            os.utime(home / _THEME)  # its time tells desktops that its icons are others (Icon Theme Specification)


def _needless_caches(home: Path) -> Iterator[Path]:
    """Those that are there, of updaters with nothing left to make them of."""
    for each in _UPDATERS:
        made = [home / each.folder / name for name in each.made]
        read = home / each.read
        if read.is_dir() and set(read.iterdir()) <= set(made):
            yield from filter(Path.is_file, made)


def _remove_if_empty(folder: Path, home: Path) -> None:
    """Removes a folder below `home` that holds nothing, and then likewise the one that it is in."""
    while folder != home and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
