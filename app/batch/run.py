"""A batch: what is to be done, who does it, and what has come of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from daub.app.batch import layout, memory, places
from daub.app.batch.cluster import LOCAL, Cluster
from daub.app.batch.journal import FIGURES, Entry, Journal
from daub.app.batch.pool import Pool, Told, Work
from daub.app.batch.task import Request, settings_digest, settings_of, task_of
from daub.app.tasks.encoding import EncodeRequest
from daub.app.tasks.telling import Say, silent
from daub.codec import images
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX, open_file, refusals_of_writing, write_atomic
from daub.codec.targets import check_target


def lines_of(name: str) -> list[str]:
    """The lines of a list, without those that are empty."""
    with places.opened(name) as file:
        return lines_in(file.read())


def lines_in(data: bytes) -> list[str]:
    """The lines of a list by its content: names may hold whatever the system lets them, but no end of a line."""
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    return [name for line in text.split("\n") if (name := line.rstrip("\r")).strip()]


@dataclass(frozen=True)
class BatchRequest:
    """Many files to be encoded or decoded alike.

    Args:
        inputs: files, folders, patterns and lists, as `layout` takes them.
        folder: path or URL of the folder of all outputs.
        request: what to do with each; its own source and target do not count.
        suffix: what names of outputs end in, such as ".daub".
        jobs: processes; None: as many as there are cores and memory for.
        device: "auto", "cpu" or "cuda".
        threads: of each process; None: the cores, shared between them.
        dask: address of a scheduler, or `cluster.LOCAL`; None: processes of this machine without it.
        retries: how often a file is tried again whose process has ended.
        lines: reads the lines of a list, by its name.
    """

    inputs: tuple[str, ...]
    folder: str
    request: Request
    suffix: str
    jobs: int | None = None
    device: str = "auto"
    threads: int | None = None
    dask: str | None = None
    retries: int = 1
    lines: Callable[[str], list[str]] = lines_of


class State(StrEnum):
    """What has become of a file; the values are shown to people."""

    DONE = "done"
    BEFORE = "done before"
    COPIED = "copied"  # of what was made of the same content, under another name
    FAILED = "failed"


@dataclass(frozen=True)
class Row:
    """One file.

    Args:
        file: path or URL of the source.
        target: name of the output, below the folder.
        why: one line, of one that has failed.
        figures: by the names of `journal.FIGURES`; those that are not known are missing.
    """

    file: str
    target: str
    state: State
    why: str | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For a table: all columns."""
        about = {"file": self.file, "target": self.target, "state": str(self.state), "why": self.why}
        return about | {name: self.figures.get(name) for name in FIGURES}


@dataclass(frozen=True)
class Progress:
    """How far a batch is.

    Args:
        fraction: of the work, 0 to 1, by pixels.
        ended, count: files.
        failed: of those that have ended.
        rate: files in a second.
    """

    fraction: float
    ended: int
    count: int
    failed: int
    rate: float


@dataclass(frozen=True)
class Outcome:
    """What has come of a batch: a row for each file, in the order of the inputs."""

    rows: tuple[Row, ...]
    notices: tuple[str, ...]
    jobs: int
    seconds: float

    def count(self, state: State) -> int:
        """How many files have come to it."""
        return sum(row.state is state for row in self.rows)


