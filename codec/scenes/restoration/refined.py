"""Decoded Gaussians fitted to the pictures of a layer (Leveraging Learned Image Prior, section 4.4, equation 7).

All attributes that the file holds may change, their number stays. Floating point: decoders may differ in the last bits.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from daub.codec.progress import retold
from daub.codec.scenes.coding.refining import refining
from daub.codec.scenes.loss import loss_of
from daub.codec.scenes.restoration.layer import UNIT_RATE, UNIT_STRUCTURE, SceneLayer
from daub.codec.scenes.restoration.references import pictures_of_layer
from daub.render.splats.splats import Splats

_SHARE_OF_REFERENCES = 0.2  # of the work, about


def obstacle_of(layer: SceneLayer) -> str | None:
    """Why a layer cannot run here; None where it can."""
    from daub.codec.restoration.stage import obstacle_of as obstacle_of_network

    return obstacle_of_network(layer.network)


def restoring(splats: Splats, layer: SceneLayer) -> Generator[float, None, Splats]:
    """Runs a layer; stop it between two numbers to cancel.

    Args:
        splats: as decoded.

    Yields:
        The share of the work that is done.

    Returns:
        As many Gaussians, in the same order.

    Raises:
        DaubError: a residual is damaged.
    """
    pictures = []
    for n, picture in enumerate(pictures_of_layer(splats, layer)):
        pictures.append(picture)
        yield _SHARE_OF_REFERENCES * (n + 1) / len(layer.views)
    told = [n for n, picture in enumerate(pictures) if picture is not None]
    cameras = [layer.views[n].camera for n in told]
    if not told:
        return splats
    structure = layer.structure / UNIT_STRUCTURE

    def gradient_of(image: np.ndarray, picture: np.ndarray) -> np.ndarray:
        return loss_of(image, picture, structure).cotangent

    references = [pictures[n] for n in told]
    steps = refining(splats, cameras, references, layer.rounds, gradient_of, layer.rate / UNIT_RATE)
    return (yield from retold(steps, lambda done: _SHARE_OF_REFERENCES + (1 - _SHARE_OF_REFERENCES) * done))
