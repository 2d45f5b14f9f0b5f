"""The same tasks by workers of Dask: of this machine, and of a scheduler that somebody else has started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from batch_of_photos import ROOT, batch, begin, is_running, journal, photos, workers

from daub.app.batch.cluster import Cluster
from daub.codec.errors import DaubError

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
OPTIONS = ("--effort", 0, "--steps", 60)


def test_workers_of_this_machine_finish_what_a_kill_has_left(tmp_path):
    source, out = photos(tmp_path / "in", 6), tmp_path / "out"
    (source / "bad.png").write_bytes(b"nonsense")
    command = ("encode", source, "--out", out, *OPTIONS, "--dask", "local", "--jobs", 2)
    process = begin(*command)
    until = time.monotonic() + 150
    while len(journal(out)) < 1 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    started = list(workers(process.pid))
    process.kill()
    process.wait()
    done = journal(out)
    assert 1 <= len(done) < 6
    while any(map(is_running, started)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_running, started))
    rest = batch(*command, "--json")
    told = json.loads(rest.stdout)
    assert rest.returncode == 1 and rest.stderr.startswith(f"daub: cannot open {source}/bad.png, ")
    assert (told["done_before"], told["done"], told["failed"]) == (len(done), 6 - len(done), 1)
    assert rest.stderr.count("\n") == 1 and set(Counter(journal(out)).values()) == {1}


@pytest.fixture
def cluster(tmp_path):
    """Address of a scheduler with two workers, each a process of its own as on a cluster; and those processes."""
    about = tmp_path / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    options = {"cwd": ROOT, "env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    options |= {"start_new_session": True}
    dask = [[sys.executable, "-m", f"distributed.cli.dask_{name}"] for name in ("scheduler", "worker")]
    files = ["--scheduler-file", str(about)]
    work = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(tmp_path / "dask")]
    started = [subprocess.Popen([*dask[0], "--port", "0", "--no-dashboard", *files], **options)]
    try:
        started += [subprocess.Popen([*dask[1], *work, *files], **options) for _ in range(2)]
        until = time.monotonic() + 60
        while not about.exists() and time.monotonic() < until:
            time.sleep(0.05)
        yield json.loads(about.read_text())["address"], started
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_workers_of_a_scheduler_do_it_and_one_of_them_may_die(cluster, tmp_path):
    address, (_, first, _) = cluster
    source, out = photos(tmp_path / "in", 6), tmp_path / "out"
    process = begin("encode", source, "--out", out, *OPTIONS, "--dask", address, "--json")
    until = time.monotonic() + 150
    while len(journal(out)) < 1 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    first.kill()
    stdout, stderr = process.communicate(timeout=120)
    assert (process.returncode, stderr) == (0, "")
    assert json.loads(stdout)["done"] == 6 and sorted(Counter(journal(out)).values()) == [1] * 6
    assert len(list(out.rglob("*.daub"))) == 6


def test_nobody_at_an_address_is_one_line(tmp_path, monkeypatch):
    from daub.app.batch import cluster

    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(Exception, match=r"cannot use the workers of tcp://127\.0\.0\.1:9, .*, start them first"):
        cluster.Cluster("tcp://127.0.0.1:9", 1, "cpu", 1, 0)


def test_a_python_without_dask_says_how_to_get_it(tmp_path, monkeypatch):
    from daub.app.batch import cluster

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Exception, match=r"cannot use --dask, the package distributed is missing, install it: pip"):
        cluster.Cluster("local", 1, "cpu", 1, 0)


def test_a_cluster_that_is_of_no_use_is_closed(monkeypatch):
    closed = []

    class Held:
        def close(self):
            closed.append(self)

    def opened(cluster, _):
        cluster._client, cluster._cluster = Held(), Held()

    def lacking(_):
        raise DaubError("cannot use the workers", "Daub cannot be loaded there", "install it there")

    monkeypatch.setattr(Cluster, "_open", opened)
    monkeypatch.setattr(Cluster, "_share", lacking)
    with pytest.raises(DaubError, match="install it there"):
        Cluster("local", 1, "cpu", None, 0)
    assert len(closed) == 2
