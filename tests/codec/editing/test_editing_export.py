"""What other programs get: read again by plain means, and drawn as they would."""

import io
import re
import struct
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from fitted_scene import CPU, HEIGHT, WIDTH, distance, fitted

from daub.codec.editing.drawing import Drawing
from daub.codec.editing.export import export, npz, ply
from daub.codec.editing.svg import svg
from daub.codec.errors import DaubError
from daub.render.gaussians import Gaussians


def test_npz_loses_nothing():
    drawing = fitted()
    with np.load(io.BytesIO(npz(drawing)), allow_pickle=False) as arrays:
        again = Gaussians.build(arrays["mean"], arrays["covariance"], arrays["colour"])
        assert (arrays["parameters"] == drawing.gaussians.parameters).all()
        assert arrays["size"].tolist() == [WIDTH, HEIGHT]
    np.testing.assert_allclose(CPU.forward(again, WIDTH, HEIGHT), drawing.rendered(CPU), atol=1e-3)


def _read_ply(data):
    head, _, body = data.partition(b"end_header\n")
    lines = head.decode().splitlines()
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"]
    count = int(lines[2].split()[-1])
    names = [line.split()[-1] for line in lines[3:]]
    rows = np.array([struct.unpack_from(f"<{len(names)}f", body, 4 * len(names) * i) for i in range(count)])
    assert len(body) == 4 * len(names) * count
    return dict(zip(names, rows.T, strict=True))


def test_ply_says_everything_twice():
    gaussians = fitted().gaussians
    columns = _read_ply(ply(fitted()))
    exact = [columns[name] for name in ("x", "y", "log_l1", "log_l3", "shear", "e_red", "e_green", "e_blue")]
    assert (np.stack(exact, 1).astype(np.float32) == gaussians.parameters).all()
    # The covariance that a viewer of splats makes of its columns: R S S R^T, with R of the quaternion.
    w, z = columns["rot_0"], columns["rot_3"]
    rotation = np.stack([np.stack([1 - 2 * z * z, -2 * w * z], -1), np.stack([2 * w * z, 1 - 2 * z * z], -1)], -2)
    scale = np.exp(np.stack([columns["scale_0"], columns["scale_1"]], 1))
    covariance = rotation @ (scale[:, :, None] ** 2 * np.eye(2)) @ rotation.transpose(0, 2, 1)
    np.testing.assert_allclose(covariance, gaussians.covariance, rtol=1e-2, atol=1e-2)
    bright = np.argmax(gaussians.colour.min(1))
    opacity = 1 / (1 + np.exp(-columns["opacity"][bright]))
    shown = [0.5 + 0.28209479 * columns[f"f_dc_{i}"][bright] for i in range(3)]
    np.testing.assert_allclose(opacity * np.array(shown), gaussians.colour[bright], atol=1e-3)


def _composited(text):
    """The picture of the file as a browser is told to composite it, in floating point."""
    space = "{http://www.w3.org/2000/svg}"
    root = ET.fromstring(text)
    width, height = (int(root.get(side)) for side in ("width", "height"))
    gradients = {}
    for gradient in root.iter(f"{space}radialGradient"):
        stops = [(float(s.get("offset")), float(s.get("stop-opacity"))) for s in gradient]
        colour = gradient[0].get("stop-color")
        gradients[gradient.get("id")] = (
            np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]),
            *zip(*stops, strict=True),
        )
    y, x = np.mgrid[:height, :width] + 0.5
    canvas = np.zeros((height, width, 3))
    for circle in root.iter(f"{space}circle"):
        a, b, c, d, e, f = map(float, re.search(r"matrix\((.*)\)", circle.get("transform"))[1].split())
        inverse = np.linalg.inv([[a, c], [b, d]])
        radius = np.hypot(*(inverse @ np.stack([x - e, y - f]).reshape(2, -1))).reshape(height, width) / 3
        colour, offsets, opacities = gradients[circle.get("fill")[5:-1]]
        alpha = np.where(radius <= 1, np.interp(radius, offsets, opacities), 0)[..., None]
        if circle.get("class") == "a":
            canvas = np.minimum(canvas + alpha * colour, 1)
        else:
            canvas = (1 - alpha) * canvas + alpha * np.abs(canvas - colour)
    return canvas


def test_svg_composites_to_the_picture_as_far_as_svg_can():
    rng = np.random.default_rng(0)
    base = Gaussians.build([[20, 15]], [np.diag([150.0, 100.0])], [[0.7, 0.6, 0.5]])
    some = Gaussians.build(
        rng.uniform([5, 5], [35, 25], (12, 2)), [[[6.0, 3.0], [3.0, 4.0]]] * 12, rng.uniform(-0.2, 0.2, (12, 3))
    )
    drawing = Drawing(Gaussians.concatenate(base, some), 40, 30)
    assert distance(_composited(svg(drawing)).astype(np.float32), drawing.rendered(CPU)) < 4


def test_more_than_full_light_is_drawn_several_times():
    drawing = Drawing(Gaussians.build([[4, 4]], [np.eye(2) * 4], [[2.5, 1.0, 0.0]]), 9, 9)
    assert svg(drawing).count("<circle") == 3


def test_formats_go_by_the_name(tmp_path):
    for suffix in (".npz", ".ply", ".SVG"):
        export(fitted(), tmp_path / f"some{suffix}")
        assert (tmp_path / f"some{suffix}").stat().st_size > 1000
    with pytest.raises(DaubError, match="such a format"):
        export(fitted(), tmp_path / "some.obj")
    with pytest.raises(DaubError):
        export(fitted(), tmp_path / "some.npz", replace=False)
