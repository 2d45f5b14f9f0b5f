"""A scene on a GPU, and its views: the pictures of `daub.render.splats.cpu.scene`."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from daub.render.cuda.drawing import TooLarge
from daub.render.cuda.launching import Array, Device
from daub.render.cuda.source import blocks
from daub.render.splats.camera import Camera
from daub.render.splats.cuda import source
from daub.render.splats.gradient import Gradient
from daub.render.splats.kernels import view_of
from daub.render.splats.splats import Splats

MOST_PAIRS = (1 << 31) - 1  # of Gaussian and tile: the kernels number them by int


class CudaScene:
    """A scene made ready to be seen from anywhere.

    Args:
        device: that has the kernels of `source`.
        splats: of any float type.
    """

    def __init__(self, device: Device, splats: Splats):
        self.device, self.antialiased, self._count = device, splats.antialiased, len(splats)
        self.harmonics = splats.sh.shape[1]
        arrays = (splats.means, splats.log_scales, splats.rotations, splats.logits, splats.dc, splats.sh)
        self.arrays = [device.xp.asarray(np.ascontiguousarray(array, np.float32)) for array in arrays]

    def __len__(self) -> int:
        return self._count

    def seen(self, camera: Camera) -> CudaView:
        """The scene from a camera."""
        return CudaView(self, camera)


class CudaView:
    """A scene seen from a camera: projected and sorted once, for whatever is asked of it.

    Raises:
        TooLarge: more pairs of Gaussian and tile than MOST_PAIRS.
    """

    def __init__(self, scene: CudaScene, camera: Camera):
        self.scene, self.camera = scene, camera
        device, count = scene.device, len(scene)
        xp = device.xp
        self.tiles = source.tiles(camera.width, camera.height)
        self.numbers = xp.empty((max(count, 1), 3, 4), dtype=np.float32)
        boxes, self._pairs = xp.empty((max(count, 1), 4), dtype=np.int32), xp.zeros(max(count, 1), dtype=np.int32)
        device.launch(
            "project", blocks(count, source.THREADS),
            (*scene.arrays, np.int32(scene.harmonics), np.int32(scene.antialiased), xp.asarray(view_of(camera)),
             np.int32(count), self.numbers, boxes, self._pairs),
        )  # fmt: skip
        total = int(xp.sum(self._pairs.astype(np.int64)))
        if total > MOST_PAIRS:
            raise TooLarge(f"{total} pairs of Gaussian and tile")
        self._ends = xp.cumsum(self._pairs).astype(np.int32)
        keys, members = xp.empty(max(total, 1), dtype=np.uint64), xp.empty(max(total, 1), dtype=np.int32)
        device.launch(
            "list_pairs", blocks(count, source.THREADS),
            (self.numbers, boxes, self._pairs, self._ends, np.int32(count),
             np.int32(self.tiles[0]), keys, members),
        )  # fmt: skip
        keys, members = keys[:total], members[:total]
        self._order = xp.argsort(keys, kind="stable")  # by index where tile and depth are the same
        self.members = members[self._order]
        columns, rows = self.tiles
        of_tile = (keys[self._order] >> np.uint64(32)).astype(np.int32)
        self.start = xp.searchsorted(of_tile, xp.arange(columns * rows + 1, dtype=np.int32)).astype(np.int32)

    def image(self, background=(0, 0, 0)) -> np.ndarray:
        """(H, W, 3) float32 over a background of this colour, not clamped."""
        return self._blended(background)[0]

    @cached_property
    def transmittance(self) -> np.ndarray:
        """(H, W) float32: the T that is left at the end, the share of the background."""
        return self._blended((0, 0, 0))[1]

    def gradient(self, image: np.ndarray, cotangent: np.ndarray) -> Gradient:
        """Of a loss, by what the scene is made of; arguments as of `CpuView.gradient`."""
        scene, camera, device = self.scene, self.camera, self.scene.device
        if not image.shape == cotangent.shape == (camera.height, camera.width, 3):
            raise ValueError(f"a view of {camera.width}x{camera.height} has no {image.shape} and {cotangent.shape}")
        xp, count, total = device.xp, len(scene), len(self.members)
        partial = xp.empty((max(total, 1), source.SUMS), dtype=np.float32)
        pictures = (xp.asarray(np.ascontiguousarray(each, np.float32)) for each in (image, cotangent))
        device.launch(
            "gather", (*self.tiles, 1),
            (self.numbers, self.start, self.members, *pictures, np.int32(camera.width), np.int32(camera.height),
             partial),
        )  # fmt: skip
        places = xp.empty(max(total, 1), dtype=np.int32)  # of each pair after the sort
        places[self._order] = xp.arange(total, dtype=np.int32)
        means, log_scales, rotations, logits, _, sh = scene.arrays
        found = [xp.empty(array.shape, dtype=np.float32) for array in scene.arrays]
        found.append(xp.empty((count, 2), dtype=np.float32))
        device.launch(
            "to_scene", blocks(count, source.THREADS),
            (means, log_scales, rotations, logits, sh, np.int32(scene.harmonics), np.int32(scene.antialiased),
             xp.asarray(view_of(camera)), np.int32(count), self.numbers, self._pairs, self._ends, places, partial,
             *found),
        )  # fmt: skip
        return Gradient(*map(device.host, found))

    def _blended(self, background) -> tuple[np.ndarray, np.ndarray]:
        device, camera = self.scene.device, self.camera
        image: Array = device.xp.empty((camera.height, camera.width, 3), dtype=np.float32)
        transmittance: Array = device.xp.empty((camera.height, camera.width), dtype=np.float32)
        behind = device.xp.asarray(np.array(background, np.float32))
        device.launch(
            "blend", (*self.tiles, 1),
            (self.numbers, self.start, self.members, behind, np.int32(camera.width), np.int32(camera.height), image,
             transmittance),
        )  # fmt: skip
        return device.host(image), device.host(transmittance)
