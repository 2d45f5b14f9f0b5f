"""Work kept for recovery: whose it is, what becomes of it, and what a full disk does to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from test_project import add_result, save

from daub.app.model.commands.project import discard_leftover, look_for_leftovers, recover
from daub.app.model.project import recovery
from daub.app.model.project.recovery import Slot, TakenError, leftovers, recovery_folder
from daub.app.model.sources.source import Kind
from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.codec.settings import EncodeSettings

_HOLDER = """
import sys
from pathlib import Path
from daub.app.model.project.recovery import Slot
slot = Slot(Path(sys.argv[1]))
slot.path.write_bytes(Path(sys.argv[2]).read_bytes())
print(slot.path.stem, flush=True)
sys.stdin.read()
"""


_KEEPER = """
import sys
from pathlib import Path
from daub.app.model.project.format import About, write_project
from daub.app.model.project.recovery import Slot
slot, version = Slot(Path(sys.argv[1])), 0
while True:
    version += 1
    data = bytes([version % 251]) * 3_000_000
    entries = {"x": lambda writing: {"entry": writing.archive.add("x", data)}}
    write_project(slot.path, About(), entries, None, 0)
    print(version, flush=True)
"""


@pytest.fixture
def worked(desk, small, real_files):
    desk.workspace.fitting.start_fits_paused(True)
    desk.open(small)
    desk.workspace.change(goal=Goal("gaussians", 10), steps=5)
    add_result(desk, real_files[0], EncodeSettings(Goal("gaussians", 6), steps=5))
    desk.until(lambda: desk.workspace.background.running == 0)
    return desk


def keep(desk) -> None:
    """As the clock does."""
    desk.bench.project.autosave()
    desk.until(lambda: not desk.bench.project._is_keeping)


def left(desk) -> recovery.Leftover:
    """As after a kill: the lock goes, and the file stays."""
    keep(desk)
    slot, desk.bench.project.slot = desk.bench.project.slot, None
    slot.release(remove=False)
    (found,) = leftovers(recovery_folder())
    return found


def test_work_that_lives_is_nobody_elses(worked):
    keep(worked)
    slot = worked.bench.project.slot
    assert slot.path.exists() and os.stat(slot.path.parent).st_mode & 0o077 == 0
    assert leftovers(recovery_folder()) == []
    with pytest.raises(TakenError):
        Slot(recovery_folder(), slot.path.stem)
    look_for_leftovers(worked.bench)
    worked.pump(0.2)
    assert not worked.host.asked


def test_another_process_has_its_own_until_it_is_killed(worked, tmp_path):
    keep(worked)
    command = [sys.executable, "-c", _HOLDER, str(recovery_folder()), str(worked.bench.project.slot.path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    name = process.stdout.readline().strip()
    with pytest.raises(TakenError):
        Slot(recovery_folder(), name)
    assert leftovers(recovery_folder()) == []
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()
    (found,) = leftovers(recovery_folder())
    assert found.slot == name and found.about.results == 1 and found.thumbnail is not None


def test_a_kill_in_the_midst_of_keeping_leaves_what_was_kept_before(tmp_path):
    """Wherever it comes: the file is that of the last that was kept, or of the one after it."""
    process = subprocess.Popen(
        [sys.executable, "-c", _KEEPER, str(tmp_path)], stdout=subprocess.PIPE, text=True, bufsize=1
    )  # fmt: skip
    for _ in range(3):
        told = int(process.stdout.readline())
    time.sleep(0.013)  # seconds, about half of what one takes
    process.kill()
    told = int(([told, *process.communicate()[0].split()])[-1])
    (found,) = leftovers(tmp_path)
    with zipfile.ZipFile(found.path) as archive:
        assert archive.testzip() is None
        kept = set(archive.read("x"))
    assert kept in ({told % 251}, {(told + 1) % 251})


def test_without_locks_the_number_of_the_process_decides(worked, monkeypatch):
    def none(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(recovery.fcntl, "flock", none)
    keep(worked)
    slot = worked.bench.project.slot
    with pytest.raises(TakenError):
        Slot(recovery_folder(), slot.path.stem)
    slot.path.with_suffix(".lock").write_bytes(b"999999999")
    (found,) = leftovers(recovery_folder())
    assert found.slot == slot.path.stem


def test_what_is_recovered_is_unsaved_and_kept_on(worked, new_desk, tmp_path):
    save(worked, tmp_path / "work.daubproj").close()
    result = next(row for row in worked.bench.sources.rows if row.kind is Kind.RESULT)
    worked.bench.sources.rename(result.key, "another name")
    found = left(worked)
    assert found.about.project == str(tmp_path / "work.daubproj") and found.about.recovery
    other = new_desk()
    recover(other.bench, found)
    other.until(lambda: other.heard["noticed"])
    assert [row.name for row in other.bench.sources.rows if row.kind is Kind.RESULT] == ["another name"]
    assert other.bench.project.path == tmp_path / "work.daubproj" and other.bench.is_unsaved
    assert other.bench.project.slot.path == found.path and leftovers(recovery_folder()) == []
    save(other, tmp_path / "work.daubproj").close()
    assert not other.bench.is_unsaved and not found.path.exists()


def test_only_one_of_two_windows_gets_it(worked, new_desk):
    found = left(worked)
    first, second = new_desk(), new_desk()
    recover(first.bench, found)
    recover(second.bench, found)
    first.until(lambda: first.heard["noticed"])
    assert second.heard["noticed"] == ["small.png is open in another window already"]
    assert second.bench.project.is_fresh


def test_what_is_discarded_is_gone_and_what_lives_cannot_be(worked, new_desk):
    found = left(worked)
    other = new_desk()
    recover(other.bench, found)
    other.until(lambda: other.heard["noticed"])
    discard_leftover(worked.bench, found)
    worked.until(lambda: worked.workspace.background.running == 0)
    assert found.path.exists(), "another window has it"
    other.bench.close()
    other.workspace.finish_files()
    assert not list(recovery_folder().iterdir())


def test_a_full_disk_keeps_the_last_good_one_and_says_so_once(worked, monkeypatch):
    keep(worked)
    path = worked.bench.project.slot.path
    good = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("daub.codec.files._write", full)
        for seed in (1, 2):
            worked.workspace.change(seed=seed)
            keep(worked)
    assert path.read_bytes() == good
    assert [failure.line for failure in worked.heard["failed"]] == [
        "cannot write the copy for recovery, the disk is full, free some space or choose another disk; the last good "
        "one stays"
    ]
    keep(worked)
    assert path.read_bytes() != good, "there is room again"


@pytest.mark.skipif(not os.path.exists("/proc"), reason="a limit of the size of files is wanted")
def test_a_real_limit_does_the_same(worked, tmp_path):
    """In a process of its own, whose files the system lets grow to 4 kB."""
    program = """
