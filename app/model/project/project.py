"""The project of a window: its work in one file that a person has chosen, and once more beside it in case of a crash.

    commands ---> Project.save, open ---> format (beside the window)
    a clock ----> Project.autosave -----> the same, into the slot of this window (`recovery`)

A window without a project has its work kept for recovery all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from daub.app.model.picture.origin import CopyOrigin
from daub.app.model.picture.picture import PictureKey
from daub.app.model.project.copies import Copies
from daub.app.model.project.fit_section import FitSection
from daub.app.model.project.format import About, Loaded, Written, read_project, write_project
from daub.app.model.project.importance_section import ImportanceSection
from daub.app.model.project.recovery import Leftover, Slot, TakenError, recovery_folder
from daub.app.model.project.section import Section
from daub.app.model.project.source_files import EMBEDS, Lacking
from daub.app.model.project.sources_section import SourcesSection
from daub.app.model.project.view_section import ViewSection
from daub.app.model.project.wanted_section import WantedSection
from daub.app.model.sources.source import Kind, size_text
from daub.app.model.sources.sources import Sources
from daub.app.model.sources.thumbnails import Thumbnails
from daub.app.model.view.view import View
from daub.app.model.work.failure import Failure, by_name
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace
from daub.codec.files import SUFFIX as DAUB

if TYPE_CHECKING:
    import numpy as np

EVERY = 60  # seconds from one keeping for recovery to the next


class Asks(Protocol):
    """Whoever can ask the person at the window."""

    def find_source(self, lacking: Lacking) -> Path | None:
        """Where a source is now; the path that it had for the file that is there, though it has changed; None for
        going on without it."""


def sections_of(workspace: Workspace, sources: Sources, view: View) -> list[Section]:
    """What stands in a project, in the order in which it is brought back."""
    return [
        WantedSection(workspace), FitSection(workspace), SourcesSection(workspace, sources),
        ImportanceSection(workspace, sources), ViewSection(view),
    ]  # fmt: skip


class Project:
    """See above.

    Args:
        thumbnails: of the rows, one of which becomes that of the project.
        asks: see there.

    Attributes:
        path: where it was saved last, None for work that never was.
        sections: what stands in one; a part of the window that has work of its own adds its section.
        embeds_sources: sources of at most EMBEDS bytes are put into it; otherwise they are named by their paths.
        slot: where its work is kept for recovery, None before the first time.
    """

    def __init__(self, workspace: Workspace, sources: Sources, thumbnails: Thumbnails, view: View, asks: Asks):
        self.changed = Signal()  # where it is, or whether it is saved
        self.opened = Signal()  # Path of a project that was opened or saved
        self.path: Path | None = None
        self.embeds_sources = True
        self.slot: Slot | None = None
        self.sections = sections_of(workspace, sources, view)
        self._workspace, self._sources, self._thumbnails, self._asks = workspace, sources, thumbnails, asks
        self._copies = Copies()
        self._saved: Hashable = None  # state of the work when it was saved last
        self._is_recovered = False  # and not saved since
        self._is_restoring = self._is_closed = False
        self._kept: Hashable = None  # state of the work when it was kept for recovery last
        self._is_keeping = False
        self._failed_to_keep = False  # which has been told

    # What there is.

    @property
    def is_fresh(self) -> bool:
        """The window has been used for nothing yet: a project can be opened in it."""
        workspace = self._workspace
        is_empty = workspace.picture is None and not self._sources.rows and self.path is None
        return is_empty and not self._is_restoring and not workspace.opening.is_reading

    @property
    def is_dirty(self) -> bool:
        """There is a project, and the work is another by now than what stands in it."""
        if self.path is None or self._is_restoring:
            return False
        return self._is_recovered or self._state() != self._saved

    def _state(self, all_of_it: bool = False) -> Hashable:
        """Equal while there is nothing new to save. Args: all_of_it: also what is merely kept."""
        return tuple((each.name, each.state()) for each in self.sections if each.counts or all_of_it)

    def embed(self, on: bool) -> None:
        """Puts sources into projects from now on, or names them by their paths."""
        self.embeds_sources = on
        self.changed.emit()

    # Saving.

    def save(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        """Writes it, beside the window.

        Args:
            then: called when it is there.
        """
        state, tickets = self._state(), self._tickets()
        everything = self._state(all_of_it=True)
        write = self._writer(self._about(recovery=False), EMBEDS if self.embeds_sources else -1)

        def work() -> Written:
            written = write(path)
            if self.slot is not None:
                self.slot.path.unlink(missing_ok=True)  # there is nothing to recover
            return written

        def tell(written: Written) -> None:
            self.path, self._saved, self._kept, self._is_recovered = path, state, everything, False
            self._workspace.results.note_kept(tickets)
            self._workspace.noticed.emit(_words(path, written))
            self.opened.emit(path)
            self.changed.emit()
            then()

        self._workspace.background.write(work, tell)

    def _tickets(self) -> list[int]:
        return [result.state.ticket for result in self._workspace.results]

    def _writer(self, about: About, embeds: int) -> Callable[[Path], Written]:
        """What writes all that there is at this moment. Args: embeds: as of `write_project`."""
        gathered, thumbnail = {each.name: each.gather() for each in self.sections}, self._thumbnail()
        return lambda path: write_project(path, about, gathered, thumbnail, embeds)

    def _about(self, recovery: bool) -> About:
        name = "" if self._workspace.picture is None else self._workspace.picture.name
        of = str(self.path or "") if recovery else ""
        edits = sum(row.kind is Kind.EDITED for row in self._sources.rows)
        return About(name, time.time(), of, len(self._tickets()), recovery, edits)

    def _thumbnail(self) -> np.ndarray | None:
        rows = self._sources.rows
        keys = [row.key for row in rows if row.kind is Kind.PICTURE] + [row.key for row in rows]
        return next((found for key in keys if (found := self._thumbnails.get(key)) is not None), None)

    # Opening.

    def open(self, path: Path, leftover: Leftover | None = None) -> None:
        """Opens one in this window, which has to be fresh.

        Args:
            leftover: of work that is recovered: it is that of another project, or of none.
        """
        if leftover is not None:
            try:
                self.slot = Slot(path.parent, leftover.slot)
            except TakenError:
                self._workspace.noticed.emit(f"{leftover.about.name} is open in another window already")
                return
        self._read(path, leftover, {})

    def _read(self, path: Path, leftover: Leftover | None, located: dict[str, Path]) -> None:
        self._is_restoring = True
        name = path.name if leftover is None else leftover.about.name or path.name

        def read() -> Loaded:
            return read_project(path, self.sections, self._copies, located)

        self._workspace.opening.read_other(name, read, partial(self._take, leftover, located), self._give_up)

    def _give_up(self) -> None:
        self._is_restoring = False
        if self.slot is not None:  # it stays for another time
            self.slot.release(remove=False)
            self.slot = None

    def _take(self, leftover: Leftover | None, located: dict[str, Path], loaded: Loaded) -> None:
        unasked = [each for each in loaded.lacking if each.key not in located]
        found = {each.key: path for each in unasked if (path := self._asks.find_source(each)) is not None}
        if found:
            self._read(loaded.path, leftover, located | found)
            return
        for restored in loaded.restored:
            restored.begin()
        reading, finish = loaded.reading, partial(self._finish, loaded, leftover)
        opened = reading.pictures.get(reading.open_file)
        if opened is None or reading.open_file in {each.key for each in loaded.lacking}:
            opened = self._instead(loaded)
        if opened is None:
            finish()
        else:
            self._workspace.opening.open_kept(opened, finish, finish)

    def _instead(self, loaded: Loaded) -> PictureKey | None:
        """What is open in the place of a picture that cannot be had: the file that was made of it."""
        results, reading = list(self._workspace.results), loaded.reading
        shown = self._sources.at_hand.result_of(reading.keys.get(reading.shown))
        result = shown or (results[-1] if results else None)
        if result is None:
            return None
        name = self._sources.get(f"result:{result.state.ticket}").name
        copy = self._copies.write([reading.data[result.state.ticket]], DAUB)
        origin = CopyOrigin(copy, f"{name}{DAUB}")
        return PictureKey(origin, origin.stamp(), self._workspace.background_colour)

    def _finish(self, loaded: Loaded, leftover: Leftover | None) -> None:
        for restored in loaded.restored:
            restored.finish()
        self._is_restoring = False
        about = loaded.about
        if leftover is None:
            self.path = loaded.path
            self.opened.emit(loaded.path)
        else:
            self.path = Path(about.project) if about.project else None
        self._saved, self._kept = self._state(), self._state(all_of_it=True)
        lost = [*(f"{each.name}: it is {each.found.value}" for each in loaded.lacking), *loaded.lost]
        self._is_recovered = leftover is not None
        if leftover is None:
            self._workspace.results.note_kept(self._tickets())
        if lost:
            line = f"{loaded.path.name if leftover is None else about.name} is open, but not all of it: "
            details = "\n".join(lost)
            self._workspace.failed.emit(Failure(line + (lost[0] if len(lost) == 1 else f"{len(lost)} things"), details))
        elif leftover is not None:
            self._workspace.noticed.emit(f"Recovered {about.name or 'the work'}")
        self.changed.emit()

    # Keeping for recovery.

    def autosave(self) -> None:
        """Keeps the work for recovery, where there is something new of it. To be called now and then."""
        if self._workspace.picture is None or self._is_keeping or self._is_restoring:
            return
        state = self._state(all_of_it=True)
        if state == self._kept:
            return
        self._is_keeping = True
        write = self._writer(self._about(recovery=True), -1)

        def work() -> None:
            if self.slot is None:
                self.slot = Slot(recovery_folder())
            with by_name(self.slot.path.name, "the copy for recovery"):
                write(self.slot.path)

        self._workspace.background.write(work, partial(self._note_kept, state), self._note_unkept)

    def _note_kept(self, state: Hashable, _: object) -> None:
        self._is_keeping, self._kept, self._failed_to_keep = False, state, False

    def _note_unkept(self, failure: Failure) -> None:
        self._is_keeping = False
        if not self._failed_to_keep:
            self._failed_to_keep = True
            line = f"{failure.line}; the last good one stays" if self._kept is not None else failure.line
            self._workspace.failed.emit(Failure(line, failure.details))

    def close(self) -> None:
        """Forgets what was kept for recovery: the window is closed, and nothing of it is missed. Returns at once."""
        if self._is_closed or not (self._is_keeping or self.slot or self._copies):
            return
        self._is_closed = True

        def forget() -> None:
            if self.slot is not None:
                self.slot.release(remove=True)
            self._copies.close()

        self._workspace.background.write(forget, lambda _: None)


def _words(path: Path, written: Written) -> str:
    """What is said of a project that was saved."""
    line = f"Saved {path.name}, {size_text(written.bytes)}"
    if written.embedded:
        line += f", with {_listed(written.embedded)} in it"
    if written.linked:
        line += f"; {_listed(written.linked)} {'stays' if len(written.linked) == 1 else 'stay'} where it is"
        line = line.replace("stay where it is", "stay where they are")
    if written.changed:
        line += f"; {_listed(written.changed)} has changed on the disk since it was opened, and is not in it"
    return line


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} pictures"
