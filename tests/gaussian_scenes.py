"""Scenes of 3D Gaussians that several tests need, and files of formats that Daub only reads."""

from __future__ import annotations

import struct

import numpy as np

from daub.render.splats.splats import C0, HARMONICS, Splats


def some_splats(count: int = 300, degree: int = 0, seed: int = 0, width: float = 2.0) -> Splats:
    """A cloud in a cube of so many lengths, of moderate numbers: within what every format can say."""
    rng = np.random.default_rng(seed)
    arrays = (
        rng.uniform(-width / 2, width / 2, (count, 3)), rng.normal(-4, 1, (count, 3)), rng.normal(size=(count, 4)),
        rng.normal(0, 2, count), rng.normal(0, 0.6, (count, 3)), rng.uniform(-0.5, 0.5, (count, HARMONICS[degree], 3)),
    )  # fmt: skip
    return Splats(*(array.astype(np.float32) for array in arrays))


def covariances(splats: Splats) -> np.ndarray:
    """(N, 3, 3) float64: what of scales and rotations is seen."""
    q = splats.rotations.astype(np.float64)
    w, x, y, z = (q / np.linalg.norm(q, axis=1, keepdims=True)).T
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
    )
    turn = np.stack([np.stack(row, axis=-1) for row in rows], axis=1)
    return turn @ (np.exp(2 * splats.log_scales.astype(np.float64))[:, :, None] * turn.transpose(0, 2, 1))


def splat_file(splats: Splats) -> bytes:
    """32 bytes each, numbers cut off as the converter of that viewer does it."""
    q = splats.rotations / np.linalg.norm(splats.rotations, axis=1, keepdims=True)
    rows = np.empty(len(splats), [("p", "<f4", 3), ("s", "<f4", 3), ("c", "u1", 4), ("q", "u1", 4)])
    rows["p"], rows["s"] = splats.means, np.exp(splats.log_scales)
    rows["c"] = np.clip(255 * np.column_stack([0.5 + C0 * splats.dc, splats.opacity]), 0, 255)
    rows["q"] = np.clip(q * 128 + 128, 0, 255)
    return rows.tobytes()


