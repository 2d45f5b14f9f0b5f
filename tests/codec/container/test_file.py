"""Documents: what is read is written back, byte for byte, and what a file ends with is decided by a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import second_decoder
from hypothesis import given
from hypothesis import strategies as st
from scenes import some_gaussians

from daub.codec import container
from daub.codec.container import Chunk, Document, PayloadKind
from daub.codec.container.chunks import MAGIC, START, VERSION, file_of, read_chunk
from daub.codec.errors import DaubError

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.daub"))


def chunks_of(data):
    """The chunks of a file, whatever they are."""
    chunks, position = [], START
    while position < len(data):
        chunk, position = read_chunk(data, position, "")
        chunks.append(chunk)
    return chunks


@pytest.mark.parametrize("name", FILES)
def test_a_golden_file_is_written_back_byte_for_byte(name):
    data = (GOLDEN / name).read_bytes()
    document = container.read(data)
    assert document.to_bytes() == data
    assert list(document.chunks) == chunks_of(data)
    assert [chunk.tag for chunk in document.optional_chunks] == ([b"a"] if name.startswith("transparent/") else [])
    assert len(document) == len(document.gaussians)


TAGS = [bytes([tag]) for tag in b"bcdefghijklmnopqrstuvwxyz"]  # whatever stands in them; `a` is read with the file


@given(
    contents=st.dictionaries(st.sampled_from(TAGS), st.binary(max_size=300), max_size=5),
    name=st.sampled_from(FILES),
    data=st.data(),
)
def test_optional_chunks_that_nobody_knows_survive_at_their_places(contents, name, data):
    plain = (GOLDEN / name).read_bytes()
    chunks = chunks_of(plain)
    for tag, content in contents.items():
        chunks.insert(data.draw(st.integers(0, len(chunks) - 1)), Chunk(tag, content))
    extended = file_of(chunks)
    document = container.read(extended)
    assert document.to_bytes() == extended
    found = {chunk.tag: chunk.content for chunk in document.optional_chunks if chunk.tag in TAGS}
    assert found == contents
    assert document.version == VERSION and container.read_size(extended) == (document.width, document.height)
    assert np.array_equal(document.gaussians.parameters, container.read(plain).gaussians.parameters)
    assert set(second_decoder.chunks(extended)) == {chunk.tag.decode() for chunk in chunks}


@pytest.mark.parametrize("name", ["photo.daub", "methods/cholesky.daub"])
@pytest.mark.parametrize("twice", [b"nn", b"nan", b"HH"])
def test_a_chunk_that_stands_twice_is_refused(name, twice):
    chunks = chunks_of((GOLDEN / name).read_bytes())
    wrong = file_of([*(Chunk(bytes([tag]), b"") for tag in twice), *chunks])
    with pytest.raises(DaubError, match="stands twice"):
        container.read(wrong)
    with pytest.raises(DaubError, match="stands twice"):
        container.read_size(wrong)
    with pytest.raises(second_decoder.Damaged, match="stands twice"):
        second_decoder.chunks(wrong)


def test_a_chunk_that_is_not_optional_and_that_nobody_knows_is_refused():
    header, payload = chunks_of((GOLDEN / "photo.daub").read_bytes())
    for tag in (b"X", b"0", b"\xe4"):
        data = file_of([header, Chunk(tag, b""), payload])
        with pytest.raises(DaubError, match=r"it needs the feature .*, unknown to this Daub, update Daub"):
            container.read(data)
        with pytest.raises(second_decoder.Damaged, match="unknown chunk"):
            second_decoder.chunks(data)


def test_each_way_of_being_wrong_has_its_own_words():
    data = (GOLDEN / "photo.daub").read_bytes()
    for wrong, words in [
        (b"\x89PNG\r\n", "start"),
        (b"", "start"),
        (b"DAUB", "ends"),
        (b"DAUB\x09" + data[5:], "version is 9 and this Daub reads 2, update Daub"),
        (b"DAUB\x01" + data[5:], "version is 1 and this Daub reads 2, encode it again"),
        (data[:-1], "cut short"),
        (data[:-1] + bytes([data[-1] ^ 1]), "checksum"),
        (data + b"x", "follow"),
        (data[:5] + Chunk(b"G", b"").to_bytes(), "header is missing"),
    ]:
        with pytest.raises(DaubError, match=words):
            container.read(wrong)


def test_nothing_may_follow_the_payload():
    data = (GOLDEN / "photo.daub").read_bytes() + Chunk(b"n", b"a note").to_bytes()
    with pytest.raises(DaubError, match="follow its end"):
        container.read(data)
    with pytest.raises(second_decoder.Damaged, match="follow"):
        second_decoder.chunks(data)


def test_a_chunk_is_added_right_before_the_payload():
    document = container.read((GOLDEN / "photo.daub").read_bytes())
    added = document.with_chunk(Chunk(b"n", b"a note")).with_chunk(Chunk(b"m", b""))
    assert [chunk.tag for chunk in added.chunks] == [b"H", b"n", b"m", b"G"]
    assert [chunk.tag for chunk in document.chunks] == [b"H", b"G"], "a document does not change"
    assert container.read(added.to_bytes()).chunks == added.chunks
    for wrong in (Chunk(b"n", b"another"), Chunk(b"N", b""), Chunk(b"H", b"")):
        with pytest.raises(ValueError, match="cannot be added"):
            added.with_chunk(wrong)


def test_gaussians_in_no_file_are_a_document_without_chunks():
    gaussians = some_gaussians(5, 30, 20, 0)
    document = Document.unwritten(gaussians, 30, 20)
    assert (document.width, document.height, len(document)) == (30, 20, 5) and document.gaussians is gaussians
    with pytest.raises(ValueError, match="no file"):
        document.to_bytes()
    with pytest.raises(ValueError, match="cannot be added"):
        document.with_chunk(Chunk(b"n", b""))


class Empty:
    """The payload of a made-up kind."""

    def __len__(self):
        return 0

    def gaussians(self, xp):
        return some_gaussians(0, 1, 1, 0)


def test_the_tag_of_the_payload_decides_how_a_file_is_read(monkeypatch):
    def read(header, content, what):
        if content != header:
            raise DaubError(what, "its volume is not that of its camera", "get the file again")
        width, height, _ = read_head(header, content, what)
        return width, height, Empty()

    def read_head(header, content, what):
        return header[0], header[1], 0

    camera, volume = Chunk(b"C", b"\x07\x05"), Chunk(b"V", b"\x07\x05")
    data = file_of([Chunk(b"n", b"a note"), camera, volume])
    with pytest.raises(DaubError, match="unknown to this Daub"):
        container.read(data)
    monkeypatch.setitem(container.PAYLOADS, b"V", PayloadKind(read, read_head, lambda *_: None, b"C"))
    document = container.read(data)
    assert (document.width, document.height, len(document)) == (7, 5, 0) == (*container.read_size(data), 0)
    assert document.to_bytes() == data
    native = (GOLDEN / "photo.daub").read_bytes()
    header, payload = chunks_of(native)
    for wrong, words in [
        (file_of([camera, Chunk(b"V", b"")]), "its camera"),
        (file_of([volume]), "header is missing"),
        (file_of([header, volume]), "header for Gaussians that it has not"),
        (file_of([camera, header, volume]), "header for Gaussians that it has not"),
        (file_of([camera, header, payload]), "header for Gaussians that it has not"),
        (file_of([camera, volume, header, payload]), "follow its end"),
    ]:
        with pytest.raises(DaubError, match=words):
            container.read(wrong)
    assert container.read(native).to_bytes() == native and native.startswith(MAGIC)
