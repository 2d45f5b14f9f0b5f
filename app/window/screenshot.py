"""Renews the README's picture by driving the real window.

python -m daub.app.window.screenshot resources/screenshot.png
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from daub.app.window.viewport.opengl import match_pyopengl, request_context

_SIZE = (1240, 800)
_GAUSSIANS = 4000


def take(path: Path) -> None:
    """Fits the sample, shows it split with the ellipses, and saves the window as a PNG."""
    import PIL.Image
    from PySide6.QtCore import QEventLoop, QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    request_context()
    application = QApplication(["daub"])
    application.setStyle("Fusion")
    match_pyopengl()
    from daub.app.model import commands
    from daub.app.model.chrome import Appearance
    from daub.app.window.main_window import Window

    loop = QEventLoop()
    with tempfile.TemporaryDirectory() as folder:
        window = Window(QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat))
        window.resize(*_SIZE)
        window.bench.chrome.set(appearance=Appearance.DARK)
        window.goals.fields["gaussians"].setValue(_GAUSSIANS)
        window.start()
        commands.BY_NAME["open_sample"].run(window.bench)
        window.workspace.results.changed.connect(lambda: _is_measured(window) and loop.quit())
        loop.exec()
        window.bench.view.jump_split(0.5)
        QTimer.singleShot(500, loop.quit)  # panels and picture settle
        loop.exec()
        window.grab().save(str(path))
        window.close()
    # A dithered palette makes the file a quarter as large, and the README shows it small.
    picture = PIL.Image.open(path, formats=("PNG",)).convert("RGB")
    palette = picture.quantize(256, kmeans=3)
    picture.quantize(palette=palette, dither=PIL.Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)


def _is_measured(window) -> bool:
    return any(result.ms_ssim is not None for result in window.workspace.results)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
