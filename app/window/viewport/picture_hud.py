"""What is said on the picture: which side is where, a legend, numbers in large pixels, the region and its figures."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from daub.app.model.compare import region_words, restoring
from daub.app.model.compare.difference_maps import DifferenceMap
from daub.app.model.compare.modes import Mode, Pane
from daub.app.model.compare.region import PartFigures
from daub.app.model.sources.sides import CompareSource, Sides
from daub.app.model.workbench import Workbench
from daub.app.window.viewport import marks
from daub.app.window.viewport.difference_legend import legend_of
from daub.app.window.viewport.edit_hud import draw_edit
from daub.app.window.viewport.legend import draw_legends
from daub.app.window.viewport.marks import EDGE, PAD, Chip
from daub.app.window.viewport.overlay_hud import draw_picked, legends_of
from daub.app.window.viewport.pixel_values import PixelValues, are_seen
from daub.app.window.viewport.scene import Scene
from daub.app.window.viewport.trail_hud import draw_trails


class PictureHud:
    """Draws it all, once in a frame, in logical pixels.

    Args:
        bench: what is told of.
        scene: what is drawn below.
    """

    def __init__(self, bench: Workbench, scene: Scene):
        self._bench, self._view, self._scene = bench, bench.view, scene
        self._values = PixelValues(bench.decoded)
        self._sides: Sides = None, None

    def draw(self, sides: Sides, found: DifferenceMap | None, bottom: float, drags: bool) -> None:
        """Draws all but the brush.

        Args:
            found: the difference that is shown, where that is a measured one.
            bottom: y where the picture ends.
            drags: somebody drags the split line.
        """
        self._sides = sides
        scale = self._view.scale
        panes = [(pane, self._scene.shown(pane.mode)) for pane in self._view.panes]
        for pane, mode in panes:
            if are_seen(self._view):
                self._values.draw(self._view, pane, mode, sides, found, self._scene.table)
            with marks.clipped(pane.left / scale, (pane.left + pane.width) / scale, bottom):
                draw_picked(self._bench.inspector, self._view.camera, scale, pane.left / scale)
                draw_edit(self._bench.edit_tool, self._view.camera, scale, pane.left / scale)
                draw_trails(self._bench.brushing, self._view.camera, scale, pane.left / scale)
                self._draw_region(pane, bottom)
        if len(panes) > 1:
            first, last = panes[0][0], panes[-1][0]
            marks.draw_gap((first.left + first.width) / scale, last.left / scale, bottom)
        for pane, mode in panes:
            self._draw_labels(pane, mode, bottom, drags)
        legends = legends_of(self._bench.overlay)
        if any(mode is Mode.DIFFERENCE for _, mode in panes):
            legends.append(legend_of(self._view.look, self._scene.table, found))
        draw_legends(legends, EDGE, bottom - EDGE, self._solid)

    def draw_brush(self, at: QPointF, diameter: float) -> None:
        """The edge of the brush there, and at the same place of the picture in every other pane.

        Args:
            diameter: image pixels.
        """
        scale = self._view.scale
        radius = diameter / 2 * self._view.camera.zoom / scale
        within = self._view.in_pane(at.x() * scale)
        for pane in self._view.panes:
            marks.draw_ring((pane.left + within) / scale, at.y(), radius)

    @property
    def _solid(self) -> bool:
        """Nothing may shine through what lies on the picture: numbers in the pixels would make words illegible."""
        return are_seen(self._view)

    def _draw_labels(self, pane: Pane, mode: Mode, bottom: float, drags: bool) -> None:
        scale = self._view.scale
        left, width = pane.left / scale, pane.width / scale
        room = width - 2 * EDGE
        a, b = (marks.within(words_of(letter, side), room) for letter, side in zip("AB", self._sides, strict=True))
        if not self._view.compares:
            chips = []
        elif mode is Mode.SPLIT:
            x = self._view.split_at / scale
            marks.draw_split(x, bottom, width, drags)
            places = marks.beside_line(x, width, *(Chip(text, 0, 0).size for text in (a, b)))
            chips = [Chip(text, *place) for text, place in zip((a, b), places, strict=True)]
        elif mode is Mode.DIFFERENCE:
            of_b, of_a = (name.partition("\n")[0] for name in (b, a))
            chips = [Chip(f"{of_b}\nagainst {of_a}", left + EDGE, EDGE)]
        else:
            chips = [Chip(a if mode is Mode.A else b, left + EDGE, EDGE)]
        for note in self._notes(mode):
            below = max((chip.bottom for chip in chips), default=EDGE - PAD / 2)
            chips.append(Chip(marks.within(note, room), left + EDGE, below + PAD / 2))
        for chip in chips:
            chip.draw(self._solid)

    def _notes(self, mode: Mode) -> list[str]:
        """What one has to know about the picture that is seen."""
        notes = []
        unseen = list(filter(None, map(self._bench.sources.pair.why_unseen, ("a", "b"))))
        if mode is Mode.A and not self._scene.b.can_draw and not unseen:
            notes.append("nothing to compare it with yet")
        notes += unseen
        if self._scene.coarseness > 1:
            notes.append(f"preview, 1/{self._scene.coarseness} resolution")
        if self._bench.stage.preview:
            notes.append(self._bench.stage.preview)
        if not self._scene.is_whole:
            notes.append("preview, the whole picture is on its way")
        decoded = self._bench.decoded
        notes += restoring.words(self._sides, [decoded.seconds_of(side) for side in self._sides])
        if self._bench.inspector.hides:
            notes.append(f"without Gaussian {self._bench.inspector.picked[1] + 1:,}")
        if self._bench.editing.summary:
            notes.append(self._bench.editing.summary)
        if self._bench.refitting.words:
            notes.append(self._bench.refitting.words)
        kind = self._view.look.difference
        if mode is Mode.DIFFERENCE and kind.is_measured and self._scene.errors is None:
            notes.append(self._bench.maps.refused.get(kind) or f"Measuring {kind.value} …")
        return notes

    def _draw_region(self, pane: Pane, bottom: float) -> None:
        region, camera, scale = self._bench.region, self._view.camera, self._view.scale
        if not region.is_on or region.box is None:
            return
        box = region.box
        left, top = (value / scale for value in camera.to_screen(box.left, box.top))
        right, low = (value / scale for value in camera.to_screen(box.right, box.bottom))
        first, last = pane.left / scale, (pane.left + pane.width) / scale
        marks.draw_rectangle(first + left, top, first + right, low)
        lines = [region_words.place(box), *(f"{side}: {region_words.line(f, box)}" for side, f in self._figures(pane))]
        chip = Chip(marks.within("\n".join(filter(None, (*lines, region.why))), last - first - 2 * EDGE), 0, 0)
        width, height = chip.size
        x = min(max(first + left, first + EDGE), max(last - width - EDGE, first + EDGE))
        y = next((y for y in (low + PAD, top - height - PAD) if 0 < y < bottom - height), bottom - height - EDGE)
        Chip(chip.text, x, y).draw(self._solid)

    def _figures(self, pane: Pane) -> list[tuple[str, PartFigures]]:
        """Those of the side that the pane shows, where two stand side by side; otherwise of all there are."""
        shown = {Mode.A: "A", Mode.B: "B"}.get(pane.mode, "AB") if len(self._view.panes) > 1 else "AB"
        known = zip("AB", self._bench.region.figures, self._sides, strict=True)
        return [(letter, figures) for letter, figures, side in known if side is not None and letter in shown]


def words_of(letter: str, side: CompareSource | None) -> str:
    """What a side is, by its letter, and in a line below what is known of it."""
    if side is None:
        return f"{letter}: nothing yet"
    return "\n".join((f"{letter}: {side.title}", *([" · ".join(side.facts)] if side.facts else [])))
