"""All that commands work on: the workspace, how its picture is looked at, the furniture, and the system around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from daub.app.model.compare.colour_tables import ColourTables
from daub.app.model.compare.comparison import Comparison
from daub.app.model.compare.decoded import Decoded
from daub.app.model.compare.difference_maps import DifferenceMaps
from daub.app.model.compare.region import Region
from daub.app.model.compare.restoring import Restoring
from daub.app.model.editing.brushing import Brushing
from daub.app.model.editing.editing import Editing
from daub.app.model.editing.eyedropper import Eyedropper
from daub.app.model.editing.pending import PendingEdits
from daub.app.model.editing.recolouring import Recolouring
from daub.app.model.editing.refitting import Refitting
from daub.app.model.editing.tool import EditTool
from daub.app.model.editing.unfinished import Unfinished
from daub.app.model.figures import contact_strip
from daub.app.model.figures.contact_strip import ContactStrip
from daub.app.model.figures.figure import FigureExport
from daub.app.model.figures.reread import Reread
from daub.app.model.gaussians.file_bits import FilesBits
from daub.app.model.gaussians.inspector import Inspector
from daub.app.model.gaussians.overlay import Overlay
from daub.app.model.host import Host, Navigator, Tool
from daub.app.model.output.exports import Exports
from daub.app.model.output.log import Log
from daub.app.model.output.reporter import Reporter
from daub.app.model.picture.picture import Picture, Preview
from daub.app.model.picture.registration import SAME
from daub.app.model.project.editing_section import EditingSection
from daub.app.model.project.project import Project
from daub.app.model.project.steps_section import StepsSection
from daub.app.model.rivals.rd_export import RdExport
from daub.app.model.rivals.rd_plot import RdPlot
from daub.app.model.rivals.rivals import Rivals
from daub.app.model.scene.making import Making
from daub.app.model.scene.stage import Stage
from daub.app.model.scene.training import Training
from daub.app.model.scene.turn import Turn
from daub.app.model.scene.version import SceneDocument
from daub.app.model.sources.sides import CompareSource
from daub.app.model.sources.source import Kind
from daub.app.model.sources.sources import Sources
from daub.app.model.sources.thumbnails import Thumbnails
from daub.app.model.view.chrome import Chrome
from daub.app.model.view.painting import Painting
from daub.app.model.view.view import View
from daub.app.model.work.cores import Cores
from daub.app.model.work.jobs import Jobs
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.looks import Looks
from daub.app.model.workspace.workspace import Workspace


class Workbench:
    """One window's model: it has a picture open, or a scene, or nothing.

    Args:
        post, soon: as those of the workspace.
        host: see there.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None], soon: Callable[[], None], host: Host):
        self.workspace = Workspace(post, soon)
        self.sources = Sources(self.workspace)
        self.thumbnails = Thumbnails(self.sources, self.workspace.background)
        self.exports = Exports(self.workspace, self.sources, post)
        self.log = Log()
        self.looks = Looks(self.workspace)
        self.view = View()
        self.stage = Stage(self.workspace, self.view, post)
        self.files_bits = FilesBits(self.workspace.background, self.workspace.failed.emit)
        self.editing = Editing(self.workspace, self.sources, self.files_bits)
        self.refitting = Refitting(self.workspace, self.editing, self.sources)
        self.pending = PendingEdits(self.workspace, self.editing)
        self.brushing = Brushing(self.workspace, self.editing, self.refitting, self.pending)
        self.unfinished = Unfinished(self.brushing, self.pending, self.refitting, self.workspace.noticed.emit)
        self.recolouring = Recolouring(self.editing, self.pending)
        self.eyedropper = Eyedropper(self.editing, self.pending, self.recolouring, self._colour_at)
        self.eyedropper.picked.connect(lambda colour: self.brushing.choose(colour=colour))
        self.edit_tool = EditTool(self.editing, self.refitting, self.eyedropper)
        self.project = Project(self.workspace, self.sources, self.thumbnails, self.view, host)
        self.project.sections += [
            EditingSection(self.editing, self.sources), StepsSection(self.editing, self.workspace.history)
        ]  # fmt: skip
        self.comparison = Comparison()
        background = self.workspace.background
        self.decoded = Decoded(self.comparison, background, self.workspace.failed.emit)
        self.maps = DifferenceMaps(self.comparison, self.decoded, background)
        self.tables = ColourTables(background.run)
        self.region = Region(self.comparison, self.decoded, background)
        self.painting = Painting(self.workspace, self.view)
        self.chrome = Chrome()
        self.cores = Cores()
        self.jobs = Jobs(self.workspace.background, post, self.workspace.failed.emit)
        self.making = Making(self.stage, self.jobs, self.workspace.background, self.workspace.noticed.emit)
        self.training = Training(self.stage, self.workspace, post)
        self.turn = Turn(
            self.stage, self.exports.slow, self.workspace.noticed.emit, self.workspace.failed.emit
        )  # fmt: skip
        self._reporter = Reporter(self.workspace, self.jobs, self.log)
        self.rivals = Rivals(self.workspace, self.sources, self.jobs)
        self.restoring = Restoring(self.workspace, self.sources)
        self.rd_plot = RdPlot(self.workspace, self.sources, self.rivals, self.jobs)
        self.rd_export = RdExport(self.workspace, self.rd_plot, self.exports)
        self.figure = FigureExport(self.workspace, self.sources, self.rivals, self.exports)
        self.contact = ContactStrip(
            self.sources, self.view, self.workspace.background,
            lambda: self.chrome.shows_tab(contact_strip.NAME), self.workspace.failed.emit, Reread(self.workspace),
        )  # fmt: skip
        self.chrome.changed.connect(lambda: self.workspace.fitting.worker.share_frames(self.chrome.share))
        self.region.bits_of = lambda side, box: self.files_bits.in_box(side.document, box)
        self.files_bits.changed.connect(self.region.measure)
        self.overlay = Overlay(self.workspace.background, self.files_bits, self.view)
        self.inspector = Inspector(self.workspace.background, self.overlay, self.view)
        self.host = host
        self.changed = Signal()  # what commands can do, or how they are called, may be another
        self._preview: CompareSource | None = None  # of what is being read
        self.workspace.previewed.connect(self._show_preview)
        self.workspace.loading.connect(self._end_preview)
        self.workspace.opened.connect(self._show)
        self.stage.opened.connect(self._show_scene)
        self.stage.changed.connect(self._compare)
        self.stage.changed.connect(self._show_overlay)
        self.stage.versions.changed.connect(lambda: self.view.compare(self._compares))
        self.overlay.changed.connect(lambda: self.stage.show_gaussians(self.overlay.is_looked_at))
        self.sources.changed.connect(self._note_sides)
        self.sources.pair.changed.connect(self._compare)
        self.sources.pair.changed.connect(self._show_overlay)
        self.overlay.failed.connect(self.workspace.failed.emit)
        self.chrome.changed.connect(lambda: self.overlay.watch_for("histogram", self.chrome.shows_tab("Histogram")))
        self.inspector.was_picked.connect(lambda: self.chrome.show_page("Inspect"))
        self.inspector.changed.connect(self._compare)
        self.restoring.changed.connect(self._compare)
        self._tool: Tool | None = None  # that has the left button
        self._tools: tuple[Tool, ...] = (self.painting, self.inspector, self.region, self.edit_tool, self.brushing)
        for tool in self._tools:
            tool.changed.connect(partial(self._leave_one_tool, tool))
        self.workspace.loading.connect(lambda _: self.changed.emit())
        for source in (
            self.workspace, self.workspace.history, self.view, self.chrome, self.painting, self.sources, self.overlay,
            self.inspector, self.region, self.jobs, self.rd_plot, self.project, self.cores, self.editing,
            self.edit_tool, self.refitting, self.brushing, self.exports.slow, self.unfinished, self.restoring,
            self.stage.versions, self.training,
        ):  # fmt: skip
            source.changed.connect(lambda *_: self.changed.emit())

    def close(self) -> None:
        """Ends everything but files that were asked for. Returns at once."""
        self.jobs.close()
        self.training.close()
        self.stage.close()
        self.unfinished.close()
        self.refitting.cancel()
        self.pending.close()
        self.editing.close()
        self.project.close()
        self.workspace.close()

    @property
    def is_open(self) -> bool:
        """There is a picture, or a scene."""
        return self.workspace.picture is not None or self.stage.is_open

    @property
    def navigator(self) -> Navigator:
        """What comes nearer: the picture, or the eye that looks at a scene."""
        return self.stage if self.stage.is_open else self.view

    @property
    def is_unsaved(self) -> bool:
        """There is something that would be lost: changes of the project, or without one, results in no file."""
        if self.project.path is not None:
            return self.project.is_dirty or self.unfinished.is_busy
        versions = self.stage.versions.unsaved
        return bool(
            self.workspace.results.unexported or self.editing.unwritten or self.unfinished.is_busy or versions
        )  # fmt: skip

    def _show(self, picture: Picture) -> None:
        self._compare()
        self.view.show(*self.comparison.size, self._compares)
        self.contact.start_anew()

    def _show_scene(self, scene: SceneDocument) -> None:
        self.view.show(*self.stage.size, self._compares, fills=True)
        self._compare()
        self._show_overlay()
        self.changed.emit()

    def _show_preview(self, preview: Preview) -> None:
        """In the place of what is open, until the whole of it is there."""
        title = f"{preview.name} · preview"
        self._preview = CompareSource(title, pixels=preview.pixels, texels=preview.texels)
        height, width, _ = preview.pixels.shape
        self.painting.switch(False)  # it is of the picture before
        self._compare()
        self._show_overlay()
        self.view.show(width, height, True)

    def _end_preview(self, reading: str) -> None:
        """It has been read, or given up."""
        if self._preview is None or reading:
            return
        self._preview = None
        self._show_overlay()
        if self.workspace.picture is None:
            self.comparison.show((None, None), None, (0, 0))
            self.view.close()
        else:
            self._show(self.workspace.picture)

    def _show_overlay(self) -> None:
        if self.stage.is_open:
            self.overlay.show(self.stage.gaussian_sides)
        else:
            sides = self.sources.pair.sides if self._preview is None else (self._preview, None)
            self.overlay.show(sides, self.comparison.reference)

    def _note_sides(self) -> None:
        if self.view.has_picture and self._preview is None:
            self.view.compare(self._compares)

    @property
    def _compares(self) -> bool:
        """Both sides have something, or will have."""
        if self.stage.is_open:
            return self.stage.versions.compares
        return None not in (self.sources.pair.on("a"), self.sources.pair.on("b"))

    def _compare(self) -> None:
        if self._preview is not None:
            height, width, _ = self._preview.pixels.shape
            self.comparison.show((self._preview, None), None, (width, height))
            return
        if self.stage.is_open:
            stage = self.stage
            self.comparison.show(stage.sides, stage.reference, stage.frame_size, stage.why_no_reference)
            self.view.lay(*stage.frame_size, SAME)
            return
        picture, compared = self.workspace.picture, self.inspector.seen(self.restoring.seen(self.sources.pair.sides))
        if picture is None:
            return
        canvas, reference, why = self.sources.pair.canvas, None, ""
        if not canvas.registration.is_exact:
            size = "{} × {}".format(*canvas.size)
            why = f"The canvas was resized: the source has no {size} pixels to measure against"
        elif picture.pixels is not None:
            reference = self.sources.pair.pixels_on_canvas(picture.pixels)
        else:  # a .daub: an image that was opened beside it is what it was made of
            files = [
                side for side in compared if side is not None and side.row is not None and side.row.kind is Kind.FILE
            ]
            reference = next((side.pixels for side in files if side.pixels is not None), None)
        self.comparison.show(compared, reference, canvas.size, why)
        if self.view.has_picture:
            self.view.lay(*canvas.size, canvas.registration)

    def _colour_at(self, side: str, column: int, row: int) -> np.ndarray | None:
        """As of `editing.eyedropper.ColourAt`; where a side has nothing, that of the other is seen."""
        width, height = self.comparison.size
        a, b = self.comparison.sides
        seen = (a or b) if side == "a" else (b or a)
        inside = 0 <= column < width and 0 <= row < height
        return self.decoded.colour_seen(seen, column, row) if inside and seen is not None else None

    def _leave_one_tool(self, tool: Tool) -> None:
        """The left button does one thing: a tool that is taken takes the place of the one before."""
        if tool.is_on and tool is not self._tool:
            before, self._tool = self._tool, tool
            if before is not None and before.is_on:
                before.switch(False)
