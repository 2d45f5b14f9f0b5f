"""The measurements on a GPU. Every time is a median, taken between two events on the device's stream, unless it says
that it is the host's. Every measure stands alone: one that cannot be taken says why.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import floors
import numpy as np
from scenes import scattered, some_weights

from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting

PHOTOS = {".png", ".jpg", ".jpeg", ".webp"}
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sizes:
    """How much is measured on. Targets and published speeds are about the defaults; other sizes only try the code."""

    width: int = 768
    height: int = 512
    count: int = 5000  # Gaussians
    fit_steps: int = 150  # steps of a whole fit
    call_steps: int = 64  # steps of one call of `Surface.advance`
    huge_width: int = 15360
    huge_height: int = 8640
    huge_count: int = 2_000_000
    repeats: int = 15  # times that a measure is taken, for the median
    renders: int = 20  # frames in a row
    launches: int = 50  # launches of a kernel in a row, so that launching one hides behind running another
    copied: int = 1 << 28  # bytes
    rounds: int = 2048  # rounds of multiply-adds in each thread
    effort: int = 5  # of whole encodes, the default
    frames: int = 300  # frames in a row that go to OpenGL
    frame_options: tuple[str, ...] = ()  # of egl_frame.py


FULL = Sizes()


@dataclass(frozen=True)
class Measure:
    """One line of the results."""

    name: str
    target: str
    take: Callable[[Bench], Figure]
    needs: tuple[str, ...] = ()  # modules without which it cannot be taken


@dataclass(frozen=True)
class Figure:
    text: str
    met: bool


class Bench:
    """A backend, pictures, and Gaussians to work on.

    Args:
        paths: images; the first is the one most things are measured on.
        cpu_points: what `cpu_points.points_of` gives for each name of an image; made where it is missing.
    """

    def __init__(self, rasteriser, paths: Sequence[Path], sizes: Sizes = FULL, cpu_points: dict | None = None):
        self.rasteriser, self.device = _Unforgiving(rasteriser), rasteriser.device
        self.cpu_points = cpu_points or {}
        self.xp, self.paths, self.sizes = self.device.xp, paths, sizes

    def photo(self, width: int, height: int) -> np.ndarray:
        """(height, width, 3) float32: a part of the first image, repeated where it is smaller."""
        pixels = load(self.paths[0])
        rows, columns = -(-height // pixels.shape[0]), -(-width // pixels.shape[1])
        return np.ascontiguousarray(np.tile(pixels, (rows, columns, 1))[:height, :width])

    def gaussians(self) -> Gaussians:
        """The Gaussians of a whole fit, which overlap more than scattered ones and are of all sizes."""
        return self.fitted(self._usual())[0]

    def fitted(self, pixels: np.ndarray) -> tuple[Gaussians, float, float]:
        """Gaussians after a whole fit, the seconds that took by the host's clock, and the PSNR clipped to [0, 1].

        They pay for no bits, as the published ones beside which the target stands.
        """
        from daub.codec.fit import FitSettings, fit

        settings = FitSettings(gaussians=self.sizes.count, steps=self.sizes.fit_steps, bit_price=0.0)
        began = time.perf_counter()
        for record in fit(pixels, settings, self.rasteriser):
            gaussians = record.gaussians
        seconds = time.perf_counter() - began
        image = np.clip(self.rasteriser.forward(gaussians, pixels.shape[1], pixels.shape[0]), 0, 1)
        return gaussians, seconds, -10 * math.log10(max(float(np.mean((image - pixels) ** 2)), 1e-12))

    def microseconds(self, work: Callable[[], object], times: int = 1) -> float:
        """Median time of one run of `work`, of `times` in a row that do not wait unless the work itself does."""
        cuda, found = self.xp.cuda, []
        work()
        for _ in range(self.sizes.repeats):
            began, ended = cuda.Event(), cuda.Event()
            began.record()
            for _ in range(times):
                work()
            ended.record()
            ended.synchronize()
            found.append(1000 * cuda.get_elapsed_time(began, ended) / times)
        return median(found)

    # The measures.

    def step(self) -> Figure:
        took = self._microseconds_of_a_step(self.gaussians())
        return Figure(f"{took:.1f} µs (a call of {self.sizes.call_steps} steps, its waits included)", took <= 60)

    def weighted_step(self) -> Figure:
        gaussians, size = self.gaussians(), (self.sizes.width, self.sizes.height)
        alone, both = (some_weights(np.random.default_rng(0), *size, coarse) for coarse in (0.0, 1.0))
        plain, took, all_took = (self._microseconds_of_a_step(gaussians, each) for each in (None, alone, both))
        text = f"{took:.1f} µs, {all_took:.1f} µs where neighbours count, {plain:.1f} µs without weights"
        return Figure(text, all_took <= 1.15 * plain)

    def _microseconds_of_a_step(self, gaussians: Gaussians, weights: Weighting | None = None) -> float:
        surface, descent = self._descent(gaussians, self._usual(), weights)
        settings, steps = _settings(), self.sizes.call_steps
        surface.advance(descent, settings, steps, bit_price=0.2)  # records the graph, lets the lists grow
        return self.microseconds(lambda: surface.advance(descent, settings, steps, bit_price=0.2)) / steps

    def whole_fit(self) -> Figure:
        self.fitted(load(self.paths[0]))  # compiles, fills caches
        found = [self.fitted(load(path))[1:] for path in self.paths]
        seconds, decibels = median(f[0] for f in found), fmean(f[1] for f in found)
        text = f"{seconds:.4f} s by the host's clock (median), {decibels:.2f} dB (mean), {len(found)} images"
        return Figure(text, seconds <= 0.03 and decibels >= 31.8)

    def encoding(self) -> Figure:
        from daub.codec.front_door import encode
        from daub.codec.goal import Goal
        from daub.codec.settings import EncodeSettings

        settings = EncodeSettings(Goal("gaussians", self.sizes.count), effort=self.sizes.effort)
        encode(load(self.paths[0]), settings, device=self.rasteriser)  # compiles, fills caches
        found, stages = [], []
        for path in self.paths:
            pixels, spent = load(path), _Stages()
            began = time.perf_counter()
            encoded = encode(pixels, settings, device=self.rasteriser, report=spent.note)
            found.append((time.perf_counter() - began, encoded.psnr, len(encoded.data)))
            stages.append(spent.ended())
        seconds = median(one[0] for one in found)
        shares = ", ".join(f"{stage} {median(one.get(stage, 0.0) for one in stages):.3f}" for stage in stages[0])
        text = (
            f"{seconds:.3f} s by the host's clock (median; {shares}), {fmean(one[1] for one in found):.2f} dB in "
            f"{fmean(one[2] for one in found):,.0f} bytes (means), {len(found)} images"
        )
        return Figure(text, seconds <= 0.5)

    def as_good_as_the_cpu(self) -> Figure:
        """PSNR less that of files of the CPU at as many bytes, between three of which it is interpolated."""
        from cpu_points import QUALITIES, encoded_at, points_of

        gains = []
        for path in self.paths:
            points = self.cpu_points.get(path.name) or points_of(path, self.sizes.effort)
            size, decibels = encoded_at(path, QUALITIES[1], self.sizes.effort, self.rasteriser)
            sizes, psnrs = zip(*sorted(map(tuple, points)), strict=True)
            gains.append(decibels - float(np.interp(math.log(size), np.log(sizes), psnrs)))
        text = f"{fmean(gains):+.3f} dB (mean; {min(gains):+.3f} to {max(gains):+.3f}), {len(gains)} images"
        return Figure(text, abs(fmean(gains)) <= 0.02)

    def frames(self) -> Figure:
        size = self.sizes.width, self.sizes.height, self.sizes.count, self.sizes.frames
        command = [sys.executable, str(HERE / "egl_frame.py"), "--measure", *map(str, size), *self.sizes.frame_options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        found = json.loads(done.stdout.splitlines()[-1])
        shared = f"through the host: {found['through_host']}" if found["through_host"] else "without the host"
        text = f"{found['shown']:,.0f} frames per second rendered and shown, {found['passed']:,.0f} shown; {shared}"
        return Figure(f"{text}; {found['renderer']}", not found["through_host"])

    def rendering(self) -> Figure:
        gaussians = self.gaussians()
        gaussians = Gaussians(self.xp.asarray(gaussians.parameters))
        size = self.sizes.width, self.sizes.height
        took = self.microseconds(lambda: self.rasteriser.forward_rgba(gaussians, *size), self.sizes.renders)
        return Figure(f"{1e6 / took:,.0f} frames per second, {took:.1f} µs each", 1e6 / took >= 15000)

    def decoding(self) -> Figure:
        from daub.app.tasks.reading import decode_file
        from daub.codec.goal import Goal
        from daub.codec.progress import drive
        from daub.codec.rate.packing import pack
        from daub.codec.recipe import Recipe

        pixels = self._usual()
        gaussians = self.fitted(pixels)[0]
        encoded = drive(pack(pixels, gaussians, Recipe(Goal("gaussians", len(gaussians))), self.rasteriser))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "one.daub"
            path.write_bytes(encoded.data)
            seconds = [decode_file(str(path), self.rasteriser)[3] for _ in range(5 + self.sizes.repeats)][5:]
            threads = min(os.cpu_count() or 1, 8)
            pooled = self._decoded_per_second([path] * 8 * self.sizes.repeats, threads)
        rate = 1 / median(seconds)
        text = (
            f"{rate:,.0f} per second, {1000 / rate:.2f} ms each, one after the other; {pooled:,.0f} per second, their "
            f"entropy decoders in {threads} threads (by the host's clock; {len(encoded.data):,} bytes)"
        )
        return Figure(text, max(rate, pooled) >= 300)

    def _decoded_per_second(self, paths: list[Path], threads: int) -> float:
        """Files per second, with the entropy decoders in `threads` threads and the pictures made by this one."""
        from daub.codec import container
        from daub.codec.decoder import decode

        began = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            for document in pool.map(lambda path: container.read(container.load_bytes(path)), paths):
                decode(document, self.rasteriser)
        return len(paths) / (time.perf_counter() - began)

    def huge(self) -> Figure:
        cuda = self.xp.cuda
        self.xp.get_default_memory_pool().free_all_blocks()
        free = cuda.Device().mem_info[0]
        size = self.sizes.huge_width, self.sizes.huge_height
        surface, descent = self._descent(scattered(self.sizes.huge_count, *size), self.photo(*size))
        settings = _settings()
        surface.advance(descent, settings, 2)
        took = self.microseconds(lambda: surface.advance(descent, settings, 4)) / 4000
        peak = (free - cuda.Device().mem_info[0]) / 1e9  # the pool gives nothing back by itself
        return Figure(f"{took:.2f} ms, at most {peak:.2f} GB taken", took <= 15 and peak < 4)

    def kernels(self) -> tuple[list[floors.KernelTime], str]:
        """Every kernel of a step against its floor, and the ceilings that the floors are computed from."""
        bandwidth, instructions = self._copy_rate(), self._fma_rate()
        gaussians = self.gaussians()
        launches, surface = self._launches_of_a_step(gaussians)
        needs = floors.needs_of(gaussians, surface._drawing)
        empty = "round_to_8bit", (1, 1, 1), (surface.target, np.int32(0), self.xp.empty(1, np.uint8))
        launching = self.microseconds(self.device.graph(lambda: self._many(empty))) / self.sizes.launches
        found = []
        for kernel, grid, arguments in launches:
            replay = self.device.graph(lambda launch=(kernel, grid, arguments): self._many(launch))
            took = self.microseconds(replay) / self.sizes.launches
            for launch in launches:  # some kernels work in place, and the next one must find what it would in a step
                self.device.launch(*launch)
            size, count = needs[kernel]
            least = 1e6 * size / bandwidth, 1e6 * count / instructions
            found.append(floors.KernelTime(kernel, took, *least, launching, floors.GAPS[kernel]))
        ceilings = (
            f"device-to-device copy {bandwidth / 1e9:,.0f} GB/s, read and written; {instructions / 1e12:.1f} T "
            f"multiply-adds per second; {len(gaussians)} Gaussians of a whole fit"
        )
        return found, ceilings

    def _many(self, launch: tuple) -> None:
        for _ in range(self.sizes.launches):
            self.device.launch(*launch)

    def _launches_of_a_step(self, gaussians: Gaussians):
        from daub.render.cuda.backend import CudaRasteriser

        recording = _Recording(self.device)
        surface = CudaRasteriser(recording).surface(self._usual())
        descent = _descent_of(surface, gaussians)
        descent.frozen[:] = True  # repeated, it would run away
        surface.advance(descent, _settings(), 1)
        recording.launches.clear()
        surface.advance(descent, _settings(), 1)
        return list(recording.launches), surface

    def _usual(self) -> np.ndarray:
        return self.photo(self.sizes.width, self.sizes.height)

    def _descent(self, gaussians: Gaussians, target: np.ndarray, weights: Weighting | None = None):
        surface = self.rasteriser.surface(target, weights)
        return surface, _descent_of(surface, gaussians)

    def _copy_rate(self) -> float:
        """Bytes per second that a copy on the device reads and writes together."""
        here, there = (self.xp.zeros(self.sizes.copied, np.uint8) for _ in range(2))

        def copy():
            there[:] = here

        return 2 * self.sizes.copied / self.microseconds(copy, 10) * 1e6

    def _fma_rate(self) -> float:
        """Multiply-adds per second of all threads together, each with eight independent chains."""
        kernel, out = self.xp.RawKernel(_FMA, "chains"), self.xp.empty(1, np.float32)
        blocks, threads, rounds = 4096, 256, self.sizes.rounds
        took = self.microseconds(lambda: kernel((blocks,), (threads,), (np.float32(0.999), np.int32(rounds), out)))
        return 8 * blocks * threads * rounds / took * 1e6


_FMA = r"""
extern "C" __global__ void chains(float factor, int rounds, float *out) {
    float a = threadIdx.x, b = a + 1, c = a + 2, d = a + 3, e = a + 4, f = a + 5, g = a + 6, h = a + 7;
    for (int i = 0; i < rounds; i++) {
        a = fmaf(a, factor, 1.f); b = fmaf(b, factor, 1.f); c = fmaf(c, factor, 1.f); d = fmaf(d, factor, 1.f);
        e = fmaf(e, factor, 1.f); f = fmaf(f, factor, 1.f); g = fmaf(g, factor, 1.f); h = fmaf(h, factor, 1.f);
    }
    if (a + b + c + d + e + f + g + h == 0.1234f) *out = a;
}
"""


class _Stages:
    """The seconds that the stages of an encode take, and what comes after the last record: writing and reading."""

    def __init__(self):
        self._since, self._spent = time.perf_counter(), {}

    def note(self, record) -> None:
        self._add(str(record.stage))

    def ended(self) -> dict[str, float]:
        """Stage -> seconds."""
        self._add("file")
        return self._spent

    def _add(self, stage: str) -> None:
        now = time.perf_counter()
        self._spent[stage] = self._spent.get(stage, 0.0) + now - self._since
        self._since = now


class _Unforgiving:
    """A rasteriser whose failures nobody makes up for: the CPU's figures must not pass for those of the GPU."""

    failures = ()

    def __init__(self, rasteriser):
        self._rasteriser = rasteriser

    def __getattr__(self, name: str):
        return getattr(self._rasteriser, name)


