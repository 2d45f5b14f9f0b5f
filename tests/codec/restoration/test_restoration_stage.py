"""The stage: what a decode makes of a file with a restoration layer, with and without what it takes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from restoration_networks import add_network, with_layer
from second_restorer import restored as restored_by_the_second
from stages import golden

from daub.codec import container
from daub.codec.container import Chunk
from daub.codec.decode_stages import obstacles_of, stages_of
from daub.codec.decoder import decode, render
from daub.codec.errors import DaubError
from daub.codec.restoration import weights
from daub.codec.restoration.layer import Layer, blocks_of
from daub.codec.restoration.residual import coded
from daub.render.cpu.backend import CpuRasteriser

CPU = CpuRasteriser()
PLAIN = golden("photo")


@pytest.fixture
def network(tmp_path, monkeypatch) -> int:
    """The CRC-32 of a network that is at hand."""
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    return add_network(tmp_path)


def full(network: int | None, data: bytes = PLAIN) -> Layer:
    """A layer with all there is."""
    document = container.read(data)
    shape = document.height, document.width, 3
    residual = 0.1 * np.sin(np.arange(np.prod(shape)).reshape(shape) / 50).astype(np.float32)
    rows, columns = blocks_of(document.width, document.height)
    blocks = np.arange(rows * columns).reshape(rows, columns) % 3 != 1
    return Layer(network, 90, blocks, coded(residual, 3, 1, 3.0))


@pytest.mark.parametrize("name", ["photo", "methods/cholesky"])
def test_a_second_reader_restores_the_same(network, tmp_path, name):
    plain = container.read(golden(name))
    rendering = render(plain, CPU)
    step = getattr(getattr(plain.payload, "grid", None), "step", None)
    weights_file = (tmp_path / "restoration.bin").read_bytes()
    for layer in (full(network, golden(name)), Layer(network), Layer(residual=full(None, golden(name)).residual)):
        ours = render(with_layer(golden(name), layer), CPU)
        theirs = restored_by_the_second(
            layer.chunk().content, weights_file, rendering.astype(float), plain.gaussians.parameters, step
        )
        assert np.abs(ours - rendering).max() > 0.01  # it does something
        assert np.abs(ours - theirs).max() < 1e-4


def test_told_off_it_is_the_plain_rendering(network):
    document = with_layer(PLAIN, full(network))
    plain = decode(container.read(PLAIN), CPU)
    assert np.array_equal(decode(document, CPU, restore=False), plain)
    assert not np.array_equal(decode(document, CPU), plain) and obstacles_of(document) == ()


def test_without_its_network_it_is_the_plain_rendering_and_says_so(network):
    document = with_layer(PLAIN, full(network ^ 1))
    assert np.array_equal(decode(document, CPU), decode(container.read(PLAIN), CPU)) and not stages_of(document)
    assert obstacles_of(document) == (
        "shown as rendered, without what its file adds: "
        f"this Daub does not have the restoration network {network ^ 1:08x}",
    )


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None  # an import of it fails, and it cannot be found
import pathlib
from daub.codec import container
from daub.codec.decode_stages import obstacles_of
from daub.codec.decoder import decode
from daub.codec.restoration import weights
from daub.render.cpu.backend import CpuRasteriser
weights.FOLDER = pathlib.Path(sys.argv[1])
document = container.read(pathlib.Path(sys.argv[2]).read_bytes())
print(*obstacles_of(document), sep="\\n")
sys.stdout.buffer.write(decode(document, CpuRasteriser()).tobytes())
"""


def test_without_torch_it_is_the_plain_rendering_and_says_so(network, tmp_path):
    file = tmp_path / "restored.daub"
    file.write_bytes(with_layer(PLAIN, full(network)).to_bytes())
    run = subprocess.run([sys.executable, "-c", WITHOUT_TORCH, tmp_path, file], capture_output=True, timeout=100)
    line, _, pixels = run.stdout.partition(b"\n")
    assert b"PyTorch, which the restoration network runs on, is not installed" in line, run.stderr.decode()
    assert pixels == decode(container.read(PLAIN), CPU).tobytes()


def test_a_decode_of_a_file_without_a_layer_loads_neither_torch_nor_imagecodecs(tmp_path):
    file = tmp_path / "plain.daub"
    file.write_bytes(PLAIN)
    program = (
        "import sys; from daub.codec import container; from daub.codec.decoder import decode;"
        "from daub.render.cpu.backend import CpuRasteriser;"
        f"decode(container.read(open({str(file)!r}, 'rb').read()), CpuRasteriser());"
        "print([name for name in ('torch', 'imagecodecs', 'PIL') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100)
    assert run.stdout.strip() == "[]", run.stderr


@pytest.mark.parametrize("scale", [0.5, 2])
def test_at_another_size_the_correction_is_resized(network, scale):
    document, plain = with_layer(PLAIN, Layer(network)), container.read(PLAIN)
    size = round(plain.width * scale), round(plain.height * scale)
    changed = render(document, CPU, size) - render(plain, CPU, size)
    own = render(document, CPU) - render(plain, CPU)
    assert changed.shape == (size[1], size[0], 3)
    assert abs(changed.mean() - own.mean()) < 0.1 * np.abs(own).mean() and np.abs(changed).max() > 0.01


@pytest.mark.parametrize("content", [b"", b"\0", full(5).chunk().content[:-20]])
def test_a_chunk_that_makes_no_sense_is_one_line_and_off_decodes_all_the_same(network, content):
    content = content[:1] + network.to_bytes(4, "little") + content[5:] if len(content) > 5 else content
    document = container.read(container.read(PLAIN).with_chunk(Chunk(b"r", content)).to_bytes())
    with pytest.raises(DaubError, match="the picture cannot be restored, ") as refusal:
        decode(document, CPU)
    assert "\n" not in str(refusal.value)
    assert np.array_equal(decode(document, CPU, restore=False), decode(container.read(PLAIN), CPU))
