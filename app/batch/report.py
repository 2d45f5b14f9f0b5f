"""What has come of a batch, as a table: CSV, JSON, or a page."""

from __future__ import annotations

import csv
import html
import io
import json
import os
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from statistics import fmean

from daub.app.batch.journal import FIGURES
from daub.app.batch.run import Outcome, Row, State
from daub.app.terminal import decibels, duration, json_text
from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.codec.targets import Replacing, check_target

COLUMNS = ("file", "target", "state", "why", *FIGURES)
SUFFIXES = (".csv", ".json", ".html")


def check_report(path: str | os.PathLike, may: Replacing) -> None:
    """Refuses a report that could not be written.

    Raises:
        DaubError: its name has another ending, or its place takes no file.
    """
    if Path(path).suffix.lower() not in SUFFIXES:
        what = f"cannot write {os.fspath(path)}"
        raise DaubError(what, f"its name ends in none of {', '.join(SUFFIXES)}", "call it report.html")
    check_target(path, (), may)


def write_report(path: str | os.PathLike, outcome: Outcome, replace: bool = True) -> None:
    """Writes the report of a batch, whole or not at all; the format follows the name.

    Args:
        replace: a file that is there may be written over.
    """
    make = {".csv": _csv, ".json": _json, ".html": _page}[Path(path).suffix.lower()]
    write_atomic(path, make(outcome).encode("utf-8", "surrogateescape"), replace=replace)


def summary(outcome: Outcome) -> dict:
    """The sums, as of `--json`; bytes are of the files that there are."""
    made = [row for row in outcome.rows if row.state is not State.FAILED]
    return {
        "files": len(outcome.rows),
        "done": outcome.count(State.DONE),
        "done_before": outcome.count(State.BEFORE),
        "copied": outcome.count(State.COPIED),
        "failed": outcome.count(State.FAILED),
        "source_bytes": _sum(made, "source_bytes"),
        "bytes": _sum(made, "bytes"),
        "psnr": _mean(made, "psnr"),
        "ms_ssim": _mean(made, "ms_ssim"),
        "jobs": outcome.jobs,
        "seconds": outcome.seconds,
    }


def _sum(rows: Sequence[Row], name: str) -> int:
    return sum(row.figures.get(name) or 0 for row in rows)


def _mean(rows: Sequence[Row], name: str) -> float | None:
    """Over the files that have it, those that are exact aside, whose PSNR has no number; None where none has."""
    values = [value for row in rows if (value := row.figures.get(name)) is not None and isfinite(value)]
    return fmean(values) if values else None


def _csv(outcome: Outcome) -> str:
    file = io.StringIO()
    table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(row.as_dict() for row in outcome.rows)
    return file.getvalue()


def _json(outcome: Outcome) -> str:
    content = {**summary(outcome), "rows": [row.as_dict() for row in outcome.rows]}
    return json.dumps(json.loads(json_text(content)), indent=1) + "\n"


_STYLE = """
:root { color-scheme: light dark; --ink: #1d2530; --faint: #667080; --page: #fff; --line: #dfe3e8; --bar: #cfe0f5;
        --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --faint: #98a2b0; --page: #15191f; --line: #303742; --bar: #24405f; --bad: #ff8a80; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 2.5rem auto;
       max-width: 76rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
dl { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 0 0 2rem; }
dt { color: var(--faint); font-size: .85rem; }
dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .35rem .75rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--faint); font-weight: 500; font-size: .85rem; }
th:first-child { width: 34%; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; padding-left: 0; }
td.bytes { background: linear-gradient(to left, var(--bar) var(--share), transparent var(--share)); }
td.why { text-align: left; color: var(--bad); white-space: normal; overflow-wrap: anywhere; }
.state { color: var(--faint); font-size: .85rem; white-space: nowrap; }
"""


def _page(outcome: Outcome) -> str:
    """One file of HTML, which asks nobody for anything; a bar behind each size says how large it is among them."""
    sums = summary(outcome)
    most = max((row.figures.get("bytes") or 0 for row in outcome.rows), default=0) or 1
    title = f"{sums['files']:,} file{'' if sums['files'] == 1 else 's'}, {sums['failed']:,} refused"
    cards = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _cards(sums))
    heads = ("file", "size", "Gaussians", "source", "bytes", "bpp", "PSNR", "MS-SSIM", "time")
    head = "".join(f"<th scope=col>{name}</th>" for name in heads)
    body = "\n".join(_line(row, most, len(heads)) for row in outcome.rows)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>daub batch: {title}</title>\n'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n<dl>{cards}</dl>\n<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n"
        "</tbody></table></body></html>\n"
    )


def _cards(sums: dict) -> list[tuple[str, str]]:
    share = f" ({100 * sums['bytes'] / sums['source_bytes']:.1f} %)" if sums["source_bytes"] else ""
    found = [("made now", f"{sums['done']:,}"), ("made before", f"{sums['done_before'] + sums['copied']:,}")]
    found += [("refused", f"{sums['failed']:,}"), ("sources", size(sums["source_bytes"]))]
    found += [("files", f"{size(sums['bytes'])}{share}")]
    found += [("mean PSNR", decibels(sums["psnr"]))] if sums["psnr"] is not None else []
    found += [("mean MS-SSIM", f"{sums['ms_ssim']:.4f}")] if sums["ms_ssim"] is not None else []
    return [*found, ("this run", f"{duration(sums['seconds'])}, {sums['jobs']} at once")]


def _line(row: Row, most: int, columns: int) -> str:
    about = row.as_dict()
    name = html.escape(row.file.encode("utf-8", "replace").decode())
    if row.state is State.FAILED:
        why = html.escape((row.why or "").encode("utf-8", "replace").decode())
        return f'<tr><td>{name}</td><td class=why colspan="{columns - 1}">{why}</td></tr>'
    before = "" if row.state is State.DONE else f" <span class=state>{row.state}</span>"
    cells = [
        f"{int(about['width'])}×{int(about['height'])}", f"{about['gaussians']:,}", f"{about['source_bytes'] or 0:,}",
        f"{about['bpp']:.3f}", "" if about["psnr"] is None else decibels(about["psnr"]),
        "" if about["ms_ssim"] is None else f"{about['ms_ssim']:.4f}", duration(about["seconds"]),
    ]  # fmt: skip
    bar = f'<td class=bytes style="--share: {100 * about["bytes"] / most:.1f}%">{about["bytes"]:,}</td>'
    told = "".join(f"<td>{cell}</td>" for cell in cells[:3]) + bar + "".join(f"<td>{cell}</td>" for cell in cells[3:])
    return f"<tr><td>{name}{before}</td>{told}</tr>"


def size(count: int) -> str:
    """Bytes as people say them: 820 bytes, 1.2 MB."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} bytes"
