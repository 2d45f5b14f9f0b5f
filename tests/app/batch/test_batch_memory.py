"""How many processes a batch has, by the cores, the memory and the graphics cards there are."""

from __future__ import annotations

import numpy as np
import pytest
from batch_in_process import ENCODE
from batch_of_photos import ROOT
from PIL import Image

from daub.app.batch import memory
from daub.app.tasks.decoding import DecodeRequest
from daub.codec import decode

GOLDEN = ROOT / "tests/codec/container/golden/photo.daub"


@pytest.mark.parametrize(
    ("free", "count", "jobs"), [(None, 100, 8), (64 << 30, 100, 8), (64 << 30, 3, 3), (4 << 30, 100, 3), (1, 9, 1)]
)
def test_as_many_processes_as_there_are_cores_memory_and_files_for(free, count, jobs, monkeypatch):
    monkeypatch.setattr(memory, "core_count", lambda: 8)
    assert memory.usual_jobs(free, count) == jobs
    assert memory.threads_of_each(3) == 2 and memory.threads_of_each(9) == 1


def test_the_pixels_of_a_file_are_known_from_its_beginning(tmp_path):
    Image.new("RGB", (300, 20)).save(tmp_path / "a.png")
    (tmp_path / "bad.png").write_bytes(bytes(1000))
    assert memory.pixels_of(str(tmp_path / "a.png"), 1) == 6000
    assert memory.pixels_of(str(GOLDEN), 1) == np.prod(decode(GOLDEN).shape[:2])
    assert memory.pixels_of(str(tmp_path / "bad.png"), 1000) == 16_000
    assert memory.bytes_wanted(ENCODE, 12_000_000) + memory.PROCESS > 1.09e9  # as MEASUREMENTS.md has it
    wanted = [memory.bytes_wanted(DecodeRequest("", "", **how), 100) for how in ({}, {"scale": 2}, {"size": (20, 10)})]
    assert wanted == [memory.DECODE * pixels for pixels in (100, 400, 200)]


def test_gpus_are_those_that_may_be_seen(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,5")
    assert memory.gpus() == ["2", "5"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert memory.gpus() == []


def test_files_that_a_container_keeps_are_memory_that_is_free(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    for name, text in {"max": "1000", "current": "900", "stat": "anon 400\ninactive_file 300\n"}.items():
        (tmp_path / f"memory.{name}").write_text(text)
    assert memory.free_bytes() == 400