def run_batch(
    batch: BatchRequest,
    say: Say = silent,
    progress: Callable[[Progress], None] = silent,
    ended: Callable[[Row], None] = silent,
) -> Outcome:
    """Does what has not been done.

    Args:
        ended: is told of every file that was worked on, as it comes.

    Raises:
        DaubError: nothing can be done at all: no such input, a folder that cannot be written, no device.
        DeviceUnavailable: "cuda" cannot be had.
    """
    began = time.perf_counter()
    say("looking for files")
    verb = settings_of(batch.request)["verb"]
    takes = _takes_images if verb == "encode" else _takes_daub
    found = list(layout.found(batch.inputs, takes, batch.folder, batch.lines))
    plan = layout.lay_out(found, batch.suffix)
    places.make_folder(batch.folder)
    if not places.is_url(batch.folder):
        check_target(os.path.join(batch.folder, f"daub-batch{SUFFIX}"))
    journal = Journal(batch.folder)
    try:
        say(f"looking what is done of {len(plan):,} files")
        desk = _Desk(batch, journal, settings_digest(batch.request, _contents(batch.request)), plan)
        rows: dict[int, Row] = {}
        works = []
        for number, place in enumerate(plan):
            row = desk.done_before(place)
            if row is None:
                pixels = memory.pixels_of(place.name, desk.size(place))
                task = task_of(batch.request, place.name, places.joined(batch.folder, place.relative))
                works.append((Work(number, task, memory.bytes_wanted(batch.request, pixels)), max(pixels, 1)))
            else:
                rows[number] = row
        jobs, notices = _jobs(batch, len(works)), []
        if works:
            watch = _Watch({work.number: pixels for work, pixels in works}, progress)
            with _doers(batch, jobs, say) as doers:
                for told in doers.results([work for work, _ in works]):
                    if told.row is not None:
                        place = plan[told.number]
                        rows[told.number] = row = desk.keep(place, told.row)
                        notices += (places.shown_in(notice, place.name) for notice in told.row.get("notices", ()))
                        ended(row)
                        watch.failed += row.state is State.FAILED
                    watch.tell(told)
    finally:
        journal.close()
    seconds = time.perf_counter() - began
    return Outcome(tuple(rows[number] for number in range(len(plan))), tuple(notices), jobs, seconds)


class _Desk:
    """Compares with the journal, and writes into it."""

    def __init__(self, batch: BatchRequest, journal: Journal, settings: str, plan: Sequence[layout.Place]):
        self._folder, self._journal, self._settings = batch.folder, journal, settings
        self._replacing = batch.request.replacing
        sources = [place.name for place in plan]
        known = (place.relative for place in plan if place.relative in journal.entries)
        self._stamps = places.stamps([*sources, *(places.joined(batch.folder, name) for name in known)])
        self._alike: dict[str, list[Entry]] = {}  # made with these settings, by the digest of their source
        self._sizes: set[int] = set()  # bytes of these sources: of another size, nobody need read a file
        for entry in journal.entries.values():
            if entry.settings == settings:
                self._alike.setdefault(entry.digest, []).append(entry)
                self._sizes.add(entry.stamp.size)

    def done_before(self, place: layout.Place) -> Row | None:
        """Its row, where there is a file of the same content and settings; None where it is to be made."""
        stamp = self._stamps[place.name]
        if stamp is None:
            return None
        own = self._journal.entries.get(place.relative)
        name = places.shown(place.name)
        known = own is not None and (own.settings, own.source, own.stamp) == (self._settings, name, stamp)
        if name != place.name and not stamp.changed:  # its query may say which picture it is, as may nothing else
            known = False
        if known and self._is_whole(own):
            return Row(name, place.relative, State.BEFORE, figures=own.figures)
        if stamp.size not in self._sizes:
            return None
        try:
            alike = self._alike.get(places.digest(place.name), ())
            for entry in sorted(alike, key=lambda entry: entry.target != place.relative):
                if self._is_whole(entry):
                    state = State.BEFORE if entry.target == place.relative else State.COPIED
                    if state is State.COPIED:
                        self._copy(place, entry)
                    break
            else:
                return None
        except DaubError:  # it cannot be read, or must not be written: who works on it says so
            return None
        made_stamp = places.stamp(places.joined(self._folder, place.relative)) or entry.made_stamp
        about = {"target": place.relative, "source": name, "stamp": stamp, "made_stamp": made_stamp}
        self._journal.add(replace(entry, **about))
        return Row(name, place.relative, state, figures=entry.figures)

    def size(self, place: layout.Place) -> int:
        """Bytes of its source, as far as they are known."""
        stamp = self._stamps[place.name]
        return place.size or (stamp.size if stamp else 0)

    def keep(self, place: layout.Place, row: dict[str, Any]) -> Row:
        """Notes down what has come of a task."""
        name = places.shown(place.name)
        if "failed" in row:
            return Row(name, place.relative, State.FAILED, places.shown_in(row["failed"], place.name))
        figures = {name: row[name] for name in FIGURES}
        target = places.stamp(places.joined(self._folder, place.relative)) or places.Stamp(row["bytes"], "")
        stamp = self._stamps[place.name] or places.Stamp(row["source_bytes"], "")
        digests = row["digest"], self._settings, row["made"]
        self._journal.add(Entry(place.relative, name, stamp, *digests, target, figures))
        return Row(name, place.relative, State.DONE, figures=figures)

    def _is_whole(self, entry: Entry) -> bool:
        """Its file is there, and is the one that was made."""
        name = places.joined(self._folder, entry.target)
        stamp = self._stamps[name] if name in self._stamps else places.stamp(name)
        if stamp is None or stamp.size != entry.made_stamp.size:
            return False
        return stamp == entry.made_stamp or places.digest(name) == entry.made

    def _copy(self, place: layout.Place, entry: Entry) -> None:
        """Writes what was made of the same content; a source is no more written over than by a task."""
        target, made = (places.joined(self._folder, name) for name in (place.relative, entry.target))
        with places.as_local(made) as source, places.to_local(target, self._replacing.files) as path:
            check_target(path, [place.name], self._replacing)
            with open_file(source) as file, refusals_of_writing(path):
                write_atomic(path, file.read(), replace=self._replacing.files)