def ksplat_file(splats: Splats, level: int, sections: int = 1) -> bytes:
    """Buckets are consecutive Gaussians, their centres those of their boxes; the last ones of a section are partial."""
    parts = np.array_split(np.arange(len(splats)), sections)
    header = struct.pack("<BB2xIIIIHxxffffff", 0, 1, sections, sections, *[len(splats)] * 2, level, *[0] * 3, -1, 1, 0)
    headers, contents = [], []
    for part in parts:
        some = splats.take(part)
        full, rest = divmod(len(some), 64)
        partial = [rest - rest // 2, rest // 2] if rest > 1 else [rest] * bool(rest)
        sizes = [64] * full + partial
        of = np.repeat(np.arange(len(sizes)), sizes)
        centres = np.array([some.means[of == each].mean(axis=0) for each in range(len(sizes))], "<f4")
        headers.append(
            struct.pack("<IIIIfH2xI4xIIH", len(some), len(some), 64, len(sizes), 5.0, 12, 32767 if level else 1, full,
                        len(partial), splats.degree).ljust(1024, b"\0")
        )  # fmt: skip
        contents += [np.array(partial, "<u4").tobytes(), centres.tobytes(), _ksplat_records(some, level, centres[of])]
    return header.ljust(4096, b"\0") + b"".join(headers) + b"".join(contents)


def _ksplat_records(splats: Splats, level: int, centres: np.ndarray) -> bytes:
    number = "<f4" if level == 0 else "<f2"
    place = splats.means.astype("<f4") if level == 0 else np.rint((splats.means - centres) / 2.5 * 32767) + 32767
    by_degree = [
        splats.sh[:, degree * degree - 1 : (degree + 1) ** 2 - 1].transpose(0, 2, 1).reshape(len(splats), -1)
        for degree in range(1, splats.degree + 1)
    ]
    sh = np.concatenate([np.empty((len(splats), 0)), *by_degree], axis=1)
    if level == 2:
        sh = np.clip((sh + 1) / 2 * 255, 0, 255).astype(np.uint8)  # between -1 and 1, as the header says
    columns = {
        "p": place.astype("<f4" if level == 0 else "<u2"), "s": np.exp(splats.log_scales).astype(number),
        "q": splats.rotations.astype(number),
        "c": np.clip(255 * np.column_stack([0.5 + C0 * splats.dc, splats.opacity]), 0, 255).astype(np.uint8),
        "h": sh if level == 2 else sh.astype(number),
    }  # fmt: skip
    rows = np.empty(len(splats), [(name, array.dtype, array.shape[1:]) for name, array in columns.items()])
    for name, array in columns.items():
        rows[name] = array
    return rows.tobytes()


def compressed_ply_file(splats: Splats, limits_of_colours: bool = True) -> bytes:
    """The compressed PLY of PlayCanvas, in the order in which the Gaussians come."""
    n = len(splats)
    chunk_of = np.arange(n) // 256
    chunks = chunk_of[-1] + 1
    colours = 0.5 + C0 * splats.dc
    groups = [("", "xyz", splats.means), ("scale_", "xyz", splats.log_scales), ("", "rgb", colours)]
    names, limits, units = [], [], []
    for kind, axes, values in groups:
        low, high = (np.array([f(values[chunk_of == c], axis=0) for c in range(chunks)]) for f in (np.min, np.max))
        if axes == "rgb" and not limits_of_colours:
            units.append(values.clip(0, 1))
            continue
        names += [f"{end}_{kind}{axis}" for end in ("min", "max") for axis in axes]
        limits += [low, high]
        units.append((values - low[chunk_of]) / np.where(high > low, high - low, 1)[chunk_of])
    q = splats.rotations / np.linalg.norm(splats.rotations, axis=1, keepdims=True)
    largest = np.abs(q).argmax(axis=1)
    q *= np.sign(q[np.arange(n), largest])[:, None]
    others = np.array([np.delete(row, index) for row, index in zip(q, largest, strict=True)])

    def packed(values, bits, start=0):
        word = np.full(n, start, np.uint32)
        for column, width in zip(values.T, bits, strict=True):
            word = word << np.uint32(width) | np.rint(column * (2**width - 1)).astype(np.uint32)
        return word

    words = np.stack(
        [
            packed(units[0], (11, 10, 11)), packed(others / 2**0.5 + 0.5, (10, 10, 10), largest),
            packed(units[1], (11, 10, 11)), packed(np.column_stack([units[2], splats.opacity]), (8, 8, 8, 8)),
        ],
        axis=1,
    ).astype("<u4")  # fmt: skip
    sh = splats.sh.transpose(0, 2, 1).reshape(n, -1)
    header = ["ply", "format binary_little_endian 1.0", f"element chunk {chunks}"]
    header += [f"property float {name}" for name in names] + [f"element vertex {n}"]
    header += [f"property uint packed_{name}" for name in ("position", "rotation", "scale", "color")]
    if splats.degree:
        header += [f"element sh {n}", *(f"property uchar f_rest_{k}" for k in range(sh.shape[1]))]
    bytes_of_sh = np.clip((sh / 8 + 0.5) * 256, 0, 255).astype(np.uint8).tobytes()
    table = np.concatenate(limits, axis=1).astype("<f4")
    return "\n".join([*header, "end_header", ""]).encode() + table.tobytes() + words.tobytes() + bytes_of_sh


def old_spz_file(splats: Splats, version: int) -> bytes:
    """Of version 1 or 2, its axes taken as they are: three bytes of a rotation, and in 1 places of 16-bit floats."""
    n = len(splats)
    if version == 1:
        places = splats.means.astype("<f2").tobytes()
    else:
        steps = np.rint(splats.means * 4096).astype("<i4").reshape(n, 3, 1)
        places = np.ascontiguousarray(steps.view(np.uint8)[:, :, :3]).tobytes()
    q = splats.rotations / np.linalg.norm(splats.rotations, axis=1, keepdims=True)
    q *= np.where(q[:, :1] < 0, -1, 1)
    planes = (
        255 * splats.opacity, 255 * (0.5 + 0.15 * splats.dc), 16 * (splats.log_scales + 10), 127.5 + 127.5 * q[:, 1:],
        128 + 128 * splats.sh,
    )  # fmt: skip
    header = struct.pack("<4sIIBBBB", b"NGSP", version, n, splats.degree, 12, 0, 0)
    return header + places + b"".join(np.rint(plane).clip(0, 255).astype(np.uint8).tobytes() for plane in planes)
