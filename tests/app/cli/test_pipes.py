"""Streams in the place of files, what programs are told on stderr, and that --quiet is quiet."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from daub.codec import container, decode
from daub.codec.files import MAGIC

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests/codec/container/golden/photo.daub"
DAUB = [sys.executable, "-m", "daub.app.program"]


def daub(*arguments: object, stdin: bytes = b"", **options) -> subprocess.CompletedProcess:
    options = {"capture_output": True, "cwd": ROOT, "timeout": 100} | options
    return subprocess.run([*DAUB, *map(str, arguments)], input=stdin, **options)


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A PNG of 64x64 pixels."""
    file = io.BytesIO()
    with Image.open(ROOT / "resources/sample.png") as sample:
        sample.convert("RGB").crop((330, 180, 394, 244)).save(file, "PNG")
    return file.getvalue()


def test_a_picture_goes_through_encode_decode_and_compare_without_a_file(picture, tmp_path):
    encoded = daub("encode", "-", "-", "--effort", 0, stdin=picture, env=os.environ | {"TMPDIR": str(tmp_path)})
    assert encoded.returncode == 0 and encoded.stdout.startswith(MAGIC)
    assert encoded.stderr.startswith(b"stdout\n") and b"% of stdin" in encoded.stderr
    assert container.read_size(encoded.stdout) == (64, 64)
    assert not list(tmp_path.iterdir())  # what was kept is gone
    decoded = daub("decode", "-", "-", "--quiet", stdin=encoded.stdout)
    assert decoded.returncode == 0 and decoded.stderr == b""
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(decoded.stdout))), decode(encoded.stdout))
    (tmp_path / "picture.png").write_bytes(picture)
    compared = daub("compare", tmp_path / "picture.png", "-", "--json", stdin=encoded.stdout)
    (row,) = json.loads(compared.stdout)["images"]
    assert row["file"] == "stdin" and row["bytes"] == len(encoded.stdout) and row["psnr"] > 15


def test_info_reads_stdin_and_format_says_what_stdout_gets():
    golden = GOLDEN.read_bytes()
    assert json.loads(daub("info", "-", "--json", stdin=golden).stdout)["bytes"] == len(golden)
    webp = daub("decode", "-", "-", "--format", "webp", "--json", stdin=golden)
    with Image.open(io.BytesIO(webp.stdout)) as image:
        assert image.format == "WEBP" and image.size == container.read_size(golden)
    assert json.loads(webp.stderr)["width"] == image.width


def test_edits_go_through_pipes_and_come_to_the_bytes_of_files(tmp_path):
    golden, script = GOLDEN.read_bytes(), '[[edit]]\nflip = "h"\n\n[[edit]]\ndelete-smaller = 0.9\n'
    (tmp_path / "edits.toml").write_text(script)
    run = daub("edit", GOLDEN, tmp_path / "out.daub", "--script", tmp_path / "edits.toml")
    assert run.returncode == 0, run.stderr
    sent = daub("edit", "-", "-", "--flip", "h", "--delete-smaller", 0.9, "--json", stdin=golden)
    assert sent.stdout == (tmp_path / "out.daub").read_bytes()
    assert json.loads(sent.stderr)["bytes"] == len(sent.stdout)
    scripted = daub("edit", GOLDEN, "-", "--script", "-", "--quiet", stdin=script.encode())
    assert (scripted.stdout, scripted.stderr) == (sent.stdout, b"")
    arrays = daub("edit", "-", "-", "--format", "npz", stdin=golden)
    with np.load(io.BytesIO(arrays.stdout)) as npz:
        assert tuple(npz["size"]) == container.read_size(golden)
    assert arrays.stderr.startswith(b"stdout\n")


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("info", "-"), 1, "daub: stdin cannot be decoded, "),
        (("encode", "-", "out.daub"), 1, "daub: cannot open stdin, it is empty, check where it came from"),
        (("decode", GOLDEN, "-", "--format", "docx"), 1, "daub: cannot write stdout, .docx is not an image format"),
        (("decode", GOLDEN, "-", "--size", "15000x15000"), 1, "give a smaller --scale or --size"),
        (("decode", GOLDEN, "out.png", "--format", "jpg"), 2, "--format is about an OUT that is -"),
        (("edit", "-", "out.daub", "--flip", "h"), 1, "daub: stdin cannot be decoded, "),
        (("edit", GOLDEN, "-", "--script", "-"), 1, "daub: cannot use stdin, "),
        (("edit", GOLDEN, "-", "--refit", "-,4"), 1, "refit: cannot open stdin, it is empty"),
        (("edit", GOLDEN, "out.daub", "--format", "svg"), 2, "--format is about an OUT that is -"),
        (("edit", "-", "-", "--paste", "-,1,2"), 2, "stdin can be only one of IN and what operations read"),
        (("compare", "-", "-"), 2, "only one of REF and IMAGE can be stdin"),
        (("encode", "-", "out.daub", "--importance", "-"), 2, "IN and --importance cannot both be stdin"),
    ],
)
def test_what_cannot_go_through_a_pipe_is_one_line(arguments, code, line):
    run = daub(*arguments)
    assert (run.returncode, run.stdout) == (code, b"")
    last = run.stderr.decode().splitlines()[-1]
    assert line in last and "/daub-" not in last


