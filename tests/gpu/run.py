"""`make gpu`: runs what needs a GPU, measures, and writes RESULTS.md beside this file.

    python tests/gpu/run.py [--images FOLDER] [--out FILE] [--tests-only] [--no-sanitizer] [--cpu-points FILE]

Needs Python with CuPy, cuda-bindings, numpy, Pillow and pytest; what needs more is skipped, and the results say so.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent), str(HERE)]
if importlib.util.find_spec("platformdirs") is None:
    os.environ.setdefault("DAUB_CACHE_DIR", str(Path(tempfile.gettempdir()) / "daub"))  # programs started from here too

import in_place  # noqa: E402, F401

# isort: split
import bench  # noqa: E402
import pytest  # noqa: E402

from daub.render.cuda import open_backend  # noqa: E402
from daub.render.errors import DeviceUnavailable  # noqa: E402

SAMPLE = ROOT / "resources" / "sample.png"
KODAK = ROOT.parent / "shared" / "data" / "kodak"  # not part of the repository
PACKAGES = ("numpy", "cuda-bindings", "torch", "numba", "scipy", "PyOpenGL")


class Outcomes:
    """A pytest plugin: what became of each test."""

    def __init__(self):
        self.lines: list[str] = []
        self.counts = {"passed": 0, "skipped": 0, "failed": 0}

    def pytest_collectreport(self, report) -> None:
        if report.failed:  # a module that cannot be imported
            self._note(report, _reason(report.longrepr))

    def pytest_runtest_logreport(self, report) -> None:
        if report.skipped:
            self._note(report, report.longrepr[2].removeprefix("Skipped: "))
        elif report.failed:
            self._note(report, _reason(report.longrepr))
        elif report.when == "call":
            self._note(report)

    def _note(self, report, why: str = "") -> None:
        name = report.nodeid.rpartition("/")[2]
        said = "".join(f", {key} {_short(value)}" for key, value in getattr(report, "user_properties", ()))
        self.counts[report.outcome] += 1
        self.lines.append(f"| {_cell(name)} | {report.outcome}{_cell(said)}{': ' if why else ''}{_cell(why)} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="a folder of photos (default: Kodak's, else the bundled one)")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    parser.add_argument("--tests-only", action="store_true", help="leave the measurements out")
    parser.add_argument("--no-sanitizer", action="store_true", help="leave compute-sanitizer out, which takes minutes")
    parser.add_argument("--cpu-points", type=Path, help="what cpu_points.py has written about the images")
    arguments = parser.parse_args()
    photos = _photos(arguments.images)
    if not photos:
        print(f"daub: there are no photos in {arguments.images}, name another folder", file=sys.stderr)
        return 1
    try:
        rasteriser = open_backend()
    except DeviceUnavailable as error:
        print(f"daub: cannot run what needs a GPU, {error}", file=sys.stderr)
        return 1
    report = _Report(arguments.out)
    report.add("# On a GPU", "", *_machine(rasteriser), "")
    outcomes = Outcomes()
    # Only this folder: on a machine with no more than the packages named above, others could not even be collected.
    chosen = ["-k", "not sanitizer"] if arguments.no_sanitizer else []
    code = pytest.main(["-vv", "-m", "gpu", *chosen, str(HERE), "-p", "no:cacheprovider"], plugins=[outcomes])
    report.add(*_tests(outcomes))
    if not arguments.tests_only:
        points = json.loads(arguments.cpu_points.read_text("utf-8")) if arguments.cpu_points else None
        taken = bench.Bench(rasteriser, photos, cpu_points=points)
        report.add("", "## Measurements", "", "| what | target | measured | met |", "|---|---|---|---|")
        for line in _measurements(taken):
            report.add(line)
        folder = photos[0].parent.name
        report.add("", f"Images: {len(photos)} of `{folder}/`.", "", "### Kernels against their floors", "")
        report.add(*_kernels(taken))
    print(f"wrote {arguments.out}")
    return int(code)


class _Report:
    """The file of results, written anew with every line: what comes next may never end."""

    def __init__(self, path: Path):
        self._path, self._lines = path, []

    def add(self, *lines: str) -> None:
        self._lines += lines
        self._path.write_text("\n".join(self._lines).rstrip() + "\n", "utf-8")
        print(*lines, sep="\n", flush=True)


def _photos(folder: Path | None) -> list[Path]:
    if folder is None and not KODAK.is_dir():
        return [SAMPLE]
    return sorted(path for path in (folder or KODAK).iterdir() if path.suffix.lower() in bench.PHOTOS)


def _machine(rasteriser) -> list[str]:
    cuda = rasteriser.device.xp.cuda
    driver, runtime = (f"{v // 1000}.{v % 1000 // 10}" for v in (cuda.runtime.driverGetVersion(), _runtime(cuda)))
    facts = {
        "GPU": f"{rasteriser.device.title}, compute capability {cuda.Device().compute_capability}",
        "driver": f"{_driver()}, for CUDA {driver}",
        "CUDA": f"runtime {runtime}, CuPy {rasteriser.device.xp.__version__}",
        "packages": ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "date": datetime.date.today().isoformat(),
        "command": f"`python {' '.join(sys.argv)}`",
        "commit": _said("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD") or "unknown",
    }
    return ["| | |", "|---|---|", *(f"| {name} | {_cell(value)} |" for name, value in facts.items())]


def _tests(outcomes: Outcomes) -> list[str]:
    counted = ", ".join(f"{count} {name}" for name, count in outcomes.counts.items())
    return [f"## Tests: {counted}", "", "| test | |", "|---|---|", *outcomes.lines]


def _measurements(taken: bench.Bench) -> Iterator[str]:
    for measure, figure in bench.figures(taken):
        text, met = (figure, "") if isinstance(figure, str) else (figure.text, "yes" if figure.met else "**no**")
        yield f"| {measure.name} | {measure.target} | {_cell(text)} | {met} |"


def _kernels(taken: bench.Bench) -> list[str]:
    try:
        kernels, ceilings = taken.kernels()
    except Exception as error:  # the figures above are still worth writing down
        return [f"Not measured: {type(error).__name__}: {error}"]
    lines = [
        *(f"Ceilings measured on this GPU: {ceilings}.", ""),
        "| kernel | took | floor by bytes | by instructions | times the higher | beyond it and launching | which is |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in kernels:
        floor = max(one.by_bytes, one.by_instructions)
        lines.append(
            f"| {one.kernel} | {one.took:.2f} µs | {one.by_bytes:.2f} µs | {one.by_instructions:.2f} µs "
            f"| {one.took / floor:.1f} | {max(one.took - floor - one.launching, 0):.2f} µs | {one.gap} |"
        )
    total, launches = sum(one.took for one in kernels), taken.sizes.launches
    return [
        *lines,
        "",
        f"Together {total:.1f} µs, each launched {launches} times in a row in a graph; launching alone takes "
        f"{kernels[0].launching:.2f} µs of each.",
    ]


def _cell(text: str) -> str:
    """The text as a cell of a table can hold it."""
    return " ".join(text.split()).replace("|", "\\|")


def _runtime(cuda) -> int:
    return cuda.runtime.runtimeGetVersion()


def _driver() -> str:
    return _said("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader").partition("\n")[0] or "unknown"


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(none)"


def _reason(failure: object) -> str:
    """What pytest has to say about a failure, in one line."""
    crash = getattr(failure, "reprcrash", None)
    lines = (crash.message if crash else str(failure)).splitlines()
    return lines[0 if crash else -1] if lines else ""


def _short(value: object) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
