"""The truth for tests: `rule` in float64 torch, differentiated by autograd. Slow on purpose, for small scenes.

Pictures are computed tile by tile, each from a table of all alphas of the Gaussians that may touch it at its pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import torch

from daub.render.splats.camera import Camera
from daub.render.splats.rule import (
    DILATION,
    LARGEST,
    LEAST_ALPHA,
    LEAST_COMPENSATION,
    LEAST_TRANSMITTANCE,
    MARGIN,
    MOST_ALPHA,
    NEAR,
)
from daub.render.splats.splats import C0, Splats

SIDE = 16  # of a tile, pixels
FADED = 2 * math.log(1 / LEAST_ALPHA)  # q where even an opaque Gaussian ends

Alphas = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # of q (M, P) and opacities (M, 1)


class Drawn(NamedTuple):
    """What is seen of a scene."""

    image: torch.Tensor  # (H, W, 3)
    transmittance: torch.Tensor  # (H, W)
    weights: np.ndarray  # (N, H * W), alpha T of each Gaussian at each pixel


def tensors(splats: Splats) -> dict[str, torch.Tensor]:
    """The arrays of a scene by name, float64, as leaves that autograd gives gradients of."""
    names = [field.name for field in fields(splats) if field.name != "antialiased"]
    return {name: torch.tensor(np.float64(getattr(splats, name)), requires_grad=True) for name in names}


def render(splats: Splats, camera: Camera, background=(0, 0, 0)) -> np.ndarray:
    """(H, W, 3) float64."""
    return draw(tensors(splats), splats.antialiased, camera, background).image.detach().numpy()


def alphas(q: torch.Tensor, opacity: torch.Tensor) -> torch.Tensor:
    """The alpha of `rule` where Gaussians of some opacity are q away from their means."""
    # Where the reach is negative nothing is seen; a logarithm of nothing has no gradient, so it is left alone.
    reach = 2 * torch.log(opacity.detach().clamp(min=1e-300) / LEAST_ALPHA)
    full = opacity * torch.exp(-q / 2)
    return torch.where(q <= reach, full.clamp(max=MOST_ALPHA), 0.0)


def draw(
    scene: dict[str, torch.Tensor], antialiased: bool, camera: Camera, background=(0, 0, 0), rule: Alphas = alphas
) -> Drawn:
    """A picture that gradients flow through.

    Args:
        scene: of `tensors`.
        rule: how Gaussians fall off.
    """
    width, height = camera.width, camera.height
    mean, covariance, opacity, colour, order = _projected(scene, antialiased, camera)
    behind = torch.tensor(background, dtype=torch.float64)
    image = torch.zeros(height, width, 3, dtype=torch.float64) + 0 * scene["means"].sum()
    transmittance = torch.ones(height, width, dtype=torch.float64)
    image = image + behind
    weights = np.zeros((len(mean), height, width)) if len(mean) * height * width < 1 << 24 else None
    inverse = torch.linalg.inv(covariance[order]) if len(order) else covariance[order]
    mean, opacity, colour = mean[order], opacity[order], colour[order]
    reach = (FADED * covariance[order].detach().diagonal(dim1=1, dim2=2)).sqrt() if len(order) else mean
    centre = mean.detach()
    for top in range(0, height, SIDE):
        for left in range(0, width, SIDE):
            bottom, right = min(top + SIDE, height), min(left + SIDE, width)
            near = (
                (centre[:, 0] + reach[:, 0] >= left) & (centre[:, 0] - reach[:, 0] <= right)
                & (centre[:, 1] + reach[:, 1] >= top) & (centre[:, 1] - reach[:, 1] <= bottom)
            ).nonzero()[:, 0]  # fmt: skip
            if not len(near):
                continue
            down, across = torch.meshgrid(
                torch.arange(top, bottom, dtype=torch.float64), torch.arange(left, right, dtype=torch.float64),
                indexing="ij",
            )  # fmt: skip
            d = torch.stack([across, down], -1).reshape(-1, 2) + 0.5 - mean[near, None]
            q = torch.einsum("npi,nij,npj->np", d, inverse[near], d)
            weight, rest = _blended(rule(q, opacity[near, None]))
            shape = bottom - top, right - left
            seen = weight.T @ colour[near] + rest[:, None] * behind
            image[top:bottom, left:right] = seen.reshape(*shape, 3)
            transmittance[top:bottom, left:right] = rest.reshape(shape)
            if weights is not None:
                weights[order[near].numpy(), top:bottom, left:right] = weight.detach().reshape(-1, *shape)
    return Drawn(image, transmittance, weights if weights is None else weights.reshape(len(weights), -1))


def _blended(alpha: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """alpha T of each Gaussian (M, P), nearest first, and what is left of T, (P,)."""
    after = torch.cumprod(1 - alpha, 0)
    going = (after >= LEAST_TRANSMITTANCE).detach()  # once it has stopped it stays so: `after` only falls
    before = torch.cat([torch.ones_like(after[:1]), after[:-1]])
    return alpha * before * going, torch.prod(1 - alpha * going, 0)


def _projected(scene: dict[str, torch.Tensor], antialiased: bool, camera: Camera) -> tuple[torch.Tensor, ...]:
    """mean (N, 2), covariance (N, 2, 2), opacity (N,) and colour (N, 3) of all, and the indices of those that are
    seen, nearest first."""
    view = torch.tensor(camera.rotation, dtype=torch.float64)
    t = scene["means"] @ view.T + torch.tensor(camera.translation, dtype=torch.float64)
    depth = t[:, 2].detach().to(torch.float32)
    in_front = (t[:, 2] >= NEAR).detach()
    t = torch.where(in_front[:, None], t, torch.ones_like(t))  # no infinity behind the camera
    a, b = t[:, 0] / t[:, 2], t[:, 1] / t[:, 2]
    mean = torch.stack([camera.fx * a + camera.cx, camera.fy * b + camera.cy], 1)
    more = MARGIN / 2 * camera.width / camera.fx, MARGIN / 2 * camera.height / camera.fy
    a = a.clamp(-camera.cx / camera.fx - more[0], (camera.width - camera.cx) / camera.fx + more[0])
    b = b.clamp(-camera.cy / camera.fy - more[1], (camera.height - camera.cy) / camera.fy + more[1])
    zero = torch.zeros_like(a)
    rows = [camera.fx / t[:, 2], zero, -camera.fx * a / t[:, 2], zero, camera.fy / t[:, 2], -camera.fy * b / t[:, 2]]
    jacobian = torch.stack(rows, 1).reshape(-1, 2, 3)
    flattened = jacobian @ view @ _rotations(scene["rotations"]) * scene["log_scales"].exp()[:, None]
    bare = flattened @ flattened.mT
    covariance = bare + DILATION * torch.eye(2, dtype=torch.float64)
    opacity = torch.sigmoid(scene["logits"])
    if antialiased:
        cross = torch.linalg.cross(flattened[:, 0], flattened[:, 1])
        ratio = (cross**2).sum(1) / torch.linalg.det(covariance)
        opacity = opacity * ratio.clamp(min=LEAST_COMPENSATION).sqrt()
    colour = _colours(scene, camera)
    size = covariance.diagonal(dim1=1, dim2=2).sqrt()
    numbers = torch.cat([mean, size, colour, opacity[:, None]], 1).detach()
    seen = in_front & (numbers.abs() <= LARGEST).all(1)
    order = torch.sort(depth, stable=True).indices
    return mean, covariance, opacity, colour, order[seen[order]]


def _rotations(quaternions: torch.Tensor) -> torch.Tensor:
    """(N, 3, 3) of (N, 4) w, x, y, z."""
    w, x, y, z = (quaternions / quaternions.norm(dim=1, keepdim=True)).T
    return torch.stack([
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ], 1).reshape(-1, 3, 3)  # fmt: skip


def _colours(scene: dict[str, torch.Tensor], camera: Camera) -> torch.Tensor:
    to_mean = scene["means"] - torch.tensor(camera.centre, dtype=torch.float64)
    basis = harmonics(to_mean / to_mean.norm(dim=1, keepdim=True), scene["sh"].shape[1])
    return (0.5 + C0 * scene["dc"] + torch.einsum("nk,nkc->nc", basis, scene["sh"])).clamp(min=0)


def harmonics(directions: torch.Tensor, count: int) -> torch.Tensor:
    """(N, count) real spherical harmonics of degree 1 and above along unit vectors (N, 3).

    By their definition: of associated Legendre polynomials, which hold the signs of Condon and Shortley. In the
    order and with the signs of `Splats`.
    """
    x, y, z = directions.T
    found: list[torch.Tensor] = []
    degree = 1
    while len(found) < count:
        # sin^m(theta) cos(m phi) and sin(m phi) are the real and the imaginary part of (x + i y)^m.
        powers = [(torch.ones_like(x), torch.zeros_like(x))]
        for _ in range(degree):
            re, im = powers[-1]
            powers.append((re * x - im * y, re * y + im * x))
        for m in range(-degree, degree + 1):
            order = abs(m)
            # The m-th derivative of the Legendre polynomial, (-1)^m times which Condon and Shortley take.
            legendre = np.polynomial.legendre.Legendre.basis(degree).convert(kind=np.polynomial.Polynomial)
            coefficients = (legendre.deriv(order) if order else legendre).coef * (-1) ** order
            along = sum(float(c) * z**k for k, c in enumerate(coefficients))
            norm = math.sqrt(
                (2 * degree + 1) / (4 * math.pi) * math.factorial(degree - order) / math.factorial(degree + order)
            )
            around = powers[order][1] if m < 0 else powers[order][0]
            found.append(norm * (math.sqrt(2) if m else 1) * along * around)
        degree += 1
    return torch.stack(found, 1) if found else torch.empty(len(directions), 0, dtype=torch.float64)
