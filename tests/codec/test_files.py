import errno
import io
import os
import stat
from pathlib import Path

import pytest

from daub.codec.errors import DaubError
from daub.codec.files import is_daub, open_file, read_file, write_atomic


def test_writes_a_new_file_with_the_permissions_of_the_umask(tmp_path):
    umask = os.umask(0o027)
    try:
        write_atomic(tmp_path / "new", b"content")
    finally:
        os.umask(umask)
    assert (tmp_path / "new").read_bytes() == b"content"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["new"]


def test_replaces_a_file_and_keeps_its_permissions(tmp_path):
    file = tmp_path / "old"
    file.write_bytes(b"a longer content than the new one")
    file.chmod(0o604)
    write_atomic(str(file), b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o604


def test_follows_a_symbolic_link(tmp_path):
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    link.symlink_to(target)
    write_atomic(link, b"through")
    assert link.is_symlink() and target.read_bytes() == b"through"
    assert os.listdir(tmp_path / "folder") == ["target"]


def test_a_name_as_long_as_the_file_system_allows(tmp_path):
    write_atomic(tmp_path / ("n" * 255), b"x")
    assert os.listdir(tmp_path) == ["n" * 255]


@pytest.mark.parametrize("failing", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "no space"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, failing, error):
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def fail(*_):
        assert len(os.listdir(tmp_path)) == 2, "the new content should stand beside the old"
        raise error

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises((DaubError, KeyboardInterrupt)) as caught:
        write_atomic(file, b"new")
    assert isinstance(error, KeyboardInterrupt) or "the disk is full" in str(caught.value)
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_the_content_is_on_disk_before_it_takes_the_name(tmp_path, monkeypatch):
    order = []
    for name in ("fsync", "replace"):
        original = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, original=original: (order.append(name), original(*a))[1])
    write_atomic(tmp_path / "file", b"x")
    assert order == ["fsync", "replace", "fsync"]  # the file, its name, the folder


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_is_to_stay_stays_however_late_it_came(tmp_path, monkeypatch, links):
    def no_link(*_):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))  # as FAT says

    if not links:
        monkeypatch.setattr(os, "link", no_link)
    file = tmp_path / "file"
    write_atomic(file, b"first", replace=False)
    assert file.read_bytes() == b"first" and os.listdir(tmp_path) == ["file"]
    with pytest.raises(DaubError, match=r"which is to stay, the result is in file-2$"):
        write_atomic(file, b"second", replace=False)
    with pytest.raises(DaubError, match=r"the result is in file-3$"):
        write_atomic(file, b"third", replace=False)
    late = tmp_path / "late.daub"
    monkeypatch.setattr(os, "fsync", lambda _: late.write_bytes(b"another's"))
    with pytest.raises(DaubError, match=r"which is to stay, the result is in late-2\.daub$"):
        write_atomic(late, b"ours", replace=False)
    found = {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)}
    beside = {"file-2": b"second", "file-3": b"third", "late-2.daub": b"ours"}  # nothing that was made is lost
    assert found == {"file": b"first", "late.daub": b"another's"} | beside


def test_without_links_no_empty_file_is_left(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "link", fail)
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(DaubError):
        write_atomic(tmp_path / "file", b"ours", replace=False)
    assert os.listdir(tmp_path) == []


def test_refusals_say_what_is_wrong(tmp_path, monkeypatch):
    with pytest.raises(DaubError, match="no such folder"):
        write_atomic(tmp_path / "absent" / "file", b"")
    with pytest.raises(DaubError, match="that is a folder"):
        write_atomic(tmp_path, b"")
    (tmp_path / "file").touch()
    with pytest.raises(DaubError, match="a file, not a folder"):
        write_atomic(tmp_path / "file" / "below", b"")
    with pytest.raises(DaubError, match="too long"):
        write_atomic(tmp_path / ("n" * 300), b"")
    with pytest.raises(DaubError, match="null"):
        write_atomic(tmp_path / "a\0b", b"")
    monkeypatch.setattr(os, "access", lambda *_: False)  # tests may run as root, whom nothing stops
    with pytest.raises(DaubError, match="permission denied"):
        write_atomic(tmp_path / "file", b"")


