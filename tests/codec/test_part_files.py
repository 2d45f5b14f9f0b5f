"""Files under way: gone with whoever wrote them, or at the next write in the folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from daub.codec import part_files
from daub.codec.files import write_atomic
from daub.codec.part_files import part_file, remove_stale, under_way

# Writes for ever: the part file is there, and locked.
WRITER = """
import sys, time
from daub.codec import part_files
with part_files.part_file(part_files.Path(sys.argv[1])) as file:
    print(file.name, flush=True)
    time.sleep(60)
"""


def _age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_part_file_is_gone_however_its_block_ends(tmp_path):
    for error in (None, KeyboardInterrupt, OSError):
        try:
            with part_file(tmp_path) as file:
                assert [str(path) for path in tmp_path.iterdir()] == [file.name]
                if error:
                    raise error
        except (KeyboardInterrupt, OSError):
            pass
        assert file.closed and not list(tmp_path.iterdir()) and not part_files._under_way


def test_a_part_file_that_has_taken_its_name_stays(tmp_path):
    with part_file(tmp_path) as file:
        os.replace(file.name, tmp_path / "whole")
    assert os.listdir(tmp_path) == ["whole"]


def test_what_a_killed_process_has_left_goes_with_the_next_write(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path], stdout=subprocess.PIPE, text=True)
    try:
        left = Path(process.stdout.readline().strip())
        _age(left, 3600)
        write_atomic(tmp_path / "first", b"x")
        assert left.exists(), "its process lives and holds the lock, however long it takes"
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        _age(left, 30)
        write_atomic(tmp_path / "second", b"x")
        assert left.exists(), "so young a file may be about to be locked"
        _age(left, 90)
        write_atomic(tmp_path / "third", b"x")
    finally:
        process.kill()
    assert sorted(os.listdir(tmp_path)) == ["first", "second", "third"]


def test_nothing_else_is_taken_for_a_part_file(tmp_path):
    ours = ".daub-0123456789abcdef.part"
    kept = ["x.part", ".daub-0123.part", ours + "x", "x" + ours, ".daub-0123456789ABCDEF.part"]
    for name in kept:
        (tmp_path / name).touch()
        _age(tmp_path / name, 1e6)
    (tmp_path / ".daub-00000000000000aa.part").mkdir()
    _age(tmp_path / ".daub-00000000000000aa.part", 1e6)
    (tmp_path / ".daub-00000000000000ab.part").symlink_to(tmp_path / "x.part")
    remove_stale(tmp_path)
    remove_stale(tmp_path / "absent")
    assert len(os.listdir(tmp_path)) == len(kept) + 2
    (tmp_path / ours).touch()
    _age(tmp_path / ours, 90)
    remove_stale(tmp_path)
    assert not (tmp_path / ours).exists()


def test_whatever_is_under_way_can_be_abandoned(tmp_path, monkeypatch):
    monkeypatch.setattr(part_files, "SETTLING", part_files.threading.RLock())  # it is held for good
    (tmp_path / "scratch").mkdir()
    with under_way(tmp_path / "scratch", Path.rmdir), pytest.raises(FileNotFoundError), part_file(tmp_path) as file:
        assert sorted(os.listdir(tmp_path)) == sorted([Path(file.name).name, "scratch"])
        part_files.abandon_all()
        assert os.listdir(tmp_path) == []
        os.replace(file.name, tmp_path / "whole")
