"""The history of a fit, for the live plots: count and PSNR against step, and where the population changed."""

from __future__ import annotations

import numpy as np


class Timeline:
    """Written by the worker, read by the window at any time: a length is raised only after its row is written.

    Args:
        steps: of the whole fit.
    """

    def __init__(self, steps: int):
        self.steps = steps
        self._rows = np.zeros((max(steps, 1), 3), np.float64)  # step, count, PSNR in dB
        self._length = 0
        self._events: list[tuple[int, str]] = []

    def record(self, step: int, count: int, psnr: float, event: str | None) -> None:
        if self._length == len(self._rows) or (self._length and step <= self._rows[self._length - 1, 0]):
            self._length = 0  # an encoder that missed its goal fits again from the start
            self._events = []
        self._rows[self._length] = step, count, psnr
        self._length += 1
        if event is not None:
            self._events.append((step, event))

    def __len__(self) -> int:
        return self._length

    def curves(self, points: int) -> np.ndarray:
        """(3, M) float64, M <= points + 1: step, count, PSNR, thinned evenly, the newest always among them.

        A plot of 200 000 points would cost 300 ms a frame in software rendering.
        """
        rows = self._rows[: self._length]
        stride = max(1, -(-len(rows) // points))
        thinned = rows[::stride]
        if len(rows) and (len(rows) - 1) % stride:
            thinned = np.concatenate([thinned, rows[-1:]])
        return np.ascontiguousarray(thinned.T)

    def events(self, kind: str) -> np.ndarray:
        """(M,) float64: the steps before which the population changed in that way ("grown", "relocated", "pruned")."""
        return np.array([step for step, event in list(self._events) if event == kind], np.float64)
