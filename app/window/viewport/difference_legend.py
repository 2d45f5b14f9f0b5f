"""What the colours of a difference stand for."""

from __future__ import annotations

import numpy as np

from daub.app.model.compare.difference import scale_of
from daub.app.model.compare.difference_maps import DifferenceMap
from daub.app.model.compare.modes import Look
from daub.app.window.viewport.legend import Legend


def legend_of(look: Look, table: np.ndarray, found: DifferenceMap | None) -> Legend:
    """The legend of the difference that is shown.

    Args:
        table: (256, 3) uint8, its colours.
        found: what was measured, for a difference that is.
    """
    scale = scale_of(look.difference, look.gain)
    title = f"{scale.title}, {scale.unit}" if scale.unit else scale.title
    notes = [f"gain × {look.gain:g}"]
    if found is not None:
        notes.append(f"mean of the picture {found.mean:.4f}")
    if look.by_channel and not look.difference.is_measured:
        notes.append("of red, green and blue apart")
    elif not look.difference.is_measured:
        notes.append("mean of red, green and blue")
    low, high = number(scale.low), number(scale.high)
    if scale.low < 0:
        return Legend(title, (low, high), table, "0", tuple(notes))
    return Legend(title, (low, f"{high} and more"), table, notes=tuple(notes))


def number(value: float) -> str:
    """With three figures, or all of them before the point.

    >>> [number(value) for value in (0.0, -31.875, 0.125, 0.5, 1016.0625, 65025.0)]
    ['0', '-31.9', '0.125', '0.5', '1,016', '65,025']
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
