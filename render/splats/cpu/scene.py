"""A scene on the processor, and its views."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from daub.render.jit import get_num_threads, parallel
from daub.render.splats.camera import Camera
from daub.render.splats.cpu import blending, chaining, energies, gathering, projecting, sorting
from daub.render.splats.gradient import Gradient
from daub.render.splats.kernels import TILE, view_of
from daub.render.splats.splats import Splats

MOST_TILES = (1 << 15) - 1  # along a side of a picture: boxes are int16
MOST_PAIRS = 1 << 26  # of Gaussian and tile that are listed at a time: 256 MB


def render(splats: Splats, camera: Camera, background=(0, 0, 0)) -> np.ndarray:
    """The picture (H, W, 3) float32 of a scene, not clamped; for many views keep a `CpuScene`."""
    return CpuScene(splats).seen(camera).image(background)


class CpuScene:
    """A scene made ready to be seen from anywhere.

    >>> scene = CpuScene(Splats.build([[0, 0, 2]], [[0.5, 0.5, 0.5]], [0.9], [[1, 0.5, 0]]))
    >>> camera = Camera.looking((0, 0, 0), (0, 0, 1), up=(0, -1, 0), width=32, height=24, vertical_fov=50)
    >>> view = scene.seen(camera)
    >>> red, green, blue = view.image(background=(0, 0, 1))[12, 16]
    >>> f"{red:.1f} {green:.2f} {blue:.1f} {view.transmittance[12, 16]:.1f}"
    '0.9 0.45 0.1 0.1'

    Args:
        splats: float32 arrays; others are converted. They are kept, and may not be changed afterwards.
    """

    def __init__(self, splats: Splats):
        arrays = (splats.means, splats.log_scales, splats.rotations, splats.logits, splats.dc, splats.sh)
        self.means, self.log_scales, self.rotations, self.logits, self.dc, self.sh = (
            np.ascontiguousarray(array, np.float32) for array in arrays
        )
        self.antialiased = splats.antialiased
        self.factor = np.empty((len(splats), projecting.FACTOR), np.float32)
        self.opacity = np.empty((len(splats), 2), np.float32)
        with parallel(_work(len(splats))):
            projecting.prepare(self.log_scales, self.rotations, self.logits, self.factor, self.opacity)

    def __len__(self) -> int:
        return len(self.means)

    @property
    def splats(self) -> Splats:
        """What it was made of, as float32."""
        return Splats(
            self.means, self.log_scales, self.rotations, self.logits, self.dc, self.sh, antialiased=self.antialiased
        )

    def seen(self, camera: Camera) -> CpuView:
        """The scene from a camera."""
        return CpuView(self, camera)


class CpuView:
    """A scene seen from a camera: projected and sorted once, for whatever is asked of it.

    Its lists are kept as long as it is, unless they are so long that they are made strip by strip each time.

    Raises:
        ValueError: a side of more than MOST_TILES tiles.
    """

    def __init__(self, scene: CpuScene, camera: Camera):
        if max(camera.width, camera.height) > MOST_TILES * TILE:
            raise ValueError(f"no picture of {camera.width}x{camera.height} is drawn: {MOST_TILES * TILE} at most")
        self.scene, self.camera = scene, camera
        self.numbers = projecting.lines(len(scene))
        self.depth = np.empty(len(scene), np.float32)  # (N,) t_z, and -1 of those that are not seen
        self._boxes = np.empty((len(scene), 4), np.int16)
        self._across, self._down = -(-camera.width // TILE), -(-camera.height // TILE)
        with parallel(_work(len(scene))):
            projecting.project(
                scene.means, scene.factor, scene.opacity, scene.dc, scene.sh, scene.antialiased,
                view_of(camera), self.numbers, self.depth, self._boxes,
            )  # fmt: skip
            self._order = sorting.by_depth(self.depth, get_num_threads())
            self._strips = self._rows_at_a_time()

    def image(self, background=(0, 0, 0)) -> np.ndarray:
        """(H, W, 3) float32 over a background of this colour, not clamped."""
        return self._blended(self.numbers, background)[0]

    @cached_property
    def transmittance(self) -> np.ndarray:
        """(H, W) float32: the T that is left at the end, the share of the background."""
        return self._blended(self.numbers, (0, 0, 0))[1]

    def image_and_transmittance(self, background=(0, 0, 0)) -> tuple[np.ndarray, np.ndarray]:
        """Both, for the price of one."""
        return self._blended(self.numbers, background)

    def mean_depth(self) -> np.ndarray:
        """(H, W) float32: the mean of t_z, weighted by alpha T; infinite where nothing is seen."""
        numbers = projecting.lines(len(self.numbers))
        numbers[:] = self.numbers
        numbers[:, projecting.RED] = self.depth
        image, transmittance = self._blended(numbers, (0, 0, 0))
        covered = 1 - transmittance
        return np.divide(image[..., 0], covered, out=np.full_like(covered, np.inf), where=covered > 0)

    def energies(self) -> np.ndarray:
        """(N, 3) float64, of each Gaussian over all pixels: the sum of its weights alpha T, and the energies of its
        colour, of which the three channels have one each alike, and of its alpha, over all channels (`energies`).
        """
        image = self.image()
        sums = np.zeros((len(self.scene), energies.SUMS))
        for top, start, members in self._lists():
            partial = np.zeros((len(members), energies.SUMS), np.float32)
            with parallel(self.camera.width * self.camera.height):
                energies.weigh(get_num_threads(), self.numbers, start, members, self._across, top, image, partial)
                gathering.add_up(get_num_threads(), members, partial, sums)
        return sums

    def gradient(self, image: np.ndarray, cotangent: np.ndarray) -> Gradient:
        """Of a loss, by what the scene is made of.

        Args:
            image: (H, W, 3) float32, what `image` has given, whatever the background was.
            cotangent: (H, W, 3) float32, dL/d(image).
        """
        scene, camera = self.scene, self.camera
        if not image.shape == cotangent.shape == (camera.height, camera.width, 3):
            raise ValueError(f"a view of {camera.width}x{camera.height} has no {image.shape} and {cotangent.shape}")
        image, cotangent = (np.ascontiguousarray(array, np.float32) for array in (image, cotangent))
        sums = np.zeros((len(scene), gathering.SUMS))
        for top, start, members in self._lists():
            partial = np.empty((len(members), gathering.SUMS), np.float32)
            with parallel(camera.width * camera.height):
                gathering.gather(
                    get_num_threads(), self.numbers, start, members, self._across, top, image, cotangent, partial
                )
                gathering.add_up(get_num_threads(), members, partial, sums)
        arrays = (scene.means, scene.log_scales, scene.rotations, scene.logits, scene.dc, scene.sh)
        gradient = Gradient(*(np.empty_like(array) for array in arrays), np.empty((len(scene), 2), np.float32))
        with parallel(_work(len(scene))):
            chaining.to_scene(
                scene.means, scene.log_scales, scene.rotations, scene.sh, scene.factor, scene.opacity,
                scene.antialiased, view_of(camera), self.numbers, self.depth, sums, *gradient,
            )  # fmt: skip
        return gradient

    def _blended(self, numbers: np.ndarray, background) -> tuple[np.ndarray, np.ndarray]:
        camera = self.camera
        image = np.empty((camera.height, camera.width, 3), np.float32)
        transmittance = np.empty(image.shape[:2], np.float32)
        behind = np.array(background, np.float32)
        for top, start, members in self._lists():
            with parallel(camera.width * camera.height):
                blending.blend(
                    get_num_threads(), numbers, start, members, self._across, top, behind, image, transmittance
                )
        return image, transmittance

    def _rows_at_a_time(self) -> list[int]:
        """Rows of tiles where lists begin, and the end: all at once, unless that were more than MOST_PAIRS."""
        pairs = sorting.pairs_of_rows(self._boxes, self.depth, self._down)
        ends, listed = [0], 0
        for row, more in enumerate(pairs):
            if listed and listed + more > MOST_PAIRS:
                ends.append(row)
                listed = 0
            listed += more
        return [*ends, self._down]

    def _lists(self) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """The row of tiles that lists begin with, and the lists, by `sorting.into_tiles`."""
        if len(self._strips) == 2:
            yield self._whole
            return
        for first, end in zip(self._strips, self._strips[1:], strict=False):
            yield self._listed(first, end)

    @cached_property
    def _whole(self) -> tuple[int, np.ndarray, np.ndarray]:
        return self._listed(0, self._down)

    def _listed(self, first: int, end: int) -> tuple[int, np.ndarray, np.ndarray]:
        with parallel(_work(len(self.scene))):
            lists = sorting.into_tiles(
                self.numbers, self._order, self._boxes, self._across, first, end, get_num_threads()
            )
        return first, *lists


def _work(n: int) -> int:
    """Pixels whose work is about that of projecting n Gaussians."""
    return 4 * n
