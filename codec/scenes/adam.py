"""Adam (Kingma and Ba 2015, algorithm 1) over the arrays of a scene, for whoever fits Gaussians to pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from daub.render.jit import njit, parallel, prange

_ROWS = 256  # that a thread takes at a time
_PIXELS_A_ROW = 4  # whose work is about that of a step of one Gaussian, for `parallel`


class Adam:
    """Moments of each array, and steps by them; the same bits for any number of threads.

    >>> adam = Adam({"logits": np.zeros(2, np.float32)}, mean_kept=0.9, square_kept=0.999)
    >>> adam.step({"logits": np.float32([3, -0.1])}, {"logits": 0.5})
    >>> adam.values["logits"].round(4).tolist()
    [-0.5, 0.5]

    Args:
        values: (N, ...) float32 arrays by name, with the names of `Splats`; they are changed in place.
        mean_kept, square_kept: what is kept of the moments in each step, 0 to 1.
        epsilon: added to the root of the second moment.
        only_seen: where a gradient is zero neither the value nor its moments change, as that view has not seen it.
        corrected: the moments are divided by what zeros at the beginning have taken from them.
    """

    def __init__(
        self,
        values: Mapping[str, np.ndarray],
        mean_kept: float,
        square_kept: float,
        epsilon: float = 1e-15,
        only_seen: bool = False,
        corrected: bool = True,
    ):
        self.values = {name: np.ascontiguousarray(value, np.float32) for name, value in values.items()}
        self.means = {name: np.zeros_like(value) for name, value in self.values.items()}
        self.squares = {name: np.zeros_like(value) for name, value in self.values.items()}
        self.steps = 0
        self._kept = mean_kept, square_kept
        self._epsilon, self._only_seen, self._corrected = epsilon, only_seen, corrected

    def step(self, gradient: Mapping[str, np.ndarray], rates: Mapping[str, float | np.ndarray]) -> None:
        """One step downwards.

        Args:
            gradient: float32 arrays in the shapes of the values.
            rates: how far a value moves at most, about: a number for each array that moves, or one for each of its
                rows, (N,).
        """
        self.steps += 1
        kept_mean, kept_square = map(np.float32, self._kept)
        one = np.float32(1)
        whole_mean, whole_root = one, one
        if self._corrected:
            whole_mean = np.float32(1 - self._kept[0] ** self.steps)
            whole_root = np.float32(np.sqrt(1 - self._kept[1] ** self.steps))
        for name, rate in rates.items():
            value = self.values[name]
            if not value.size:
                continue
            rows = np.array(np.broadcast_to(np.asarray(rate, np.float32), len(value)))  # one that can be written to
            arrays = value, np.ascontiguousarray(gradient[name], np.float32), self.means[name], self.squares[name]
            with parallel(_PIXELS_A_ROW * len(value)):
                _step(
                    *(array.reshape(len(value), -1) for array in arrays), rows, kept_mean, kept_square, whole_mean,
                    whole_root, np.float32(self._epsilon), self._only_seen,
                )  # fmt: skip


@njit(parallel=True, nogil=True, cache=True)
def _step(values, gradient, means, squares, rates, kept_mean, kept_square, whole_mean, whole_root, epsilon, only_seen):
    """Changes values, means and squares, all (N, K), by a gradient (N, K) and rates (N,)."""
    one, nothing = np.float32(1), np.float32(0)
    count, width = values.shape
    for chunk in prange((count + _ROWS - 1) // _ROWS):
        for row in range(chunk * _ROWS, min((chunk + 1) * _ROWS, count)):
            rate = rates[row] / whole_mean
            for k in range(width):
                g = gradient[row, k]
                if only_seen and g == nothing:
                    continue
                mean = kept_mean * means[row, k] + (one - kept_mean) * g
                square = kept_square * squares[row, k] + (one - kept_square) * g * g
                means[row, k], squares[row, k] = mean, square
                values[row, k] -= rate * mean / (np.sqrt(square) / whole_root + epsilon)
