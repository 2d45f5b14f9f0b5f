"""One encode under way: what is encoded, how, on which device, how long it has taken and how far it is."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from daub.codec.container import Chunk, Document, tuned_chunks
from daub.codec.decoder import render
from daub.codec.evaluation.metrics import error_of_psnr, mse, psnr
from daub.codec.fit.sizes import Reductions
from daub.codec.progress import Clock, EncodeProgress, Stage
from daub.codec.recipe import Recipe
from daub.codec.transparency import on_black_and_white
from daub.codec.weights import Weights
from daub.render.compiling import beside
from daub.render.devices import Failover
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

if TYPE_CHECKING:
    from daub.codec.importance import Importance
    from daub.codec.rate.encoded import Encoded


@dataclass(frozen=True)
class Fitted:
    """A finished fit.

    Args:
        gaussians: as fitted, before quantisation.
        psnr: dB after clipping.
        error: what the fit made small, the sum of weighed squared errors over pixels and channels, after clipping.
        seconds: what the fit took, pauses excluded.
        decibels: after clipping, of the measure that the job's goal is about; None where it is about none.
        born: (N,) int32, as of `FitProgress`; None where it is not known.
    """

    gaussians: Gaussians
    psnr: float
    error: float
    seconds: float
    decibels: float | None = None
    born: np.ndarray | None = None


# Shares of the work: nobody knows how many tries are still to come, so that each takes a part of what is left. Measured
# on Kodak at the usual effort and qualities of 30 to 70, where a plan takes 0.06 to 0.19 of the time, the fit more than
# half of it, and the refinement a third of the rounding.
PLANNED = 0.14  # of all the work, done when the plan is
FITTED = 0.72  # of all the work, done when the last fit is
PACKED = 0.8  # of all the work, done when the first file is, where one made with foresight may follow
FORESEEN = 0.86  # of all the work, done when its fit is
FIT_TO_SIZE = 0.7  # of what is left for fits: a second one is rare
FIT_TO_MEASURE = 0.5  # of what is left for fits: two or three are usual
ONLY_HARDENING = 0.65  # of what is left, where one file will do; its refinement takes the rest
HARDENING, REFINEMENT = 0.28, 0.2  # of what is left, where a goal may take several of each


@dataclass(frozen=True, eq=False)
class Opacity:
    """What the colours of a transparent picture are seen through; all that is measured is measured of what is seen.

    Args:
        source: (H, W, 4) float32 in [0, 1], the image, straight colours and alpha.
        written: (H, W) float32 in [0, 1], of its file, which is decided before the colours are fitted.
        chunk: of that file.
    """

    source: np.ndarray
    written: np.ndarray
    chunk: Chunk


class Job:
    """What travels through the stages of an encode.

    Args:
        pixels: (H, W, 3) float32 in [0, 1], or uint8, the image.
        recipe: how it is encoded.
        rasteriser: what computes; where its device fails, the CPU goes on for the whole job.
        spent: seconds of work before, such as those of a fit that is only to be written.
        importance: what parts of the image matter, which may change meanwhile; None: all alike.
        carried: chunks that the file holds beside what it is made of, which count among its bytes.
        opacity: what the colours are seen through, where the image is transparent; its chunk is carried, too.

    Attributes:
        carried: as given.
        weights: asked for those of the pixels.
        reductions: asked for the image at a size.
        target: (H, W, 3) float32, what Gaussians are fitted and rounded towards: the pixels, until `aim_at` says else.
        done: share of all the work that has been handed out to stages, 0 to 1.
        attempt: number of the fit, or of the rounding, that is under way, from 1 on.
        best: the best file so far, where there is one: what a stop may take.
        decibels: how close an image is to a source, the source first, in the measure that the goal is about; None where
            it is about none, or a fit is only to be written.
    """

    def __init__(
        self,
        pixels: np.ndarray,
        recipe: Recipe,
        rasteriser: Rasteriser,
        spent: float = 0.0,
        importance: Importance | None = None,
        carried: tuple[Chunk, ...] = (),
        opacity: Opacity | None = None,
    ):
        self.pixels, self.recipe = pixels, recipe
        self.target = pixels
        self.carried = carried if opacity is None else (*carried, opacity.chunk)
        self.opacity = opacity
        self.weights = Weights(pixels, recipe.tune, importance)
        self.reductions = Reductions(pixels)
        self.rasteriser = Failover.of(rasteriser)
        self.clock = Clock(spent)
        self.done = 0.0
        self.best: Encoded | None = None
        self.decibels: Callable[[np.ndarray, np.ndarray], float] | None = None
        self.attempt = 1
        self.height, self.width, _ = pixels.shape

    @property
    def optional_chunks(self) -> tuple[Chunk, ...]:
        """What the file is tuned for, and what it carries."""
        return (*tuned_chunks(self.recipe.tune), *self.carried)

    @property
    def area(self) -> int:
        """Pixels of the image."""
        return self.height * self.width

    def aim_at(self, target: np.ndarray) -> None:
        """Has Gaussians made for another picture from here on. Files are judged by the pixels all the same.

        Args:
            target: (H, W, 3) float32, of the same size.
        """
        self.target, self.reductions = target, Reductions(target)

    def energy(self, psnr: float) -> float:
        """The sum of squared errors over pixels and channels that a PSNR in dB stands for."""
        return self.pixels.size * error_of_psnr(psnr)

    @functools.cached_property
    def reference(self) -> np.ndarray:
        """What files are measured against: (H, W, 3) the image, or (H, W, 6) what is seen of a transparent one."""
        if self.opacity is None:
            return self.pixels
        return on_black_and_white(self.opacity.source)

    def seen(self, image: np.ndarray) -> np.ndarray:
        """An image as it is measured against `reference`. Args: image: (H, W, 3) float32; or (H, W, 3 or 4) uint8."""
        if self.opacity is None:
            return image
        if image.shape[2] == 3:
            image = np.concatenate([image, self.opacity.written[..., None]], 2)
        return on_black_and_white(image)

    def rendered(self, gaussians: Gaussians) -> np.ndarray:
        """The image that Gaussians make: (H, W, 3) float32, clipped to [0, 1] but not rounded to 8 bits."""
        return render(Document.unwritten(gaussians, self.width, self.height), self.rasteriser, large=True)

    def fitted(self, gaussians: Gaussians, seconds: float, born: np.ndarray | None = None) -> Fitted:
        """Judges the image that Gaussians make, its error by the target.

        Args:
            seconds: what their fit took.
            born: (N,) the steps at which they were born, where that is known.
        """
        image, weights = self.rendered(gaussians), self.weights()
        plain = weights is None
        error = self.target.size * mse(self.target, image) if plain else weights.distortion(self.target, image)
        seen = self.seen(image)
        decibels = None if self.decibels is None else self.decibels(self.reference, seen)
        return Fitted(gaussians, psnr(self.reference, seen), error, seconds, decibels, born)

    def run(
        self,
        records: Generator[Any, None, Any] | Iterator[Any],
        stage: Stage,
        count: int,
        share: float,
        until: float = 1.0,
        done: Callable[[int], float] | None = None,
        gaussians_of: Callable[[Any], Gaussians] = lambda record: record.gaussians,
    ) -> Generator[EncodeProgress, None, tuple[Any, Any]]:
        """Runs a stage; yields its records as those of the encode.

        Args:
            records: with `step`, `steps` and `psnr`, and perhaps an `event`.
            count: Gaussians when the fit is done.
            share: how much of the work that is left before `until` the stage takes, 0 to 1: nobody knows how many
                tries are still to come.
            until: share of all the work that is done when stages of this kind are.
            done: share of the stage that is done after so many steps, 0 to 1; None where all take as long.

        Returns:
            The last record, None without any, and what `records` returns.
        """
        if stage is Stage.ROUND and beside.is_busy:
            waiting = time.perf_counter()
            beside.wait()  # on a first start: another process is at the kernels of this
            self.clock.outside(waiting)
        begin = self.done
        self.done = end = begin + share * max(until - begin, 0.0)
        last = None
        while True:
            try:
                last = next(records)
            except StopIteration as stop:
                return last, stop.value
            share_done = last.step / last.steps if done is None else done(last.step)
            fraction = begin + (end - begin) * share_done
            waiting = time.perf_counter()
            yield EncodeProgress(
                stage, last.step, last.steps, gaussians_of(last), count, last.psnr, getattr(last, "error", None),
                self.clock.seconds(), fraction, getattr(last, "event", None), self.attempt, self.best,
                getattr(last, "checkpoint", None), getattr(last, "born", None),
            )  # fmt: skip
            self.clock.outside(waiting)
