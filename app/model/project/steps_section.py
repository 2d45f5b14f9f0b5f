"""What is selected in edits, and the steps by which they came about, so that they can be undone in another window.

Only steps of edits are kept: those of settings are of a window and end with it. Where a step between them is lost, or
is of a kind that is not kept, those before it are lost as well, for each builds on the one before.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from daub.app.model.editing.change import Change
from daub.app.model.editing.editing import Editing
from daub.app.model.editing.operations import BeginEdit, Edit
from daub.app.model.editing.population import Population
from daub.app.model.project.arrays import array_of, npy_of
from daub.app.model.project.edit_changes import MOST, pack, stepped, unpack
from daub.app.model.project.fields import Fields
from daub.app.model.project.section import Reading, Restored, Write, Writing
from daub.app.model.workspace.history import LONGEST, History
from daub.codec.errors import DaubError

BUDGET = 32 << 20  # bytes of all steps in a project; the oldest are left out
_CHANGES = "steps/changes.bin"
_ROWS = 5000
_LARGEST = 1 << 30  # bytes


@dataclass(frozen=True, eq=False)
class _Step:
    """One of them.

    Args:
        key: of the row, in the project.
        change: None where it begins an edit.
    """

    key: str
    label: str
    change: Change | None
    kind: str = ""


class StepsSection:
    """See `Section`. Args: history: of the workspace; the section comes behind that of edits."""

    name = "steps"
    counts = False

    def __init__(self, editing: Editing, history: History):
        self._editing, self._history = editing, history

    def state(self) -> Hashable:
        populations = tuple(session.population for session in self._editing.sessions)
        return populations, *map(tuple, self._steps())

    def gather(self) -> Write:
        selected = [(each.key, each.population.selected) for each in self._editing.sessions]
        done, undone = self._steps()
        return partial(_write, selected, done, undone)

    def read(self, fields: Fields, reading: Reading) -> Restored:
        for each in fields.list("selected", _ROWS):
            try:
                _read_selected(Fields(each, "what was selected"), reading)
            except DaubError as error:
                reading.lost.append(str(error))
        done, undone = _read_steps(fields, reading)
        return Restored(finish=partial(self._finish, done, undone, reading))

    def _finish(self, done: Sequence[_Step], undone: Sequence[_Step], reading: Reading) -> None:
        def made(step: _Step) -> BeginEdit | Edit:
            session = self._editing.session_of(reading.keys[step.key])
            if step.change is None:
                return BeginEdit(session, step.label)
            return Edit(session, step.label, step.change, step.kind)

        self._history.restore([made(step) for step in done], [made(step) for step in undone])

    def _steps(self) -> tuple[list[BeginEdit | Edit], list[BeginEdit | Edit]]:
        """Operations that are done and that lie undone, the oldest first, as far as they can be kept."""
        history = self._history
        done = self._kept(reversed(history.operations[: history.position]), BUDGET)
        spare = BUDGET - sum(getattr(each, "memory", 0) for each in done)
        return done[::-1], self._kept(history.operations[history.position :], spare)

    def _kept(self, operations: Iterable[object], spare: int) -> list[BeginEdit | Edit]:
        """From the cursor of the history away, until one cannot be kept."""
        kept, sessions = [], set(self._editing.sessions)
        for operation in operations:
            session = getattr(operation, "session", None)
            if session is None:
                continue
            is_known = isinstance(operation, BeginEdit | Edit)
            spare -= getattr(operation, "memory", 0)
            if session in sessions and is_known and spare >= 0:
                kept.append(operation)
            elif session in sessions:
                break
        return kept


def _write(
    selected: Sequence[tuple[str, np.ndarray]],
    done: Sequence[BeginEdit | Edit],
    undone: Sequence[BeginEdit | Edit],
    writing: Writing,
) -> dict[str, Any]:
    written, pieces = [], []
    for key, flags in selected:
        if flags.any():
            number = key.partition(":")[2]
            entry = writing.archive.add(f"steps/{number}-selected.npy", npy_of(flags.astype("u1")), deflated=True)
            written.append({"edit": key, "entry": entry})

    def said(operation: BeginEdit | Edit) -> dict[str, Any]:
        step = {"edit": operation.session.key, "label": operation.label}
        if isinstance(operation, Edit):
            change, data = pack(operation.change)
            pieces.append(data)
            step |= {"kind": operation.kind, "change": change}
        return step

    rows = {"selected": written, "done": list(map(said, done)), "undone": list(map(said, undone))}
    changes = writing.archive.add(_CHANGES, b"".join(pieces), deflated=True) if pieces else None
    return rows | {"changes": changes}


def _read_selected(fields: Fields, reading: Reading) -> None:
    key = fields.text("edit")
    population = reading.edits.get(key)
    if population is not None:
        content = reading.archive.read(fields.text("entry"), 8 * MOST)
        selected = array_of(content, (len(population),), "u1", fields.where) != 0
        reading.edits[key] = population.selecting(selected)


def _read_steps(fields: Fields, reading: Reading) -> tuple[list[_Step], list[_Step]]:
    """Steps that have been tried, from the populations that there are, back and forth.

    Raises:
        DaubError: they are damaged.
    """
    data = memoryview(reading.archive.read(fields.text("changes"), _LARGEST) if "changes" in fields else b"")
    steps, place = [], 0
    for name in ("done", "undone"):
        steps.append([])
        for number, each in enumerate(fields.list(name, LONGEST), 1):
            step, taken = _read_step(Fields(each, f"step {number} of edits"), data[place:])
            place += taken
            steps[-1].append(step)
    done, undone = steps
    for several, forward in ((done[::-1], False), (undone, True)):
        populations = dict(reading.edits)
        for step in several:
            _try(step, populations, forward)
    return done, undone


def _read_step(fields: Fields, data: memoryview) -> tuple[_Step, int]:
    key, label = fields.text("edit"), fields.text("label")
    if "change" not in fields:
        return _Step(key, label, None), 0
    change, taken = unpack(fields.object("change", fields.where), data)
    return _Step(key, label, change, fields.text("kind", "")), taken


def _try(step: _Step, populations: dict[str, Population], forward: bool) -> None:
    """Does it, or undoes it, with the populations, by the keys of their rows."""
    population, where = populations.get(step.key), "the history of edits"
    if population is None:
        raise DaubError(f"{where} cannot be had", "an edit of it is missing", "it is left out")
    if step.change is not None:
        populations[step.key] = stepped(population, step.change, where, forward)
    elif not forward:
        del populations[step.key]  # nothing of it was before it began
