"""Losses beside the error of pixels, in torch: of structure, and learned ones that are read from a file.

Of structure is what multi-scale structural similarity lacks, as a mean rather than a product.
MS-SSIM (Wang, Simoncelli, Bovik 2003, equation 7) is a product of powers over scales; its logarithm is, where the
similarities are near 1, minus the weighted mean of what each lacks of 1. That mean is what is worked out here: it has a
gradient however bad a window is, and those of crops add up to that of the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch.nn import functional as f

from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import C1, C2, SCALE_WEIGHTS, WINDOW_TAPS, window_taps

Distance = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # of pictures (B, 3, H, W) in [-1, 1]
SCALES = 4  # that a crop of 128 pixels holds


def lack_of_structure(image: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """How much of its structure each picture of a batch has lost: 0 for equal ones, about 1 for unrelated ones.

    Args:
        image, reference: (B, C, H, W), range 1; the scales whose shorter side holds the window count, at most SCALES,
            and at least one, whose window shrinks to the largest odd size that fits.

    Returns:
        (B,), the weighted mean over scales, channels and windows of 1 - cs, at the last scale of 1 - SSIM.
    """
    batch, channels, *_ = image.shape
    x, y = (each.flatten(0, 1)[:, None] for each in (image, reference))
    lacks = []
    for scale in range(SCALES):
        taps = torch.as_tensor(window_taps(min(x.shape[2:])), dtype=x.dtype, device=x.device)
        last = scale == SCALES - 1 or min(x.shape[2:]) // 2 < WINDOW_TAPS
        contrast, luminance = _factors(x, y, taps)
        lacks.append(1 - (contrast * luminance if last else contrast).mean((1, 2, 3)))
        if last:
            break
        x, y = f.avg_pool2d(x, 2), f.avg_pool2d(y, 2)
    weights = torch.as_tensor(SCALE_WEIGHTS[: len(lacks)], dtype=x.dtype, device=x.device)
    lack = (torch.stack(lacks, 1) * weights).sum(1) / weights.sum()
    return lack.view(batch, channels).mean(1)


def _factors(x: torch.Tensor, y: torch.Tensor, taps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Contrast and structure, and luminance, of every window of (N, 1, H, W) (Wang et al. 2004, equations 6 and 9)."""
    moments = torch.cat([x, y, x * x + y * y, x * y], 1).flatten(0, 1)
    rows, columns = (_windows(side, taps) for side in moments.shape[1:])
    moments = rows @ moments @ columns.T  # a fifth of the time of convolutions of one channel
    mean_x, mean_y, squares, product = moments.view(len(x), 4, 1, *moments.shape[1:]).unbind(1)
    means, mean_product = mean_x.square() + mean_y.square(), mean_x * mean_y
    contrast = (2 * (product - mean_product) + C2) / (squares - means + C2)
    return contrast, (2 * mean_product + C1) / (means + C1)


def _windows(side: int, taps: torch.Tensor) -> torch.Tensor:
    """(windows, side), the weights of each window of a row of samples."""
    windows = taps.new_zeros(side - len(taps) + 1, side)
    for offset, weight in enumerate(taps):
        windows.diagonal(offset).copy_(weight.expand(len(windows)))
    return windows


def learned_distance(path: Path, device: str = "cpu") -> Distance:
    """A learned distance of pictures, such as LPIPS (Zhang et al. 2018), whose weights Daub does not ship.

    Args:
        path: of a program of two batches (B, 3, H, W) in [-1, 1], as `torch.export.save` writes it of
            `lpips.LPIPS(net="vgg")`, exported for the batches of the training or for any size.

    Raises:
        DaubError: it is no such file.
    """
    try:
        return torch.export.load(path).module().requires_grad_(False).to(device)
    except Exception as error:  # of whatever kind: the format is a zip of pickles and JSON, and torch says no more
        remedy = "give what torch.export.save writes of lpips.LPIPS"
        raise DaubError(f"cannot use {path}", "it is missing, or no exported program", remedy) from error
