"""What matters in the pictures: a grey PNG for each that has been painted on."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any

import numpy as np

from daub.app.model.project.arrays import pixels_of, png_of
from daub.app.model.project.fields import Fields
from daub.app.model.project.section import Reading, Restored, Write, Writing
from daub.app.model.sources.sources import Sources
from daub.app.model.workspace.workspace import Workspace
from daub.codec.errors import DaubError

_LARGEST = 1 << 28  # bytes of such a PNG
_MOST = 1000


class _VeryArray:
    """An array by its identity, which it keeps: each change of a map is another array."""

    def __init__(self, values: np.ndarray):
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _VeryArray) and self.values is other.values

    def __hash__(self) -> int:
        return id(self.values)


class ImportanceSection:
    """See `Section`."""

    name = "importance"
    counts = True

    def __init__(self, workspace: Workspace, sources: Sources):
        self._workspace, self._sources = workspace, sources

    def state(self) -> Hashable:
        return tuple((key, _VeryArray(values)) for key, values in self._maps().items())

    def gather(self) -> Write:
        maps = self._maps()

        def write(writing: Writing) -> dict[str, Any]:
            written = []
            for key, values in maps.items():
                entry = writing.archive.add(f"importance/{key.partition(':')[2]}.png", png_of(values))
                written.append({"file": key, "entry": entry})
            return {"maps": written}

        return write

    def read(self, fields: Fields, reading: Reading) -> Restored:
        maps = []
        for place, each in enumerate(fields.list("maps", _MOST), 1):
            try:
                given = Fields(each, f"map {place} of importance")
                key, entry = given.text("file"), given.text("entry")
                if key in reading.pictures:
                    maps.append((key, pixels_of(reading.archive.read(entry, _LARGEST), "L", None, entry)))
            except DaubError as error:
                reading.lost.append(str(error))
        return Restored(partial(self._begin, maps, reading))

    def _begin(self, maps: list[tuple[str, np.ndarray]], reading: Reading) -> None:
        for key, values in maps:
            picture = reading.pictures[key]
            size = self._sources.size_of(picture)
            if size == (values.shape[1], values.shape[0]):
                canvas = self._workspace.canvas_of(picture, size)
                canvas.apply(canvas.patch_to(values).after)

    def _maps(self) -> dict[str, np.ndarray]:
        """Published maps (H, W) uint8, which nobody changes any more, by the keys of their pictures."""
        found = {}
        for picture, canvas in self._workspace.canvases:
            key = self._sources.key_of(picture)
            if key is not None and not canvas.is_blank:
                found[key] = canvas.importance.values
        return found
