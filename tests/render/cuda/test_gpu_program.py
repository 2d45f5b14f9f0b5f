"""`make gpu` from end to end, and the twins of tests/gpu, with fibers in the place of a GPU: before there is one.

Nothing is measured here; every measure is taken, on next to nothing.
"""

import functools
import inspect
import re
import runpy
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import PIL.Image
import pytest
from cuda_harness import FiberDevice
from scenes import mixed, some_weights

from daub.render.cuda import drawing, source
from daub.render.cuda.backend import CudaRasteriser

sys.path.insert(0, str(Path(__file__).parents[2] / "gpu"))

import bench
import run
import test_gpu_twins as twins
import test_gpu_weights as weighted_twins

TINY = bench.Sizes(
    width=20, height=16, count=12, fit_steps=4, call_steps=2, huge_width=33, huge_height=17, huge_count=8,
    repeats=2, renders=2, launches=2, copied=64, rounds=1, effort=0, frames=2, frame_options=("--fake",),
)  # fmt: skip
TESTS = """
import pytest
pytestmark = pytest.mark.gpu

def test_good(record_property):
    record_property("deviation", 1.25e-7)

def test_bad():
    assert not "a | b"

def test_other():
    pytest.skip("a | b is not installed")

@pytest.fixture
def broken():
    raise ValueError("a | b")

def test_broken(broken):
    pass
"""


class Event:
    def record(self):
        self.time = time.perf_counter()

    def synchronize(self):
        assert self.time


class RawKernel:
    def __init__(self, code, name):
        assert f"void {name}(" in code

    def __call__(self, grid, block, arguments):
        assert isinstance(grid, tuple) and isinstance(block, tuple) and isinstance(arguments, tuple)


class Cupy:
    """The stand-in for CuPy's arrays, and what the measurements use of CuPy besides."""

    __version__ = "0"
    RawKernel = RawKernel
    cuda = SimpleNamespace(
        Event=Event,
        get_elapsed_time=lambda began, ended: 1000 * (ended.time - began.time),
        Device=lambda: SimpleNamespace(compute_capability="90", mem_info=(10**9, 10**10)),
        runtime=SimpleNamespace(driverGetVersion=lambda: 13020, runtimeGetVersion=lambda: 13000),
    )

    def __init__(self, xp):
        self._xp = xp

    def __getattr__(self, name):
        return getattr(self._xp, name)

    def get_default_memory_pool(self):
        return SimpleNamespace(free_all_blocks=lambda: None)


@pytest.fixture
def rasteriser(library):
    device = FiberDevice(library)
    device.xp = Cupy(device.xp)
    return CudaRasteriser(device)


@pytest.fixture
def results(rasteriser, tmp_path, monkeypatch):
    """Runs the program; returns its exit code and what it has written."""
    photos, tests, out = tmp_path / "photos", tmp_path / "tests", tmp_path / "results.md"
    photos.mkdir()
    tests.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (14, 18, 3), np.uint8)
    PIL.Image.fromarray(pixels).save(photos / "one.png")
    (tests / "test_it.py").write_text(TESTS, "utf-8")
    monkeypatch.setattr(run, "open_backend", lambda: rasteriser)
    monkeypatch.setattr(run, "HERE", tests)
    monkeypatch.setattr(bench, "Bench", functools.partial(bench.Bench, sizes=TINY))

    def results(*options):
        sys.modules.pop("test_it", None)  # of the folder before
        monkeypatch.setattr(sys, "argv", ["run.py", "--images", str(photos), "--out", str(out), *options])
        code = run.main()
        return code, out.read_text("utf-8")

    return results


