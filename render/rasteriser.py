"""What every backend can do: protocols alone.

- `Rasteriser`: a backend. Its `forward` and `backward` are the plain pair that tests hold against each other.
- `Surface`: one target image on a backend, for fits whose optimiser is the Gauss-Newton step of `descent`. Target,
  residual and the whole `Descent` stay where the backend keeps them, and any number of steps is one call.
- `Canvas`: the plain pair again and again at one size, for fits whose optimiser is written in numpy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

import numpy as np

from daub.render.descent import Descent, GaussNewton
from daub.render.device_image import Painter
from daub.render.gaussians import Gaussians
from daub.render.strips import Region
from daub.render.weighting import Weighting


class Surface(Protocol):
    """One target image on a backend, with what fitting it needs.

    With residual = render - target, the error that a fit makes small is the sum of its squares over pixels and
    channels; or, where `Rasteriser.surface` was given weights, the distortion of `weighting`.

    Gaussians, descents and errors are arrays of `xp`, so whatever is computed with them runs where the backend keeps
    its data; only `host` brings an array back. A fit in full, with one birth on the way:

    >>> import numpy as np
    >>> from daub.render.cpu.backend import CpuRasteriser
    >>> from daub.render.descent import Descent, GaussNewton
    >>> from daub.render.gaussians import Gaussians
    >>> y, x = np.mgrid[:24, :48]
    >>> blobs = np.exp(-((x - 10) ** 2 + (y - 12) ** 2) / 18) + np.exp(-((x - 37) ** 2 + (y - 12) ** 2) / 32)
    >>> surface = CpuRasteriser().surface(np.repeat(blobs[..., None], 3, 2).astype(np.float32))

    The error of a start, here one grey Gaussian near the left blob, says how far there is to go:

    >>> def disc(x, y):
    ...     return Gaussians.build([[x, y]], [np.diag([9.0, 9.0])], [[0.3, 0.3, 0.3]])
    >>> descent = Descent.of(Gaussians(surface.xp.asarray(disc(11, 11).parameters)))
    >>> start = surface.error(descent.gaussians)

    Steps are taken by the `stride`; between two strides the population may change, such as by a birth where the error
    is largest. Gaussians that stay keep their momentum, and the descent has the error of the latest step:

    >>> for step in range(0, 60, surface.stride):
    ...     if step == 20:
    ...         row, column = divmod(int(surface.peaks(smoothing=1.5, most=1)[0]), 48)
    ...         grown = Gaussians.concatenate(descent.gaussians, disc(column, row))
    ...         descent = descent.repopulated(grown, kept=np.arange(1))
    ...     surface.advance(descent, GaussNewton(), surface.stride)
    >>> (row, column), descent.error < 0.01 * start
    ((12, 37), True)
    >>> surface.host(descent.gaussians.mean).round()
    array([[10., 12.],
           [37., 12.]], dtype=float32)
    """

    xp: ModuleType  # numpy, or a module that stands in for it
    target: np.ndarray  # (H, W, 3) float32, or uint8 where it was given so and stays on the host
    squares: float  # sum over pixels and channels of residual^2, without weights, of the last `error` or `advance`
    stride: int  # steps worth taking between two looks at the state, each of which waits for the device

    def host(self, array: np.ndarray) -> np.ndarray:
        """A copy of an array of `xp` as one of numpy."""

    def error(self, gaussians: Gaussians) -> float:
        """Renders and keeps the residual; returns the error."""

    def absolute_error(self) -> np.ndarray:
        """(H, W) float32, of the last `error` or step: |residual| summed over the channels.

        With weights it is |half the gradient of the error| / sqrt(weight): what is felt at each pixel.
        """

    def peaks(self, smoothing: float, most: int) -> np.ndarray:
        """Where the absolute error of the last `error` or step has its largest local maxima, the largest first.

        Every backend finds the same ones, also where several are equal: see `peaks.peak_keys`.

        Args:
            smoothing: pixels, the standard deviation of the Gaussian filter before; it reaches 4 of them far, and the
                image is mirrored at its edges. A maximum is one among its 3 x 3 neighbours.
            most: how many to return.

        Returns:
            (M <= most,) int64, row * W + column.
        """

    def advance(self, descent: Descent, settings: GaussNewton, steps: int, bit_price: float = 0.0) -> None:
        """Takes steps in place, each of them fused: forward, loss, backward, optimiser, brake, price of bits, best.

        Args:
            bit_price: in units of the mean error of a Gaussian, E / N. What is made small is half the error plus
                bit_price * E / N * log |e| of every Gaussian, as its bits grow with that; 0: distortion alone.
        """

    def gradient(self, gaussians: Gaussians) -> np.ndarray:
        """The gradient of half the error of the last `error` or step.

        Returns:
            (N, 8) float32 in the whitened frame of each Gaussian, which `Gaussians.gradient_of_parameters` describes;
            the last three columns are dL/de.
        """

    def energy(self, gaussians: Gaussians) -> np.ndarray:
        """(N,) float32: what a unit error of the coefficient of each Gaussian costs, the energy of its atom.

        Without weights it is taken for one, as codec/DESIGN.md does, wherever the border of the image cuts the atom
        off. With weights it is the sum over the pixels of weight * atom^2, times `weighting.shared_energy`.
        """

    def gradient_and_energy(self, gaussians: Gaussians) -> tuple[np.ndarray, np.ndarray]:
        """Both, for what one of them takes: the backward direction adds the energy up on its way."""

    def normal_product(self, gaussians: Gaussians) -> np.ndarray:
        """What `gradient` would be with the target black: that of the picture of these Gaussians alone.

        Its last three columns are A^T W A e, the product of the coefficients with the normal matrix of least squares,
        which is all that conjugate gradients ask for. The residual is lost, and only `error` makes it anew; `squares`
        stay.

        Returns:
            (N, 8) float32.
        """


class Canvas(Protocol):
    """Forward and backward of a rasteriser at one size, again and again: a backend may keep its memory in between.

    Fresh memory for a huge image takes longer than rendering it.
    """

    def forward(self, gaussians: Gaussians) -> np.ndarray:
        """`Rasteriser.forward`; the next one may overwrite what this one returned."""

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        """`Rasteriser.backward`."""


class Rasteriser(Protocol):
    """A backend: it renders Gaussians and differentiates the picture.

    `forward` and `backward` take and give arrays of numpy, and `surface` takes its target as one. `cpu` and `cuda` have
    a whole one each, `reference` a slow one in float64 with the plain pair, `strips_8bit`, and a surface that takes no
    steps. `devices` opens the one that suits the machine, and says how to go on when its device fails.

    >>> import numpy as np
    >>> from daub.render.cpu.backend import CpuRasteriser
    >>> from daub.render.gaussians import Gaussians
    >>> rasteriser = CpuRasteriser()
    >>> red = Gaussians.build(mean=[[4, 3]], covariance=[np.diag([4.0, 1.0])], colour=[[1, 0, 0]])
    >>> image = rasteriser.forward(red, width=9, height=7)
    >>> image.shape, image[3, 4].round(2)  # at the centre 1 - exp(-4.5)
    ((7, 9, 3), array([0.99, 0.  , 0.  ], dtype=float32))
    >>> rasteriser.backward(red, np.ones_like(image)).shape
    (1, 8)
    """

    name: str  # "cpu" or "cuda"
    xp: ModuleType  # numpy, or the module of its device's arrays
    failures: tuple[type[Exception], ...]  # raised by it and what it made when the device is lost or full

    def forward(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        """(height, width, 3) float32, the sum before clipping."""

    def forward_8bit(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        """(height, width, 3) uint8 of numpy, as `to_8bit` rounds; the Gaussians may be arrays of `xp`."""

    def strips_8bit(
        self, gaussians: Gaussians, width: int, height: int, region: Region | None = None
    ) -> Iterator[np.ndarray]:
        """The rows of `forward_8bit`, to the bit, from top to bottom, as many at a time as the backend likes.

        Of a region there are its own pixels alone, to the bit as they are in the whole picture, and on a CPU it takes
        the time of the Gaussians that meet it. (A device renders the whole picture, which takes it less than a frame.)

        Beside a strip and the Gaussians there is no more memory than a small part of the picture takes, and the
        interpreter is back for an interrupt several times a second. (A device renders the whole picture at once.)
        """

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        """(N, 8) float32: dL/dparameters for cotangent (H, W, 3) = dL/dimage."""

    def canvas(self, width: int, height: int) -> Canvas:
        """Prepares to render and differentiate at one size."""

    def surface(self, target: np.ndarray, weights: Weighting | None = None, reduced: bool = False) -> Surface:
        """Prepares to fit target (H, W, 3), float32 or uint8, whose level 255 stands for 1.

        Args:
            weights: of its pixels; None: all alike, and each alone.
            reduced: large Gaussians may be drawn at a reduced size, by backends that save time by it: 1 / 500 000 of
                their energy is lost on the way.
        """

    def painter(self) -> Painter | None:
        """What renders frames for the screen on the device, for the calling thread.

        None where the backend has no device, or cannot hand pictures over to OpenGL, which then draws Gaussians itself.
        """

    def release(self) -> None:
        """Gives back memory that nothing uses now."""


class DeviceRasteriser(Rasteriser, Protocol):
    """A backend that can leave its picture on the device."""

    def forward_rgba(self, gaussians: Gaussians, width: int, height: int) -> np.ndarray:
        """(height, width, 4) float32, a contiguous array of `xp`: the sum before clipping, alpha 1."""


@dataclass(frozen=True)
class PlainCanvas:
    """The `Canvas` of a rasteriser that has nothing to keep between two calls."""

    rasteriser: Rasteriser
    width: int  # pixels
    height: int  # pixels

    def forward(self, gaussians: Gaussians) -> np.ndarray:
        return self.rasteriser.forward(gaussians, self.width, self.height)

    def backward(self, gaussians: Gaussians, cotangent: np.ndarray) -> np.ndarray:
        return self.rasteriser.backward(gaussians, cotangent)
