"""Outputs of every command: what cannot be written is found before the work, and what is read is never lost."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from daub.app.bench.setting import SAMPLE
from daub.app.cli import main as cli
from daub.app.tasks.device import OpenDevice
from daub.codec.files import write_atomic

GOLDEN = Path(__file__).parents[2] / "codec/container/golden/photo.daub"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The current folder: photo.daub, photo.png, photos/one.png, and places where nothing can be written."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(GOLDEN, "photo.daub")
    Image.fromarray(np.arange(40 * 30 * 3, dtype=np.uint8).reshape(30, 40, 3)).save("photo.png")
    Path("photos").mkdir()
    shutil.copy("photo.png", "photos/one.png")
    for suffix in ("png", "daub", "csv"):
        Path(f"folder.{suffix}").mkdir()
        os.mkfifo(f"pipe.{suffix}")
        Path(f"device.{suffix}").symlink_to(os.devnull)
        Path(f"nowhere.{suffix}").symlink_to(f"absent/x.{suffix}")
        Path(f"link.{suffix}").symlink_to({"csv": "photos/one.png"}.get(suffix, f"photo.{suffix}"))
    return tmp_path


@pytest.fixture
def no_work(monkeypatch) -> None:
    """Whoever begins to compute has found out too late."""
    for name in ("load_encoder", "load_decoder"):
        monkeypatch.setattr(OpenDevice, name, lambda *_: pytest.fail("the work has begun"))
    monkeypatch.setattr("daub.app.bench.rd.bench_rd", lambda *_, **__: pytest.fail("the work has begun"))


def refusal(capsys, *arguments: str) -> str:
    """The one line of a command that has left everything as it was."""
    before = {path: path.stat().st_mtime_ns for path in Path().rglob("*") if path.exists()}
    code = cli.main([*map(str, arguments)])
    printed = capsys.readouterr()
    assert (code, printed.out, printed.err.count("\n")) == (1, "", 1), printed
    assert {path: path.stat().st_mtime_ns for path in Path().rglob("*") if path.is_file()}.items() <= before.items()
    return printed.err


ENCODE, DECODE = ("encode", "photo.png"), ("decode", "photo.daub")
CSV, PLOT = ("bench", "rd", "--images", "photos", "--csv"), ("bench", "rd", "--images", "photos", "--plot")


@pytest.mark.parametrize(
    ("command", "suffix"), [(ENCODE, "daub"), (DECODE, "png"), (CSV, "csv"), (PLOT, "png")],
    ids=["encode", "decode", "csv", "plot"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("absent/x", "there is no such folder"),
        ("photo.png/x", "a part of that path is a file"),
        ("folder", "that is a folder"),
        ("pipe", "that is not an ordinary file"),
        ("device", f"it is a link to {os.devnull}: that is not an ordinary file"),
        ("nowhere", "it is a link to "),
        ("n" * 300, "the name is too long"),
    ],
)
@pytest.mark.usefixtures("folder", "no_work")
def test_a_place_where_nothing_can_be_written(capsys, command, suffix, name, why):
    assert f"daub: cannot write {name}.{suffix}, {why}" in refusal(capsys, *command, f"{name}.{suffix}")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
@pytest.mark.parametrize("command", [(*ENCODE, "x.daub"), (*DECODE, "x.png"), (*CSV, "x.csv"), (*PLOT, "x.png")])
@pytest.mark.usefixtures("folder", "no_work")
def test_a_folder_that_takes_no_file(capsys, monkeypatch, command, code):
    real = open

    def refuse(path, mode="r", *arguments, **options):
        if "x" in mode:  # tests may run as root, whom nothing stops
            raise OSError(code, os.strerror(code))
        return real(path, mode, *arguments, **options)

    monkeypatch.setattr("builtins.open", refuse)
    assert f"cannot write {command[-1]}, " in refusal(capsys, *command)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((*ENCODE, "x.png"), "does not end in .daub"),
        ((*DECODE, "x.daub"), ".daub is not an image format"),
        ((*DECODE, "x"), "no extension"),
        ((*PLOT, "x.jpg"), "does not end in .png"),
        ((*DECODE, "x.webp", "--size", "16384x1"), "WebP holds 16383 pixels a side and the picture has 16384x1"),
        ((*DECODE, "x.jpg", "--size", "3x65501"), "JPEG holds 65500 pixels a side and the picture has 3x65501"),
        ((*DECODE, "x.avif", "--size", "65537x1"), "AVIF holds 65536 pixels a side and the picture has 65537x1"),
        ((*DECODE, "x.png", "--size", "1048577x1"), "a side of 1048577x1 is longer than 1048576 pixels"),
        ((*DECODE, "x.png", "--size", "20000x20000"), "400.0 megapixels and the most are 268.4"),
    ],
)
@pytest.mark.usefixtures("folder", "no_work")
def test_a_name_or_a_size_that_the_format_cannot_have(capsys, arguments, why):
    assert why in refusal(capsys, *arguments)


@pytest.mark.usefixtures("folder", "no_work")
def test_room_for_what_takes_so_many_bytes_whatever_is_in_it(capsys, monkeypatch):
    monkeypatch.setattr(os, "fstatvfs", lambda _: os.statvfs_result((4096, 4096, 99, 9, 9, 0, 0, 0, 0, 255)))
    assert "the disk is full" in refusal(capsys, *DECODE, "x.bmp", "--size", "200x200")


@pytest.mark.parametrize(
    "arguments",
    [
        ("encode", "photo.daub", "photo.daub"), ("encode", "photo.daub", "link.daub"),
        ("encode", "photo.daub", "photos/../photo.daub"), (*PLOT, "photos/one.png"), (*CSV, "photos/one.png"),
        (*CSV, "link.csv"), (*CSV, "rows.csv", "--reuse", "rows.csv"), ("demo", "--out", "demo"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("folder", "no_work")
def test_a_source_is_lost_only_by_wish(capsys, arguments):
    Path("rows.csv").touch()
    Path("demo").mkdir()
    Path("demo/sample.png").symlink_to(SAMPLE)
    assert "it is the source, which would be lost" in refusal(capsys, *arguments)


@pytest.mark.usefixtures("folder")
def test_a_source_is_overwritten_where_that_is_asked_for(capsys):
    shutil.copy("photo.daub", "hidden.png")
    assert "it is the source" in refusal(capsys, "decode", "hidden.png", "hidden.png")
    assert cli.main(["decode", "hidden.png", "hidden.png", "--overwrite-source"]) == 0
    assert Image.open("hidden.png").format == "PNG"
    before = Path("photo.daub").read_bytes()
    encode = ["encode", "photo.daub", "photo.daub", "--gaussians", "5", "--steps", "2"]
    assert cli.main([*encode, "--overwrite-source"]) == 0
    assert Path("photo.daub").read_bytes() != before


@pytest.mark.parametrize(
    "arguments",
    [
        (*ENCODE, "photo.daub"), (*DECODE, "photo.png"), (*DECODE, "link.png"), (*CSV, "photo.png"),
        (*PLOT, "photo.png"), ("demo", "--out", "."),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("folder", "no_work")
def test_no_clobber_keeps_whatever_is_there(capsys, arguments):
    Path("sample.png").touch()
    assert "there is a file of that name, which is to stay" in refusal(capsys, *arguments, "--no-clobber")


@pytest.mark.usefixtures("folder")
def test_no_clobber_keeps_what_comes_meanwhile(capsys, monkeypatch):
    for command, module in ((DECODE, "daub.codec.images.writing"), (ENCODE, "daub.app.tasks.encoding")):
        target = {"decode": "late.png", "encode": "late.daub"}[command[0]]

        def write(path, data, *, replace, target=target):
            Path(target).write_bytes(b"another's")
            write_atomic(path, data, replace=replace)

        monkeypatch.setattr(f"{module}.write_atomic", write)
        arguments = [*command, target, "--no-clobber"]
        arguments += ["--gaussians", "5", "--steps", "2"] if command is ENCODE else []
        kept = target.replace(".", "-2.")
        assert cli.main(arguments) == 1 and f"which is to stay, the result is in {kept}" in capsys.readouterr().err
        assert Path(target).read_bytes() == b"another's" and Path(kept).stat().st_size > 20
    assert not [name for name in os.listdir() if name.endswith(".part")]


@pytest.mark.usefixtures("folder", "no_work")
def test_outputs_that_are_one(capsys):
    assert "another output has that name" in refusal(capsys, *CSV, "x.png", "--plot", "./x.png")
    assert cli.main([*ENCODE, "x.daub", "--no-clobber", "--overwrite-source"]) == 2


@pytest.mark.usefixtures("folder")
def test_figures_are_printed_though_their_file_cannot_be_written(capsys, monkeypatch):
    """Hours of measuring must not go with a disk that has filled up meanwhile."""

    def full(path, *_, **__):
        from daub.codec.errors import DaubError

        raise DaubError(f"cannot write {path}", "the disk is full", "free some space")

    monkeypatch.setattr("daub.app.bench.rd.bench_rd", lambda *_, **__: [])
    monkeypatch.setattr("daub.app.bench.rd_report.rd_text", lambda *_: "the figures")
    for name in ("codec.evaluation.rd_table.write_csv", "app.bench.rd_files.plot"):
        monkeypatch.setattr(f"daub.{name}", lambda rows, path, *_, **__: full(path))
    assert cli.main([*CSV, "x.csv", "--plot", "x.png"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "the figures\n" and printed.err.count("the disk is full") == printed.err.count("\n") == 2
