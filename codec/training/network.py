"""Train the network of entropy/network.py on decoded symbols: part of `python -m daub.codec.training`.

The loss is the number of bits that symbols cost under logistic distributions with the mean and spread that the network
gives. The adaptive models learn the true shapes afterwards, around what the rounded network says.
"""

from __future__ import annotations

import math
import sys

import numpy as np
import torch
from torch import nn

from daub.codec import symbols as s
from daub.codec.entropy import network
from daub.codec.entropy.gaussian_models import in_order
from daub.codec.entropy.network import (
    FEATURES,
    FINE,
    HEADS,
    HIDDEN,
    OUTPUTS,
    SCRATCH,
    SEEN_BY,
    SHAPES,
    SHEAR_65536,
    TRUNK,
    VECTOR,
    X,
)
from daub.codec.symbols import Grid, Symbols
from daub.render.jit import njit

EPOCHS = 24
BATCH = 2048
_ONE = 1024  # 1 in the unit of a weight
_FINE = 64  # 1 in the unit of a feature or an activation


@njit(cache=True)
def _observe(values, rows, columns, cell_log2, usual, x, attributes):
    """Fill the features and attributes of every Gaussian of values, in the order of the stream."""
    counts = np.zeros((rows + 2, columns + 2), np.int64)
    for n in range(len(values)):
        counts[values[n, s.CELL_Y] + 1, values[n, s.CELL_X] + 1] += 1
    start = np.zeros(rows * columns + 1, np.int64)
    for cell in range(rows * columns):
        start[cell + 1] = start[cell] + counts[cell // columns + 1, cell % columns + 1]
    places = np.zeros((len(values), 2), np.int32)
    scratch = np.empty(SCRATCH, np.int32)
    for n in range(len(values)):
        network.features(n, values, attributes, places, start, counts, cell_log2, scratch)
        x[n] = scratch[X : X + FEATURES]
        for which in range(len(HEADS)):
            network.attribute(which, values[n], cell_log2, usual, attributes[n])
        network.place(values[n], cell_log2, places[n])


def _observations(files: list[tuple[Symbols, Grid]], usual: np.ndarray) -> dict[str, torch.Tensor]:
    """Features, attributes and targets of all Gaussians of all files.

    A target is the lower end of the interval that a coarse integer stands for, and its length.
    """
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("x", "attributes", "t", "low", "length", "sign")}
    for symbols, grid in files:
        values = in_order(symbols)
        x = np.zeros((len(values), FEATURES), np.int32)
        attributes = np.zeros((len(values), VECTOR), np.int32)
        _observe(values, grid.rows, grid.columns, grid.cell_log2, usual, x, attributes)
        t = values[:, s.CLASS]
        scale_fine, fine = FINE[network.H_SCALE_1][t], FINE[network.H_SHEAR][t]
        scale = s.LOG_SCALE_STEP_OCTAVES[t] / s.OCTAVE * 2.0**scale_fine
        shear = SHEAR_65536[t] / s.OCTAVE * 2.0**fine
        ones = np.ones(len(values))
        low = [
            t,
            *(
                (values[:, column] >> scale_fine) * scale - usual[axis, t] / s.OCTAVE - grid.cell_log2
                for axis, column in enumerate((s.SCALE_1, s.SCALE_3))
            ),
            (values[:, s.SHEAR] >> fine) * shear,
            abs(values[:, s.LUMA]) >> fine,
            *(values[:, column] >> fine for column in (s.CHROMA_1, s.CHROMA_2)),
        ]
        columns["x"].append(x / _FINE)
        columns["attributes"].append(attributes / _FINE)
        columns["t"].append(t)
        columns["low"].append(np.stack(low, 1))
        columns["length"].append(np.stack([ones, scale, scale, shear, ones, ones, ones], 1))
        columns["sign"].append(np.sign(values[:, s.LUMA]))
    whole = {name: np.concatenate(parts) for name, parts in columns.items()}
    return {
        name: torch.tensor(array, dtype=torch.int64 if name == "t" else torch.float32) for name, array in whole.items()
    }


