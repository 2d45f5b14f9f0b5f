"""The pictures that decoded Gaussians are fitted to: their own renderings, restored (Leveraging Learned Image Prior,
sections 4.2 and 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from daub.codec.restoration import residual
from daub.codec.scenes.restoration.layer import GuidedView, SceneLayer, root_mean_square_of
from daub.render.eight_bit import to_8bit
from daub.render.splats.camera import Camera
from daub.render.splats.cpu.scene import CpuScene, CpuView
from daub.render.splats.splats import C0, Splats

_DAMAGED = "the scene cannot be restored"  # beginning of the error
_CONTRAST = 32.0  # by which amplitudes are multiplied before the logarithm


def pictures_of_layer(splats: Splats, layer: SceneLayer) -> Iterator[np.ndarray | None]:
    """A picture for each view of a layer.

    Args:
        splats: as decoded.

    Yields:
        (H, W, 3) uint8; None for a view of which nothing more is known than what the Gaussians show.

    Raises:
        DaubError: a residual is damaged.
    """
    scene = CpuScene(splats)
    maps = Maps(splats) if layer.network is not None else None
    for view in layer.views:
        if view.residual is None and layer.network is None:
            yield None
            continue
        rendering = scene.seen(view.camera).image().clip(0, 1)
        yield to_8bit(restored(rendering, view, layer, maps))


def restored(rendering: np.ndarray, view: GuidedView, layer: SceneLayer, maps: Maps | None) -> np.ndarray:
    """A rendering plus its residual, corrected by the network; (H, W, 3) float32 in [0, 1]."""
    coarse, base = None, rendering
    if view.residual is not None:
        coarse = residual.decoded(view.residual, view.camera.width, view.camera.height, _DAMAGED)
        base = (rendering + coarse).clip(0, 1)
    if layer.network is None or maps is None:
        return base
    from daub.codec.restoration.stage import network_at_hand
    from daub.codec.restoration.tiles import correction

    change = correction(network_at_hand(layer.network), base, coarse, maps.of(view.camera), conditions_of(layer.error))
    return (base + change).clip(0, 1)


def conditions_of(error: int) -> np.ndarray:
    """(CONDITIONS,) float32: what the network is told of how large an error it has to expect, `SceneLayer.error`."""
    from daub.codec.restoration.network import LOG2_UNIT

    return np.array([2 * (np.log2(root_mean_square_of(error)) - LOG2_UNIT), 0], np.float32)


class Maps:
    """What the Gaussians of a scene are like in a view, at half its size: what `codec/restoration/inputs` is in 2D.

    With w the weight of each Gaussian at a pixel, s the logarithm of its extent there in pixels, a how far its colour
    is from grey: log2(1 + sum w) / 4; (sum w s) / (1/16 + sum w) / 4; log2(1 + 32 sum w a) / 4.
    """

    def __init__(self, splats: Splats):
        self._splats = splats
        self._contrast = np.abs(C0 * splats.dc).max(axis=1)

    def of(self, camera: Camera) -> np.ndarray:
        """(ceil(H / 2), ceil(W / 2), MAPS) float32 of a view."""
        depth = np.maximum(camera.project(self._splats.means)[:, 2], 1e-6)
        extent = self._splats.log_scales.astype(np.float64).clip(-30, 30).mean(axis=1)
        extent += np.log(camera.fx / depth)
        told = np.stack([np.ones(len(depth)), extent + 16, self._contrast], axis=1)  # positive, as colours are
        seen: CpuView = CpuScene(
            replace(self._splats, dc=((told - 0.5) / C0).astype(np.float32), sh=self._splats.sh[:, :0])
        ).seen(camera.resized(-(-camera.width // 2), -(-camera.height // 2)))
        weight, extents, contrast = np.moveaxis(seen.image(), 2, 0)
        extents = extents - 16 * weight
        return np.stack(
            [
                np.log2(1 + weight) / 4,
                extents / (np.float32(1 / 16) + weight) / 4,
                np.log2(1 + _CONTRAST * np.maximum(contrast, 0)) / 4,
            ],
            2,
        ).astype(np.float32)
