"""What draws the pictures of a scene: the processor, unless the window has given something of a graphics card."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from daub.render.splats.camera import Camera
    from daub.render.splats.cpu.scene import CpuScene, CpuView

_SAID = 120  # letters of what OpenGL says of a failure


class SceneDrawer(Protocol):
    """Draws scenes otherwise than the processor; all of it is called on the thread of the pictures."""

    def image(self, scene: CpuScene, camera: Camera, order: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8, before black. Whatever it raises, it is not asked again.

        Args:
            order: (V,) int32, of `daub.render.splats.cpu.ordering.nearest_first`.
        """

    def close(self) -> None:
        """Lets go of all it has; it is not used any more."""


class Drawn(NamedTuple):
    """A picture of a scene."""

    pixels: np.ndarray  # (H, W, 3) uint8
    sorted: float  # when all had been done that every Gaussian takes, by the counter of performance
    view: CpuView | None  # of which the pixels are, where the processor has drawn them


class Drawing:
    """See above. All but `use` is called on the thread of the pictures.

    Args:
        on_fall_back: told in one line, on that thread, why the processor draws from now on.
    """

    def __init__(self, on_fall_back: Callable[[str], object]):
        self._on_fall_back = on_fall_back
        self._given: SceneDrawer | None = None
        self._drawer: SceneDrawer | None = None  # that drew last, and has to be closed
        self._failed: SceneDrawer | None = None

    @property
    def is_of_a_card(self) -> bool:
        """A graphics card draws, or shall. From any thread."""
        return (self._given or self._drawer) is not None

    def use(self, drawer: SceneDrawer | None) -> None:
        """Draws by this from the next picture on; None: by the processor. From any thread."""
        self._given = drawer

    def image(self, scene: CpuScene, camera: Camera) -> Drawn:
        """The scene from a camera."""
        self._change(None if self._given is self._failed else self._given)
        if self._drawer is not None:
            from daub.render.splats.cpu.ordering import nearest_first

            order = nearest_first(scene, camera)
            now = time.perf_counter()
            try:
                return Drawn(self._drawer.image(scene, camera, order), now, None)
            except Exception as error:  # whatever is wrong with the driver, the processor can draw it
                self._failed = self._drawer
                self._change(None)
                why = " ".join(str(error).split())[:_SAID]
                self._on_fall_back(f"The processor draws scenes, as OpenGL cannot: {why}")
        from daub.render.eight_bit import to_8bit

        view = scene.seen(camera)
        now = time.perf_counter()
        return Drawn(to_8bit(view.image()), now, view)

    def close(self) -> None:
        """Lets go of what draws."""
        self._given = None
        self._change(None)

    def _change(self, drawer: SceneDrawer | None) -> None:
        if drawer is not self._drawer:
            if self._drawer is not None:
                self._drawer.close()
            self._drawer = drawer
