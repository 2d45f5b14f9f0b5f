"""The network of the entropy coder: it cannot overflow, and it is what was trained."""

import numpy as np
import pytest
import second_decoder
import torch
from numba import njit
from scenes import some_gaussians

from daub.codec import container
from daub.codec.entropy import gaussian_models, network
from daub.codec.entropy.network import FEATURES, HEADS, HIDDENS, OUT, OUTPUTS, SCRATCH, SHAPES, VECTOR, X
from daub.codec.symbols import CELL_X, CELL_Y, LUMA, SHEAR, Grid, Symbols, quantise, step_index
from daub.codec.training.network import _exported, _Net, _observations, train_network

WIDTH, HEIGHT = 90, 60
GRID = Grid(WIDTH, HEIGHT, step_index(0.3), 2)
SYMBOLS = quantise(some_gaussians(150, WIDTH, HEIGHT, 3), GRID)
USUAL = gaussian_models.trained()[1]


def parts(net):
    """The parts of the network by name, int64."""
    *sizes, end = np.cumsum([int(np.prod(shape)) for shape in SHAPES.values()])
    pieces = np.split(net[:end].astype(np.int64), sizes)
    return {name: piece.reshape(shape) for (name, shape), piece in zip(SHAPES.items(), pieces, strict=True)}


def test_no_sum_leaves_32_bits():
    net = {name: abs(part) for name, part in parts(network.weights()).items()}
    largest = [
        net["trunk"].sum(0) * network.LARGEST_FEATURE + net["trunk bias"],
        net["heads"].sum(0) * network.LARGEST_ACTIVATION
        + net["class"].max(0)
        + np.tile(net["seen"].sum(0), len(HEADS)) * network.LARGEST_FEATURE,
        net["outputs"].sum(2) * network.LARGEST_ACTIVATION + net["output bias"],
    ]
    assert all(sums.max() < 2**31 for sums in largest)
    assert max(network.LARGEST_WEIGHT, network.LARGEST_FEATURE, network.LARGEST_ACTIVATION) < 2**15  # of `add_pairs`
    assert net["trunk"].max() <= network.LARGEST_WEIGHT and net["heads"].max() <= network.LARGEST_WEIGHT
    neighbours = 3 * network.MOST_NEIGHBOURS
    assert neighbours * (network.NEAR.max() + network.WIDE.max()) * network.LARGEST_FEATURE < 2**31


@njit
def outputs_of(net, x, attributes, t):
    """(N, heads, OUTPUTS) in 1/65536."""
    scratch = np.zeros(SCRATCH, np.int32)
    result = np.zeros((len(x), len(HEADS), OUTPUTS), np.int32)
    for n in range(len(x)):
        scratch[X : X + FEATURES] = x[n]
        network.trunk(net, scratch)
        for which in range(len(HEADS)):
            network.head(net, which, scratch)
            network.tell(net, which, t[n], attributes[n], scratch[HIDDENS:OUT])
            result[n, which] = scratch[OUT:]
    return result


def test_the_integers_follow_the_network_that_was_trained(tmp_path, monkeypatch):
    torch.manual_seed(1)
    real = _Net()
    (tmp_path / "network.bin").write_bytes(_exported(real))
    monkeypatch.setattr(network, "NETWORK_FILE", tmp_path / "network.bin")
    observed = _observations([(SYMBOLS, GRID)], USUAL)
    expected = real(observed["x"], observed["attributes"], observed["t"]).detach().numpy()
    integers = [np.round(observed[name].numpy() * 64).astype(np.int32) for name in ("x", "attributes")]
    got = outputs_of(network.weights.__wrapped__(), *integers, observed["t"].numpy()) / 65536
    used = OUTPUTS - 1  # the last one is for luma alone
    assert np.abs(got - expected)[..., :used].max() < 0.1
    assert np.abs(got - expected)[:, network.H_LUMA].max() < 0.1


def test_training_lowers_the_bits_and_fills_the_file(capsys):
    exported = train_network([(SYMBOLS, GRID)], USUAL, epochs=30)
    assert len(exported) == 2 * sum(int(np.prod(shape)) for shape in SHAPES.values())
    bits = [float(line.split(": ")[1].split()[0]) for line in capsys.readouterr().err.splitlines()]
    assert len(bits) == 30 and bits[-1] < bits[0] - 2


def test_all_gaussians_may_be_in_one_cell():
    crowd = quantise(some_gaussians(4000, WIDTH, HEIGHT, 5), GRID)
    crowd.values[:, [CELL_X, CELL_Y]] = 3
    data = gaussian_models.write(crowd, GRID)
    assert np.array_equal(gaussian_models.in_order(crowd), gaussian_models.read(data, len(crowd), GRID).values)
    observed = _observations([(crowd, GRID)], USUAL)
    assert observed["x"].shape == (4000, FEATURES) and observed["attributes"].shape == (4000, VECTOR)
    assert observed["x"].abs().max() * 64 == network.LARGEST_FEATURE  # reached, and kept
    assert observed["attributes"].abs().max() * 64 <= network.LARGEST_FEATURE


def test_the_second_decoder_forgets_the_same_neighbours_in_a_crowded_cell():
    crowd = quantise(some_gaussians(90, WIDTH, HEIGHT, 5), GRID)
    crowd.values[:, [CELL_X, CELL_Y]] = 3
    assert len(crowd) > network.MOST_NEIGHBOURS
    _, _, integers, _ = second_decoder.decode(container.write(crowd, GRID))
    assert np.array_equal(integers, gaussian_models.in_order(crowd))


@pytest.mark.parametrize("column", [SHEAR, LUMA])
def test_symbols_beyond_the_format_are_refused_when_written(column):
    values = SYMBOLS.values.copy()
    values[0, column] = 5 << 20
    with pytest.raises(ValueError, match="limits"):
        gaussian_models.write(Symbols(values), GRID)
