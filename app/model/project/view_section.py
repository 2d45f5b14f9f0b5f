"""How the picture is looked at: what is seen of the two sides, and where the picture lies."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from daub.app.model.compare.colour_tables import ColourMap
from daub.app.model.compare.difference import GAINS, Difference
from daub.app.model.compare.modes import BLINK_PERIODS, Look, Mode
from daub.app.model.project.fields import Fields, word_of
from daub.app.model.project.section import Reading, Restored, Write, Writing
from daub.app.model.view.camera import LARGEST, SMALLEST
from daub.app.model.view.view import View

_FAR = 1e7  # pixels
_SWITCHES = ("by_channel", "linear", "at_pixels", "importance")


class ViewSection:
    """See `Section`."""

    name = "view"
    counts = False

    def __init__(self, view: View):
        self._view = view

    def state(self) -> Hashable:
        look = self._view.look
        return (repr(look), self._view.split, self._view.place)

    def gather(self) -> Write:
        view, look = self._view, self._view.look
        place = view.place
        written = {
            "mode": word_of(look.mode), "difference": word_of(look.difference), "colour_map": word_of(look.colour_map),
            "gains": {word_of(kind): gain for kind, gain in look.gains.items()}, "blink": look.blink,
            **{name: getattr(look, name) for name in _SWITCHES},
            "split": view.split, "place": None if place is None else list(map(float, place)),
        }  # fmt: skip

        def write(writing: Writing) -> dict[str, Any]:
            return written

        return write

    def read(self, fields: Fields, reading: Reading) -> Restored:
        look, split, place = _look(fields), fields.number("split", 0, 1, 0.5), _place(fields)
        return Restored(finish=lambda: self._view.go_to(look, split, place))


def _look(fields: Fields) -> Look:
    usual = Look()
    gains = dict(usual.gains)
    if "gains" in fields:
        given = fields.object("gains")
        for kind in Difference:
            gain = given.number(word_of(kind), min(GAINS), max(GAINS), gains[kind])
            gains[kind] = min(GAINS, key=lambda each: abs(each - gain))
    blink = fields.number("blink", 0, 100, usual.blink)
    return replace(
        usual, mode=fields.choice("mode", Mode, usual.mode), gains=gains,
        difference=fields.choice("difference", Difference, usual.difference),
        colour_map=fields.choice("colour_map", ColourMap, usual.colour_map),
        blink=min(BLINK_PERIODS, key=lambda each: abs(each - blink)),
        **{name: fields.flag(name, getattr(usual, name)) for name in _SWITCHES},
    )  # fmt: skip


def _place(fields: Fields) -> tuple[float, float, float] | None:
    place = fields.list("place", 3)
    if len(place) != 3 or not all(type(each) in (int, float) and abs(each) <= _FAR for each in place):
        return None
    return place[0], place[1], min(max(place[2], SMALLEST), LARGEST)
