"""What a restoration adds to the rendering of a file: a switch that leaves it out, and sides that show it alone.

switch ---> seen: the sides as they are rendered, or restored again
put    ---> thread: both pictures of the file ---> a row of its own, on a side

A file without a restoration, or one that cannot run here, is shown as it is rendered in any case.
"""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model.picture.picture import has_restoration, has_stages
from daub.app.model.sources.pair import OTHER, SideName
from daub.app.model.sources.sides import CompareSource, Sides
from daub.app.model.sources.source import Figures
from daub.app.model.sources.sources import Offer, Sources
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace
from daub.codec.files import SUFFIX
from daub.render.eight_bit import to_8bit

if TYPE_CHECKING:
    from daub.codec.container import Document

GAIN = 16  # of what is added: it is a level or two of 255 mostly
_KEPT = 4  # files whose rendering alone is known


class Part(Enum):
    """What of a restored file a side can show beside the file itself; the values are shown to people."""

    RENDERED = "As rendered, without restoration"
    ADDED = "What its restoration adds"


@dataclass(frozen=True, eq=False)
class _Made:
    """A row. Args: as of `Sources.add_rival`."""

    name: str
    data: bytes
    pixels8: np.ndarray
    remark: str
    figures: Figures | None
    suffix: str


class Restoring:
    """See above.

    Attributes:
        changed: the switch is another.
        is_on: files are shown restored.
    """

    def __init__(self, workspace: Workspace, sources: Sources):
        self.changed = Signal()
        self.is_on = True
        self._workspace, self._sources = workspace, sources
        self._plain: list[tuple[Document, Document]] = []  # files, and the same without their restoration
        own = [Offer(part.value, partial(self.put, part), "Restoration", lambda: self.is_possible) for part in Part]
        sources.offers = (*sources.offers, *own)

    @property
    def is_possible(self) -> bool:
        """A side has a restoration."""
        return any(map(_is_restored, self._sources.pair.sides))

    def switch(self) -> None:
        """Shows files restored, or as they are rendered."""
        self.is_on = not self.is_on
        self.changed.emit()

    def seen(self, sides: Sides) -> Sides:
        """The sides as they are to be drawn: the same objects each time."""
        return sides if self.is_on else tuple(self._rendered(side) if _is_restored(side) else side for side in sides)

    def put(self, part: Part, side: SideName) -> None:
        """Puts that on a side: of the file on the other one, or where that has no restoration, of its own."""
        pair = self._sources.pair
        keys = [key for key in (pair.on(OTHER[side]), pair.on(side)) if key is not None]
        found = next((of for of in map(pair.side, keys) if _is_restored(of)), None)
        if found is None:
            self._workspace.noticed.emit("Neither side has a restoration that can run here")
            return
        reference, before = self._sources.reference.picture, pair.on(side)
        pixels = None if reference is None else reference.pixels
        work = partial(_made, part, found.row.name, found.document, pixels)
        self._workspace.background.run(work, partial(self._take, side, before))

    def _take(self, side: SideName, before: str | None, made: _Made) -> None:
        key = self._sources.add_rival(made.name, made.data, made.pixels8, made.remark, made.figures, made.suffix)
        if self._sources.pair.on(side) == before:  # nobody has put another there meanwhile
            self._sources.pair.put(key, side)

    def _rendered(self, side: CompareSource) -> CompareSource:
        plain = next((plain for whole, plain in self._plain if whole is side.document), None)
        if plain is None:
            from daub.codec.restoration.layer import without_layer

            plain = without_layer(side.document)
            self._plain = [*self._plain[1 - _KEPT :], (side.document, plain)]
        return replace(side, title=f"{side.title}, as rendered", document=plain, has_stages=has_stages(plain))


def _is_restored(side: CompareSource | None) -> bool:
    return side is not None and side.has_stages and has_restoration(side.document)


def _made(part: Part, name: str, document: Document, reference: np.ndarray | None) -> _Made:
    """Takes its time. Args: reference: (H, W, 3) float32 in [0, 1]."""
    from daub.codec.decoder import render
    from daub.codec.restoration.layer import without_layer
    from daub.render.cpu.backend import CpuRasteriser

    plain = render(document, CpuRasteriser(), restore=False, large=True)
    if part is Part.RENDERED:
        pixels8 = to_8bit(plain)
        data = without_layer(document).to_bytes()
        return _Made(f"{name}, as rendered", data, pixels8, "", _figures(reference, pixels8), SUFFIX)
    began = time.perf_counter()
    added = render(document, CpuRasteriser(), large=True) - plain
    seconds = time.perf_counter() - began
    pixels8 = to_8bit(np.clip(0.5 + GAIN * added, 0, 1))
    remark = f"{GAIN} times as strong, grey is nothing, restored in {seconds:.2f} s"
    return _Made(f"Added to {name}", _png(pixels8), pixels8, remark, None, ".png")


def _figures(reference: np.ndarray | None, pixels8: np.ndarray) -> Figures | None:
    from daub.codec.evaluation import metrics

    if reference is None or reference.shape != pixels8.shape:
        return None
    return Figures(metrics.psnr(reference, pixels8), metrics.ms_ssim(reference, pixels8))


def _png(pixels8: np.ndarray) -> bytes:
    from PIL import Image

    written = io.BytesIO()
    Image.fromarray(pixels8).save(written, "PNG")
    return written.getvalue()


def words(sides: Sequence[CompareSource | None], seconds: Sequence[float | None]) -> list[str]:
    """A line for each side that is restored, and in which time. Args: seconds: of its decode, None where unknown."""
    return [
        f"{letter}: restored" + ("" if took is None else f", decoded in {took:.2f} s")
        for letter, side, took in zip("AB", sides, seconds, strict=True)
        if _is_restored(side)
    ]
