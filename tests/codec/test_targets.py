"""Outputs that cannot be written are found out before there is anything to write."""

import errno
import os
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from daub.codec import targets
from daub.codec.errors import DaubError
from daub.codec.targets import Replacing, check_distinct, check_target, same_file


def refusal(*arguments, **options) -> str:
    with pytest.raises(DaubError) as refused:
        check_target(*arguments, **options)
    line = str(refused.value)
    assert line.startswith("cannot write ") and "\n" not in line
    return line


def test_what_can_be_written_passes_and_leaves_no_trace(tmp_path):
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "old")
    (tmp_path / "dangling").symlink_to("new")
    before = sorted(tmp_path.iterdir())
    for name in ("new", "old", "link", "dangling", "n" * 255):
        check_target(tmp_path / name)
    assert sorted(tmp_path.iterdir()) == before and (tmp_path / "old").read_bytes() == b"old"


def test_what_is_no_place_for_a_file(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "to-folder").symlink_to("folder")
    (tmp_path / "to-device").symlink_to(os.devnull)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone" / "file")
    (tmp_path / "circle").symlink_to("circle")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path)  # the path of a socket is short
        listening.bind("socket")
    for name, why in {
        "absent/file": "there is no such folder",
        "file/below": "a part of that path is a file, not a folder",
        "folder": "that is a folder",
        "": "that is a folder",
        "pipe": "that is not an ordinary file",
        "socket": "that is not an ordinary file",
        "to-folder": f"it is a link to {tmp_path}/folder: that is a folder",
        "to-device": f"it is a link to {os.devnull}: that is not an ordinary file",
        "nowhere": f"it is a link to {tmp_path}/gone/file: there is no such folder",
        "circle": "its links lead in a circle",
        "n" * 256: "the name is too long",
    }.items():
        assert f", {why}, " in refusal(tmp_path / name), name
    assert "null" in refusal("a\0b")
    for device in (os.devnull, "/dev/full"):
        assert "that is not an ordinary file" in refusal(device)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (errno.EACCES, "permission denied"),
        (errno.EPERM, "permission denied"),
        (errno.EROFS, "the disk is read-only"),
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "your disk quota is used up"),
    ],
)
def test_a_folder_that_takes_no_file(tmp_path, monkeypatch, code, why):
    def refuse(*_):  # tests may run as root, whom nothing stops
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", refuse)
        assert why in refusal(tmp_path / "new")


@pytest.fixture
def open_to_all():
    """A folder that everybody may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become somebody else and come back")
def test_permissions_of_somebody_else(open_to_all):
    shared, foreign = open_to_all / "shared", open_to_all / "foreign"
    for folder, mode in ((shared, 0o1777), (foreign, 0o755)):
        folder.mkdir()
        (folder / "file").touch()
        (folder / "file").chmod(0o666)
        folder.chmod(mode)
    os.setegid(65534)
    os.seteuid(65534)
    try:
        check_target(shared / "new")
        lines = [refusal(foreign / "new"), refusal(foreign / "file"), refusal(shared / "file")]
    finally:
        os.seteuid(0)
        os.setegid(0)
    assert all("permission denied" in line for line in lines), lines
    assert os.listdir(shared) == ["file"]


def test_a_file_that_must_stay(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    never = Replacing(files=False)
    check_target(tmp_path / "new", replacing=never)
    for name in ("file", "link"):
        assert "there is a file of that name, which is to stay" in refusal(tmp_path / name, replacing=never)
    monkeypatch.setattr(os, "access", lambda *_: False)  # tests may run as root, whom nothing stops
    assert "permission denied" in refusal(tmp_path / "file")


def test_a_file_that_is_mounted_by_itself(tmp_path, monkeypatch):
    target = tmp_path / "of a container"
    target.touch()
    mounts = tmp_path / "mountinfo"
    mounts.write_text("36 35 98:0 / / rw - ext4 /dev/root rw\n")
    monkeypatch.setattr(targets, "_MOUNTS", str(mounts))
    check_target(target)
    escaped = str(target).replace(" ", r"\040")
    mounts.write_text(f"36 35 98:0 / / rw - ext4 /dev/root rw\n37 36 98:0 /a {escaped} rw - ext4 /dev/root rw\n")
    assert "mounted there by itself" in refusal(target)
    monkeypatch.setattr(targets, "_MOUNTS", str(tmp_path / "absent"))
    check_target(target)


def test_a_source_by_any_name(tmp_path):
    source = tmp_path / "source"
    source.touch()
    (tmp_path / "link").symlink_to("source")
    os.link(source, tmp_path / "hard")
    (tmp_path / "folder").mkdir()
    for name in ("source", "link", "hard", "folder/../source"):
        path = f"{tmp_path}/{name}"
        assert "it is the source, which would be lost" in refusal(path, [tmp_path / "other", source])
        check_target(path, [source], Replacing(sources=True))
        assert "which is to stay" in refusal(path, [source], Replacing(files=False, sources=True))
    check_target(tmp_path / "other", [source])


def test_outputs_that_are_one(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("new")
    monkeypatch.chdir(tmp_path)
    check_distinct([])
    check_distinct(["a", "b", "file"])
    for pair in (["new", "./new"], ["new", tmp_path / "new"], ["link", "new"], ["file", f"../{tmp_path.name}/file"]):
        with pytest.raises(DaubError, match="another output has that name"):
            check_distinct(["other", *pair])
    assert not same_file("a\0", "b") and not same_file("absent", "missing")


def test_room_on_the_disk(tmp_path, monkeypatch):
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
    check_target(tmp_path / "file", room=free // 2)
    assert "the disk is full, free some space" in refusal(tmp_path / "file", room=2 * free)
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(os, "fstatvfs", lambda _: os.statvfs_result((4096, 4096, 0, 0, 0, 0, 0, 0, 0, 255)))
    check_target(tmp_path / "file", room=1 << 40)  # a file system that does not say
