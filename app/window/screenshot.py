"""Renews the README's pictures by tours of the real window, and tells on stderr how far it is.

python -m daub.app.window.screenshot resources

Takes some minutes; the first time in a fresh installation, when kernels are compiled, some more.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from daub.app.window.viewport.opengl import match_pyopengl, request_context

_SIZE = (1440, 900)
_LARGEST = 300_000  # bytes of a picture
_COLOURS = 256, 128, 64, 32  # of its palette, as many as leave it small enough
_GAUSSIANS = 4000, 1500  # of the first and of the second fit
_PLACE = 0.43, 0.47  # of the Gaussian that is looked into, in the sample
# Image positions around two caps of the sample.
_ORANGE_CAP = (
    (314, 205), (345, 176), (400, 176), (445, 198), (467, 240), (462, 275), (441, 292), (437, 353), (410, 352),
    (360, 325), (335, 295), (323, 250),
)  # fmt: skip
_GREEN_CAP = (
    (462, 255), (470, 233), (500, 226), (540, 243), (553, 268), (573, 290), (562, 310), (551, 325), (552, 378),
    (533, 380), (500, 366), (478, 337), (466, 300),
)  # fmt: skip


class Album:
    """The pictures of one run.

    Args:
        folder: where they go.
    """

    def __init__(self, folder: Path):
        self._folder, self._began = folder, time.monotonic()

    def tell(self, text: str) -> None:
        """A line, with the seconds since the beginning."""
        print(f"{time.monotonic() - self._began:5.0f} s  {text}", file=sys.stderr, flush=True)

    def take(self, window, name: str, *parts) -> None:
        """Saves what the window shows, with a dithered palette: a quarter as large, and the README shows it small.

        Args:
            parts: widgets of the window that are to be seen; all of it where none is named.
        """
        import PIL.Image
        from PySide6.QtCore import QPoint, QRect

        from daub.app.window.person import Person

        Person(window).settle()  # columns keep the room of what has gone from them until events have been handled
        seen = QRect()
        for part in parts:
            seen |= QRect(part.mapTo(window, QPoint()), part.size())
        path = self._folder / f"{name}.png"
        window.grab(seen if parts else window.rect()).save(str(path))
        picture = PIL.Image.open(path, formats=("PNG",))
        picture = picture.convert("RGB")
        for colours in _COLOURS:
            palette = picture.quantize(colours, kmeans=3)
            picture.quantize(palette=palette, dither=PIL.Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
            if path.stat().st_size <= _LARGEST:
                break
        self.tell(f"{path.name}, {path.stat().st_size / 1000:.0f} kB")


def take(folder: Path) -> None:
    """Goes through the tours with the sample, and saves what is to be seen at some of their stops as PNG files."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from daub.app.tasks.device import OpenDevice

    album = Album(folder)
    # Before there is a window, which would wait for its first fit, and nobody could say for what.
    OpenDevice("auto").load_encoder(album.tell)
    request_context()
    application = QApplication(["daub"])
    application.setStyle("Fusion")
    match_pyopengl()
    from daub.app.model.host import Leaving
    from daub.app.window.windows import Windows

    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DAUB_STATE_DIR"] = scratch  # what an earlier window has left behind is none of this one's
        path = str(Path(scratch) / "settings.ini")
        QSettings(path, QSettings.Format.IniFormat).setValue("ask_about_results", False)
        windows = Windows(lambda: QSettings(path, QSettings.Format.IniFormat))
        window = windows.open()
        try:
            _begin(window)
            _tour(window, album)
            _edit(window, album, lambda: windows.open(str(_first_file(window, Path(scratch)))))
        finally:
            for each in windows:
                each.host.may_leave = lambda _: Leaving.LEAVE
                each.close()  # else what works beside it would go on after a stop that does not come


def _begin(window) -> None:
    from daub.app.model.commands.file import SAMPLE, open_path
    from daub.app.model.view.chrome import Appearance

    window.resize(*_SIZE)
    window.bench.chrome.set(appearance=Appearance.DARK)
    window.goals.fields["gaussians"].setValue(_GAUSSIANS[0])
    open_path(window.bench, SAMPLE)


def _tour(window, album: Album) -> None:
    from daub.app.model.view.chrome import Appearance
    from daub.app.window.person import Person
    from daub.app.window.tour import Stop, Tour

    names = {
        Stop.FITTED: "screenshot", Stop.SIDE_BY_SIDE: "screenshot-side-by-side", Stop.FLIP: "screenshot-flip",
        Stop.PLOT: "screenshot-plot", Stop.GAUSSIAN: "screenshot-gaussian",
    }  # fmt: skip
    for stop in Tour(window, _GAUSSIANS[1], _PLACE).stops():
        album.tell(f"at {stop}")
        if stop in names:
            album.take(window, names[stop])
        if stop is Stop.FITTED:
            window.bench.chrome.set(appearance=Appearance.LIGHT)
            Person(window).settle()
            album.take(window, f"{names[stop]}-light")
            window.bench.chrome.set(appearance=Appearance.DARK)


def _edit(window, album: Album, open_other: Callable) -> None:
    """Cleans the sky of the sample, gives its orange cap another hue, and hangs one more."""
    from PySide6.QtCore import Qt

    from daub.app.model.sources.source import Kind
    from daub.app.window.edit_tour import EditStop, EditTour, Places
    from daub.app.window.person import Person

    names = {
        EditStop.HISTOGRAM: "edit-histogram", EditStop.REMOVED: "edit-removed", EditStop.RECOLOURED: "edit-recoloured",
        EditStop.PASTED: "edit-pasted",
    }  # fmt: skip
    places = Places(
        sizes=(0.005, 0.2),
        refitted=(470, 215, 575, 385),
        removed=(400, -4, 460, 24),
        recoloured=_ORANGE_CAP,
        copied=_GREEN_CAP,
        moved=(90, -190),
    )
    person = Person(window)
    if window.actions_by_name["pick"].isChecked():
        person.press(Qt.Key.Key_K)
    person.click_row([row.key for row in window.bench.sources.rows if row.kind is Kind.RESULT][-1])  # the first of all
    for stop in EditTour(window, places, open_other).stops():
        album.tell(f"at {stop}")
        if stop in names:
            album.take(window, names[stop], window.viewport, window.panel)


def _first_file(window, folder: Path) -> Path:
    """The file of the first fit, as it was before it was edited."""
    path = folder / "caps.daub"
    path.write_bytes(next(iter(window.workspace.results)).encoded.data)
    return path


if __name__ == "__main__":
    take(Path(sys.argv[1]))
