"""What is written about GPUs is what was measured, and nothing that is to be measured is forgotten. Runs everywhere."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import bench
import floors
import numpy as np

RESULTS = Path(__file__).with_name("RESULTS.md").read_text("utf-8")


def test_the_results_name_every_measure_and_the_gpu_or_that_there_was_none():
    assert ("Nothing has been run on a GPU yet" in RESULTS) != ("| GPU |" in RESULTS)
    for measure in bench.MEASURES:
        assert f"| {measure.name} | {measure.target} |" in RESULTS


def test_the_floors_are_those_of_the_kernels_there_are():
    from daub.render.cuda import source

    runs = SimpleNamespace(columns=3, rows=32, entries=3 * 32 * 16)
    drawing = SimpleNamespace(
        device=SimpleNamespace(host=np.asarray), rectangles=np.array([[0, 0, 17, 2]] * 100), runs=runs,
        read_lengths=lambda: [500, 120, 0], squares=np.empty(48 * 32), width=768, height=512,
    )  # fmt: skip
    assert floors.listed_in(drawing.rectangles) == 400  # two runs in each of two rows
    needs = floors.needs_of(bench.scattered(100, 768, 512), drawing)
    kernels = list(source.KERNELS)
    assert list(needs) == list(floors.GAPS) == kernels[: kernels.index("gather")]  # those of a step
    assert all(size > 0 and count >= 0 for size, count in needs.values())
