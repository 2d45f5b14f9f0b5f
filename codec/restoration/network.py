"""The restoration network in torch: a small NAFNet (Chen et al. 2022, "Simple Baselines for Image Restoration").

Three levels, the first at half the size of the picture, as the time goes into the largest one and what the network can
say does not. No mean over the whole picture is taken, unlike in NAFNet: every output depends on what is near it alone,
which is what lets a large picture be restored tile by tile (`tiles.py`). What it sees of the detail of the picture, and
what it says, are in units of the error that files of that step usually have (`LOG2_UNIT`): without, what it learns of
poor files is noise that ruins good ones. The last layer starts at nought, and with it the correction.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as f

from daub.codec.restoration.weights import CHANNELS_IN, CHANNELS_OUT, DETAIL, UNSHUFFLE, Shape, Weights

LOG2_UNIT = -5.0  # of the error of a file whose step is 1, of the range of a pixel; it grows as the root of the step
_EPSILON = 1e-6  # of the normalisation


class Norm(nn.Module):
    """Normalises the channels of each sample."""

    def __init__(self, width: int):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, C, H, W) likewise."""
        channels_last = x.permute(0, 2, 3, 1)
        return f.layer_norm(channels_last, self.weight.shape, self.weight, self.bias, _EPSILON).permute(0, 3, 1, 2)


def _gated(x: torch.Tensor) -> torch.Tensor:
    first, second = x.chunk(2, 1)
    return first * second


class Block(nn.Module):
    """One block of NAFNet without its channel attention; it starts as the identity."""

    def __init__(self, width: int):
        super().__init__()
        self.norm_1, self.norm_2 = Norm(width), Norm(width)
        self.widen = nn.Conv2d(width, 2 * width, 1)
        self.depthwise = nn.Conv2d(2 * width, 2 * width, 3, padding=1, groups=2 * width)
        self.mix = nn.Conv2d(width, width, 1)
        self.feed = nn.Conv2d(width, 2 * width, 1)
        self.out = nn.Conv2d(width, width, 1)
        self.beta, self.gamma = nn.Parameter(torch.zeros(width)), nn.Parameter(torch.zeros(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, C, H, W) likewise."""
        x = x + self.mix(_gated(self.depthwise(self.widen(self.norm_1(x))))) * self.beta[:, None, None]
        return x + self.out(_gated(self.feed(self.norm_2(x)))) * self.gamma[:, None, None]


class Network(nn.Module):
    """From a picture with what is known of it to its correction."""

    def __init__(self, shape: Shape):
        super().__init__()
        a, b, c = shape.widths
        down_a, down_b, middle, up_b, up_a = shape.blocks
        self.shape = shape
        self.first = nn.Conv2d(CHANNELS_IN, a, 3, padding=1)
        self.down = nn.ModuleList([_blocks(a, down_a), _blocks(b, down_b)])
        self.reduce = nn.ModuleList([nn.Conv2d(a, b, 2, 2), nn.Conv2d(b, c, 2, 2)])
        self.middle = _blocks(c, middle)
        self.expand = nn.ModuleList([nn.Conv2d(c, 4 * b, 1), nn.Conv2d(b, 4 * a, 1)])
        self.up = nn.ModuleList([_blocks(b, up_b), _blocks(a, up_a)])
        self.last = nn.Conv2d(a, CHANNELS_OUT, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(
        self, base: torch.Tensor, residual: torch.Tensor, maps: torch.Tensor, conditions: torch.Tensor
    ) -> torch.Tensor:
        """The correction.

        Args:
            base: (B, 3, H, W) rendering plus residual; H and W are multiples of 8.
            residual: (B, 3, H, W), zeros where there is none.
            maps: (B, MAPS, H/2, W/2).
            conditions: (B, CONDITIONS).

        Returns:
            (B, 3, H, W), to be added to `base`.
        """
        rows, columns = maps.shape[2:]
        planes = conditions[:, :, None, None].expand(-1, -1, rows, columns)
        unit = torch.exp2(0.5 * conditions[:, :1, None, None] + LOG2_UNIT)
        detail = (base - _local_mean(base)) / (4 * unit)
        picture = f.pixel_unshuffle(torch.cat([base - 0.5, residual, detail], 1), UNSHUFFLE)
        x = torch.cat([picture, maps, planes], 1).contiguous(memory_format=torch.channels_last)
        kept = []
        x = self.first(x)
        for blocks, reduce in zip(self.down, self.reduce, strict=True):
            x = blocks(x)
            kept.append(x)
            x = reduce(x)
        x = self.middle(x)
        for expand, blocks in zip(self.expand, self.up, strict=True):
            x = blocks(f.pixel_shuffle(expand(x), 2) + kept.pop())
        return f.pixel_shuffle(self.last(x), UNSHUFFLE) * unit


def _local_mean(x: torch.Tensor) -> torch.Tensor:
    """The mean of the square of DETAIL pixels a side around each, of what the picture has of it; (B, C, H, W) likewise.

    Rows and columns one after the other take a fifth of the time that the square at once takes.
    """
    for kernel, padding in (((DETAIL, 1), (DETAIL // 2, 0)), ((1, DETAIL), (0, DETAIL // 2))):
        x = f.avg_pool2d(x, kernel, 1, padding, count_include_pad=False)
    return x


def _blocks(width: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(Block(width) for _ in range(count)))


def network_of(weights: Weights) -> Network:
    """The network of a file, ready to restore."""
    network = Network(weights.shape)
    network.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in weights.tensors.items()})
    return network.to(memory_format=torch.channels_last).eval().requires_grad_(False)
