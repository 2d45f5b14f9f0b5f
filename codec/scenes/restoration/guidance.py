"""What an encoder knows and the decoder does not: which views get a coarse residual, and the layer that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daub.codec.restoration import residual
from daub.codec.scenes.restoration.layer import (
    UNIT_RATE,
    UNIT_STRUCTURE,
    GuidedView,
    SceneLayer,
    check_views,
    error_of,
    stored,
)
from daub.codec.scenes.view_scores import pictures_of
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene
from daub.render.splats.splats import Splats


@dataclass(frozen=True)
class Guidance:
    """How a layer is made.

    Args:
        share: of the views that get a residual, 0 to 1 (the paper: 0.4).
        by_coverage: those that together show the most; otherwise evenly over their order.
        distance: of JPEG XL, 0.1..25; the larger, the fewer bytes.
        gain, halvings: as of `CodedResidual`.
        rounds, structure, rate: as of `SceneLayer`; structure as a share. More rounds or a higher rate fit the
            Gaussians to what the residuals have wrong (SCENES.md).
        network: CRC-32 of the weights; None: none. It corrects the views that have a residual, or all, where none has:
            beside others that say more, views that it corrects alone do harm.
    """

    share: float = 0.4
    by_coverage: bool = False
    distance: float = 4.0
    gain: int = 2
    halvings: int = 1
    rounds: int = 12
    structure: float = 0.2
    rate: float = 1.0
    network: int | None = None


def layer_for(original: Splats, decoded: Splats, cameras: Sequence[Camera], guidance: Guidance) -> SceneLayer:
    """The layer that helps decoded Gaussians to look like the original ones.

    Args:
        cameras: the views, in an order in which neighbours show much the same.
        guidance: with a share of the views or a network: without both there is nothing to say.

    Raises:
        DaubError: more views or pixels than the format has it.
    """
    check_views(cameras)
    cameras = stored(tuple(cameras))
    told = _told(original, cameras, guidance)
    views, error = [], 0.0
    for camera, is_told, wanted in zip(cameras, told, pictures_of(original, cameras), strict=True):
        found = CpuScene(decoded).seen(camera).image().clip(0, 1)
        lacking = wanted / np.float32(255) - found
        error += float(np.mean(np.square(lacking), dtype=np.float64)) / len(cameras)
        coded = residual.coded(lacking, guidance.gain, guidance.halvings, guidance.distance) if is_told else None
        if coded or (guidance.network is not None and not guidance.share):
            views.append(GuidedView(camera, coded))
    return SceneLayer(
        tuple(views), guidance.rounds, round(UNIT_STRUCTURE * guidance.structure), round(UNIT_RATE * guidance.rate),
        guidance.network, error_of(error**0.5),
    )  # fmt: skip


def _told(splats: Splats, cameras: Sequence[Camera], guidance: Guidance) -> np.ndarray:
    """(V,) bool, which views get a residual."""
    count = max(round(guidance.share * len(cameras)), 1 if guidance.share else 0)
    told = np.zeros(len(cameras), bool)
    if not count:
        return told
    if not guidance.by_coverage:
        told[((np.arange(count) + 0.5) * len(cameras) / count).astype(int)] = True
        return told
    scene = CpuScene(splats)
    shown = np.stack([scene.seen(camera).energies()[:, 0] for camera in cameras])
    covered = np.zeros(shown.shape[1])
    for _ in range(count):
        gain = np.maximum(shown - covered, 0).sum(axis=1)
        gain[told] = -1
        best = int(gain.argmax())
        told[best] = True
        covered = np.maximum(covered, shown[best])
    return told
