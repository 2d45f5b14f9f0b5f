"""Images read in a process of its own: what comes, and that it is over when it is given up."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hanging_reader import COMMAND, hangs

from daub.app.model.picture import image_reader
from daub.app.model.picture.image_reader import ImageReader
from daub.app.model.work.failure import failure_of_work
from daub.app.model.work.other_process import GivenUp
from daub.codec import images
from daub.codec.errors import DaubError
from daub.render.eight_bit import as_real

WHITE, AT_ONCE = (1.0, 1.0, 1.0), 5  # seconds: on a machine that does a lot besides; a hanging reader takes 60


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.setattr(image_reader, "COMMAND", COMMAND)
    reader = ImageReader()
    yield reader
    reader.close()
    deadline = time.monotonic() + AT_ONCE
    while reader.is_busy:
        assert time.monotonic() < deadline, "a load goes on"
        time.sleep(0.01)


class Load(threading.Thread):
    """A load on a thread of its own, which has begun."""

    def __init__(self, reader, path):
        super().__init__(daemon=True)
        self.outcome = None
        self._given = reader, path
        self.start()

    def run(self):
        reader, path = self._given
        try:
            self.outcome = reader.load(path, WHITE)
        except Exception as error:
            self.outcome = error

    def ended(self, seconds=AT_ONCE):
        self.join(seconds)
        assert not self.is_alive()
        return self.outcome


def hanging(reader, path):
    """A load that hangs by now, and the process where it does."""
    load, deadline = Load(reader, path), time.monotonic() + 20
    while not hangs(path):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return load, reader._kept.process


def test_what_comes_is_what_is_read_here(reader, tmp_path):
    rng = np.random.default_rng(0)
    PIL.Image.fromarray(rng.integers(0, 256, (40, 60, 4), np.uint8)).save(tmp_path / "a.png")
    PIL.Image.fromarray(rng.integers(0, 256, (1500, 2000, 3), np.uint8)).save(tmp_path / "chatty.jpg")
    (tmp_path / os.fsdecode("é\udc80 \n.png".encode("utf-8", "surrogateescape"))).write_bytes(
        (tmp_path / "a.png").read_bytes()
    )
    processes = set()
    for path in sorted(tmp_path.iterdir()):
        for background in (WHITE, (0.2, 0.5, 0.0)):
            mine, truth = reader.load(path, background), images.load(path, background)
            assert mine.pixels.dtype == np.float32 and np.array_equal(mine.pixels, truth.pixels)
            assert mine.pixels.flags.writeable and mine.pixels.flags.c_contiguous
            assert (mine.notices, mine.source_bytes) == (truth.notices, truth.source_bytes)
            levels = reader.load(path, background, levels=True).pixels
            assert levels.dtype == (np.uint8 if path.suffix == ".jpg" else np.float32)
            assert np.array_equal(as_real(levels), truth.pixels)
            processes.add(reader._kept.process.pid)
    assert len(processes) == 1


@pytest.mark.parametrize("name", ["missing.png", "broken.png", "nul\0.png"])
def test_a_refusal_is_the_line_that_it_is_here(reader, tmp_path, name):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    with pytest.raises(DaubError) as here:
        images.load(tmp_path / name)
    with pytest.raises(DaubError) as there:
        reader.load(tmp_path / name, WHITE)
    assert str(there.value) == str(here.value)
    assert "in load" in failure_of_work(there.value).details
    PIL.Image.new("RGB", (5, 4)).save(tmp_path / "good.png")
    assert reader.load(tmp_path / "good.png", WHITE).pixels.shape == (4, 5, 3)


@pytest.mark.parametrize("name", ["hanging.png", "deaf.png"])
def test_a_reader_that_hangs_is_given_up_at_once_and_the_next_one_reads(reader, tmp_path, name):
    PIL.Image.new("RGB", (5, 4)).save(tmp_path / "good.png")
    load, process = hanging(reader, tmp_path / name)
    began = time.monotonic()
    reader.give_up()
    assert time.monotonic() - began < AT_ONCE and isinstance(load.ended(), GivenUp)
    assert process.has_ended
    assert reader.load(tmp_path / "good.png", WHITE).pixels.shape == (4, 5, 3)


def test_a_later_load_supersedes_one_that_hangs_but_not_one_that_is_quick(reader, tmp_path, monkeypatch):
    for name in "one.png", "two.png":
        PIL.Image.new("RGB", (5, 4)).save(tmp_path / name)
    first, _ = hanging(reader, tmp_path / "hanging.png")
    assert reader.load(tmp_path / "one.png", WHITE).pixels.shape == (4, 5, 3)
    assert isinstance(first.ended(), GivenUp)
    monkeypatch.setattr(image_reader, "GRACE", 20)
    process = reader._kept.process
    both = [Load(reader, tmp_path / name) for name in ("one.png", "two.png")]
    assert [load.ended(20).pixels.shape for load in both] == [(4, 5, 3)] * 2
    assert reader._kept.process is process


def test_a_load_that_nobody_wants_any_more_does_not_begin(reader, tmp_path):
    with pytest.raises(GivenUp):
        reader.load(tmp_path / "hanging.png", WHITE, is_wanted=lambda: False)
    assert reader._kept.process is None


def test_a_crash_of_a_decoder_is_a_refusal(reader, tmp_path):
    PIL.Image.new("RGB", (5, 4)).save(tmp_path / "good.png")
    with pytest.raises(DaubError, match=r"cannot open .*crashing.png, the decoder has crashed on it"):
        reader.load(tmp_path / "crashing.png", WHITE)
    assert reader.load(tmp_path / "good.png", WHITE).pixels.shape == (4, 5, 3)


@pytest.mark.parametrize("state", ["unstarted", "idle", "hanging", "deaf"])
def test_closing_ends_the_process_at_once_whatever_it_does(reader, tmp_path, state):
    load = process = None
    if state == "idle":
        reader.start()
        process = reader._kept.process
    elif state != "unstarted":
        load, process = hanging(reader, tmp_path / f"{state}.png")
    began = time.monotonic()
    reader.close()
    assert time.monotonic() - began < 1
    assert load is None or isinstance(load.ended(), GivenUp)
    assert process is None or process.has_ended
    with pytest.raises(GivenUp):
        reader.load(tmp_path / "good.png", WHITE)


@pytest.mark.filterwarnings("error")
def test_nothing_is_left_of_processes_that_were_given_up(reader, tmp_path):
    for number in range(3):
        load, _ = hanging(reader, tmp_path / f"hanging{number}.png")
        reader.give_up()
        load.ended()
    reader.close()
    gc.collect()  # of a process that runs, or of an open pipe, Python would warn now
    assert not subprocess._active


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no groups of processes here")
@pytest.mark.parametrize("by", ["give_up", "close", "kill of the window"])
def test_what_a_decoder_has_started_goes_with_it(reader, tmp_path, by):
    path = tmp_path / "helped.png"
    load, process = hanging(reader, path)
    helper, folder = path.with_name("helped.png.begun").read_text().split()
    assert Path(folder).is_dir() and _runs(int(helper))
    if by == "kill of the window":
        process._popen.stdin.close()  # as the system does then
        load.ended()
    else:
        getattr(reader, by)()
        assert isinstance(load.ended(), GivenUp)
    deadline = time.monotonic() + AT_ONCE
    while _runs(int(helper)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not Path(folder).exists()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")  # of who has ended, and has nobody to ask for it yet
    return not (status.exists() and "State:\tZ" in status.read_text())


def test_a_process_that_was_ended_from_outside_is_replaced(reader, tmp_path):
    PIL.Image.new("RGB", (5, 4)).save(tmp_path / "good.png")
    reader.load(tmp_path / "good.png", WHITE)
    process = reader._kept.process
    process._popen.kill()
    process._popen.wait(120)
    assert reader.load(tmp_path / "good.png", WHITE).pixels.shape == (4, 5, 3)


def test_modules_of_the_folder_of_the_window_are_not_run(tmp_path, monkeypatch):
    (tmp_path / "numpy.py").write_text("raise SystemExit('run')")
    PIL.Image.new("RGB", (5, 4)).save(tmp_path / "good.png")
    monkeypatch.chdir(tmp_path)
    reader = ImageReader()
    assert reader.load(Path("good.png"), WHITE).pixels.shape == (4, 5, 3)
    reader.close()


def test_the_process_ends_and_tidies_up_when_its_window_is_killed(tmp_path):
    folder = tmp_path / "daub-other-1"
    folder.mkdir()
    (folder / "left").touch()
    process = subprocess.Popen(
        image_reader.COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"TMPDIR": str(folder)}
    )
    process.stdin.close()
    assert process.wait(120) == 0
    process.stdout.close()
    assert not folder.exists() and tmp_path.exists()


def test_a_window_needs_no_decoder_of_its_own_to_read_an_image(tmp_path):
    PIL.Image.new("RGB", (5, 4)).save(tmp_path / "a.png")
    program = (
        "import sys\nfrom pathlib import Path\nfrom daub.app.model.picture.image_reader import ImageReader\n"
        f"reader = ImageReader()\nprint(reader.load(Path({str(tmp_path / 'a.png')!r}), (1, 1, 1)).pixels.shape)\n"
        "reader.close()\nprint(sorted({'PIL', 'imagecodecs', 'numba'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=Path.home())
    assert run.stdout.split("\n")[:2] == ["(4, 5, 3)", "[]"], run.stderr


def test_a_reader_whose_window_has_gone_ends_without_a_word(tmp_path):
    PIL.Image.new("RGB", (300, 300)).save(tmp_path / "a.png")  # more than a pipe holds
    process = subprocess.Popen(
        image_reader.COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    request = {"path": str(tmp_path / "a.png"), "background": WHITE, "managed": True, "preview": False, "arrays": []}
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    assert process.stdout.readline()
    process.stdout.close()
    try:
        assert (process.wait(120), process.stderr.read()) == (0, b"")
    finally:
        process.kill()
        process.stdin.close()
        process.stderr.close()


@pytest.mark.skipif(os.name != "posix", reason="groups of POSIX")
def test_ctrl_c_in_the_terminal_of_the_window_is_not_for_the_reader(reader):
    reader.start()
    assert os.getpgid(reader._kept.process.pid) == reader._kept.process.pid != os.getpgid(0)
