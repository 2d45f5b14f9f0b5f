"""Edited Gaussians as a .daub: at once and plainly rounded, or in the background and as well as an encode does.

    size = estimated_size(drawing, document)  # some milliseconds: about how large it will be
    for record in to_file(drawing, rasteriser, document):  # the real one
        show(record.fraction)

What an edit has not touched keeps the integers that it had in the file (`symbols_kept`), so that an edit here loses
nothing there, and only what has changed is decided anew.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from daub.codec import container
from daub.codec.container import Document, alpha
from daub.codec.decoder import decode
from daub.codec.editing.chunks_kept import is_chosen_anew, with_kept_chunks
from daub.codec.editing.drawing import Drawing, chosen
from daub.codec.editing.inside import beside, brought_in, onto_canvas
from daub.codec.editing.properties import energy
from daub.codec.editing.symbols_kept import symbols_of
from daub.codec.errors import DaubError
from daub.codec.goal import Goal, GoalKind
from daub.codec.job import FITTED, ONLY_HARDENING, Job, Opacity
from daub.codec.progress import EncodeProgress, Stage, retold
from daub.codec.rate.encoded import Encoded, score
from daub.codec.rate.estimate import cell_log2_for
from daub.codec.rate.packing import pack_fitted
from daub.codec.rate.plan import gaussian_price
from daub.codec.recipe import Recipe, recipe_of
from daub.codec.rounding.harden import harden
from daub.codec.rounding.refine import refine
from daub.codec.settings import EncodeSettings
from daub.codec.symbols import Grid, Symbols, dequantise, step_index
from daub.codec.tradeoff import GAUSSIAN_BITS, LAMBDA
from daub.codec.tuning import Tuning
from daub.render.gaussians import Gaussians
from daub.render.rasteriser import Rasteriser

USUAL_QUALITY = 50.0
_ROUNDED = 0.5  # share of the work that is done when only a restoration is still to be chosen
_KEPT = 0.4  # share of Gaussians that must still have their integers for the others alone to be decided


def step_of_quality(quality: float) -> float:
    """The step d that suits a quality 0..100: where the bits of a Gaussian are worth just what an encode asks of one.

    >>> [round(step_of_quality(quality), 2) for quality in (30, 50, 70)]
    [0.63, 0.23, 0.08]
    """
    return (gaussian_price(quality) / (GAUSSIAN_BITS * LAMBDA)) ** 0.5


def grid_for(drawing: Drawing, document: Document | None = None, quality: float | None = None) -> Grid:
    """What Gaussians are rounded against: as the file that they come of, unless another quality is asked for.

    Args:
        document: the file before the edit; None, or that of another method: as at USUAL_QUALITY.
    """
    payload = None if document is None else document.payload
    before = payload.grid if isinstance(payload, container.NativePayload) else None
    if quality is not None or before is None:
        index = step_index(step_of_quality(USUAL_QUALITY if quality is None else quality))
    else:
        index = before.step_index
    if before is not None and _alike(before, drawing):
        cell_log2 = before.cell_log2
    else:
        cell_log2 = cell_log2_for(len(drawing), drawing.width, drawing.height)
    return Grid(drawing.width, drawing.height, index, cell_log2)


def _alike(before: Grid, drawing: Drawing) -> bool:
    """Whether the canvas still has about its size, so that the same cells suit."""
    return 0.5 <= drawing.width * drawing.height / (before.width * before.height) <= 2


def plain_file(drawing: Drawing, grid: Grid, document: Document | None = None) -> bytes:
    """A file at once: what is exact keeps its integers, and the rest is rounded to the nearest.

    Those whose centres are beside the canvas are left out: a file has no place for them, and `to_file` makes others do
    their work. So after a crop this tells the size, and not how the picture will look at its edges.
    """
    symbols, _ = symbols_of(chosen(drawing.gaussians, ~beside(drawing)), grid, document)
    carried = () if document is None else container.carried_chunks(document)
    if document is not None and document.alpha is not None:  # whose size an edit changes little
        carried = (*carried, *(chunk for chunk in document.optional_chunks if chunk.tag == alpha.TAG))
    return container.write(symbols, grid, (*container.tuned_chunks(_tuning(document)), *carried))


def estimated_size(drawing: Drawing, document: Document | None = None) -> int:
    """About the bytes that `to_file` will take, in some milliseconds.

    As there, what is not exact and too faint to be worth its bits is left out, and what is beside the canvas comes onto
    its border; but nothing is fitted.
    """
    grid, gaussians = grid_for(drawing, document), onto_canvas(drawing).gaussians
    symbols, exact = symbols_of(gaussians, grid, document)
    worth = energy(gaussians) >= _recipe(document).least_energy * grid.step**2
    if document is not None and len(gaussians) and exact.mean() >= _KEPT:
        worth |= exact
    carried = () if document is None else container.carried_chunks(document)
    return len(container.write(symbols[worth], grid, (*container.tuned_chunks(_tuning(document)), *carried)))


def _recipe(document: Document | None, goal: Goal | None = None, **others: int) -> Recipe:
    usual = Goal(GoalKind.QUALITY, USUAL_QUALITY)
    return recipe_of(EncodeSettings(goal or usual, tune=_tuning(document), **others))


def _tuning(document: Document | None) -> Tuning:
    return (None if document is None else container.tuning_of(document)) or Tuning.PSNR


def to_file(
    drawing: Drawing,
    rasteriser: Rasteriser,
    document: Document | None = None,
    goal: Goal | None = None,
    source: np.ndarray | None = None,
    effort: int = EncodeSettings.effort,
    seed: int = 0,
    opacity: Drawing | None = None,
) -> Generator[EncodeProgress, None, Encoded]:
    """Rounds and writes edited Gaussians, with those optional chunks of the file before that are still true.

    Args:
        document: the file before the edit: what is rounded as there, at its step and for what it was tuned for.
        goal: what the file shall reach instead; a quality has its own step, other goals are landed on.
        source: (H, W, 3) float32 in [0, 1] that the picture shall stay near; None: the picture as edited.
        effort: 0 to 9, see `effort.EFFORTS`.
        opacity: of a document that is transparent, after the same edit; None: it is opaque, or becomes so.

    Yields:
        Progress as of an encode, `gaussians` being those that are rounded.

    Returns:
        The file; its figures are against the source, or the edited picture. With a source a restoration that the file
        before has is chosen anew, and they are of the restored picture; without one they are of the rendering, and a
        restoration stays in the parts that are as they were.

    Raises:
        DaubError: the size is outside the format, or the goal is a number of Gaussians.
    """
    records = _made(drawing, rasteriser, document, goal, source, effort, seed, opacity)
    if document is None:
        return (yield from records)
    share = _ROUNDED if is_chosen_anew(document, source) else 1.0
    encoded = yield from retold(records, lambda each: replace(each, fraction=share * each.fraction))
    choice = with_kept_chunks(encoded, document, rasteriser, source)

    def record(done: float) -> EncodeProgress:
        return EncodeProgress(
            Stage.ROUND, 1, 1, encoded.gaussians, len(encoded.gaussians), encoded.fit_psnr, None,
            encoded.encode_seconds, share + (1 - share) * done,
        )  # fmt: skip

    return (yield from retold(choice, record))


def _opacity(
    drawing: Drawing, picture: np.ndarray, rasteriser: Rasteriser, document: Document, effort: int, seed: int
) -> Generator[EncodeProgress, None, Opacity]:
    """An edited opacity, rounded as it was in the file before; the chunk of that where nothing of it has changed.

    Args:
        picture: (H, W, 3) float32 in [0, 1], the colours that are seen through it.
    """
    before = Drawing.of(document.opacity)
    if drawing.size == before.size and np.array_equal(drawing.gaussians.parameters, before.gaussians.parameters):
        (chunk,) = (chunk for chunk in document.optional_chunks if chunk.tag == alpha.TAG)
        written = document.opacity
    else:
        made = to_file(drawing, rasteriser, document.opacity, effort=effort, seed=seed)
        # Its progress is that of a part which is small beside the colours.
        encoded = yield from retold(made, lambda each: replace(each, fraction=0.0, best=None))
        written = encoded.document
        chunk = alpha.chunk_of(written.payload.symbols, written.payload.grid)
    levels = decode(written, rasteriser, large=True)[..., 1]
    wanted = np.clip(drawing.rendered(rasteriser)[..., 1:2], 0, 1)
    return Opacity(np.concatenate([picture, wanted], 2), levels / np.float32(255), chunk)


def _made(
    drawing: Drawing,
    rasteriser: Rasteriser,
    document: Document | None,
    goal: Goal | None,
    source: np.ndarray | None,
    effort: int,
    seed: int,
    opacity: Drawing | None = None,
) -> Generator[EncodeProgress, None, Encoded]:
    """The file without those chunks, but with what it is tuned for. Args: as of `to_file`."""
    container.check_image(*drawing.size)
    if goal is not None and goal.kind is GoalKind.GAUSSIANS:
        what = "edited Gaussians cannot be brought to another number"
        raise DaubError(what, "that takes a new fit", "delete some, or give a goal of bytes or quality")
    by_quality = goal if goal is not None and goal.kind is GoalKind.QUALITY else None
    recipe = _recipe(document, goal, effort=effort, seed=seed)
    picture = np.clip(drawing.rendered(rasteriser), 0, 1) if source is None else source
    carried = () if document is None else container.carried_chunks(document)
    through = None
    if opacity is not None:
        through = yield from _opacity(opacity, picture, rasteriser, document, effort, seed)
    job = Job(picture, recipe, rasteriser, carried=carried, opacity=through)
    if beside(drawing).any():
        records = brought_in(drawing, rasteriser)
        last, _ = yield from job.run(records, Stage.FIT, len(drawing), 1.0, FITTED)
        drawing = Drawing(last.gaussians, *drawing.size)
    grid = grid_for(drawing, document, None if by_quality is None else by_quality.value)
    if not len(drawing):  # a black picture
        data = container.write(symbols_of(drawing.gaussians, grid)[0], grid, job.optional_chunks)
        return score(job, data, job.fitted(drawing.gaussians, 0.0))
    if goal is None and document is not None:
        kept, exact = symbols_of(drawing.gaussians, grid, document)
        if exact.mean() >= _KEPT:
            return (yield from _only_changed(job, drawing, kept, exact, grid))
    return (yield from pack_fitted(job, job.fitted(drawing.gaussians, 0.0), grid=grid))


def _only_changed(
    job: Job, drawing: Drawing, symbols: Symbols, exact: np.ndarray, grid: Grid
) -> Generator[EncodeProgress, None, Encoded]:
    """Rounds what is not exact, towards what the others leave of the picture; those keep their symbols."""
    kept = symbols[exact]
    fitted = job.fitted(drawing.gaussians, 0.0)
    changed = chosen(drawing.gaussians, ~exact)
    if len(changed):
        target = job.pixels - job.rasteriser.forward(dequantise(kept, grid), *drawing.size)
        weights, recipe, count = job.weights(), job.recipe, len(changed)
        settings = replace(recipe.harden, least_energy=recipe.least_energy)
        records = harden(target, changed, grid, settings, job.rasteriser, recipe.seed, weights)
        _, hard = yield from job.run(records, Stage.ROUND, count, ONLY_HARDENING)
        records = refine(target, hard.without_invisible(), grid, recipe.refine, weights)

        def shown(record) -> Gaussians:
            return dequantise(record.symbols, grid)

        _, refined = yield from job.run(records, Stage.ROUND, count, 1.0, gaussians_of=shown)
        kept = Symbols(np.concatenate([kept.values, refined.values]))
    return score(job, container.write(kept, grid, job.optional_chunks), fitted)
