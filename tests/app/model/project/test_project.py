"""Projects: what is saved comes back, whatever has become of the files around it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from project_seen import Seen

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.commands.project import may_close, open_project
from daub.app.model.compare.modes import Mode
from daub.app.model.fit.state import FitState, Phase
from daub.app.model.host import Leaving
from daub.app.model.picture.origin import PixelOrigin
from daub.app.model.project import project as project_module
from daub.app.model.project.section import Restored
from daub.app.model.sources.source import Figures, Kind
from daub.app.model.workspace.tries import Asked
from daub.codec.goal import Goal
from daub.codec.settings import EncodeSettings


def add_result(desk, encoded, settings: EncodeSettings) -> str:
    """A result of the picture that is open; the key of its row."""
    workspace = desk.workspace
    ticket = workspace.tries.add(Asked(workspace.picture.key, settings, None))
    workspace.tries.keep(FitState(ticket, Phase.FINISHED, settings.goal, encoded=encoded, whole=True))
    return f"result:{ticket}"


def save(desk, path: Path) -> zipfile.ZipFile:
    """Saves the project and waits for it."""
    opened, failed = [], len(desk.heard["failed"])
    desk.bench.project.opened.connect(opened.append)
    desk.bench.project.save(path)
    desk.until(lambda: opened or len(desk.heard["failed"]) > failed)
    desk.bench.project.opened.disconnect(opened.append)
    assert opened, desk.heard["failed"]
    return zipfile.ZipFile(path)


def reopen(desk, path: Path):
    """Opens a project in a fresh workbench and waits until it is there."""
    open_project(desk.bench, path)
    project = desk.bench.project
    # The kernels that it takes may have to be compiled first.
    desk.until(lambda: not project._is_restoring and desk.bench.workspace.background.running == 0, seconds=120)
    desk.pump(0.1)
    return desk


@pytest.fixture
def photo_in(tmp_path, small) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return Path(shutil.copy(small, folder / "small.png"))


@pytest.fixture
def worked(desk, photo_in, real_files, draw):
    """Three results, one starred, one renamed, one shown, another file, a map, a rival, and a view of its own."""
    workspace, sources, view = desk.workspace, desk.bench.sources, desk.bench.view
    workspace.fitting.start_fits_paused(True)
    view.resize(400, 300, 1.0)
    desk.open(photo_in)
    workspace.change(goal=Goal("gaussians", 10), steps=5)
    keys = [
        add_result(desk, encoded, EncodeSettings(Goal("gaussians", count), steps=5))
        for encoded, count in zip(real_files, (6, 8, 10), strict=True)
    ]
    sources.star(keys[0])
    sources.rename(keys[1], "the second, ö \u2713")
    sources.add([type(workspace.picture.key.origin)(draw("beside.png", 90, (24, 16)))])
    desk.until(lambda: any(row.name == "beside.png" for row in sources.rows))
    rival = PIL.Image.open(photo_in)
    webp = photo_in.with_suffix(".webp")
    rival.save(webp, lossless=True)
    sources.add_rival("WebP", webp.read_bytes(), np.asarray(rival), "lossless", Figures(99.5, 0.999), ".webp")
    values = np.full((16, 24), 128, np.uint8)
    values[4:9, 3:11] = 240
    canvas = workspace.canvas
    workspace.paint(canvas.patch_to(values).after)
    workspace.fitting.show_result(workspace.results.of(int(keys[2].partition(":")[2])))
    sources.pair.put(keys[0], "a")
    desk.until(lambda: sources.pair.on("a") == keys[0])
    view.choose(Mode.SPLIT)
    view.amplify(2)
    view.zoom_to(20.0, 100, 100)
    view.move_split(100)
    desk.until(lambda: workspace.background.running == 0)
    desk.photo = photo_in
    return desk


def test_all_of_a_window_comes_back(worked, new_desk, tmp_path):
    before = Seen.of(worked.bench)
    with save(worked, tmp_path / "work.daubproj") as archive:
        names = archive.namelist()
        assert names[:2] == ["project.json", "thumbnail.png"]
        index = archive.read("project.json")
        assert index.startswith(b'{\n "version": 1,')
        assert {info.compress_type for info in archive.infolist() if info.filename.endswith((".daub", ".png"))} == {0}
    assert "Saved work.daubproj" in worked.heard["noticed"][-1] and "2 pictures in it" in worked.heard["noticed"][-1]
    other = new_desk()
    other.bench.view.resize(400, 300, 1.0)
    reopen(other, tmp_path / "work.daubproj")
    after = Seen.of(other.bench)
    assert not other.heard["failed"]
    for name, value in vars(before).items():
        assert getattr(after, name) == value, name
    assert other.state.phase is Phase.FINISHED and other.state.encoded.data == worked.state.encoded.data
    rivals = [row for row in other.bench.sources.rows if row.kind is Kind.RIVAL]
    assert (other.bench.sources.at_hand.pixels8_of(rivals[0].key) == np.asarray(PIL.Image.open(worked.photo))).all()
    assert not other.bench.project.is_dirty and not other.bench.is_unsaved
    assert not other.bench.log.text.count("Finished"), "nothing was finished just now"


def test_every_result_is_shown_again_and_saved_again_as_it_was(worked, new_desk, tmp_path):
    save(worked, tmp_path / "work.daubproj")
    other = reopen(new_desk(), tmp_path / "work.daubproj")
    for row in other.bench.sources.rows:
        if row.kind is Kind.RESULT:
            other.bench.sources.go_to(row.key)
            other.until(lambda row=row: other.state.encoded is not None and other.bench.sources.selected is not None)
    with save(other, tmp_path / "again.daubproj") as again, zipfile.ZipFile(tmp_path / "work.daubproj") as first:
        files = [name for name in first.namelist() if name.startswith("results/") and name.endswith(".daub")]
        kept = sorted(first.read(name) for name in files)
        assert sorted(again.read(name) for name in again.namelist() if name in files) == kept or len(kept) == 3


def test_a_source_that_is_gone_comes_out_of_the_project(worked, new_desk, tmp_path):
    save(worked, tmp_path / "work.daubproj")
    pixels = worked.workspace.picture.pixels.copy()
    shutil.rmtree(worked.photo.parent)
    other = reopen(new_desk(), tmp_path / "work.daubproj")
    assert (other.workspace.picture.pixels == pixels).all() and other.workspace.picture.name == "small.png"
    assert other.workspace.picture.path is None and not other.heard["failed"]
    save(other, tmp_path / "moved.daubproj")
    third = reopen(new_desk(), tmp_path / "moved.daubproj")
    assert (third.workspace.picture.pixels == pixels).all()


def test_sources_by_path_follow_the_project_and_are_asked_for_where_they_are_missing(worked, new_desk, tmp_path):
    worked.bench.project.embed(False)
    folder = tmp_path / "photos"
    with save(worked, folder / "work.daubproj") as archive:
        assert not any(name.startswith("sources/") for name in archive.namelist())
    moved = folder.rename(tmp_path / "elsewhere")
    other = reopen(new_desk(), moved / "work.daubproj")
    assert other.workspace.picture.path == moved / "small.png"
    photo = moved / "small.png"
    hidden = photo.rename(moved / "another name.png")
    third = new_desk()
    third.host.answers["source"] = hidden
    reopen(third, moved / "work.daubproj")
    assert third.host.asked[0].name == "small.png" and third.workspace.picture.path == hidden
    assert third.state.encoded is not None, "its result is shown with it"


def test_without_its_source_what_there_is_can_be_looked_at(worked, new_desk, tmp_path):
    worked.bench.project.embed(False)
    save(worked, tmp_path / "work.daubproj")
    worked.photo.write_bytes(worked.photo.read_bytes() + b"changed")
    other = reopen(new_desk(), tmp_path / "work.daubproj")
    assert other.host.asked[0].found.value == "changed"
    assert other.workspace.picture.data == worked.state.encoded.data, "the file that was shown is open instead"
    assert sum(row.kind is Kind.RESULT for row in other.bench.sources.rows) == 3
    line = other.heard["failed"][0].line
    assert "small.png: it is changed" in line and "\n" not in line
    save(other, tmp_path / "again.daubproj")
    shutil.copy(worked.photo, tmp_path / "keep")
    worked.photo.write_bytes(worked.photo.read_bytes()[: -len(b"changed")])
    third = reopen(new_desk(), tmp_path / "again.daubproj")
    rows = [row for row in third.bench.sources.rows if row.name == "small.png"]
    assert rows and third.bench.sources.at_hand.file_of(rows[0].key).picture.origin.path == worked.photo


def test_pasted_pixels_are_in_it(desk, new_desk, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (6, 5, 4), np.uint8)
    desk.workspace.fitting.start_fits_paused(True)
    desk.workspace.open(PixelOrigin(pixels, "pasted", ("noticed",)))
    desk.until(lambda: desk.workspace.picture is not None)
    save(desk, tmp_path / "pasted.daubproj")
    other = reopen(new_desk(), tmp_path / "pasted.daubproj")
    origin = other.workspace.picture.key.origin
    assert (origin.pixels == pixels).all() and (origin.name, origin.notices) == ("pasted", ("noticed",))


def test_an_unfinished_fit_can_be_gone_on_with(desk, new_desk, photo, tmp_path):
    desk.workspace.change(goal=Goal("gaussians", 50), steps=60)
    desk.open(photo)
    desk.encoder.permits.release(20)
    desk.until(lambda: desk.state.progress.step >= 20)
    save(desk, tmp_path / "fit.daubproj")
    other = new_desk()
    other.workspace.wake()
    other.until(lambda: other.heard["ready"])
    reopen(other, tmp_path / "fit.daubproj")
    assert other.state.phase is Phase.STOPPED and len(other.state.gaussians) == 20
    assert BY_NAME["play"].enabled(other.bench)
    BY_NAME["play"].run(other.bench)
    other.encoder.permits.release(200)
    other.until(lambda: other.state.phase is Phase.FINISHED)
    start = other.encoder.starts[-1]
    assert start.checkpoint.step == 20 and start.count == 50 and len(start.checkpoint.gaussians) == 20
    assert "step 20" in other.workspace.results.of(other.state.ticket).origin


def test_the_method_in_a_file_is_in_it(desk, new_desk, photo, tmp_path):
    method = tmp_path / "mine.toml"
    method.write_text('base = "smartsplat"\nloss = "l2"\nsteps = 900\n')
    desk.workspace.fitting.start_fits_paused(True)
    desk.workspace.change(goal=Goal("gaussians", 20), profile=str(method))
    desk.open(photo)
    save(desk, tmp_path / "method.daubproj")
    same = reopen(new_desk(), tmp_path / "method.daubproj")
    assert same.workspace.settings.profile == str(method)
    method.unlink()
    other = reopen(new_desk(), tmp_path / "method.daubproj")
    profile = Path(other.workspace.settings.profile)
    assert profile.read_text().startswith('base = "smartsplat"') and profile != method
    assert other.workspace.method == desk.workspace.method


def test_the_mark_follows_the_work(worked, tmp_path):
    project, workspace = worked.bench.project, worked.workspace
    assert worked.bench.is_unsaved and not project.is_dirty, "results in no file, and no project"
    save(worked, tmp_path / "work.daubproj")
    assert not worked.bench.is_unsaved
    worked.bench.view.zoom_to(3.0)
    assert not worked.bench.is_unsaved, "to look around is no change"
    workspace.change(seed=4)
    assert worked.bench.is_unsaved
    workspace.undo()
    assert not worked.bench.is_unsaved, "it is as it was saved"
    worked.bench.sources.star(worked.bench.sources.rows[0].key)
    assert worked.bench.is_unsaved
    save(worked, tmp_path / "work.daubproj")
    assert not worked.bench.is_unsaved


def test_who_closes_is_asked_and_can_save_first(worked, tmp_path):
    bench, host = worked.bench, worked.host
    host.answers["lose"] = Leaving.STAY
    assert not may_close(bench)
    host.answers |= {"lose": Leaving.SAVE, "save": tmp_path / "work.daubproj"}
    assert not may_close(bench)
    worked.until(lambda: "nothing in this window" in host.opened)
    assert may_close(bench), "it has been saved"
    worked.workspace.change(seed=5)
    host.answers["leave"] = Leaving.STAY
    assert not may_close(bench) and host.asked[-1] == "work"
    host.answers["leave"] = Leaving.LEAVE
    assert may_close(bench)


def test_where_it_cannot_be_saved_it_stays_unsaved(worked, tmp_path, monkeypatch):
    path = tmp_path / "work.daubproj"
    save(worked, path)
    before = path.read_bytes()
    worked.workspace.change(seed=6)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("daub.codec.files._write", full)
    worked.bench.project.save(path)
    worked.until(lambda: worked.heard["failed"])
    line = worked.heard["failed"][-1].line
    assert line == "cannot write work.daubproj, the disk is full, free some space or choose another disk"
    assert worked.bench.is_unsaved and path.read_bytes() == before


def test_a_project_opens_in_another_window_where_this_one_is_used(worked, new_desk, tmp_path):
    save(worked, tmp_path / "work.daubproj")
    other = new_desk()
    worked.host.answers["window"] = other.bench
    rows = len(worked.bench.sources.rows)
    open_project(worked.bench, tmp_path / "work.daubproj")
    other.until(lambda: len(other.bench.sources.rows) == rows)
    assert worked.host.opened == ["window"]


def test_esc_gives_up_a_project_and_the_window_is_fresh_again(new_desk, worked, tmp_path, monkeypatch):
    save(worked, tmp_path / "work.daubproj")
    other = new_desk()
    held = project_module.read_project
    monkeypatch.setattr(project_module, "read_project", lambda *given: (__import__("time").sleep(0.3), held(*given))[1])
    open_project(other.bench, tmp_path / "work.daubproj")
    assert not other.bench.project.is_fresh
    other.workspace.opening.cancel()
    other.pump(0.6)
    assert other.bench.project.is_fresh and not other.bench.sources.rows


def test_a_section_of_a_later_daub_is_told_and_one_more_section_comes_along(worked, new_desk, tmp_path):
    class Notes:
        name, counts = "notes", True

        def __init__(self, text: str):
            self.text = text

        def state(self):
            return self.text

        def gather(self):
            text = self.text
            return lambda writing: {"text": text, "entry": writing.archive.add("notes/1.txt", text.encode())}

        def read(self, fields, reading):
            text = reading.archive.read(fields.text("entry"), 100).decode()
            return Restored(finish=lambda: setattr(self, "text", text))

    worked.bench.project.sections.append(Notes("a note"))
    path = tmp_path / "work.daubproj"
    save(worked, path)
    other = new_desk()
    other.bench.project.sections.append(Notes(""))
    reopen(other, path)
    assert other.bench.project.sections[-1].text == "a note" and not other.bench.project.is_dirty
    without = reopen(new_desk(), path)
    assert "what this Daub does not know: notes" in without.heard["failed"][0].line


def rewritten(path: Path, change) -> Path:
    """The project with another project.json. Args: change: gets it and changes it."""
    other = path.with_name("changed.daubproj")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "project.json":
                index = json.loads(data)
                change(index)
                data = json.dumps(index).encode()
            new.writestr(name, data)
    return other


def test_a_newer_one_is_refused_in_one_line(worked, new_desk, tmp_path):
    save(worked, tmp_path / "work.daubproj")
    path = rewritten(tmp_path / "work.daubproj", lambda index: index.update(version=2))
    other = reopen(new_desk(), path)
    assert other.heard["failed"][0].line == (
        "cannot open changed.daubproj, a newer Daub has written it, in version 2 of the format, and this one knows 1,"
        " install a newer Daub"
    )
    assert other.bench.project.is_fresh


def test_what_is_wrong_in_a_row_costs_that_row(worked, new_desk, tmp_path):
    save(worked, tmp_path / "work.daubproj")

    def spoil(index):
        index["sections"]["sources"]["results"][1]["settings"]["effort"] = 77
        del index["sections"]["view"]["mode"]
        index["sections"]["importance"]["maps"][0]["entry"] = "../../etc/passwd"

    other = reopen(new_desk(), rewritten(tmp_path / "work.daubproj", spoil))
    assert sum(row.kind is Kind.RESULT for row in other.bench.sources.rows) == 2
    failure = other.heard["failed"][0]
    assert "the second, ö \u2713 cannot be read, effort 77 is out of range" in failure.details
    assert "../../etc/passwd is missing" in failure.details
    assert failure.line == "changed.daubproj is open, but not all of it: 2 things"


def test_undo_begins_anew_and_works(worked, new_desk, tmp_path):
    save(worked, tmp_path / "work.daubproj")
    other = reopen(new_desk(), tmp_path / "work.daubproj")
    assert other.workspace.history.titles == ()
    key = other.bench.sources.rows[1].key
    other.bench.sources.delete(key)
    assert other.bench.sources.get(key) is None
    other.workspace.undo()
    assert other.bench.sources.get(key) is not None


def test_the_files_it_took_out_go_with_the_window(worked, new_desk, tmp_path):
    save(worked, tmp_path / "work.daubproj")
    worked.photo.unlink()
    other = reopen(new_desk(), tmp_path / "work.daubproj")
    copy = other.workspace.picture.key.origin.path
    assert copy.exists() and os.stat(copy.parent.parent).st_mode & 0o077 == 0
    other.bench.close()
    other.workspace.finish_files()
    assert not copy.parent.exists()


def test_frozen_settings_are_those_of_the_row(worked):
    """What the tests compare is not compared with itself."""
    seen = Seen.of(worked.bench)
    assert seen != replace(seen, files=[])


# Opens a project in a process of its own, and tells what came back.
_OPENER = """
import queue, sys, time
from pathlib import Path
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
from project_seen import Seen
from daub.app.model.commands.project import open_project
from daub.app.model.workbench import Workbench
from daub.app.model.workspace import looks
looks.measure_perceptually = lambda *_: None  # it takes packages that not everybody has
calls = queue.SimpleQueue()
host = SimpleNamespace(find_source=lambda lacking: None)
bench = Workbench(calls.put, lambda: calls.put(bench.workspace.fitting.refresh), host)
bench.view.resize(400, 300, 1.0)
bench.workspace.failed.connect(lambda failure: print(failure, file=sys.stderr))
open_project(bench, Path(sys.argv[2]))
last = time.monotonic() + 0.5
while time.monotonic() < last or bench.workspace.background.running:
    try:
        calls.get(timeout=0.02)()
        last = time.monotonic() + 0.5
    except queue.Empty:
        pass
