"""A .daub with a restoration that needs no network: its source is lighter all over, as a coarse residual says."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from daub.codec import container
from daub.codec.container import Document
from daub.codec.decoder import render
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.to_file import grid_for, plain_file
from daub.codec.restoration.layer import Layer
from daub.codec.restoration.residual import coded
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians


def drawn() -> Drawing:
    """40 Gaussians on 48x48 pixels."""
    rng = np.random.default_rng(5)
    gaussians = Gaussians.build(
        rng.uniform(2, 46, (40, 2)), np.eye(2) * rng.uniform(6, 80, (40, 1, 1)), rng.uniform(0, 0.3, (40, 3))
    )  # fmt: skip
    return Drawing(gaussians, 48, 48)


def write_restored(path: Path) -> tuple[Document, np.ndarray]:
    """Writes it; also the source, (48, 48, 3) float32 in [0, 1]."""
    drawing = drawn()
    document = container.read(plain_file(drawing, grid_for(drawing, quality=70)))
    rendering = render(document, CpuRasteriser())
    source = rendering * np.float32(0.7) + np.float32(0.2)
    document = document.with_chunk(Layer(residual=coded(source - rendering, 2, 2, 15.0)).chunk())
    path.write_bytes(document.to_bytes())
    return document, source