def test_a_device_is_not_replaced_by_a_file():
    with pytest.raises(DaubError, match="not an ordinary file"):
        write_atomic(os.devnull, b"x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.fixture(params=["read_file", "open_file"])
def reading(request):
    """What reads a file of at most 10 bytes: whole, or opened and then read."""
    if request.param == "read_file":
        return lambda path, **options: read_file(path, 10, **options)

    def opened(path, **options):
        with open_file(path, 10, **options) as file:
            return file.read()

    return opened


def test_an_ordinary_file_is_read_up_to_the_limit(reading, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"0123456789")
    (tmp_path / "link").symlink_to(file)
    assert reading(file) == reading(str(file)) == reading(tmp_path / "link") == b"0123456789"
    file.write_bytes(b"")
    assert reading(file) == b""
    file.write_bytes(b"0123456789a")
    with pytest.raises(DaubError, match=r"cannot open .*file, it is larger than 10 bytes, check"):
        reading(file)
    with open_file(file) as opened:
        assert opened.read() == b"0123456789a", "without a limit"


@pytest.mark.timeout(20)
def test_what_is_no_ordinary_file_is_refused_and_never_waited_for(reading, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, why in [
        (tmp_path, "it is a folder, choose a photo"),
        (tmp_path / "pipe", "it is not an ordinary file, choose a photo"),
        (os.devnull, "it is not an ordinary file, choose a photo"),
        ("/dev/zero", "it is not an ordinary file, choose a photo"),
        (tmp_path / "absent", "there is no such file, check the name"),
        (tmp_path / "absent" / "file", "there is no such file, check the name"),
        (tmp_path / ("n" * 300), "the name is too long, check the name"),
    ]:
        with pytest.raises(DaubError) as refused:
            reading(path, verb="show", wanted="a photo")
        assert str(refused.value) == f"cannot show {path}, {why}"
    with pytest.raises(DaubError, match=r"cannot show 'a\\x00b', embedded null byte, check the name") as refused:
        reading("a\0b", verb="show")
    assert "\0" not in str(refused.value) and "\n" not in str(refused.value)
    (tmp_path / "file").touch()
    with pytest.raises(DaubError, match="a part of that path is a file"):
        reading(tmp_path / "file" / "below")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(DaubError, match="in a circle"):
        reading(tmp_path / "circle")


@pytest.mark.parametrize("at", ["os.stat", "builtins.open"])
def test_without_permission_there_is_one_line(reading, tmp_path, monkeypatch, at):
    (tmp_path / "file").touch()

    def forbidden(*_):  # tests may run as root, whom nothing stops
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(at, forbidden)
        with pytest.raises(DaubError, match="permission denied, choose a file you may read"):
            reading(tmp_path / "file")


def test_a_disk_that_fails_while_it_is_read_is_one_line(tmp_path, monkeypatch):
    class Failing(io.BytesIO):
        def read(self, *_):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    (tmp_path / "file").touch()
    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", lambda *_: Failing())
        with pytest.raises(DaubError, match="the disk fails"):
            read_file(tmp_path / "file", 10)


def test_a_daub_is_one_by_its_content_or_by_its_name(tmp_path):
    for name, content, expected in (
        ("photo.png", b"DAUB\2", True),
        ("photo", b"DAUB", True),
        ("damaged.DAUB", b"UAUB", True),
        ("empty.png", b"", False),
        ("photo.png.jpg", b"\xff\xd8\xff", False),
    ):
        (tmp_path / name).write_bytes(content)
        assert is_daub(tmp_path / name) == expected, name
    with pytest.raises(DaubError, match="there is no such file"):
        is_daub(tmp_path / "absent")
