"""What is wanted of a fit: settings, and the colour under transparent parts."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from daub.app.model.fit.method import method_of, profile_on_disk
from daub.app.model.project.fields import Fields, colour_in_json
from daub.app.model.project.methods import read_settings, write_settings
from daub.app.model.project.section import Reading, Restored, Write, Writing
from daub.app.model.workspace.workspace import Workspace


class WantedSection:
    """See `Section`."""

    name = "wanted"
    counts = True

    def __init__(self, workspace: Workspace):
        self._workspace = workspace

    def state(self) -> Hashable:
        return self._workspace.settings, self._workspace.background_colour

    def gather(self) -> Write:
        settings, background = self._workspace.settings, self._workspace.background_colour

        def write(writing: Writing) -> dict[str, Any]:
            written = write_settings(settings, profile_on_disk(settings), writing)
            return {"settings": written, "background": colour_in_json(background)}

        return write

    def read(self, fields: Fields, reading: Reading) -> Restored:
        background = fields.colour("background")
        settings = read_settings(fields.object("settings", "the settings"), reading)
        method_of(settings)  # whether there is such a method; it loads all of them, which takes a second

        def begin() -> None:
            self._workspace.lay_on(background)
            self._workspace.apply(settings)

        return Restored(begin)
