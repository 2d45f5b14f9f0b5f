"""What is compared: the two sides of the picture. Today A is the source, and B the fit or its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daub.app.model import writer
from daub.app.model.frame import Frame
from daub.app.model.picture import has_stages
from daub.app.model.workspace import Workspace
from daub.render.gaussians import Gaussians

if TYPE_CHECKING:
    from daub.codec.container import Document


@dataclass(frozen=True, eq=False)
class CompareSource:
    """One side: an image, or Gaussians that are drawn for the screen.

    Args:
        label: on the picture.
        name: in the read-out.
        pixels: (H, W, 3) float32 in [0, 1], None where there are Gaussians.
        texels: (H, W, 3) float16, the same for the GPU.
        frame: the Gaussians, or some shortly before, as the device of the fit has rendered them.
        is_live: they change all the time: a frame of some shortly before will do.
        document: of a file, None for what is in none.
        has_stages: the file's picture is more than the sum of its Gaussians.
    """

    label: str
    name: str
    pixels: np.ndarray | None = None
    texels: np.ndarray | None = None
    gaussians: Gaussians | None = None
    frame: Frame | None = None
    is_live: bool = False
    document: Document | None = None
    has_stages: bool = False


Sides = tuple[CompareSource | None, CompareSource | None]


def sides(workspace: Workspace) -> Sides:
    """A and B of what is open, None where there is nothing yet."""
    picture, state = workspace.picture, workspace.state
    if picture is None:
        return None, None
    a = CompareSource("Source", "source", picture.pixels, picture.texels) if picture.can_be_fitted else None
    if state.gaussians is None:
        return a, None
    document = picture.document or (state.encoded.document if state.encoded is not None else None)
    b = CompareSource(
        "Decoded file" if picture.document is not None else writer.label(state),
        "decoded",
        gaussians=state.gaussians,
        frame=state.frame,
        is_live=state.phase.running,
        document=document,
        has_stages=document is not None and has_stages(document),
    )
    return a, b
