"""The chunk of the restoration layer: what goes in comes out, and nonsense is refused in one line."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec.errors import DaubError
from daub.codec.restoration.layer import CodedResidual, Layer, read_layer

SIZE = 200, 130  # pixels: 4 x 3 blocks
BLOCKS = np.random.default_rng(0).random((3, 4)) < 0.5
RESIDUAL = CodedResidual(3, 2, b"\xff\x0asomething")


@pytest.mark.parametrize(
    "layer",
    [
        Layer(0x01020304, 255),
        Layer(0xFFFFFFFF, 1, BLOCKS),
        Layer(residual=RESIDUAL),
        Layer(7, 128, BLOCKS, RESIDUAL),
    ],
)
def test_what_is_written_is_read(layer):
    read = read_layer(layer.chunk().content, *SIZE)
    assert (read.network, read.strength, read.residual) == (layer.network, layer.strength, layer.residual)
    assert (read.blocks is None) == (layer.blocks is None)
    assert layer.blocks is None or np.array_equal(read.blocks, layer.blocks)


def test_a_layer_takes_few_bytes():
    assert len(Layer(1).chunk().to_bytes()) == 12  # tag, length, flags, CRC-32 of the network, strength, CRC-32
    assert len(Layer(1, blocks=BLOCKS).chunk().to_bytes()) == 14


WHOLE = Layer(7, 128, BLOCKS, RESIDUAL).chunk().content


@pytest.mark.parametrize("length", range(10))
def test_a_layer_cut_short_is_refused(length):
    with pytest.raises(DaubError, match="cut short"):
        read_layer(WHOLE[:length], *SIZE)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\0", "flags 0 mean nothing"),
        (b"\x02", "flags 2 mean nothing"),
        (b"\x09\0\0\0\0\x80", "flags 9 mean nothing"),
        (b"\x01\0\0\0\0\0", "strength is nought"),
        (b"\x01\0\0\0\0\x80\0", "1 bytes follow its end"),
        (b"\x03\0\0\0\0\x80\xff\xff", "blocks outside the picture"),
        (b"\x04\0\x01\xff\x0a", "gain 0"),
        (b"\x04\x11\x01\xff\x0a", "gain 17"),
        (b"\x04\x01\x03\xff\x0a", "size 3"),
    ],
)
def test_nonsense_is_refused_in_one_line(content, why):
    with pytest.raises(DaubError, match=why) as refusal:
        read_layer(content, *SIZE)
    assert "\n" not in str(refusal.value)