print(Seen.of(bench), flush=True)
bench.close()
bench.workspace.finish_files()
"""


def test_another_process_has_the_same(worked, tmp_path):
    save(worked, tmp_path / "work.daubproj").close()
    command = [sys.executable, "-c", _OPENER, str(Path(__file__).parents[3]), str(tmp_path / "work.daubproj")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert not run.stderr
    assert run.stdout.strip() == repr(Seen.of(worked.bench))


def test_a_project_of_version_1_opens_for_ever(new_desk):
    """One that the first Daub with projects has written; it must never be made anew."""
    desk = new_desk()
    desk.bench.view.resize(400, 300, 1.0)
    reopen(desk, Path(__file__).with_name("version-1.daubproj"))
    rows = desk.bench.sources.rows
    assert [row.kind for row in rows] == [Kind.PICTURE, *[Kind.RESULT] * 3, Kind.RIVAL, Kind.FILE]
    assert rows[3].starred and rows[2].name == "the second, ö \u2713" and rows[1].bytes == len(desk.state.encoded.data)
    assert desk.bench.view.look.mode is Mode.SPLIT and desk.bench.view.place[2] == 20.0
    assert not desk.workspace.canvas.is_blank and desk.workspace.settings.goal == Goal("gaussians", 10)
    assert not desk.heard["failed"]