class _Watch:
    """How far it is, of all pixels, and how fast."""

    def __init__(self, pixels: dict[int, int], progress: Callable[[Progress], None]):
        self._pixels, self._progress = pixels, progress
        self._all = sum(pixels.values())
        self._done = 0  # pixels
        self._under_way: dict[int, float] = {}
        self._ended, self.failed = 0, 0
        self._began = time.monotonic()

    def tell(self, told: Told) -> None:
        if told.row is None:
            self._under_way[told.number] = told.fraction
        else:
            self._under_way.pop(told.number, None)
            self._done += self._pixels[told.number]
            self._ended += 1
        pixels = self._done + sum(part * self._pixels[number] for number, part in self._under_way.items())
        rate = self._ended / max(time.monotonic() - self._began, 1e-3)
        self._progress(Progress(pixels / self._all, self._ended, len(self._pixels), self.failed, rate))


@contextmanager
def _doers(batch: BatchRequest, jobs: int, say: Say) -> Iterator[Pool | Cluster]:
    say("starting processes (kernels are compiled once, on the first run)")
    if batch.device == "cuda" and batch.dask is None:
        from daub.render.devices import choose

        choose("cuda")  # refuses at once what every process would refuse
    if batch.dask is not None:
        threads = batch.threads or (memory.threads_of_each(jobs) if batch.dask == LOCAL else None)
        with Cluster(batch.dask, jobs, batch.device, threads, batch.retries) as cluster:
            yield cluster
        return
    free = memory.free_bytes()
    room = None if free is None else max(int(memory.SHARE * free) - jobs * memory.PROCESS, 0)
    threads = batch.threads or memory.threads_of_each(jobs)
    with Pool(jobs, batch.device, threads, room, batch.retries, memory.gpus()) as pool:
        yield pool


def _jobs(batch: BatchRequest, count: int) -> int:
    if batch.jobs is not None:
        return max(min(batch.jobs, count), 1)
    return memory.usual_jobs(memory.free_bytes(), count)


def _takes_images(name: str) -> bool:
    return Path(name).suffix.lower() in images.READ_SUFFIXES


def _takes_daub(name: str) -> bool:
    return Path(name).suffix.lower() == SUFFIX


def _contents(request: Request) -> dict[str, str]:
    """Digests of the files that the options name: another content makes other outputs."""
    profile = request.settings.profile if isinstance(request, EncodeRequest) else None
    named = (getattr(request, "importance", None), profile if profile and os.path.isfile(profile) else None)
    return {name: places.digest(name) for name in named if name is not None}