def tables(text):
    """Each table of a Markdown text as a list of rows of cells."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] if line.startswith("|") else None for line in text.splitlines()]
    found = [[]]
    for row in rows:
        found.append([]) if row is None else found[-1].append([cell.strip() for cell in row])
    return [table for table in found if table]


def test_everything_is_run_measured_and_written_down(results):
    code, text = results()
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "not measured" not in text.lower(), text
    machine, tests, measures, kernels = tables(text)
    for table in (machine, tests, measures, kernels):
        assert {len(row) for row in table} == {len(table[0])} and set(table[1]) == {"---"}
    assert [heading for heading in text.splitlines() if heading.startswith("#")] == [
        "# On a GPU",
        "## Tests: 1 passed, 1 skipped, 2 failed",
        "## Measurements",
        "### Kernels against their floors",
    ]
    facts = dict(machine[2:])
    assert facts["GPU"] == "Fibers, compute capability 90" and facts["CUDA"] == "runtime 13.0, CuPy 0"
    outcomes = [(name.rpartition(":")[2], said.partition(":")[0]) for name, said in tests[2:]]
    assert outcomes == [
        ("test_good", "passed, deviation 1.2e-07"),
        ("test_bad", "failed"),
        ("test_other", "skipped"),
        ("test_broken", "failed"),
    ]
    assert [row[:2] for row in measures[2:]] == [[measure.name, measure.target] for measure in bench.MEASURES]
    assert all(re.search(r"\d", taken) and met in ("yes", "**no**") for _, _, taken, met in measures[2:])
    assert {"derive", "rasterise", "backward", "step"} <= {row[0] for row in kernels[2:]} <= set(source.KERNELS)
    assert "Images: 1 of `photos/`." in text and "12 Gaussians of a whole fit" in text


def test_what_was_found_before_the_program_was_stopped_is_kept(results, monkeypatch, tmp_path):
    def stop(_):
        raise KeyboardInterrupt

    first = bench.MEASURES[2]
    monkeypatch.setattr(bench, "MEASURES", (first, bench.Measure("the last", "", stop)))
    with pytest.raises(KeyboardInterrupt):
        results()
    _, tests, measures = tables((tmp_path / "results.md").read_text("utf-8"))
    assert len(tests) == 6 and [row[0] for row in measures[2:]] == [first.name]


def test_a_test_that_cannot_be_imported_is_one_that_fails(results, tmp_path):
    (tmp_path / "tests" / "test_that.py").write_text("import no_such_module", "utf-8")
    code, text = results("--tests-only")
    assert code == pytest.ExitCode.INTERRUPTED and "Measurements" not in text
    assert "0 passed, 0 skipped, 1 failed" in text and "| test_that.py | failed: " in text


def test_one_measure_that_fails_does_not_take_the_others_with_it(results, monkeypatch):
    def fail(_):
        raise ValueError("a | b\nc")

    measures = bench.Measure("this", "", fail), bench.Measure("that", "", fail, ("no_such_module",)), bench.MEASURES[2]
    monkeypatch.setattr(bench, "MEASURES", measures)
    monkeypatch.setattr("floors.needs_of", fail)
    _, text = results()
    this, that, last = tables(text)[2][2:]
    assert this[2] == r"not measured: ValueError: a \| b c" and that[2] == "not measured: no_such_module not installed"
    assert last[3] in ("yes", "**no**")
    assert "Not measured: TypeError" in text


def test_what_the_cpu_makes_up_for_is_not_measured(results, rasteriser):
    rasteriser.device.dies_after = 20
    _, text = results()
    taken = {row[0]: row[2] for row in tables(text)[2][2:] if not row[0].startswith("frames")}  # a process of its own
    assert set(taken.values()) == {"not measured: DeviceLost: it fell off the bus"} and len(taken) == 8
    assert "Not measured: DeviceLost" in text


def test_without_a_folder_the_photo_is_the_bundled_one(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "KODAK", tmp_path / "kodak")
    assert run._photos(None) == [run.SAMPLE] and run.SAMPLE.is_file()
    (tmp_path / "kodak").mkdir()
    (tmp_path / "kodak" / "a.PNG").touch()
    assert [path.name for path in run._photos(None)] == ["a.PNG"] and run._photos(tmp_path) == []


def test_the_sanitizer_is_given_every_kernel(rasteriser, monkeypatch):
    launched, launch = set(), rasteriser.device.launch

    def noted(kernel, *rest):
        launched.add(kernel)
        launch(kernel, *rest)

    monkeypatch.setattr(rasteriser.device, "launch", noted)
    monkeypatch.setattr("daub.render.cuda.open_backend", lambda: rasteriser)
    for name in ("ROOMY", "LOOKED_THROUGH", "SORTED_FROM"):  # which the program changes
        monkeypatch.setattr(f"daub.render.cuda.drawing.{name}", getattr(drawing, name))
    monkeypatch.setitem(sys.modules, "cupy", SimpleNamespace(cuda=SimpleNamespace(set_allocator=lambda _: None)))
    monkeypatch.setattr(sys, "path", sys.path[:])
    runpy.run_path(str(Path(run.__file__).with_name("few_steps.py")))
    assert launched == set(source.KERNELS)


@pytest.mark.parametrize(
    "module,name",
    [(each, name) for each in (twins, weighted_twins) for name in vars(each) if name.startswith("test_")],
)
def test_the_twins_hold_on_fibers(rasteriser, monkeypatch, module, name):
    rng = np.random.default_rng(0)
    width, height = 40, 21
    for constant, value in {"WIDTH": width, "HEIGHT": height, "STEPS": 2, "USUAL": (40, 34, 20)}.items():
        monkeypatch.setattr(module, constant, value)
    scene = mixed(rng, width, height), rng.random((height, width, 3), np.float32)
    if module is weighted_twins:
        scene = *scene, some_weights(rng, width, height, 1.0)
    fixtures = {
        "rasteriser": rasteriser,
        "scene": scene,
        "record_property": lambda *_: None,
        "monkeypatch": monkeypatch,
    }
    test = getattr(module, name)
    test(**{wanted: fixtures[wanted] for wanted in inspect.signature(test).parameters})
