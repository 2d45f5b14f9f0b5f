"""Files of other methods: round trips of every combination, and damage of every kind."""

import itertools

import numpy as np
import pytest

from daub.codec import container
from daub.codec.container import method as stored
from daub.codec.container.chunks import Chunk, file_of, read_chunk, varints
from daub.codec.entropy.coders import CODERS, BitsBack, Raw
from daub.codec.errors import DaubError
from daub.codec.parameters.attributes import VARIANCES, attributes_of, to_gaussians
from daub.codec.parameters.parametrisations import Cholesky, Covariance, RotationScale
from daub.codec.rounding.trained import ByColumns, Half, LogUniform, ResidualVector, Uniform
from daub.render.gaussians import Gaussians

SIZE = 50, 30


def some_gaussians(count, seed=0):
    rng = np.random.default_rng(seed)
    parameters = np.empty((count, 8), np.float32)
    parameters[:, 0] = rng.uniform(0, SIZE[0], count)
    parameters[:, 1] = rng.uniform(0, SIZE[1], count)
    parameters[:, 2:4] = rng.normal(1, 0.5, (count, 2))
    parameters[:, 4:] = rng.normal(0, 1, (count, 4))
    return Gaussians(parameters)


def gaussianimage():
    return ByColumns((2, Half()), (3, Uniform(6)), (3, ResidualVector(2, 8)))


def gaussianimage_plus():
    # The coarse xy of a real fit goes with the variances: here it would leave hardly any covariance definite.
    return ByColumns((2, Uniform(12)), (1, LogUniform(10)), (1, Uniform(16)), (1, LogUniform(10)), (3, Uniform(6)))


def a_file(count=60, parametrisation=None, quantiser=None, coder=None, **options):
    """The bytes, and the Gaussians they should decode to."""
    parametrisation, quantiser = parametrisation or Cholesky(), quantiser or gaussianimage()
    raw = parametrisation.raw(attributes_of(some_gaussians(count)), SIZE)
    quantiser.begin(raw)
    data = container.write_profiled(raw, *SIZE, parametrisation, quantiser, coder or BitsBack(), **options)
    attributes = parametrisation.attributes(quantiser(raw), SIZE)
    attributes[:, VARIANCES] += options.get("filter_variance", 0)
    return data, to_gaussians(attributes)


def in_order(gaussians):
    parameters = gaussians.parameters.astype(np.float32)
    return parameters[np.lexsort(parameters.T)]


@pytest.mark.parametrize("coder", CODERS, ids=lambda coder: coder.name)
@pytest.mark.parametrize("number", range(len(stored.PARAMETRISATIONS)))
@pytest.mark.parametrize("count", [0, 1, 60])
def test_round_trip(coder, number, count):
    name, parametrisation = stored.PARAMETRISATIONS[number]
    quantiser = gaussianimage_plus() if name == "covariance" else gaussianimage()
    data, expected = a_file(count, parametrisation, quantiser, coder)
    decoded = container.read(data)
    assert (decoded.width, decoded.height) == SIZE == container.read_size(data)
    assert np.array_equal(in_order(decoded.gaussians), in_order(expected))
    assert decoded.payload.parts == stored.Parts(name, 0.0, quantiser.names, coder.name)
    assert [chunk.tag for chunk in decoded.chunks] == [b"M"]


def test_the_filter_of_the_rendering_is_part_of_the_file():
    data, expected = a_file(filter_variance=0.25)
    decoded = container.read(data)
    assert decoded.payload.parts.filter_variance == 0.25
    assert np.array_equal(in_order(decoded.gaussians), in_order(expected))


def test_thousands_alike_are_still_believed():
    raw = np.tile(Cholesky().raw(attributes_of(some_gaussians(1)), SIZE), (20000, 1))
    quantiser = gaussianimage()
    quantiser.begin(raw)
    for coder in CODERS:
        data = container.write_profiled(raw, *SIZE, Cholesky(), quantiser, coder)
        assert len(container.read(data).gaussians) == 20000


def test_truncation_at_every_byte_is_refused():
    data, _ = a_file()
    for length in range(len(data)):
        with pytest.raises(DaubError):
            container.read(data[:length])


def mutants(data, count, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        mutant = bytearray(data)
        for _ in range(rng.integers(1, 4)):
            kind, at = rng.integers(3), rng.integers(len(mutant))
            if kind == 0:
                mutant[at] ^= 1 << rng.integers(8)
            elif kind == 1:
                mutant[at] = rng.integers(256)
            else:
                del mutant[at]
        if mutant != data:
            yield bytes(mutant)


def test_thousands_of_mutations_are_refused():
    for mutant in mutants(a_file()[0], 2000):
        with pytest.raises(DaubError) as refused:
            container.read(mutant)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("coder", CODERS, ids=lambda coder: coder.name)
def test_what_lies_behind_a_right_checksum_is_refused_or_decodes_to_sane_numbers(coder):
    quantisers = itertools.cycle((gaussianimage(), gaussianimage_plus()))
    for parametrisation, quantiser in zip((Cholesky(), Covariance(), RotationScale()), quantisers, strict=False):
        chunk, _ = read_chunk(a_file(40, parametrisation, quantiser, coder)[0], 5, "")
        for mutant in mutants(chunk.content, 300):
            try:
                decoded = container.read(file_of([Chunk(b"M", mutant)]))
            except DaubError as refused:
                assert "\n" not in str(refused)
            else:
                assert np.isfinite(decoded.gaussians.parameters).all()


def rewritten(head=None, sizes=(*SIZE, 60)):
    chunk, _ = read_chunk(a_file(coder=Raw())[0], 5, "")
    content = varints(*sizes) + (chunk.content[3:9] if head is None else head) + chunk.content[9:]
    return file_of([Chunk(b"M", content)])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (rewritten(b"\x09\0" + bytes(4)), "parametrisation 9, unknown to this Daub, update"),
        (rewritten(b"\0\x09" + bytes(4)), "coder 9, unknown to this Daub, update"),
        (rewritten(b"\0\0" + b"\xff" * 4), "filter"),
        (rewritten(sizes=(*SIZE, 1 << 24)), "do not fit"),
        (rewritten(sizes=(*SIZE, 600)), "contradict"),
        (rewritten(sizes=(1 << 21, 1, 60)), "a side of 2097152x1 is longer than 1048576 pixels"),
        (rewritten(sizes=(0, 1, 60)), "shorter than one pixel"),
        (file_of([Chunk(b"M", b"\x05\x05\0")]), "its method is missing"),
        (file_of([Chunk(b"H", b"")]) + rewritten()[5:], "header for Gaussians"),
        (rewritten() + b"x", "follow"),
    ],
)
def test_each_way_of_being_wrong_has_its_own_words(data, words):
    container.read(rewritten())
    with pytest.raises(DaubError, match=words):
        container.read(data)


def test_what_the_format_has_not_is_not_written():
    with pytest.raises(DaubError, match="the format has no"):
        a_file(parametrisation=RotationScale(bound=0.25))
    with pytest.raises(DaubError, match="filter"):
        a_file(filter_variance=-1.0)
    with pytest.raises(DaubError, match="16 symbols"):
        a_file(quantiser=ByColumns(*[(1, ResidualVector(8, 2))] * 3, (5, Half())))
