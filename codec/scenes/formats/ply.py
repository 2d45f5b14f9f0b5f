"""PLY as the trainer of INRIA and most others write it: one row of numbers for each Gaussian, before activation.

https://github.com/graphdeco-inria/gaussian-splatting, scene/gaussian_model in `save_ply`: the properties x y z,
nx ny nz, f_dc_0..2, f_rest_0..3K-1, opacity, scale_0..2, rot_0..3, whose harmonics are sorted by channel.
"""

from __future__ import annotations

import re

import numpy as np

from daub.codec.scenes.claims import Refused, check_promise
from daub.codec.scenes.formats.ply_header import columns, read_header, rows_of
from daub.codec.scenes.reading import part
from daub.render.splats.splats import HARMONICS, Splats

_SCALES = ("scale_0", "scale_1", "scale_2")
_PLACES = ("x", "y", "z", "nx", "ny", "nz")
_DC = ("f_dc_0", "f_dc_1", "f_dc_2")
_ROTATION = ("rot_0", "rot_1", "rot_2", "rot_3")


def read(data: bytes) -> tuple[Splats, tuple[str, ...]]:
    """Properties by name, in any order and of any type.

    Returns:
        The scene, and remarks on it.

    Raises:
        Refused: it is damaged, or no scene.
    """
    header = read_header(data)
    rows = rows_of(data, header, "vertex")
    names = rows.dtype.names
    harmonics = sum(name.startswith("f_rest_") for name in names)
    if harmonics not in (3 * count for count in HARMONICS):
        raise Refused(f"its Gaussians have {harmonics} harmonics, which is no whole degree")
    degree = HARMONICS.index(harmonics // 3)
    check_promise(len(rows), degree)
    remarks = []
    flat = "scale_2" not in names
    if flat:
        remarks.append("its Gaussians are flat discs (2D Gaussian splatting), shown as Gaussians without thickness")
    scales = np.full((len(rows), 3), -np.inf, np.float32)
    wanted = [*_PLACES[:3], *_SCALES[: 3 - flat], *_ROTATION, "opacity", *_DC]
    numbers = len(wanted) + harmonics  # of a Gaussian: what each takes of the time
    with part(0, harmonics / numbers):
        sh = columns(rows, [f"f_rest_{k}" for k in range(harmonics)]).reshape(len(rows), 3, harmonics // 3)
        sh = np.ascontiguousarray(sh.transpose(0, 2, 1))
    with part(harmonics / numbers, 1):
        table = columns(rows, wanted)
    means, scales[:, : 3 - flat], rotations, logits, dc = np.split(table, np.cumsum([3, 3 - flat, 4, 1]), axis=1)
    splats = Splats(
        *(np.ascontiguousarray(array) for array in (means, scales, rotations, logits[:, 0], dc)), sh,
        _antialiased(header.comments),
    )  # fmt: skip
    return splats, tuple(remarks)


def _antialiased(comments: tuple[str, ...]) -> bool:
    """As Brush and Postshot say it."""
    said = " | ".join(comments).lower()
    return bool(re.search(r"splatrendermode:\s*mip\b|\bantialiased:?\s+(1|true)\b", said))


def pieces(splats: Splats) -> list[bytes]:
    """A file, in the order of INRIA, normals of zero included."""
    n, harmonics = len(splats), 3 * splats.sh.shape[1]
    names = [*_PLACES, *_DC, *(f"f_rest_{k}" for k in range(harmonics)), "opacity", *_SCALES, *_ROTATION]
    header = ["ply", "format binary_little_endian 1.0"]
    header += ["comment antialiased 1"] * splats.antialiased
    header += [f"element vertex {n}", *(f"property float {name}" for name in names), "end_header", ""]
    sh = splats.sh.transpose(0, 2, 1).reshape(n, harmonics)
    parts = (splats.means, np.zeros((n, 3)), splats.dc, sh, splats.logits[:, None], splats.log_scales, splats.rotations)
    return ["\n".join(header).encode(), np.concatenate(parts, axis=1, dtype="<f4", casting="same_kind").tobytes()]
