"""`daub batch` as a person runs it: by processes of this machine, which anything may happen to."""

from __future__ import annotations

import csv
import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from batch_of_photos import batch, begin, is_running, journal, parts, photos, workers

from daub.app.batch.pool import Pool, Work
from daub.app.batch.task import task_of
from daub.app.cli import main as cli
from daub.app.process import STOPPED
from daub.app.tasks.encoding import EncodeRequest
from daub.codec.settings import EncodeSettings

COUNT = 8
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_what_is_done_is_as_by_encode_and_is_not_done_again(tmp_path):
    source, out = photos(tmp_path / "in", 3), tmp_path / "out"
    (source / "bad.png").write_bytes(b"nonsense")
    options = ("--effort", 0, "--seed", 3, "--jobs", 2)
    first = batch("encode", source, "--out", out, *options, "--report", tmp_path / "report.csv", "--json")
    told = json.loads(first.stdout)
    assert first.returncode == 1 and (told["done"], told["failed"], told["files"]) == (3, 1, 4)
    (line,) = first.stderr.splitlines()
    assert line.startswith(f"daub: cannot open {source}/bad.png, it is not an image")
    made = {path.relative_to(out).as_posix(): path for path in out.rglob("*.daub")}
    assert set(made) == {"0.daub", "2.daub", "sub/1.daub"} and set(journal(out)) == set(made)

    assert cli.main(["encode", f"{source}/0.png", f"{tmp_path}/alone.daub", "--effort", "0", "--seed", "3"]) == 0
    assert (tmp_path / "alone.daub").read_bytes() == made["0.daub"].read_bytes()

    (source / "bad.png").unlink()
    times = {name: path.stat().st_mtime_ns for name, path in made.items()}
    again = batch("encode", source, "--out", out, *options, "--report", tmp_path / "again.csv", "--json")
    told = json.loads(again.stdout)
    assert (again.returncode, again.stderr) == (0, "") and (told["done"], told["done_before"]) == (0, 3)
    assert times == {name: path.stat().st_mtime_ns for name, path in made.items()} and len(journal(out)) == 3
    with open(tmp_path / "report.csv") as before, open(tmp_path / "again.csv") as after:
        rows = {row["file"]: row["psnr"] for row in csv.DictReader(before) if row["state"] == "done"}
        assert rows == {row["file"]: row["psnr"] for row in csv.DictReader(after)} and len(rows) == 3


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_batch_that_is_ended_in_the_middle_is_finished_by_the_same_command(number, tmp_path):
    source, out = photos(tmp_path / "in", COUNT), tmp_path / "out"
    command = ("encode", source, "--out", out, "--effort", 0, "--steps", 60, "--jobs", 2)
    process = begin(*command)
    until = time.monotonic() + 360
    while len(journal(out)) < 2 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    started = list(workers(process.pid))
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=120)
    done = journal(out)
    assert 2 <= len(done) < COUNT and len(started) == 2
    if number == signal.SIGINT:
        assert (process.returncode, stdout, stderr) == (130, "", f"daub: stopped by Ctrl-C, {STOPPED}\n")
        assert not any(map(is_running, started))
    while any(map(is_running, started)) and time.monotonic() < until:  # they find out by themselves
        time.sleep(0.01)
    assert not any(map(is_running, started)) and not parts(out)
    times = {name: (out / name).stat().st_mtime_ns for name in done}

    rest = batch(*command, "--json")
    told = json.loads(rest.stdout)
    assert rest.returncode == 0 and (told["done_before"], told["done"]) == (len(done), COUNT - len(done))
    assert len(list(out.rglob("*.daub"))) == COUNT
    assert set(Counter(journal(out)).values()) == {1}  # nothing was done twice
    assert times == {name: (out / name).stat().st_mtime_ns for name in done}


def test_a_task_whose_process_is_killed_is_tried_again_and_given_up_in_the_end(tmp_path):
    source = photos(tmp_path / "in", 2)
    request = EncodeRequest("", "", EncodeSettings(effort=0, steps=60))
    quick = task_of(request, str(source / "0.png"), str(tmp_path / "0.daub"))
    endless = EncodeRequest("", "", EncodeSettings(effort=0, steps=1_000_000))
    killed = []
    with Pool(1, "cpu", threads=1, retries=1) as pool:
        (told,) = (told for told in pool.results([Work(0, quick)]) if told.row is not None)
        assert told.row["bytes"] == (tmp_path / "0.daub").stat().st_size
        task = task_of(endless, str(source / "sub/1.png"), str(tmp_path / "1.daub"))
        for told in pool.results([Work(1, task)]):
            if told.row is None and not any(map(is_running, killed[-1:])):
                killed += [number for number in workers(os.getpid()) if _is_worker(number)]
                os.kill(killed[-1], signal.SIGKILL)
    assert len(set(killed)) == 2 and not any(map(is_running, killed))
    assert "its process was ended by SIGKILL, as if for want of memory, try fewer --jobs" in told.row["failed"]


def _is_worker(number: int) -> bool:
    return is_running(number) and b"daub.app.batch.worker" in Path(f"/proc/{number}/cmdline").read_bytes()
