"""The zip of a project: limits, odd names, and what is left of a damaged one."""

from __future__ import annotations

import io
import stat
import zipfile

import numpy as np
import pytest

from daub.app.model.project.archive import ArchiveReader, ArchiveWriter, is_name
from daub.app.model.project.arrays import array_of, npy_of, pixels_of, png_of
from daub.codec.errors import DaubError


@pytest.fixture
def archive() -> bytes:
    writer = ArchiveWriter()
    writer.add("a.txt", b"first")
    writer.add("folder/b.json", b"x" * 5000, deflated=True)
    writer.add("c.daub", bytes(range(256)))
    return bytes(writer.finish())


def reader(data: bytes) -> ArchiveReader:
    return ArchiveReader(io.BytesIO(data))


def zipped(*entries: tuple[str, bytes], **infos) -> bytes:
    """A zip that any program could make. Args: infos: attributes of all entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            for key, value in infos.items():
                setattr(info, key, value)
            archive.writestr(info, data)
    return out.getvalue()


def test_entries_come_back_and_any_program_can_read_them(archive):
    found = reader(archive)
    assert found.is_whole and not found.lost
    assert found.read("a.txt", 10) == b"first" and found.read("folder/b.json", 5000) == b"x" * 5000
    with zipfile.ZipFile(io.BytesIO(archive)) as standard:
        assert standard.testzip() is None and standard.namelist() == ["a.txt", "folder/b.json", "c.daub"]


def test_equal_work_gives_equal_bytes(archive):
    writer = ArchiveWriter()
    writer.add("c.daub", bytes(range(256)))
    writer.add("folder/b.json", b"x" * 5000, deflated=True, first=True)
    writer.add("a.txt", b"first", first=True)
    assert bytes(writer.finish()) == archive


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../b", "a//b", "C:x", "a\\b", "..", ".", "", "a/", "~x", "x" * 201, "a\nb", "ä"]
)
def test_odd_names_are_no_names(name):
    assert not is_name(name)
    with pytest.raises(ValueError):
        ArchiveWriter().add(name, b"")
    if name not in ("", "a/") and "\0" not in name:
        found = reader(zipped(("good", b"1"), (name, b"evil")))
        assert found.lost and "good" in found and name not in found


def test_links_encrypted_ones_and_second_ones_are_left_out():
    with pytest.warns(UserWarning, match="Duplicate"):
        found = reader(zipped(("a", b"1"), ("a", b"2")))
    assert found.read("a", 5) == b"1" and len(found.lost) == 1
    found = reader(zipped(("a", b"/etc/passwd"), external_attr=(stat.S_IFLNK | 0o777) << 16))
    assert "a" not in found and "'a'" in found.lost[0]


def test_no_entry_gives_more_than_it_may():
    found = reader(zipped(("bomb", bytes(1 << 20)), compress_type=zipfile.ZIP_DEFLATED))
    with pytest.raises(DaubError, match="it would take 1,048,576 bytes"):
        found.read("bomb", 1000)
    packed = bytearray(zipped(("bomb", bytes(1 << 20)), compress_type=zipfile.ZIP_DEFLATED))
    central = packed.index(b"PK\x01\x02")
    packed[central + 24 : central + 28] = (100).to_bytes(4, "little")  # it says that it is smaller than it is
    lying = reader(bytes(packed))
    with pytest.raises(DaubError, match="damaged"):
        lying.read("bomb", 1000)


def test_what_is_packed_a_thousandfold_comes_back_whole():
    writer = ArchiveWriter()
    writer.add("zeros", bytes(5_000_000), deflated=True)
    assert reader(bytes(writer.finish())).read("zeros", 5_000_000) == bytes(5_000_000)


def test_one_broken_entry_costs_that_one(archive):
    broken = bytearray(archive)
    broken[broken.index(bytes(range(256))) + 7] ^= 1
    found = reader(bytes(broken))
    assert found.read("a.txt", 10) == b"first"
    with pytest.raises(DaubError, match=r"c\.daub cannot be read, the file is damaged"):
        found.read("c.daub", 1000)


@pytest.mark.parametrize("length", range(4, 500, 7))
def test_one_that_was_cut_short_gives_what_is_left(archive, length):
    whole = reader(archive)
    if length >= len(archive):
        return
    found = reader(archive[:length])
    assert not found.is_whole
    for name in ("a.txt", "folder/b.json", "c.daub"):
        if name in found:
            assert found.read(name, 10_000) == whole.read(name, 10_000)
    assert ("a.txt" in found) == (length >= archive.index(b"first") + 5)


def test_what_is_no_zip_is_refused():
    for data in (b"", b"PK", b"DAUB1234", b"\x89PNG" * 20):
        with pytest.raises(DaubError, match="this is no project"):
            reader(data)


def test_arrays_come_back_and_others_are_refused():
    array = np.arange(24, dtype="<f4").reshape(3, 8)
    data = npy_of(array)
    assert (array_of(data, (None, 8), "<f4", "x") == array).all()
    out = io.BytesIO()
    np.save(out, np.asfortranarray(array))
    for shape, dtype, given in [
        ((None, 7), "<f4", data), ((None, 8), "<i4", data), ((None,), "<f4", data), ((None, 8), "<f4", data[:-4]),
        ((None, 8), "<f4", data + b"more"), ((None, 8), "<f4", b""), ((None, 8), "<f4", out.getvalue()),
        ((None, 8), "<f4", data.replace(b"(3, 8)", b"(-3,8)")), ((None, 8), "<f4", data.replace(b"(3, 8)", b"open()")),
    ]:  # fmt: skip
        with pytest.raises(DaubError, match="x cannot be read"):
            array_of(given, shape, dtype, "x")


def test_an_array_of_objects_is_never_unpickled():
    out = io.BytesIO()
    np.save(out, np.array([{}], object), allow_pickle=True)
    with pytest.raises(DaubError):
        array_of(out.getvalue(), (None,), "O", "x")


def test_pictures_come_back_and_others_are_refused():
    pixels = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    assert (pixels_of(png_of(pixels), "RGB", (5, 4), "x") == pixels).all()
    data = png_of(pixels)
    for size, given in [((4, 5), data), ((5, 4), data[:40]), ((5, 4), b"GIF89a"), ((5, 4), b"")]:
        with pytest.raises(DaubError, match="x cannot be read"):
            pixels_of(given, "RGB", size, "x")
    with pytest.raises(DaubError):
        pixels_of(data, "RGB", None, "x", most=10)
