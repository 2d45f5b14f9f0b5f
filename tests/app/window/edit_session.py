"""A person's work in the real program, with mouse and keys: run as `python edit_session.py FOLDER`, until it is killed.

The tour of editing, and then it is saved, and gone on with. The folder has photo.png and thing.daub; a line of JSON on
standard output says what there was in the end, when that has been kept for recovery.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication

from daub.app.model.fit.state import Phase
from daub.app.window.edit_tour import EditStop, EditTour, Places
from daub.app.window.person import CONTROL, SHIFT, Person

GAUSSIANS, STEPS = 110, 60
PLACES = Places(
    sizes=(0.005, 0.2),
    refitted=(40, 24, 95, 63),
    removed=(-2, 15, 97, 27),
    recoloured=((60, 34), (82, 34), (82, 58), (60, 58)),
)


def work(person: Person, folder: Path, open_other) -> dict:
    """The session; what there is at its end."""
    bench = person.bench
    editing, history, sources = bench.editing, bench.workspace.history, bench.sources
    result, began, written = sources.pair.on("b"), history.position, bench.workspace.state.encoded.data
    before: dict = {}
    for stop in EditTour(person.window, PLACES, open_other).stops():
        if stop is EditStop.HISTOGRAM:
            assert 0 < editing.count < GAUSSIANS / 2, f"the histogram has selected {editing.count}"
        if stop is EditStop.PASTED:
            assert editing.count == 3
            before = {"work": editing.population.work, "steps": history.position}
        if stop is EditStop.UNDONE:
            assert editing.session is None and sources.pair.on("b") == result
            assert _file(person, folder) == written, "undone to other bytes"
        if stop is EditStop.REDONE:
            assert editing.population.work == before["work"] and history.position == before["steps"]
    return _save_and_go_on(person, folder) | {"steps": history.titles[began : history.position]}


def _file(person: Person, folder: Path) -> bytes:
    """What an export of side B writes."""
    target = folder / "export.daub"
    person.window.host.files.ask = lambda *_: target
    person.press(Qt.Key.Key_D, CONTROL | SHIFT)
    person.until(lambda: target.exists() and person.bench.workspace.background.running == 0)
    return target.read_bytes()


def _save_and_go_on(person: Person, folder: Path) -> dict:
    bench, project = person.bench, person.bench.project
    saved = bench.editing.population.work
    person.window.host.files.ask = lambda *_: folder / "work.daubproj"
    person.press(Qt.Key.Key_S, CONTROL)
    person.until(lambda: project.path is not None)
    assert not bench.is_unsaved and not person.window.isWindowModified()
    person.press(Qt.Key.Key_V)
    person.press(Qt.Key.Key_Right)
    person.press(Qt.Key.Key_Right)
    assert bench.is_unsaved and person.window.isWindowModified()
    person.until(lambda: project._kept == project._state(all_of_it=True))
    work_done = bench.editing.population.work
    return {"work": work_done.hex(), "saved": saved.hex(), "selected": bench.editing.count}


def main(folder: Path) -> None:
    """Runs the program, as it is started by `daub photo.png`."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    # Named in full: whatever is left out is as the system has it, and not as it was set here.
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Daub", "Daub")
    settings.setValue("autosave_seconds", 0.3)
    settings.sync()
    from daub.app.window import start

    run = QApplication.exec

    def exec_(*_) -> int:
        from daub.app.window.main_window import Window

        window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Window))
        person, workspace = Person(window), window.workspace
        person.until(lambda: workspace.picture is not None and window.viewport.frames > 0)
        window.goals.fields["gaussians"].setValue(GAUSSIANS)
        window.goals.advanced.steps.setValue(STEPS)
        person.until(lambda: workspace.settings.steps == STEPS and workspace.state.phase is Phase.FINISHED)
        try:
            print(json.dumps(work(person, folder, lambda: _beside(window, folder / "thing.daub"))), flush=True)
        except BaseException:
            traceback.print_exc()
            os._exit(1)  # the threads of the window would go on
        return run()

    QApplication.exec = exec_
    sys.exit(start.run([str(folder / "photo.png")]))


def _beside(window, path: Path):
    """Another window, with that file."""
    from daub.app.window.main_window import Window

    window.host.open_window()
    other = next(
        each for each in QApplication.topLevelWidgets()
        if isinstance(each, Window) and each is not window and each.isVisible()
    )  # fmt: skip
    other.open_path(path)
    return other


if __name__ == "__main__":
    main(Path(sys.argv[1]))
