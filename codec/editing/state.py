"""What a list of operations works on: a drawing, which Gaussians are selected, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from daub.codec.editing.drawing import Drawing, inherited
from daub.render.rasteriser import Rasteriser


@dataclass(frozen=True, eq=False)
class State:
    """Where a list of operations stands.

    Args:
        drawing: as it is now.
        selected: (N,) bool.
        region: (H, W) bool that the selection was made by, where it was made by shapes or colours; None without.
        narrows: whether the next selection looks among the selected only: so it does right after another one.
    """

    drawing: Drawing
    selected: np.ndarray
    region: np.ndarray | None = None
    narrows: bool = False

    @staticmethod
    def of(drawing: Drawing) -> State:
        """Everything is selected."""
        return State(drawing, np.ones(len(drawing), bool))

    def found(self, selected: np.ndarray, region: np.ndarray | None = None) -> State:
        """After a selection. Args: selected: (N,) bool; region: (H, W) bool where it is of pixels, too."""
        if self.narrows:
            selected = selected & self.selected
            region = region if self.region is None else self.region if region is None else region & self.region
        return State(self.drawing, selected, region, True)

    def changed(self, drawing: Drawing, selected: np.ndarray | None = None) -> State:
        """After an operation that leaves everything at its place. Args: selected: (N,) bool; None: as before."""
        return State(drawing, self.selected if selected is None else selected, self.region)

    def followed(self, drawing: Drawing, origin: np.ndarray) -> State:
        """After one that has changed the population. Args: origin: (N,) which one of before each is, -1: newborn."""
        return replace(self, drawing=drawing, selected=inherited(self.selected, origin, True), narrows=False)


@dataclass(frozen=True, eq=False)
class Tools:
    """What operations need besides.

    Args:
        rasteriser: what renders and fits.
        report: is told how much of an operation is done, 0 to 1; what it raises ends it.
        notice: is told, in a line, what a person should know.
    """

    rasteriser: Rasteriser
    report: Callable[[float], None] = lambda fraction: None
    notice: Callable[[str], None] = lambda line: None


# What an operation does: the state after it, of the state before and the value as it was written; raises DaubError.
Apply = Callable[[State, str, Tools], State]
