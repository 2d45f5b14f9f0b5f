"""Gaussians for other programs: .npz with their numbers, .ply for viewers of 3D splats, .svg as far as SVG can.

.npz: arrays of numpy. `mean` (N, 2), `covariance` (N, 2, 2), `colour` (N, 3), `parameters` (N, 8), all float32 and as
    render/gaussians.py says; `size` (2,), width and height. Nothing is lost.

.ply: binary, one vertex each, with the columns of 3D Gaussian splatting (Kerbl et al. 2023), so that viewers of splats
    open it as a flat picture: `x`, `y` in pixels, y downwards; `z`, the largest farthest behind; `nx`, `ny`, `nz`, 0;
    `f_dc_0..2`, `opacity`, `scale_0..2`, `rot_0..3`. Such viewers lay splats over one another with colours of 0 to 1,
    so that what takes light away shows as black, and the picture is near to this one and not the same. Six columns more
    say everything: `log_l1`, `log_l3`, `shear`, `e_red`, `e_green`, `e_blue`.

.svg: see `svg`.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from daub.codec.editing.drawing import Drawing
from daub.codec.editing.svg import svg
from daub.codec.errors import DaubError
from daub.codec.files import write_atomic
from daub.render.gaussians import Gaussians

_SH = 0.28209479177387814  # the constant spherical harmonic, 1 / sqrt(4 pi), which f_dc is in units of
_FLAT = 1e-3  # pixels, standard deviation of a splat across the picture
_BEHIND = 1e-3  # pixels between a splat and the next smaller one
_COLUMNS = (
    *("x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0", "scale_1", "scale_2"),
    *("rot_0", "rot_1", "rot_2", "rot_3", "log_l1", "log_l3", "shear", "e_red", "e_green", "e_blue"),
)


def npz(drawing: Drawing, **others: np.ndarray) -> bytes:
    """The file of arrays. Args: others: arrays besides those of the Gaussians.

    >>> one = Gaussians.build([[4, 3]], [np.eye(2)], [[1, 0, 0]])
    >>> with np.load(io.BytesIO(npz(Drawing(one, 9, 7)))) as arrays:
    ...     arrays["size"].tolist(), arrays["mean"].tolist()
    ([9, 7], [[4.0, 3.0]])
    """
    gaussians, file = drawing.gaussians, io.BytesIO()
    np.savez_compressed(
        file, mean=gaussians.mean, covariance=gaussians.covariance, colour=gaussians.colour,
        parameters=gaussians.parameters, size=np.array(drawing.size), **others,
    )  # fmt: skip
    return file.getvalue()


def ply(drawing: Drawing) -> bytes:
    """The file of splats."""
    header = ["ply", "format binary_little_endian 1.0", f"element vertex {len(drawing)}"]
    header += [f"property float {name}" for name in _COLUMNS]
    return "\n".join([*header, "end_header\n"]).encode() + _vertices(drawing.gaussians).astype("<f4").tobytes()


def _vertices(gaussians: Gaussians) -> np.ndarray:
    """(N, 23) float32, the columns of a vertex."""
    count = len(gaussians)
    variances, axes = np.linalg.eigh(gaussians.covariance.astype(np.float64))
    deviations = np.sqrt(np.maximum(variances, 1e-12))
    angle = np.arctan2(axes[:, 1, 0], axes[:, 0, 0])
    colour = gaussians.colour.astype(np.float64)
    opacity = np.clip(np.abs(colour).max(1), 1 / 255, 0.999)
    shown = np.clip(colour, 0, 1) / opacity[:, None]
    out = np.zeros((count, len(_COLUMNS)), np.float32)
    out[:, 0:2] = gaussians.mean
    out[np.argsort(deviations.prod(1)), 2] = np.arange(count) * _BEHIND
    out[:, 6:9] = (np.clip(shown, 0, 1) - 0.5) / _SH
    out[:, 9] = np.log(opacity / (1 - opacity))
    out[:, 10:12], out[:, 12] = np.log(deviations), np.log(_FLAT)
    out[:, 13], out[:, 16] = np.cos(angle / 2), np.sin(angle / 2)
    out[:, 17:20], out[:, 20:23] = gaussians.parameters[:, 2:5], gaussians.coefficient
    return out


Report = Callable[[float], None]  # told how much is done, 0 to 1; what it raises ends the work
FORMATS: dict[str, Callable[[Drawing, Report], bytes]] = {
    ".npz": lambda drawing, report: npz(drawing),
    ".ply": lambda drawing, report: ply(drawing),
    ".svg": lambda drawing, report: svg(drawing, report).encode(),
}


def export(
    drawing: Drawing, path: str | os.PathLike, *, replace: bool = True, report: Report = lambda fraction: None
) -> None:
    """Writes Gaussians in the format that the name ends in, whole or not at all; `to_file` makes a .daub.

    Args:
        replace: as of `files.write_atomic`.
        report: told until the file is made; then it is written in any case.

    Raises:
        DaubError: there is no such format, or as of `files.write_atomic`.
    """
    make = FORMATS.get(Path(path).suffix.lower())
    if make is None:
        what = f"cannot write {os.fspath(path)}"
        raise DaubError(what, "Gaussians are not written in such a format", f"choose one of {', '.join(FORMATS)}")
    write_atomic(path, make(drawing, report), replace=replace)
