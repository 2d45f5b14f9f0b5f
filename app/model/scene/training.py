"""A scene trained from a folder of photos, in a process beside the window, and seen while it grows.

    commands --- begin, pause, stop ---> Training --- requests ---> training_work
    Stage <------- show_trained, grow ------ | <------ answers --------- +

A thread listens to the process. The next scene is asked for when the one before has been taken, and progress is passed
over while some waits, so that a window which is slow is not flooded.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.fit.pace import Pace, about
from daub.app.model.scene.kept_trainings import kept_training, make_room
from daub.app.model.scene.stage import Stage
from daub.app.model.scene.version import SceneDocument, grown, trained_scene
from daub.app.model.sources.source import psnr_text
from daub.app.model.work.cores import core_count
from daub.app.model.work.failure import Failure
from daub.app.model.work.latest import Latest
from daub.app.model.work.other_process import OtherProcess, Refusal
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace
from daub.codec.errors import DaubError
from daub.render.threads import allowed

if TYPE_CHECKING:
    from daub.codec.scenes.training.settings import TrainingSettings
    from daub.render.splats.splats import Splats

# -P: the folder that the window was started in may hold modules whose names others have too.
COMMAND = (sys.executable, "-P", "-m", "daub.app.model.scene.training_work")


class Training:
    """See above. All is called on the thread of the model.

    Args:
        stage: shows the scene.
        workspace: reads the photos as it reads whatever is opened, and tells of what goes wrong.
        post: as that of the workspace.

    Attributes:
        is_paused: no step is taken.
        fraction: of the work that is done, 0 to 1.
        settings: of the next training; None where nobody has chosen any: then one that can go on goes by its own, and
            another by those of the one that is on, or by the usual ones.
        changed: it has begun, pauses, goes on, or has ended.
        advanced: the same, or it has got further.
    """

    def __init__(self, stage: Stage, workspace: Workspace, post: Callable[[Callable[[], None]], None]):
        self.changed, self.advanced = Signal(), Signal()
        self.changed.connect(self.advanced.emit)
        self.is_paused = False
        self.fraction = 0.0
        self.settings: TrainingSettings | None = None
        self._stage, self._workspace, self._post = stage, workspace, post
        self._run: _Run | None = None  # the one that is seen
        self._progress: dict = {}
        self._is_stopping = False
        self._pace = Pace()
        self._opening: _Run | None = None  # whose photos are read
        stage.opened.connect(self._leave)

    @property
    def is_on(self) -> bool:
        """A scene is trained, or pauses."""
        return self._run is not None

    @property
    def is_kept(self) -> bool:
        """A scene is trained, or pauses, and what it goes on from is in a file, of half a minute ago at most."""
        return self._run is not None and kept_training(self._run.folder).exists()

    @property
    def words(self) -> str:
        """What it is about, for a person; "" for nothing."""
        if self._run is None:
            return ""
        return f"Training {self._run.folder.name}: {', '.join(self.facts)}"

    @property
    def facts(self) -> list[str]:
        """How far it is, a phrase each."""
        now = self._progress
        if not now:
            return ["begins"]
        if self._is_stopping or now["phase"] == "measure":
            return ["measuring"]
        left = self._pace.seconds_left
        return [
            f"step {now['step']:,} of {now['steps']:,}",
            *([psnr_text(now["psnr"])] if now["psnr"] else []),
            "paused" if self.is_paused else f"{about(left)} left" if left is not None else "",
        ][: 3 if self.is_paused or left is not None else 2]

    @property
    def wanted(self) -> TrainingSettings:
        """What the next training goes by."""
        from daub.codec.scenes.training.settings import TrainingSettings

        by_itself = TrainingSettings() if self._run is None else self._run.settings
        return by_itself if self.settings is None else self.settings

    @property
    def is_as_wanted(self) -> bool:
        """The one that is on goes by what is wanted."""
        return self._run is not None and self._run.settings == self.wanted

    def change(self, **values: int) -> None:
        """Other settings of the next training, by name; the one that is on stays as it is."""
        self.settings = replace(self.wanted, **values)
        self.advanced.emit()

    def begin(self, folder: Path, anew: bool = False) -> None:
        """Reads the photos of a folder, and shows the scene of them as soon as there is one; that can be given up as
        the opening of a picture.

        Args:
            anew: though an earlier training on them was stopped, and could go on.
        """
        run = _Run(folder, self.wanted, anew or self.settings is not None, anew)
        if self._opening is not None:
            self._opening.end()
        self._opening = run
        self._workspace.left.emit()
        self._workspace.opening.read_told(folder.name, run.first, partial(self._show, run), run.end)

    def pause(self, on: bool) -> None:
        """Takes no more steps, or goes on."""
        if self._run is None or self._is_stopping or on == self.is_paused:
            return
        self.is_paused = on
        self._pace.interrupt()
        self._run.ask({"paused": on})
        self.changed.emit()

    def stop(self) -> None:
        """Ends it with the scene as it is, which can be saved as if it were done."""
        if self._run is not None and not self._is_stopping:
            self._is_stopping = True
            self._run.ask({"stops": True})
            self.changed.emit()

    def begin_anew(self) -> None:
        """Trains on the photos of the scene that is trained, from the beginning and by what is wanted now."""
        if self._run is not None:
            self.begin(self._run.folder, anew=True)

    def close(self) -> None:
        """Ends it; what the process has kept goes on another time. Returns at once."""
        for run in (self._opening, self._run):
            if run is not None:
                run.end()
        self._opening = self._run = None

    def _leave(self, document: SceneDocument) -> None:
        """Another scene is open."""
        if self._run is not None and document is not self._run.document:
            self._run.end()
            self._run = None
            self.changed.emit()

    def _show(self, run: _Run, document: SceneDocument) -> None:
        before, self._run, self._opening = self._run, run, None
        if before is not None:
            before.end()
        self.is_paused, self.fraction, self._progress, self._is_stopping = False, 0.0, {}, False
        self._pace = Pace()
        self._stage.show_trained(document)
        run.progress = Latest({}, lambda: self._post(partial(self._advance, run)))
        listen = partial(run.listen, lambda scene: self._post(partial(self._grow, run, scene)))
        self._workspace.background.run_alone(listen, partial(self._finish, run), partial(self._fail, run))
        run.ask({"shows": True})
        if run.begun:
            line = f'goes on from step {run.begun:,}; "Train anew" in the menu Scene begins from the start'
            self._workspace.noticed.emit(f"{run.folder.name}: the training that was stopped {line}")
        self.changed.emit()

    def _grow(self, run: _Run, document: SceneDocument) -> None:
        """The process has told of a scene."""
        if run is self._run:
            self._stage.grow(document)
            run.ask({"shows": True})

    def _advance(self, run: _Run) -> None:
        """It has told how far it is."""
        now, _ = run.progress.take()
        if run is not self._run:
            return
        self._progress, self.fraction = now, now["fraction"]
        if not self.is_paused:
            self._pace.mark(time.perf_counter(), now["step"], now["fraction"], now["phase"])
        self.advanced.emit()

    def _finish(self, run: _Run, outcome: tuple[dict, SceneDocument]) -> None:
        run.end()
        if run is not self._run:
            return
        done, document = outcome
        self._run = None
        self._stage.grow(document)
        told = [f"{done['steps']:,} steps"]
        if done["psnr"] is not None:
            told.append(f"{psnr_text(done['psnr'])} of photos that were held out")
        self._workspace.noticed.emit(f"Trained {run.folder.name}: {', '.join(told)}. It is in no file yet")
        self.changed.emit()

    def _fail(self, run: _Run, failure: Failure) -> None:
        run.end()
        if run is self._run:
            self._run = None
            document = self._stage.document
            self._stage.grow(grown(document, document.original.drawn.splats, is_growing=False))
            self._workspace.failed.emit(failure)
            self.changed.emit()


class _Run:
    """One process, and what it is to train."""

    def __init__(self, folder: Path, settings: TrainingSettings, chosen: bool, anew: bool):
        self.folder = folder
        self.settings = settings  # where nobody has chosen them, those of an earlier one once there is a scene
        self.begun = 0  # steps that an earlier one had done
        self.document: SceneDocument | None = None  # as it was at first
        self.progress: Latest[dict] | None = None  # how far it is, from the first scene on
        self._chosen, self._anew = chosen, anew
        self._process: OtherProcess | None = None
        self._ended = False

    def ask(self, request: dict) -> None:
        """Tells the process what is wanted; from any thread."""
        if self._process is not None and not self._ended:
            with suppress(OSError, ValueError):  # it is gone, which whoever listens learns
                self._process.send(request)

    def end(self) -> None:
        """Kills the process; returns at once, from any thread."""
        self._ended = True
        if self._process is not None:
            self._process.kill()

    # On a thread of the background.

    def first(self, tell: Callable[[float], None]) -> SceneDocument:
        """Begins, and waits for the first scene. Raises DaubError. Args: tell: the share of that which is done."""
        from daub.codec.scenes.cameras.beside import read_cameras
        from daub.codec.scenes.training.settings import TrainingSettings

        try:
            self._process = OtherProcess(COMMAND)
        except OSError as error:
            why = f"its process cannot be started ({error})"
            raise DaubError(f"cannot train on {self.folder.name}", why, "close other programs") from error
        if self._ended:
            self._process.kill()
        kept = kept_training(self.folder)
        make_room(kept)
        request = {
            "folder": str(self.folder), "settings": asdict(self.settings), "chosen": self._chosen,
            "threads": allowed(core_count()), "kept": str(kept), "anew": self._anew,
        }  # fmt: skip
        with self._heard():
            self._process.send(request)
        while True:
            head, arrays = self._receive()
            if "reading" in head:
                tell(head["reading"])
            if "scene" in head:
                self.begun, self.settings = head["scene"]["begun"], TrainingSettings(**head["scene"]["settings"])
                cameras = tuple(sorted(read_cameras(self.folder), key=lambda camera: camera.name))
                self.document = trained_scene(self.folder, _splats(arrays), cameras, tuple(head["scene"]["remarks"]))
                return self.document

    def listen(self, grow: Callable[[SceneDocument], None]) -> tuple[dict, SceneDocument]:
        """Hears the process to its end. Raises DaubError.

        Args:
            grow: is given the scene as it is.

        Returns:
            What it has come to, and the finished scene.
        """
        while True:
            head, arrays = self._receive()
            if "done" in head:
                return head["done"], grown(self.document, _splats(arrays), is_growing=False)
            if "scene" in head:
                grow(grown(self.document, _splats(arrays), is_growing=True))
            elif "progress" in head:
                self.progress.publish(head["progress"])

    def _receive(self) -> tuple[dict, list[np.ndarray]]:
        with self._heard():
            head, arrays = self._process.receive()
        if "line" in head:
            raise Refusal(head["line"].replace(str(self.folder), self.folder.name), head["details"])
        return head, arrays

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """What comes of a process that answers no more, as one line."""
        try:
            yield
        except (OSError, ValueError, EOFError) as error:
            self._process.kill()
            why = f"its process has ended (code {self._process.bury()})"
            what = f"cannot go on with training {self.folder.name}"
            raise DaubError(what, why, "try smaller photos, or close other programs") from error


def _splats(arrays: list[np.ndarray]) -> Splats:
    from daub.render.splats.splats import Splats

    return Splats(*arrays)
