"""The Gaussians that a training begins with: one for each point that is known of the scene."""

from __future__ import annotations

import numpy as np

from daub.codec.scenes.cameras.colmap_points import Points
from daub.codec.scenes.training.photos import Photos
from daub.codec.scenes.training.settings import TrainingSettings
from daub.codec.scenes.training.state import TrainingState
from daub.codec.scenes.training.sweeping import swept_points
from daub.render.splats.splats import C0

_OPACITY = 0.3
_NEIGHBOURS = 3  # whose mean distance is the first standard deviation (Kerbl et al. 2023, section 5.1)
_LARGEST = 0.1  # of the extent: a lonely point says little
_SMALLEST = 1e-5
_SWEPT = 4  # Gaussians that are wanted for each point that is sought


def first_state(photos: Photos, settings: TrainingSettings) -> TrainingState:
    """From the points that came with the photos, or from those that are found in them.

    Of more points than Gaussians are wanted, as many are drawn.
    """
    rng = np.random.default_rng(settings.seed)
    points = photos.points
    if points is None:
        points = swept_points(photos.trained, max(1, settings.gaussians // _SWEPT), rng)
    if len(points.places) > settings.gaussians:
        which = np.sort(rng.permutation(len(points.places))[: settings.gaussians])
        points = Points(points.places[which], points.colours[which])
    n, extent = len(points.places), photos.extent
    spread = np.clip(_spacing(points.places), _SMALLEST * extent, _LARGEST * extent)
    values = {
        "means": points.places,
        "log_scales": np.tile(np.log(spread)[:, None], (1, 3)),
        "rotations": np.tile([1.0, 0.0, 0.0, 0.0], (n, 1)),
        "logits": np.full(n, np.log(_OPACITY / (1 - _OPACITY))),
        "dc": (points.colours - 0.5) / C0,
        "sh": np.empty((n, 0, 3)),
    }
    return TrainingState.of({name: value.astype(np.float32) for name, value in values.items()}, rng)


def _spacing(places: np.ndarray) -> np.ndarray:
    """(N,) root of the mean squared distance to the nearest others."""
    from scipy.spatial import cKDTree

    others = min(_NEIGHBOURS, len(places) - 1)
    if others < 1:
        return np.ones(len(places))
    distances, _ = cKDTree(places).query(places, k=others + 1)
    return np.sqrt(np.square(distances[:, 1:]).mean(axis=1))
