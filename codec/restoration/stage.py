"""The stage that restores the rendering of a file with a restoration layer (`codec/decode_stages.py` runs it)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from daub.codec.container import Chunk, Document, check_work
from daub.codec.container.limits import LARGE_AREA
from daub.codec.errors import DaubError
from daub.codec.restoration import inputs, weights
from daub.codec.restoration.layer import BLOCK, FULL_STRENGTH, Layer, read_layer

if TYPE_CHECKING:
    from daub.codec.restoration.network import Network

_DAMAGED = "the picture cannot be restored"  # beginning of the error


class Restoration:
    """Adds the coarse residual and the network's correction to a rendering."""

    def obstacle(self, chunk: Chunk, document: Document) -> str | None:
        """Why the rendering stays as it is here; None where nothing is in the way, or the chunk makes no sense."""
        try:
            layer = read_layer(chunk.content, document.width, document.height)
        except DaubError:
            return None  # which `apply` says
        why = obstacle_of(layer.network)
        if why is None and document.width * document.height > LARGE_AREA:
            return f"more than {LARGE_AREA / 1e6:.0f} megapixels are not restored"
        return why

    def apply(self, pixels: np.ndarray, chunk: Chunk, document: Document) -> np.ndarray:
        """As of `DecodeStage`; at another size than that of the file, the correction is made at its own and resized."""
        layer = read_layer(chunk.content, document.width, document.height, _DAMAGED)
        own = document.height, document.width
        if pixels.shape[:2] == own:
            return restored(pixels, layer, document)
        from daub.render.cpu.backend import CpuRasteriser  # and with it SciPy

        check_work(document.gaussians, document.width, document.height)
        rendering = np.clip(CpuRasteriser().forward(document.gaussians, document.width, document.height), 0, 1)
        change = restored(rendering.copy(), layer, document)
        change -= rendering
        import PIL.Image

        for channel in range(3):
            plane = PIL.Image.fromarray(np.ascontiguousarray(change[..., channel]))
            pixels[..., channel] += np.asarray(plane.resize(pixels.shape[1::-1], PIL.Image.Resampling.BILINEAR))
        return pixels


def obstacle_of(network: int | None) -> str | None:
    """Why the network of that CRC-32 cannot run here; None where it can, or none is asked for."""
    if network is None:
        return None
    if network not in weights.known():
        return f"this Daub does not have the restoration network {network:08x}"
    if find_spec("torch") is None:
        return "PyTorch, which the restoration network runs on, is not installed"
    return None


def restored(pixels: np.ndarray, layer: Layer, document: Document) -> np.ndarray:
    """What a layer makes of the rendering of its document.

    Args:
        pixels: (H, W, 3) float32 in [0, 1], at the size of the document; is overwritten.
        layer: whose network is at hand.

    Returns:
        The same array, in [0, 1].

    Raises:
        DaubError: the residual is damaged.
    """
    coarse = None
    if layer.residual is not None:
        from daub.codec.restoration import residual  # imagecodecs, which no other file needs

        coarse = residual.decoded(layer.residual, document.width, document.height, _DAMAGED)
        pixels += coarse
        np.clip(pixels, 0, 1, out=pixels)
    if layer.network is None:
        return pixels
    for rows, change in changes(pixels, coarse, layer.network, document):
        add(pixels, change, layer, rows)
    return pixels


def add(base: np.ndarray, change: np.ndarray, layer: Layer, rows: slice = slice(None)) -> None:
    """Adds the network's correction to some rows of a base, in place: as strong and where the layer wants it.

    Args:
        base: (H, W, 3) float32 in [0, 1].
        change: (rows, W, 3) float32, is overwritten.
    """
    change *= np.float32(layer.strength / FULL_STRENGTH)
    if layer.blocks is not None:
        height, width, _ = base.shape
        change *= layer.blocks.repeat(BLOCK, 0)[:height].repeat(BLOCK, 1)[rows, :width, None]
    base[rows] += change
    np.clip(base[rows], 0, 1, out=base[rows])


def changes(
    base: np.ndarray, coarse: np.ndarray | None, network: int, document: Document
) -> Iterator[tuple[slice, np.ndarray]]:
    """The network's corrections of a document, at full strength, as `tiles.corrections` yields them.

    Args:
        base: (H, W, 3) float32 in [0, 1], rendering plus residual.
        coarse: (H, W, 3) float32, the residual; None where there is none.
        network: CRC-32 of weights at hand.
    """
    from daub.codec.restoration.tiles import corrections
    from daub.render.cpu.backend import CpuRasteriser

    maps = inputs.maps(document.gaussians, document.width, document.height, CpuRasteriser())
    return corrections(network_at_hand(network), base, coarse, maps, inputs.conditions(document))


@functools.lru_cache(2)
def network_at_hand(crc: int) -> Network:
    """On CUDA where torch has it."""
    import torch

    from daub.codec.restoration.network import network_of

    network = network_of(weights.load(weights.known()[crc]))
    return network.to("cuda" if torch.cuda.is_available() else "cpu")
