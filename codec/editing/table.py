"""What a list of operations can say: names, values and help, for command line, scripts and whoever else lists them.

Cheap to import: what they do is in `selecting` and `operations`, which load half of the codec.
"""

from __future__ import annotations

from typing import NamedTuple

MOST_MORE = 100_000  # Gaussians that one refit may add


class Entry(NamedTuple):
    """One of them.

    Args:
        name: as an option of the command line, and as a key of a script.
        value: how its value is written; "" where it takes none.
        help: what it does.
    """

    name: str
    value: str
    help: str


SELECTIONS: tuple[Entry, ...] = (
    Entry("select-all", "", "everything, as at the beginning"),
    Entry("select-rectangle", "X,Y,W,H", "centres inside"),
    Entry("select-polygon", "'X,Y X,Y ...'", "centres inside a line through points"),
    Entry("select-stroke", "'R X,Y X,Y ...'", "centres under a brush of radius R along points"),
    Entry("select-size", "A..B", "by size, pixels (mean standard deviation)"),
    Entry("select-light", "A..B", "by what they add at their centres, levels of 0 to 255"),
    Entry("select-energy", "A..B", "by the sum of their squares over the pixels"),
    Entry("select-colour", "COLOR[,T]", "where the picture has nearly that colour, T (0..1) away"),
    Entry("select-invert", "", "what is not selected"),
    Entry("select-grow", "", "also the neighbours of what is selected"),
)
OPERATIONS: tuple[Entry, ...] = (
    Entry("crop", "X,Y,W,H", "a part of the picture"),
    Entry("resize", "WxH", "the picture in other pixels"),
    Entry("flip", "h|v", "h: left to right, v: upside down"),
    Entry("rotate", "90|180|270", "the picture, clockwise"),
    Entry("move", "DX,DY", "by so many pixels, to the right and down"),
    Entry("scale", "F[,FY]", "about the middle; a negative factor mirrors"),
    Entry("turn", "DEGREES", "about the middle, clockwise"),
    Entry("recolour", "COLOR", "hue, saturation and light towards a colour"),
    Entry("hue", "DEGREES", "turn it, from red towards green"),
    Entry("saturation", "F", "0 is grey, 1 as it is"),
    Entry("light", "F", "0 is black, 1 as it is"),
    Entry("strength", "F", "factor on what they add"),
    Entry("duplicate", "DX,DY", "once more, moved by so many pixels"),
    Entry(
        "paste",
        "FILE[,X,Y[,F]]",
        "another .daub over this, its corner at X,Y, scaled; black is see-through",
    ),
    Entry("delete", "", "what is selected"),
    Entry("delete-smaller", "PIXELS", "what is selected and smaller than that"),
    Entry("fill", "", "remove what lies in the selected part and let its surroundings close over it"),
    Entry("refit", "IMAGE[,N]", "fit what is selected to an image anew, with N Gaussians more"),
)

ENTRIES = {entry.name: entry for entry in (*SELECTIONS, *OPERATIONS)}
