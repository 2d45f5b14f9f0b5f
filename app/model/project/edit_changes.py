"""What edits are made of as JSON and bytes: groups, whole populations, and the small difference that a step is."""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from typing import Any

import numpy as np

from daub.app.model.editing.change import Change, ColumnChange
from daub.app.model.editing.population import Population, Sheet
from daub.app.model.picture.registration import SAME, Registration
from daub.app.model.project.fields import Fields
from daub.codec.editing.groups import NO_GROUP, Group
from daub.codec.errors import DaubError
from daub.render.gaussians import PARAMETERS

MOST = 4_000_000  # Gaussians of an edit
SIDE = 1 << 20  # pixels of a canvas
_GROUPS = 5000
_STRONGEST = 1000.0
_FARTHEST = 1e9  # pixels
_SMALLEST = 1e-6  # pixels of a canvas per pixel of the picture
# The columns of a population in a file: Gaussians, flags, groups.
_COLUMNS = (("<f4", (PARAMETERS,)), ("u1", ()), ("<i4", ()))


def groups_in_json(groups: tuple[Group, ...]) -> list[dict[str, Any]]:
    """As `groups_of_json` takes them."""
    return [
        {"name": each.name, "visible": each.visible, "locked": each.locked, "strength": float(each.strength)}
        for each in groups
    ]


def groups_of_json(given: list, where: str) -> tuple[Group, ...]:
    """Args: where: what they are groups of, for the error.

    Raises:
        DaubError: they are none.
    """
    groups = []
    for place, each in enumerate(given, 1):
        fields = Fields(each, f"group {place} of {where}")
        groups.append(
            Group(
                fields.text("name", ""), fields.flag("visible", True), fields.flag("locked", False),
                fields.number("strength", -_STRONGEST, _STRONGEST, 1.0),
            )
        )  # fmt: skip
    return tuple(groups)


def sheet_in_json(sheet: Sheet) -> dict[str, Any]:
    """As `sheet_of_json` takes it."""
    said = {"width": int(sheet.width), "height": int(sheet.height), "groups": groups_in_json(sheet.groups)}
    return said if sheet.registration == SAME else said | {"registration": asdict(sheet.registration)}


def sheet_of_json(fields: Fields) -> Sheet:
    """Raises: DaubError: it is none."""
    size = fields.integer("width", 1, SIDE), fields.integer("height", 1, SIDE)
    groups = groups_of_json(fields.list("groups", _GROUPS), fields.where)
    return Sheet(*size, groups, registration_of_json(fields))


def registration_of_json(fields: Fields) -> Registration:
    """That of a canvas; SAME where none is written. Raises: DaubError: it is none."""
    if "registration" not in fields:
        return SAME
    given = fields.object("registration")
    names = (field.name for field in dataclass_fields(Registration))
    registration = Registration(*(given.number(name, -_FARTHEST, _FARTHEST) for name in names))
    there = (registration.matrix != 0).tolist()  # a row and a column have one number each
    scales = registration.scales
    if there not in ([[True, False], [False, True]], [[False, True], [True, False]]) or min(scales) < _SMALLEST:
        raise DaubError(f"{fields.where} cannot be had", "its canvas is none", "it is left out")
    return registration


def checked(population: Population, where: str) -> Population:
    """The same, which can be drawn. Raises: DaubError: it cannot."""
    group = population.group
    fits = len(population.flags) == len(group) == len(population) <= MOST
    fits = fits and not ((group < NO_GROUP) | (group >= len(population.groups))).any()
    if not fits or not np.isfinite(population.gaussians.parameters).all():
        raise DaubError(f"{where} cannot be had", "its Gaussians are none", "it is left out")
    return population


def pack(change: Change) -> tuple[dict[str, Any], bytes]:
    """What JSON holds of a change, and its arrays in one piece, little-endian, in the order of `unpack`."""
    arrays = [change.gone]
    for (dtype, _), lost, stayed, born in zip(_COLUMNS, change.lost, change.stayed, change.born, strict=True):
        arrays += [stayed.rows, *(each.astype(dtype, copy=False) for each in (lost, stayed.old, stayed.new, born))]
    counts = [len(change.gone), len(change.born[0]), *(len(each.rows) for each in change.stayed)]
    said = {"counts": counts, "before": sheet_in_json(change.before), "after": sheet_in_json(change.after)}
    return said, b"".join(np.ascontiguousarray(each).tobytes() for each in arrays)


def unpack(fields: Fields, data: memoryview) -> tuple[Change, int]:
    """A change, and how many bytes of the data it takes.

    Raises:
        DaubError: it is none, or the data ends before it.
    """
    counts = fields.list("counts", 5)
    if len(counts) != 5 or not all(type(each) is int and 0 <= each <= MOST for each in counts):
        raise DaubError(f"{fields.where} cannot be had", "it is no change", "it is left out")
    gone_count, born_count, *row_counts = counts
    taken = 0

    def take(dtype: str, *shape: int) -> np.ndarray:
        nonlocal taken
        size = np.dtype(dtype).itemsize * int(np.prod(shape))
        if taken + size > len(data):
            raise DaubError(f"{fields.where} cannot be had", "its numbers are cut short", "it is left out")
        array = np.frombuffer(data[taken : taken + size], dtype).reshape(shape)
        taken += size
        return array

    gone, lost, stayed, born = take("<i4", gone_count), [], [], []
    for (dtype, shape), rows_count in zip(_COLUMNS, row_counts, strict=True):
        rows = take("<i4", rows_count)
        lost.append(take(dtype, gone_count, *shape))
        stayed.append(ColumnChange(rows, take(dtype, rows_count, *shape), take(dtype, rows_count, *shape)))
        born.append(take(dtype, born_count, *shape))
    before, after = (sheet_of_json(fields.object(name)) for name in ("before", "after"))
    return Change(gone, tuple(lost), tuple(stayed), tuple(born), before, after), taken


def stepped(population: Population, change: Change, where: str, forward: bool) -> Population:
    """A population after a change, or before it, which may be of any file.

    Raises:
        DaubError: the change is none of this population.
    """
    stays = len(population) - len(change.gone if forward else change.born[0])
    rows = [change.gone] + [each.rows for each in change.stayed]
    limits = [stays + len(change.gone)] + [stays] * len(change.stayed)
    fits = stays >= 0 and all(
        not len(each) or (each[0] >= 0 and each[-1] < limit and (each[1:] > each[:-1]).all())
        for each, limit in zip(rows, limits, strict=True)
    )
    if not fits or population.sheet != (change.before if forward else change.after):
        raise DaubError(f"{where} cannot be had", "it is no change of what is there", "it is left out")
    return checked(change.forward(population) if forward else change.backward(population), where)
