"""An encoder that does nothing but yield: each record waits for a permit, so that a test sets the pace.

Its records are of the real type and come in the real order, which a test holds against the real encoder.
"""

from __future__ import annotations

import threading
from functools import partial
from types import SimpleNamespace

import numpy as np

from daub.codec.container import Document
from daub.codec.goal import GoalKind
from daub.codec.progress import EncodeProgress, Stage
from daub.codec.rate.encoded import Encoded
from daub.render.gaussians import Gaussians
from daub.render.interruption import go_on

PIXELS = np.zeros((8, 12, 3), np.float32)
PLAN_STEPS = 4  # of each of the two short fits of a plan
ROUND_STEPS = 3  # of each try
FORESEEN_STEPS = 2  # towards what is left to a network
TRIES = 3  # files until a goal of bytes, PSNR or MS-SSIM is met


class Backend:
    """A device that is asked for nothing but its name; "cuda" has frames, which nobody paints."""

    failures = (OSError,)

    def __init__(self, name: str):
        self.name = name

    def painter(self):
        return SimpleNamespace(paint=None) if self.name == "cuda" else None

    def release(self):
        pass


class PretendedEncoder:
    """Stands in for `encode`, `pack` and `estimate_bytes`.

    Attributes:
        permits: one is taken for each record.
        asked: records that were asked for.
        open_generators: generators that were begun and have not ended.
        failure: raised instead of the next record.
        packed: what `pack` was given: Gaussians, recipe, seconds.
        encoded: what `encode` was given: pixels, recipe, rasteriser.
        maps: of importance, that both were given.
        starts: what fits were to go on from.
        plan_psnr: dB that the short fits of a plan begin with.
        step_seconds: seconds that a step has taken, as its record says.
        asks: in the midst of a step whether to go on, as the real one does.
    """

    def __init__(self):
        self.permits = threading.Semaphore(0)
        self.asked = 0
        self.open_generators = 0
        self.failure: Exception | None = None
        self.packed: list[tuple] = []
        self.encoded: list[tuple] = []
        self.maps: list = []
        self.starts: list = []
        self.metadata = []
        self.plan_psnr, self.step_seconds = 10.0, 0.1
        self.asks = False

    def install(self, monkeypatch) -> None:
        """Takes the place of the real one."""
        monkeypatch.setattr("daub.codec.encoder.encode", self.encode)
        monkeypatch.setattr("daub.codec.rate.packing.pack", self.pack)
        monkeypatch.setattr("daub.codec.rate.estimate.estimate_bytes", lambda gaussians, *_: 100 + len(gaussians))

    def encode(self, pixels, recipe, rasteriser, importance=None, start=None, metadata=None):
        self.encoded.append((pixels, recipe, rasteriser))
        self.metadata.append(metadata)
        self.maps.append(importance)
        self.starts.append(start)
        kind, best = recipe.goal.kind, None
        if kind is not GoalKind.GAUSSIANS and (start is None or start.count is None):
            for _ in range(2):
                yield from self._records(Stage.PLAN, PLAN_STEPS, psnr=self.plan_psnr)
        begun = 0 if start is None else start.checkpoint.step
        yield from self._records(Stage.FIT, recipe.steps, 20, begun=begun)
        if kind in (GoalKind.BYTES, GoalKind.BPP):  # the first number of Gaussians did not suit the size
            yield from self._records(Stage.ROUND, ROUND_STEPS, psnr=0)
            best = encoded(b"first", recipe.steps)
            yield from self._records(Stage.FIT, recipe.steps, 20, 2, best)
        whole = yield from self._round(recipe, b"whole", recipe.steps, best=best)
        if not recipe.restore:
            return whole
        steps = recipe.steps + FORESEEN_STEPS  # the network is taken to pay
        yield from self._records(Stage.FIT, steps, 40, best=whole, begun=recipe.steps)
        return (yield from self._round(recipe, b"foreseen", recipe.steps, best=whole))

    def pack(
        self, pixels, gaussians, recipe, rasteriser, fit_seconds=0.0, importance=None, born=None, metadata=None,
        opacity=None,
    ):  # fmt: skip
        self.packed.append((gaussians, recipe, fit_seconds))
        self.metadata.append(metadata)
        self.maps.append(importance)
        return (yield from self._round(recipe, b"part", len(gaussians), fit_seconds))

    def _round(self, recipe, data, count, fit_seconds=0.0, best=None):
        kind = recipe.goal.kind
        tries = 1 if kind in (GoalKind.QUALITY, GoalKind.GAUSSIANS) else TRIES
        for attempt in range(1, tries + 1):
            yield from self._records(Stage.ROUND, ROUND_STEPS, 0, attempt, best)
            best = encoded(data, count, attempt, fit_seconds, 0.8 if kind is GoalKind.MS_SSIM else None)
        return best

    def _records(self, stage, steps, psnr, attempt=1, best=None, begun=0):
        self.open_generators += 1
        try:
            for step in range(min(begun + 1, steps), steps + 1):
                self.asked += 1
                while not self.permits.acquire(timeout=0.005 if self.asks else None):
                    go_on()
                if self.failure is not None:
                    raise self.failure
                snapshot = Gaussians.empty(step)
                error = None if stage is Stage.ROUND else 100 / step
                yield EncodeProgress(
                    stage,
                    step,
                    steps,
                    snapshot,
                    50,
                    psnr + step,
                    error,
                    step * self.step_seconds,
                    step / steps,
                    None,
                    attempt,
                    best,
                    partial(SimpleNamespace, step=step, nbytes=32 * step) if stage is Stage.FIT else None,
                )
        finally:
            self.open_generators -= 1


def encoded(
    data: bytes, count: int, attempt: int = 1, fit_seconds: float = 0.0, ms_ssim: float | None = None
) -> Encoded:
    """A file; the attempt is told by its last byte."""
    document = Document.unwritten(Gaussians.empty(count), PIXELS.shape[1], PIXELS.shape[0])
    return Encoded(data + bytes([attempt]), document, 29.0, 23.0, fit_seconds, 1.0, 5, 0, ms_ssim)
