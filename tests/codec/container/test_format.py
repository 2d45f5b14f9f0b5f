"""FORMAT.md is enough to write a decoder: the one written from it alone, second_decoder.py, agrees with ours."""

import json
import zlib
from pathlib import Path

import numpy as np
import pytest
import second_decoder
import second_decoder_of_methods

from daub.codec import container
from daub.codec.container.method import PARAMETRISATIONS
from daub.codec.decoder import decode
from daub.codec.entropy.coders import CODERS
from daub.render.cpu.backend import CpuRasteriser

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.daub"))


@pytest.mark.parametrize("name", NAMES)
def test_the_second_decoder_reads_the_golden_files(name):
    width, height, symbols, parameters = second_decoder.decode((GOLDEN / f"{name}.daub").read_bytes())
    expected = json.loads((GOLDEN / f"{name}.json").read_text())
    assert [width, height] == expected["size"]
    assert symbols.tolist() == expected["symbols"]
    # The parameters are written with seven digits.
    assert np.allclose(parameters, np.reshape(expected["parameters"], (-1, 8)), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_the_renderings_agree_within_a_level(name):
    data = (GOLDEN / f"{name}.daub").read_bytes()
    width, height, _, parameters = second_decoder.decode(data)
    theirs = second_decoder.render(width, height, parameters)
    ours = decode(container.read(data), CpuRasteriser())
    assert theirs.shape == ours.shape == (height, width, 3)
    assert np.abs(theirs.astype(int) - ours.astype(int)).max() <= 1


def test_there_are_golden_files():
    assert {"empty", "fine", "photo", "single"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_second_decoder_refuses_what_is_cut_short(name):
    data = (GOLDEN / f"{name}.daub").read_bytes()
    for length in range(len(data)):
        with pytest.raises(second_decoder.Damaged):
            second_decoder.decode(data[:length])


def test_the_second_decoder_sees_through_what_is_transparent():
    data = (GOLDEN / "transparent" / "photo.daub").read_bytes()
    document = container.read(data)
    width, height, symbols, parameters = second_decoder.opacity(data)
    assert symbols.tolist() == document.alpha.symbols.values.tolist()
    ours = decode(document, CpuRasteriser(), background=None).astype(int)
    alpha = second_decoder.render(width, height, parameters)[..., 1]
    colours = second_decoder.render(width, height, second_decoder.decode(data)[3])
    assert np.abs(ours - np.dstack([colours, alpha])).max() <= 1
    assert 0 == alpha.min() < np.median(alpha[alpha > 0]) < alpha.max() == 255


METHODS = sorted(path.stem for path in (GOLDEN / "methods").glob("*.daub"))


@pytest.mark.parametrize("name", METHODS)
def test_golden_files_of_methods_still_mean_the_same(name):
    data = (GOLDEN / "methods" / f"{name}.daub").read_bytes()
    expected = json.loads((GOLDEN / "methods" / f"{name}.json").read_text())
    decoded = container.read(data)
    assert [decoded.width, decoded.height] == expected["size"]
    assert np.allclose(decoded.gaussians.parameters, np.reshape(expected["parameters"], (-1, 8)), rtol=1e-5, atol=1e-5)
    *size, parameters = second_decoder_of_methods.decode(data)
    assert size == expected["size"]
    assert np.allclose(parameters, np.reshape(expected["parameters"], (-1, 8)), rtol=1e-5, atol=1e-5)


def test_there_are_golden_files_of_every_coder_and_parametrisation():
    parts = [container.read((GOLDEN / "methods" / f"{name}.daub").read_bytes()).payload.parts for name in METHODS]
    assert {one.coder for one in parts} == {coder.name for coder in CODERS}
    assert {one.parametrisation for one in parts} == {name for name, _ in PARAMETRISATIONS}


RESTORING = "restoration.bin", "restoration2.bin", "restoration3.bin", "scene-restoration.bin"
TRAINED = "models.bin", "network.bin", *RESTORING


@pytest.mark.parametrize("name", TRAINED)
def test_what_was_trained_is_what_the_specification_names(name):
    checksum = zlib.crc32((ROOT / "resources" / name).read_bytes())
    assert f"`resources/{name}` (CRC-32 {checksum:08x})" in (ROOT / "codec" / "container" / "FORMAT.md").read_text()