class _Recording:
    """The device, launching a graph's kernels one by one and keeping what was launched."""

    def __init__(self, device):
        self._device, self.launches = device, []

    def __getattr__(self, name: str):
        return getattr(self._device, name)

    def launch(self, *launch) -> None:
        self.launches.append(launch)
        self._device.launch(*launch)

    def graph(self, launches):
        return launches


def _settings():
    from daub.render.descent import GaussNewton

    return GaussNewton()


def _descent_of(surface, gaussians: Gaussians):
    from daub.render.descent import Descent

    return Descent.of(Gaussians(surface.xp.array(gaussians.parameters)))


def load(path: Path) -> np.ndarray:
    """(H, W, 3) float32 in [0, 1]; without the codec, which needs more than Pillow."""
    import PIL.Image

    with PIL.Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float32) / 255


_USUAL = f"{FULL.count} Gaussians, {FULL.width}x{FULL.height}"
_HUGE = f"{FULL.huge_count:,} Gaussians, {FULL.huge_width}x{FULL.huge_height}"
MEASURES = (
    Measure(f"one step of a fit, {_USUAL}", "at most 60 µs", Bench.step),
    Measure(f"one step under weights, {_USUAL}", "at most 1.15 times one without", Bench.weighted_step),
    Measure(
        f"a whole fit, {FULL.count} Gaussians, {FULL.fit_steps} steps", "at most 0.03 s, at least 31.8 dB",
        Bench.whole_fit,
    ),
    Measure(
        f"a whole encode, {FULL.count} Gaussians, effort {FULL.effort}, 768x512", "at most 0.5 s", Bench.encoding,
        ("numba", "scipy", "imagecodecs"),
    ),
    Measure(
        "PSNR of files of the GPU against those of the CPU, at equal bytes", "0.02 dB, mean", Bench.as_good_as_the_cpu,
        ("numba", "scipy", "imagecodecs"),
    ),
    Measure(f"frames into OpenGL, {_USUAL}", "without the host", Bench.frames, ("OpenGL",)),
    Measure(f"rendering, {_USUAL}", "at least 15,000 frames per second", Bench.rendering),
    Measure(
        f"from a .daub to 8-bit pixels, {FULL.count} Gaussians", "at least 300 per second", Bench.decoding,
        ("numba", "scipy", "imagecodecs"),
    ),
    Measure(f"one step, {_HUGE}", "at most 15 ms, less than 4 GB", Bench.huge),
)  # fmt: skip


def figures(bench: Bench) -> Iterator[tuple[Measure, Figure | str]]:
    """Each measure with its figure, or why there is none."""
    for measure in MEASURES:
        missing = [name for name in measure.needs if importlib.util.find_spec(name) is None]
        if missing:
            yield measure, f"not measured: {', '.join(missing)} not installed"
            continue
        try:
            yield measure, measure.take(bench)
        except Exception as error:  # one that fails must not take the others with it
            yield measure, f"not measured: {type(error).__name__}: {error}"
