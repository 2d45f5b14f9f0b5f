"""The chunk of an opacity: read and written, kept, passed over, refused where it is damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from daub.codec import container
from daub.codec.container import Chunk, alpha
from daub.codec.decoder import decode, render
from daub.codec.errors import DaubError
from daub.render.cpu.backend import CpuRasteriser
from daub.render.strips import Region

DATA = (Path(__file__).parent / "golden" / "transparent" / "photo.daub").read_bytes()
PLAIN = (Path(__file__).parent / "golden" / "photo.daub").read_bytes()
CPU = CpuRasteriser()


def with_content(content: bytes) -> bytes:
    """The golden file with another content of its chunk, and a checksum that says that all is well."""
    chunks = container.read(DATA).chunks
    return DATA[:5] + b"".join(
        (Chunk(alpha.TAG, content) if chunk.tag == alpha.TAG else chunk).to_bytes() for chunk in chunks
    )


CONTENT = next(chunk.content for chunk in container.read(DATA).chunks if chunk.tag == alpha.TAG)


def test_it_is_written_as_it_was_read():
    document = container.read(DATA)
    assert document.to_bytes() == DATA and container.is_transparent(DATA) and not container.is_transparent(PLAIN)
    assert alpha.chunk_of(document.alpha.symbols, document.alpha.grid) == Chunk(alpha.TAG, CONTENT)
    assert container.read_size(DATA) == container.read_size(PLAIN) == (61, 47)


def test_the_colours_are_those_of_the_file_without_it():
    document = container.read(DATA)
    assert np.array_equal(decode(document, CPU, background=None)[..., :3], decode(container.read(PLAIN), CPU))
    assert np.array_equal(decode(document.colours, CPU), decode(container.read(PLAIN), CPU))


@pytest.mark.parametrize("background", [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.2, 0.5, 0.9)])
def test_a_background_shines_through(background):
    document = container.read(DATA)
    pixels = decode(document, CPU, background=None).astype(float)
    opacity = pixels[..., 3:] / 255
    expected = pixels[..., :3] * opacity + 255 * (1 - opacity) * np.array(background)
    assert np.abs(decode(document, CPU, background=background) - expected).max() <= 0.51
    assert np.abs(255 * render(document, CPU, background=background) - expected).max() <= 1.1


@pytest.mark.parametrize("size", [(61, 47), (97, 130), (20, 16)])
def test_a_part_is_that_of_the_whole(size):
    document, part = container.read(DATA), Region(7, 5, 11, 10)
    whole = decode(document, CPU, size, background=None)
    assert whole.shape == (size[1], size[0], 4)
    assert np.array_equal(decode(document, CPU, size, region=part, background=None), part.of(whole))


def test_a_chunk_that_is_cut_short_or_lies_is_refused():
    for length in (0, 1, 2, 3, len(CONTENT) // 4):
        with pytest.raises(DaubError, match="cannot be decoded"):
            container.read(with_content(CONTENT[:length]))
    for lie in (b"\xff\xff\x03", b"\x0c\xff\xff\x03"):  # more Gaussians than fit; a step that there is not
        with pytest.raises(DaubError, match="cannot be decoded"):
            container.read(with_content(lie + CONTENT[3:]))


def test_no_damage_that_a_checksum_does_not_tell_ends_otherwise_than_in_a_picture_or_a_line():
    rng, refused = np.random.default_rng(5), 0
    for _ in range(60):
        content = bytearray(CONTENT)
        content[rng.integers(len(content))] ^= 1 << rng.integers(8)
        try:
            document = container.read(with_content(bytes(content)))
            assert decode(document, CPU, background=None).shape == (47, 61, 4)
        except DaubError:
            refused += 1
    assert 0 < refused < 60


def test_too_many_gaussians_together_are_not_decoded_unasked(monkeypatch):
    monkeypatch.setattr("daub.codec.container.limits.LARGE_COUNT", 71)
    container.read(PLAIN)
    with pytest.raises(DaubError, match="72 Gaussians are more than the 71"):
        container.read(DATA)
    assert len(container.read(DATA, large=True)) == 60
