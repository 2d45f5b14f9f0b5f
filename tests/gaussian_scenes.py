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
