"""A figure for a paper, of chosen sources at a chosen place, written as PNG, PDF or SVG.

crops, in the background ---> the job "figure" ---> exports.file
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from daub.app.model.brush import Box
from daub.app.model.crops import Crop, crop_of
from daub.app.model.exports import Exports
from daub.app.model.jobs import Job, Jobs
from daub.app.model.plot_style import DAUB
from daub.app.model.rivals import Rivals
from daub.app.model.source import Source
from daub.app.model.sources import Sources
from daub.app.model.view import View
from daub.app.model.workspace import Workspace

SUFFIXES = (".png", ".pdf", ".svg")
_LARGEST = 1600  # pixels of the longer side of a crop in the file, more than a panel can show
_WHOLE = 900  # the same of the whole picture


@dataclass(frozen=True)
class Place:
    """A part of the picture, with what a person calls it."""

    name: str
    box: Box


@dataclass(frozen=True)
class _Made:
    """What the background has made."""

    whole: np.ndarray  # (H, W, 3) uint8, the picture
    crops: list[np.ndarray]  # likewise
    psnr: list[float | None]  # dB of each crop against the picture; None of the picture itself


class FigureExport:
    """See above."""

    def __init__(self, workspace: Workspace, sources: Sources, rivals: Rivals, jobs: Jobs, exports: Exports):
        self._workspace, self._sources, self._rivals = workspace, sources, rivals
        self._jobs, self._exports = jobs, exports

    @property
    def rows(self) -> tuple[Source, ...]:
        """What can be shown in a figure."""
        picture, anywhere = self._workspace.picture, Box(0, 0, 1, 1)
        size = None if picture is None else (picture.width, picture.height)
        rows = (row for row in self._sources.rows if row.size == size)
        return tuple(row for row in rows if crop_of(self._sources, row, anywhere) is not None)

    @property
    def usual(self) -> set[str]:
        """Keys of what is shown unless somebody chooses: the source, both sides, and what has a star."""
        sides = {self._sources.on(side) for side in ("a", "b")}
        return {row.key for row in self.rows if row.starred or row.key in sides or self._is_source(row)}

    def places(self, view: View, region: Box | None) -> tuple[Place, ...]:
        """Which parts of the picture can be shown, the likeliest first.

        Args:
            region: the rectangle that has been drawn, if any.
        """
        width, height = view.camera.image
        left, top, right, bottom = view.camera.visible()
        seen, whole = Box(left, top, right, bottom), Box(0, 0, width, height)
        found = [Place("The whole picture", whole)]
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
        rows = [row for row in self.rows if row.key in keys]
        rows.sort(key=lambda row: keys.index(row.key))
        reference, picture = self._sources.reference, self._workspace.picture
        crops = [crop_of(self._sources, row, box) for row in rows]
        is_source = [self._is_source(row) for row in rows]
        size = picture.width, picture.height
        whole = crop_of(self._sources, rows[0], Box(0, 0, *size))
        work = partial(_make, whole, crops, is_source, None if reference is None else reference.pixels, box)
        self._workspace.background.run(work, partial(self._draw, path, rows, box, size))

    def _draw(self, path: Path, rows: list[Source], box: Box, size: tuple[int, int], made: _Made) -> None:
        names = ("Source" if self._is_source(row) else row.name for row in rows)
        panels = [
            {"name": name, "codec": self._codec(row), "lines": captions(row, psnr)}
            for name, row, psnr in zip(names, rows, made.psnr, strict=True)
        ]
        place = [box.left, box.top, box.right - box.left, box.bottom - box.top]
        title = self._workspace.picture.name
        given = {"suffix": path.suffix.lower(), "title": title, "box": place, "size": size, "panels": panels}

        def deliver(_: dict, arrays: list[np.ndarray]) -> None:
            self._exports.file(path, arrays[0].tobytes())

        self._jobs.add(Job("the figure", "figure", given, (made.whole, *made.crops), deliver))

    def _is_source(self, row: Source) -> bool:
        reference = self._sources.reference
        return reference is not None and self._sources.picture_of(row.key) is reference

    def _codec(self, row: Source) -> str:
        """What its colour follows."""
        return self._rivals.codec_of(row.key) or (DAUB if row.settings is not None else "")


def captions(row: Source, psnr_of_part: float | None) -> list[str]:
    """The lines under a panel."""
    facts = list(row.facts)
    lines = ["   ".join(facts[start : start + 2]) for start in range(0, len(facts), 2)]
    if row.remark:
        lines.append(row.remark)
    if psnr_of_part is not None:
        lines.append(f"{psnr_of_part:.2f} dB in this part" if psnr_of_part < np.inf else "equal in this part")
    return lines


def _make(whole: Crop, crops: list[Crop], is_source: list[bool], reference: np.ndarray | None, box: Box) -> _Made:
    """Args: reference: (H, W, 3) float32."""
    from daub.codec.evaluation.metrics import psnr

    made, found = [], []
    for crop, is_reference in zip(crops, is_source, strict=True):
        pixels8 = crop()
        measured = reference is not None and not is_reference
        found.append(psnr(reference[box.slices], pixels8 / np.float32(255)) if measured else None)
        made.append(_reduced(pixels8, _LARGEST))
    return _Made(_reduced(whole(), _WHOLE), made, found)


def _reduced(pixels8: np.ndarray, largest: int) -> np.ndarray:
    if max(pixels8.shape) <= largest:
        return pixels8
    import PIL.Image

    image = PIL.Image.fromarray(pixels8)
    image.thumbnail((largest, largest), PIL.Image.Resampling.BOX)
    return np.asarray(image)