import resource, signal, sys
from pathlib import Path
from daub.app.model.sources.source import Kind
from daub.codec.errors import DaubError
from daub.app.model.project.format import About, write_project
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
entries = lambda size: {"x": lambda writing: {"entry": writing.archive.add("x", bytes(size))}}
write_project(path, About(), entries(100), None, 0)
good = path.read_bytes()
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    write_project(path, About(), entries(100_000), None, 0)
except DaubError as error:
    print(error)
assert path.read_bytes() == good
assert [each.name for each in path.parent.iterdir()] == [path.name]
"""
    (tmp_path / "folder").mkdir()
    command = [sys.executable, "-c", program, str(tmp_path / "folder" / "x.daubproj")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0 and run.stdout.startswith("cannot write x.daubproj, ") and not run.stderr


def test_a_folder_that_takes_nothing_is_told_once(worked, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DAUB_STATE_DIR", str(tmp_path / "file"))
    keep(worked)
    worked.workspace.change(seed=9)
    keep(worked)
    (failure,) = worked.heard["failed"]
    assert "a part of that path is a file, not a folder" in failure.line
    with pytest.raises(DaubError):
        Slot(recovery_folder())


def test_a_broken_leftover_hides_no_other(worked):
    found = left(worked)
    (found.path.parent / f"{'0' * 16}.daubproj").write_bytes(b"PK\3\4 nothing")
    (found.path.parent / "notes.txt").write_text("of somebody else")
    assert [each.slot for each in leftovers(recovery_folder())] == [found.slot]
    assert (found.path.parent / "notes.txt").exists()


def test_a_fit_under_way_is_kept_as_it_goes_on(desk, new_desk, photo):
    desk.workspace.change(goal=Goal("gaussians", 50), steps=60)
    desk.open(photo)
    for steps in (12, 30):
        desk.encoder.permits.release(steps - desk.state.progress.step)
        desk.until(lambda steps=steps: desk.state.progress.step >= steps)
        keep(desk)
    found = left(desk)
    other = new_desk()
    recover(other.bench, found)
    other.until(lambda: other.state.gaussians is not None)
    assert len(other.state.gaussians) == 30 and other.workspace.rewind.from_here.step == 30
