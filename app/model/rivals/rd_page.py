"""The rate-distortion plot of the window as a figure in a file.

Done in the process of jobs, as matplotlib takes seconds.
"""

from __future__ import annotations

import numpy as np

from daub.app.model.rivals.plot_style import STYLE, colour_of, draw_curve, dress, rendered
from daub.app.model.work.job_process import Done, Tell

_NAMED = 12  # files that a legend has room for


def draw(given: dict, arrays: list[np.ndarray], tell: Tell) -> Done:
    """Draws what the window shows; files have their names in the legend, unless there are too many.

    Args:
        given: "suffix", ".png", ".pdf" or ".svg"; "title"; "rate" and "quality", the words at the axes; "curves", of
            each codec ("codec", "points": pairs of rate and quality); "dots" ("name", "codec", "rate", "quality");
            and "target", None or ("rate" or "quality", its value).

    Returns:
        The file as uint8.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5.2), layout="constrained")
    axes = figure.subplots()
    for curve in given["curves"]:
        draw_curve(axes, curve["codec"], *zip(*curve["points"], strict=True))
    named = len(given["dots"]) <= _NAMED
    for dot in given["dots"]:
        axes.plot(
            dot["rate"], dot["quality"], "D", color=colour_of(dot["codec"]), markersize=8, markeredgecolor="white",
            zorder=4, label=dot["name"] if named else None,
        )  # fmt: skip
    if given["target"] is not None:
        axis, value = given["target"]
        line = axes.axvline if axis == "rate" else axes.axhline
        line(value, color=STYLE["faint"], linestyle=":", linewidth=1.2, zorder=1)
    axes.set(xlabel=given["rate"], ylabel=given["quality"])
    axes.set_xlim(left=0)
    axes.set_title(given["title"], loc="left", size=11, weight="bold", color=STYLE["ink"])
    dress(axes)
    if given["curves"] or (named and given["dots"]):
        axes.legend(loc="lower right", frameon=False)
    return {}, [np.frombuffer(rendered(figure, given["suffix"], dpi=150), np.uint8)]
