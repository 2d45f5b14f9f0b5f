"""The commands of the menus Codecs and Curves: other codecs, the rate-distortion plot, and figures of both."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from daub.app.model.commands.command import Command
from daub.app.model.commands.conditions import has_picture
from daub.app.model.commands.file import SAMPLE
from daub.app.model.figures import figure
from daub.app.model.rivals import rd_export
from daub.app.model.rivals.rd_plot import NAMES, Quality, Rate
from daub.app.model.rivals.rivals import CODECS, Equal
from daub.app.model.sources.pair import OTHER, SideName
from daub.app.model.workbench import Workbench

_IMAGES = "PNG (*.png);;PDF (*.pdf);;SVG (*.svg)"


def match(codec: str, equal: Equal, side: SideName, bench: Workbench) -> None:
    """Puts what a codec makes of as much as the other side has on this one."""
    bench.rivals.match(codec, equal, side)


def cancel_jobs(bench: Workbench) -> None:
    """Gives up what other codecs make, and curves."""
    bench.rivals.cancel()
    bench.rd_plot.cancel()
    bench.jobs.cancel_all()


def export_figure(bench: Workbench) -> None:
    """Asks what the figure shows and where to, and writes it."""
    places = bench.figure.places(bench.view, bench.region.box if bench.region.is_on else None)
    chosen = bench.host.figure(bench.figure.rows, bench.figure.usual, places)
    if chosen is None:
        return
    if path := _target(bench, "Export figure", "figure", figure.SUFFIXES, _IMAGES):
        bench.figure.write(path, *chosen)


def export_table(bench: Workbench) -> None:
    """Asks where to, and writes the figures of the plot."""
    if path := _target(bench, "Export rate-distortion table", "rate-distortion", (".csv",), "Tables (*.csv)"):
        bench.rd_export.table(path)


def export_plot(bench: Workbench) -> None:
    """Asks where to, and writes the plot as a picture."""
    if path := _target(bench, "Export rate-distortion plot", "rate-distortion", rd_export.SUFFIXES, _IMAGES):
        bench.rd_export.picture(path)


def _target(bench: Workbench, title: str, what: str, suffixes: tuple[str, ...], filters: str) -> Path | None:
    picture = bench.workspace.picture
    folder = None if picture.path in (None, SAMPLE) else picture.path.parent
    name = f"{Path(picture.name).stem}-{what}{suffixes[0]}"
    return bench.host.file_to_save(title, name, suffixes, filters, folder)


def _slug(codec: str) -> str:
    return codec.lower().replace(" ", "_")


def _match(codec: str, equal: Equal, side: SideName, rule: bool) -> Command:
    other = OTHER[side].upper()
    return Command(
        "Codecs", f"match_{side}_{equal.name.lower()}_{_slug(codec)}", f"{codec} at {equal.value} as {other}",
        partial(match, codec, equal, side), rule=rule,
        enabled=lambda bench: bench.rivals.target(equal, side) is not None,
        note=lambda bench: f"On side {side.upper()}. {_why_not(equal, side, bench)}",
    )  # fmt: skip


def _why_not(equal: Equal, side: SideName, bench: Workbench) -> str:
    if bench.rivals.target(equal, side) is not None:
        return ""
    what = "size" if equal is Equal.BYTES else "PSNR"
    return f"What is on side {OTHER[side].upper()} has no {what} yet"


def _curve(codec: str) -> Command:
    return Command(
        "Curves", f"curve_{_slug(codec)}", f"Curve of {codec}", lambda bench: bench.rd_plot.toggle(codec),
        enabled=lambda bench: bench.rd_plot.possible, checked=lambda bench: bench.rd_plot.is_drawn(codec),
    )  # fmt: skip


def _axis(name: str, value: Quality | Rate, rule: bool) -> Command:
    text = value.label.removesuffix(", dB")
    return Command(
        "Curves", f"axis_{value.key}", f"{text[0].upper()}{text[1:]}",
        lambda bench: bench.rd_plot.set(**{name: value}), rule=rule, group=f"axis_{name}",
        checked=lambda bench: getattr(bench.rd_plot, name) is value,
    )  # fmt: skip


COMMANDS = (
    *(
        _match(codec, equal, "a", rule=codec == CODECS[0] and equal is not Equal.BYTES)
        for equal in Equal
        for codec in CODECS
    ),
    Command(
        "Codecs", "cancel_jobs", "Give up other codecs and curves", cancel_jobs, rule=True,
        enabled=lambda bench: bool(bench.jobs.waiting),
    ),
    Command(
        "Codecs", "export_figure", "Export figure…", export_figure, ("Ctrl+Shift+F",), rule=True, enabled=has_picture
    ),
    Command(
        "Curves", "draw_curves", "Draw the curves of all codecs", lambda bench: bench.rd_plot.draw_all(),
        enabled=lambda bench: bench.rd_plot.possible,
    ),
    *(_curve(codec) for codec in NAMES),
    *(_axis("quality", quality, rule=quality is Quality.PSNR) for quality in Quality),
    *(_axis("rate", rate, rule=rate is Rate.BPP) for rate in Rate),
    Command(
        "Curves", "export_rd_table", "Export rate-distortion table…", export_table, rule=True,
        enabled=lambda bench: bench.rd_export.possible,
    ),
    Command(
        "Curves", "export_rd_plot", "Export rate-distortion plot…", export_plot,
        enabled=lambda bench: bench.rd_export.possible,
    ),
)  # fmt: skip
