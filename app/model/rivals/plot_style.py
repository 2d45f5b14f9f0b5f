"""What all plots of rates and qualities share, and the pages they stand on: one colour for each codec."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DAUB = "Daub"  # its name among the codecs
STYLE = {"page": "#fbfaf7", "ink": "#22242a", "faint": "#6d7078", "grid": "#e4e2dc"}
# Okabe and Ito 2008: told apart by colour-blind readers too.
_COLOURS = {
    DAUB: "#d55e00",
    "JPEG": "#7f7f7f",
    "WebP": "#009e73",
    "AVIF": "#0072b2",
    "JPEG 2000": "#cc79a7",
    "JPEG XL": "#c39a00",
    "AVIF speed 2": "#56b4e9",
}


def colour_of(codec: str) -> str:
    """The colour of a codec, "#rrggbb"; that of the text for one that is not known."""
    return _COLOURS.get(codec, STYLE["ink"])


def draw_curve(axes: Axes, codec: str, rates: Sequence[float], qualities: Sequence[float]) -> None:
    """The curve of a codec on axes of matplotlib; Daub's stands out."""
    ours = codec == DAUB
    axes.plot(
        rates, qualities, "o-", label=codec, color=colour_of(codec), linewidth=2.6 if ours else 1.4,
        markersize=5 if ours else 3.5, zorder=3 if ours else 2,
    )  # fmt: skip


def dress(axes: Axes) -> None:
    """A grid behind, and no frame above and at the right."""
    axes.grid(color=STYLE["grid"])
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def rendered(figure: Figure, suffix: str, dpi: int = 110) -> bytes:
    """The file of a figure: a .png, or a .pdf or .svg whose words stay words. Equal figures give equal files."""
    import matplotlib

    content = io.BytesIO()
    undated = {".png": {}, ".pdf": {"CreationDate": None}, ".svg": {"Date": None}}[suffix]
    with matplotlib.rc_context({"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "daub"}):
        figure.savefig(content, format=suffix[1:], dpi=dpi, metadata=undated)
    return content.getvalue()
