"""What of a window a project has to bring back, to be compared."""

from __future__ import annotations

from dataclasses import dataclass

from daub.app.model.workbench import Workbench
from daub.codec.settings import EncodeSettings


@dataclass(frozen=True)
class Seen:
    """All of a window that a project has to bring back."""

    rows: list
    files: list
    settings: EncodeSettings
    maps: list
    look: object
    place: object
    sides: list

    @staticmethod
    def of(bench: Workbench) -> Seen:
        """As it is now; keys and stamps of rows are those of this very window, and left out."""
        sources, workspace = bench.sources, bench.workspace
        rows = list(sources.rows)
        results = [sources.at_hand.result_of(row.key) for row in rows]
        return Seen(
            [(row.kind, row.name, row.starred, row.bytes, row.figures, row.settings, row.remark) for row in rows],
            [
                None if result is None else workspace.results.encoded_of(result.state.ticket)().data
                for result in results
            ],
            workspace.settings,
            [canvas.importance.values.tobytes() for _, canvas in workspace.canvases if not canvas.is_blank],
            bench.view.look, bench.view.place,
            [(row.name if row else None) for side in ("a", "b") for row in [sources.get(sources.pair.on(side))]],
        )  # fmt: skip
