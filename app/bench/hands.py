"""`bench hands`: what the window's model takes for a lasso and for each thing that a hand does, undoes and does again.

Gaussians are opened from a file, as in a window, without one. Seconds are those of the thread of the model, which a
window stands still for; what is worked out beside it is not counted.
"""

from __future__ import annotations

import contextlib
import queue
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from daub.app.bench.setting import machine
from daub.app.model.editing import canvas, changing
from daub.app.model.editing.gestures import Kind
from daub.app.model.picture.box import Box
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.workbench import Workbench
from daub.app.terminal import table
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.codec.editing.transforms import Affine
from daub.codec.errors import DaubError
from daub.render.gaussians import Gaussians

_CORNERS = 400  # of the lasso
_PATIENCE = 60.0  # seconds for the file to be opened


@dataclass(frozen=True)
class HandRow:
    """One thing that is done. Args: seconds of doing, undoing and doing it again, medians."""

    what: str
    do: float
    undo: float
    redo: float


@dataclass(frozen=True)
class _Deed:
    what: str
    act: Callable[[], object]
    before: Callable[[], None] = lambda: None  # not measured


def bench_hands(count: int, width: int, height: int, repeats: int) -> dict[str, Any]:
    """Measures it.

    Args:
        count: Gaussians, of which a file may keep some less.
        width, height: of their canvas, pixels.
        repeats: of each thing.
    """
    posts: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    bench = Workbench(posts.put, lambda: None, host=None)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "many.daub"
            path.write_bytes(_file(count, width, height))
            bench.workspace.opening.open(FileOrigin(path))
            deadline = time.monotonic() + _PATIENCE
            while bench.workspace.picture is None:
                if time.monotonic() > deadline:
                    raise DaubError("cannot measure edits", "the file is not opened", "try fewer Gaussians")
                _work_off(posts)
        population = bench.editing.begin()
        rows = [_measured(bench, deed, repeats) for deed in _deeds(bench, width, height)]
    finally:
        bench.close()
    known = {"machine": machine(), "gaussians": len(population), "canvas": [width, height]}
    return known | {"rows": [asdict(row) for row in rows]}


def hands_text(done: dict[str, Any]) -> str:
    """For people."""
    header = ("milliseconds", "do", "undo", "redo")
    lines = [
        (row["what"], *(f"{1000 * row[name]:.1f}" for name in ("do", "undo", "redo"))) for row in done["rows"]
    ]  # fmt: skip
    width, height = done["canvas"]
    return f"On {done['machine']}\n{done['gaussians']:,} Gaussians, {width} x {height}\n\n{table(lines, header)}"


def _work_off(posts: queue.SimpleQueue[Callable[[], None]]) -> None:
    with contextlib.suppress(queue.Empty):
        posts.get(timeout=0.05)()


def _file(count: int, width: int, height: int) -> bytes:
    rng = np.random.default_rng(0)
    shapes = np.eye(2) * rng.uniform(2, 40, (count, 1, 1))
    gaussians = Gaussians.build(rng.uniform(0, [width, height], (count, 2)), shapes, rng.uniform(-0.1, 0.2, (count, 3)))
    drawing = Drawing(gaussians, width, height)
    return plain_file(drawing, grid_for(drawing, quality=70))


def _deeds(bench: Workbench, width: int, height: int) -> Iterator[_Deed]:
    """What is done, one after the other, each to what the one before has left. A lasso is drawn before it is let go."""
    editing, tool = bench.editing, bench.edit_tool
    angle = np.linspace(0, 2 * np.pi, _CORNERS)
    around = np.stack([np.cos(angle), np.sin(angle)], 1) * (0.35 + 0.05 * np.sin(9 * angle))[:, None]
    path = ((0.5 + around) * [width, height]).tolist()

    def draw() -> None:
        tool.choose(Kind.MOVE)
        tool.choose(Kind.LASSO)
        tool.begin(*path[0])
        for place in path[1:]:
            tool.extend(*place)

    yield _Deed("lasso", tool.end, draw)
    yield _Deed("move", lambda: changing.transform(editing, Affine.translation(3, 4), "moving"))
    yield _Deed("group", lambda: changing.group(editing))
    yield _Deed("duplicate", lambda: changing.duplicate(editing))
    yield _Deed("delete", lambda: changing.delete(editing))
    yield _Deed("flip", lambda: canvas.flip_horizontally(editing))
    yield _Deed("turn by 90 degrees", lambda: canvas.turn(editing, 1))
    yield _Deed("resize", lambda: canvas.resize(editing, height // 2, width // 2))
    yield _Deed("crop", lambda: canvas.crop(editing, Box(0, 0, height // 3, width // 3)))


def _measured(bench: Workbench, deed: _Deed, repeats: int) -> HandRow:
    times: tuple[list[float], ...] = [], [], []
    for _ in range(repeats):
        if times[0]:
            bench.workspace.undo()
        deed.before()
        for step, into in zip((deed.act, bench.workspace.undo, bench.workspace.redo), times, strict=True):
            began = time.perf_counter()
            step()
            into.append(time.perf_counter() - began)
    return HandRow(deed.what, *map(median, times))
