"""A figure for a paper, of chosen sources at a chosen place, written as PNG, PDF or SVG.

crops ---> a process: figure_page ---> the file; all on the thread that writes, also while the window closes
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from daub.app.model.figures.crops import Crop, crop_of
from daub.app.model.output.exports import Exports
from daub.app.model.picture.box import Box
from daub.app.model.picture.registration import SAME
from daub.app.model.rivals.plot_style import DAUB
from daub.app.model.rivals.rivals import Rivals
from daub.app.model.sources.source import Kind, Source
from daub.app.model.sources.sources import Sources
from daub.app.model.view.view import View
from daub.app.model.work.jobs import Job, do_once
from daub.app.model.workspace.workspace import Workspace

SUFFIXES = (".png", ".pdf", ".svg")
_LARGEST = 1600  # pixels of the longer side of a crop in the file, more than a panel can show
_WHOLE = 900  # the same of the whole picture


@dataclass(frozen=True)
class Place:
    """A part of the picture, with what a person calls it."""

    name: str
    box: Box


@dataclass(frozen=True)
class _Panel:
    """One crop of a figure, with its caption."""

    name: str
    codec: str  # whose colour it has, "" for none
    lines: tuple[str, ...]
    crop: Crop
    is_source: bool


class FigureExport:
    """See above."""

    def __init__(self, workspace: Workspace, sources: Sources, rivals: Rivals, exports: Exports):
        self._workspace, self._sources, self._rivals, self._exports = workspace, sources, rivals, exports

    @property
    def rows(self) -> tuple[Source, ...]:
        """What can be shown in a figure."""
        pair, anywhere = self._sources.pair, Box(0, 0, 1, 1)
        whole = pair.canvas_of(None)
        rows = (row for row in self._sources.rows if pair.can_compare(row.key) and pair.canvas_of(row.key) == whole)
        return tuple(
            row for row in rows if row.kind is Kind.FILE or crop_of(self._sources, row, anywhere) is not None
        )  # a file that is in memory no more is read again

    @property
    def usual(self) -> set[str]:
        """Keys of what is shown unless somebody chooses: the source, both sides, and what has a star."""
        sides = {self._sources.pair.on(side) for side in ("a", "b")}
        return {row.key for row in self.rows if row.starred or row.key in sides or self._is_source(row)}

    def places(self, view: View, region: Box | None) -> tuple[Place, ...]:
        """Which parts of the picture can be shown, the likeliest first.

        Args:
            region: the rectangle that has been drawn, if any.
        """
        whole = Box(0, 0, *self._sources.pair.canvas_of(None).size)
        found = [Place("The whole picture", whole)]
        if view.registration != SAME:  # what is seen is not the canvas of what a figure shows
            return tuple(found)
        seen = Box(*view.camera.visible())
        if not seen.is_empty and seen != whole:
            found.insert(0, Place("The part in view", seen))
        if region is not None:
            found.insert(0, Place("The region", region))
        return tuple(found)

    def write(self, path: Path, keys: Sequence[str], box: Box) -> None:
        """Draws the figure and writes it.

        Args:
            path: ends in one of SUFFIXES.
            keys: of rows, in the order of the panels.
            box: the part of the picture that is shown.
        """
        known = {row.key: row for row in self.rows}
        rows = [known[key] for key in keys if key in known]
        missing = next((row for row in rows if crop_of(self._sources, row, box) is None), None)
        if missing is not None:
            self._sources.at_hand.have_ready(missing, partial(self.write, path, keys, box))
        if missing is not None or not rows:
            return
        reference, picture = self._sources.reference.picture, self._workspace.picture
        size = picture.width, picture.height
        first = next(filter(self._is_source, known.values()), rows[0])
        whole = crop_of(self._sources, first, Box(0, 0, *size))
        panels = tuple(self._panel(row, crop_of(self._sources, row, box)) for row in rows)
        place = [box.left, box.top, box.right - box.left, box.bottom - box.top]
        given = {"suffix": path.suffix.lower(), "title": picture.name, "box": place, "size": size}
        pixels = None if reference is None else reference.pixels[box.slices]
        self._exports.made(path, partial(_drawn, given, whole, panels, pixels))

    def _panel(self, row: Source, crop: Crop) -> _Panel:
        is_source = self._is_source(row)
        return _Panel("Source" if is_source else row.name, self._codec(row), tuple(captions(row)), crop, is_source)

    def _is_source(self, row: Source) -> bool:
        reference = self._sources.reference.picture
        return reference is not None and self._sources.at_hand.picture_of(row.key) is reference

    def _codec(self, row: Source) -> str:
        """What its colour follows."""
        return self._rivals.codec_of(row.key) or (DAUB if row.settings is not None else "")


def captions(row: Source) -> list[str]:
    """The lines under a panel."""
    facts = row.facts
    lines = ["   ".join(facts[start : start + 2]) for start in range(0, len(facts), 2)]
    return [*lines, row.remark] if row.remark else lines


def _drawn(given: dict, whole: Crop, panels: tuple[_Panel, ...], reference: np.ndarray | None) -> bytes:
    """The file of a figure.

    Args:
        given: what `figure_page.draw` is to know, but for the panels.
        reference: the part of the source, (H, W, 3) float32.
    """
    crops = [panel.crop() for panel in panels]
    words = [
        {"name": panel.name, "codec": panel.codec, "lines": [*panel.lines, *_closeness(panel, crop, reference)]}
        for panel, crop in zip(panels, crops, strict=True)
    ]
    arrays = _reduced(whole(), _WHOLE), *(_reduced(crop, _LARGEST) for crop in crops)
    _, (file,) = do_once(Job("the figure", "figure", given | {"panels": words}, arrays))
    return file.tobytes()


def _closeness(panel: _Panel, crop: np.ndarray, reference: np.ndarray | None) -> list[str]:
    """A line on the part that is shown."""
    from daub.codec.evaluation.metrics import psnr

    if reference is None or panel.is_source:
        return []
    found = psnr(reference, crop / np.float32(255))
    return [f"{found:.2f} dB in this part" if found < np.inf else "equal in this part"]


def _reduced(pixels8: np.ndarray, largest: int) -> np.ndarray:
    if max(pixels8.shape) <= largest:
        return pixels8
    import PIL.Image

    image = PIL.Image.fromarray(pixels8)
    image.thumbnail((largest, largest), PIL.Image.Resampling.BOX)
    return np.asarray(image)
