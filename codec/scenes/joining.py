"""Several parts of a scene as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daub.codec.scenes.claims import check_promise
from daub.render.splats.splats import HARMONICS, Splats

_EACH = ("means", "log_scales", "rotations", "logits", "dc")


def joined(parts: Sequence[Splats]) -> Splats:
    """One after the other, with the harmonics of the highest degree among them.

    Args:
        parts: of one kind as to antialiasing.

    Raises:
        Refused: there is no Gaussian in them, or more than memory is taken for.
    """
    count, degree = sum(map(len, parts)), max((part.degree for part in parts), default=0)
    check_promise(count, degree)
    if len(parts) == 1:
        return parts[0]
    sh = np.zeros((count, HARMONICS[degree], 3), np.float32)
    row = 0
    for part in parts:
        sh[row : row + len(part), : part.sh.shape[1]] = part.sh
        row += len(part)
    arrays = (np.concatenate([getattr(part, name) for part in parts]) for name in _EACH)
    return Splats(*arrays, sh, any(part.antialiased for part in parts))
