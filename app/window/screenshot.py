"""Renews the README's pictures by a tour of the real window.

python -m daub.app.window.screenshot resources
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from daub.app.window.viewport.opengl import match_pyopengl, request_context

_SIZE = (1440, 900)
_GAUSSIANS = 4000, 1500  # of the first and of the second fit
_PLACE = 0.43, 0.47  # of the Gaussian that is looked into, in the sample


def take(folder: Path) -> None:
    """Goes through the tour with the sample, and saves what is to be seen at some of its stops as PNG files."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    request_context()
    application = QApplication(["daub"])
    application.setStyle("Fusion")
    match_pyopengl()
    from daub.app.model.commands.file import SAMPLE, open_path
    from daub.app.model.view.chrome import Appearance
    from daub.app.window.main_window import Window
    from daub.app.window.tour import Stop, Tour

    names = {
        Stop.FITTED: "screenshot", Stop.SIDE_BY_SIDE: "screenshot-side-by-side", Stop.FLIP: "screenshot-flip",
        Stop.PLOT: "screenshot-plot", Stop.GAUSSIAN: "screenshot-gaussian",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DAUB_STATE_DIR"] = scratch  # what an earlier window has left behind is none of this one's
        settings = QSettings(str(Path(scratch) / "settings.ini"), QSettings.Format.IniFormat)
        settings.setValue("ask_about_results", False)
        window = Window(settings)
        window.resize(*_SIZE)
        window.bench.chrome.set(appearance=Appearance.DARK)
        window.goals.fields["gaussians"].setValue(_GAUSSIANS[0])
        open_path(window.bench, SAMPLE)
        window.start()
        try:
            for stop in Tour(window, _GAUSSIANS[1], _PLACE).stops():
                if stop in names:
                    _save(window, folder / f"{names[stop]}.png")
        finally:
            window.close()  # else what works beside it would go on after a stop that does not come


def _save(window, path: Path) -> None:
    """With a dithered palette: a quarter as large, and the README shows it small."""
    import PIL.Image

    window.grab().save(str(path))
    picture = PIL.Image.open(path, formats=("PNG",)).convert("RGB")
    palette = picture.quantize(256, kmeans=3)
    picture.quantize(palette=palette, dither=PIL.Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