class _Net(nn.Module):
    """The network of entropy/network.py in real numbers."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Linear(FEATURES, TRUNK)
        self.heads = nn.Linear(TRUNK, len(HEADS) * HIDDEN, bias=False)
        self.seen = nn.Parameter(0.1 * torch.randn(*SHAPES["seen"]))
        self.by_class = nn.Parameter(0.1 * torch.randn(s.CLASSES, len(HEADS), HIDDEN))
        self.outputs = nn.Parameter(torch.randn(len(HEADS), HIDDEN, OUTPUTS) / HIDDEN)
        self.output_bias = nn.Parameter(torch.zeros(len(HEADS), OUTPUTS))
        with torch.no_grad():
            self.output_bias[network.H_CLASS, 0] = 7.0  # a class in the middle, as near as the bounds allow

    def forward(self, x: torch.Tensor, attributes: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        """Give the outputs (batch, heads, OUTPUTS) for features, attributes and classes of a batch."""
        limit = network.LARGEST_ACTIVATION / _FINE
        trunk = self.trunk(x).clamp(0, limit)
        by_class = self.by_class[t].clone()
        by_class[:, network.H_CLASS] = self.by_class[0, network.H_CLASS]  # the class itself is not known to its head
        hidden = self.heads(trunk).view(-1, len(HEADS), HIDDEN) + by_class
        first = 0
        for seen, (head, last) in zip(_seen(attributes), SEEN_BY, strict=True):
            rows = self.seen[first : first + 1 + last - head]
            hidden[:, head : last + 1] += seen[:, None, None] * rows
            first += len(rows)
        hidden = hidden.clamp(0, limit)
        return torch.einsum("bhj,hjo->bho", hidden, self.outputs) + self.output_bias

    @torch.no_grad()
    def hold_within_bounds(self) -> None:
        """Clamp all weights to what the integers can hold."""
        for parameter in self.parameters():
            parameter.clamp_(-network.LARGEST_WEIGHT / _ONE, network.LARGEST_WEIGHT / _ONE)


def _seen(attributes: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The numbers (batch,) of `network.SEEN_BY`, as `network.tell` takes them."""
    scale_1, scale_3, shear = (attributes[:, i] for i in (network.A_SCALE_1, network.A_SCALE_3, network.A_SHEAR))
    luma, chroma_1 = attributes[:, network.A_LUMA], attributes[:, network.A_CHROMA_1]
    return scale_1, scale_3, (scale_1 - scale_3).abs(), shear.abs(), luma, luma.abs(), chroma_1, chroma_1.abs()


def _nats(out: torch.Tensor, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """(batch, heads + 1): what each symbol costs, and the sign of luma."""
    low, length = batch["low"], batch["length"]
    spread = torch.exp2(out[..., 1].clamp(-8, 6))
    share = torch.sigmoid((low + length - out[..., 0]) / spread) - torch.sigmoid((low - out[..., 0]) / spread)
    sign = torch.where(
        batch["sign"] == 0,
        torch.zeros_like(batch["sign"]),
        nn.functional.softplus(-batch["sign"] * out[:, network.H_LUMA, 2]),
    )
    return torch.cat([-torch.log(share * (1 - 1e-4) + 1e-5), sign[:, None]], 1)


def train_network(files: list[tuple[Symbols, Grid]], usual: np.ndarray, epochs: int = EPOCHS) -> bytes:
    """Train on the Gaussians of these files; returns the content of `network.NETWORK_FILE`.

    Args:
        usual: (2, CLASSES) int64, the scales usual in each class, as of `states.usual_scales`.
    """
    torch.manual_seed(0)
    observed = _observations(files, usual)
    count = len(observed["t"])
    net = _Net()
    optimiser = torch.optim.Adam(net.parameters())
    batches = max(count // BATCH, 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, epochs * batches)
    for epoch in range(epochs):
        total = 0.0
        for chosen in torch.randperm(count).split(BATCH)[:batches]:
            batch = {name: tensor[chosen] for name, tensor in observed.items()}
            nats = _nats(net(batch["x"], batch["attributes"], batch["t"]), batch).mean(0)
            optimiser.zero_grad()
            nats.sum().backward()
            optimiser.step()
            schedule.step()
            net.hold_within_bounds()
            total += nats.sum().item() / math.log(2)
        print(f"epoch {epoch + 1} of {epochs}: {total / batches:.3f} bits per Gaussian", file=sys.stderr, flush=True)
    return _exported(net)


@torch.no_grad()
def _exported(net: _Net) -> bytes:
    by_class = net.by_class.clone()
    by_class[:, network.H_CLASS] = by_class[0, network.H_CLASS]
    arrays = (
        net.trunk.weight.T, net.trunk.bias, net.heads.weight.T, net.seen, by_class.view(s.CLASSES, -1), net.outputs.mT,
        net.output_bias,
    )  # fmt: skip
    integers = [
        np.round(_ONE * array.numpy()).astype("<i2").reshape(shape)
        for array, shape in zip(arrays, SHAPES.values(), strict=True)
    ]
    return b"".join(array.tobytes() for array in integers)