def test_a_terminal_is_neither_read_nor_written():
    _, terminal = pty.openpty()
    run = daub("decode", GOLDEN, "-", stdout=terminal, capture_output=False, stderr=subprocess.PIPE)
    assert run.returncode == 1 and b"cannot write to stdout, it is a terminal" in run.stderr
    run = subprocess.run([*DAUB, "info", "-"], stdin=terminal, capture_output=True, cwd=ROOT, timeout=100)
    assert run.returncode == 1 and b"cannot read stdin, it is a terminal" in run.stderr


def test_a_stdin_that_cannot_be_read_is_told_as_such(tmp_path):
    unreadable = os.open(tmp_path / "file", os.O_WRONLY | os.O_CREAT)
    run = subprocess.run([*DAUB, "info", "-"], stdin=unreadable, capture_output=True, cwd=ROOT, timeout=100)
    os.close(unreadable)
    assert run.returncode == 1 and b"cannot read stdin, " in run.stderr and b"Traceback" not in run.stderr


def test_whoever_reads_the_picture_may_go():
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as broken:
        run = daub("decode", GOLDEN, "-", "--quiet", stdout=broken, capture_output=False, stderr=subprocess.PIPE)
    assert (run.returncode, run.stderr) == (141, b"")


def test_programs_get_an_object_on_each_line_of_stderr(tmp_path):
    run = daub("decode", GOLDEN, tmp_path / "out.png", "--progress", "json", "--scale", 2)
    events = [json.loads(line) for line in run.stderr.splitlines()]
    assert run.returncode == 0 and run.stdout and {"doing", "progress"} <= {event["event"] for event in events}
    told = next(event for event in events if event["event"] == "progress")
    assert set(told) == {"event", "stage", "fraction", "seconds_left", "facts"} and 0 < told["fraction"] <= 1
    failed = daub("info", tmp_path / "none.daub", "--progress", "json")
    (event,) = map(json.loads, failed.stderr.splitlines())
    assert failed.returncode == 1 and event["event"] == "error" and "there is no such file" in event["text"]
    sent = daub("decode", GOLDEN, "-", "--progress", "json")
    assert json.loads(sent.stderr.splitlines()[-1])["event"] == "result" and sent.stdout.startswith(b"\x89PNG")


def test_quiet_leaves_out_notices_and_summaries_but_neither_answers_nor_errors(tmp_path):
    Image.new("RGBA", (12, 12)).save(tmp_path / "clear.png")
    run = daub("compare", tmp_path / "clear.png", tmp_path / "clear.png", "--background", "white", "--quiet")
    assert (run.returncode, run.stderr) == (0, b"") and b"identical" in run.stdout
    run = daub("decode", GOLDEN, tmp_path / "out.png", "--quiet")
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
    run = daub("decode", GOLDEN, tmp_path / "none" / "out.png", "--quiet")
    assert run.returncode == 1 and b"there is no such folder" in run.stderr
