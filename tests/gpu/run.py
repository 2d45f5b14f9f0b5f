"""`make gpu`: runs what needs a GPU, measures, and writes RESULTS.md beside this file.

    python tests/gpu/run.py [--images FOLDER] [--out FILE] [--tests-only]

Needs Python with CuPy, numpy, torch, Pillow and pytest; what needs more is skipped, and the results say so.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

import pytest  # noqa: E402

from render.cuda import DeviceUnavailable, open_backend  # noqa: E402

KODAK = ROOT.parent / "shared" / "data" / "kodak"  # not part of the repository
PACKAGES = ("numpy", "cuda-bindings", "torch", "numba", "scipy", "PyOpenGL")


class Outcomes:
    """A pytest plugin: what became of each test."""

    def __init__(self):
        self.lines: list[str] = []
        self.counts = {"passed": 0, "skipped": 0, "failed": 0}

    def pytest_runtest_logreport(self, report) -> None:
        if not (report.when == "call" or report.outcome != "passed"):
            return
        name = report.nodeid.rpartition("/")[2]
        said = "".join(f", {key} {_short(value)}" for key, value in report.user_properties)
        if report.skipped:
            said += f": {report.longrepr[2].removeprefix('Skipped: ')}"
        elif report.failed:
            said += f": {str(report.longrepr).splitlines()[-1]}"
        self.counts[report.outcome] += 1
        self.lines.append(f"| {name} | {report.outcome}{said} |".replace("\n", " "))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, help="a folder of photos (default: Kodak's, else the bundled one)")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    parser.add_argument("--tests-only", action="store_true", help="leave the measurements out")
    arguments = parser.parse_args()
    try:
        rasterizer = open_backend()
    except DeviceUnavailable as error:
        print(f"daub: cannot run what needs a GPU, {error}", file=sys.stderr)
        return 1
    outcomes = Outcomes()
    # Only this folder: on a machine that has no more than the above, others could not even be collected.
    code = pytest.main(["-m", "gpu", str(HERE), "-p", "no:cacheprovider"], plugins=[outcomes])
    parts = [_machine(rasterizer), _tests(outcomes)]
    if not arguments.tests_only:
        parts.append(_measurements(rasterizer, arguments.images))
    arguments.out.write_text("\n\n".join(["# On a GPU", *parts]) + "\n", "utf-8")
    print(f"wrote {arguments.out}")
    return int(code)


def _machine(rasterizer) -> str:
    cuda = rasterizer.device.xp.cuda
    driver, runtime = (f"{v // 1000}.{v % 1000 // 10}" for v in (cuda.runtime.driverGetVersion(), _runtime(cuda)))
    facts = {
        "GPU": f"{rasterizer.device.title}, compute capability {cuda.Device().compute_capability}",
        "driver": f"{_driver()}, for CUDA {driver}",
        "CUDA": f"runtime {runtime}, CuPy {rasterizer.device.xp.__version__}",
        "packages": ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "date": datetime.date.today().isoformat(),
        "command": f"`python {' '.join(sys.argv)}`",
        "commit": _said("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD") or "unknown",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())])


def _tests(outcomes: Outcomes) -> str:
    counted = ", ".join(f"{count} {name}" for name, count in outcomes.counts.items())
    return "\n".join([f"## Tests: {counted}", "", "| test | |", "|---|---|", *outcomes.lines])


def _measurements(rasterizer, folder: Path | None) -> str:
    import bench

    folder = folder or (KODAK if KODAK.is_dir() else ROOT / "resources")
    try:
        taken = bench.Bench(rasterizer, folder)
    except bench.NotMeasured as error:
        return f"## Measurements\n\nNone: {error}."
    lines = ["## Measurements", "", "| what | target | measured | met |", "|---|---|---|---|"]
    for measure, figure in bench.figures(taken):
        text, met = (figure, "") if isinstance(figure, str) else (figure.text, "yes" if figure.met else "**no**")
        lines.append(f"| {measure.name} | {measure.target} | {text} | {met} |")
        print(lines[-1])
    lines += ["", f"Images: {len(taken.paths)} of `{folder.name}/`.", "", "### Kernels against their floors", ""]
    try:
        kernels, ceilings = taken.kernels()
    except Exception as error:  # the figures above are still worth writing down
        return "\n".join([*lines, f"Not measured: {type(error).__name__}: {error}"])
    lines += [f"Ceilings measured on this GPU: {ceilings}.", ""]
    lines += [
        "| kernel | took | floor by bytes | floor by instructions | times the higher floor |",
        "|---|---|---|---|---|",
    ]
    for one in kernels:
        floor = max(one.by_bytes, one.by_instructions)
        lines.append(
            f"| {one.kernel} | {one.took:.2f} µs | {one.by_bytes:.2f} µs | {one.by_instructions:.2f} µs "
            f"| {one.took / floor:.1f} |"
        )
    total = sum(one.took for one in kernels)
    return "\n".join([*lines, "", f"Together {total:.1f} µs, each launched {bench._MANY} times in a row in a graph."])


def _runtime(cuda) -> int:
    return cuda.runtime.runtimeGetVersion()


def _driver() -> str:
    return _said("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader").partition("\n")[0] or "unknown"


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.strip()
    except OSError:
        return ""


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(none)"


def _short(value: object) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
