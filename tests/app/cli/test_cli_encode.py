"""`daub encode`, as a person or a script types it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from command_line import ENCODE_KEYS, ROOT, daub
from PIL import Image

from daub.app.cli import main as cli
from daub.app.tasks import encoding
from daub.app.tasks.device import OpenDevice
from daub.app.tasks.encoding import EncodeRequest, encode_file
from daub.codec.goal import Goal
from daub.codec.settings import EncodeSettings


def test_encode_keeps_the_contract(files):
    done = json.loads((files / "encoded.json").read_text())
    assert list(done) == ENCODE_KEYS
    size = (files / "photo.daub").stat().st_size
    assert (done["width"], done["height"], done["gaussians"], done["bytes"]) == (72, 48, 150, size)
    assert done["bpp"] == pytest.approx(8 * size / (72 * 48))
    assert (done["steps"], done["seed"], done["device"]) == (40, 0, "cpu")
    assert 0 < done["fit_seconds"] < done["encode_seconds"] and 0 < done["decode_seconds"] < 10


def test_loading_kernels_is_no_part_of_the_time(tmp_path, monkeypatch):
    """On a first run they are compiled, which takes a minute."""
    passed = 0.0

    def load(*_):
        nonlocal passed
        passed += 1000

    monkeypatch.setattr(OpenDevice, "load_encoder", load)
    monkeypatch.setattr(encoding, "time", SimpleNamespace(perf_counter=lambda: passed + time.perf_counter()))
    settings = EncodeSettings(Goal("gaussians", 8), effort=0, steps=2)
    request = EncodeRequest(str(ROOT / "resources/sample.png"), str(tmp_path / "a.daub"), settings)
    assert 0 < encode_file(request, OpenDevice("cpu")).encoding.encode_seconds < 1000


def test_the_psnr_is_that_of_the_decoded_file(files, tmp_path):
    assert daub("decode", files / "photo.daub", tmp_path / "out.png").returncode == 0
    a, b = (np.asarray(Image.open(path).convert("RGB"), float) for path in (files / "photo.png", tmp_path / "out.png"))
    expected = 10 * np.log10(255**2 / np.mean((a - b) ** 2))
    assert json.loads((files / "encoded.json").read_text())["psnr"] == pytest.approx(expected, abs=1e-3)
    assert expected > 22


def test_a_goal_out_of_reach_keeps_the_best_file_unless_it_is_strict(tmp_path, capsys):
    noise = np.random.default_rng(0).integers(0, 256, (12, 12, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    target = tmp_path / "noise.daub"
    command = ["encode", str(tmp_path / "noise.png"), str(target), "--psnr", "60", "--steps", "5", "--json"]
    assert cli.main([*command, "--strict"]) == 1
    strict = capsys.readouterr()
    assert not target.exists() and not strict.out
    assert cli.main(command) == 0
    kept = capsys.readouterr()
    done = json.loads(kept.out)
    assert target.stat().st_size == done["bytes"] and done["psnr"] < 59
    assert done["missed"] == f"60 dB cannot be reached, {done['psnr']:.2f} dB is the best found, ask for less"
    assert kept.err == strict.err == f"daub: {done['missed']}\n"


def test_an_ms_ssim_that_is_asked_for_is_that_of_the_file(files, tmp_path, capsys):
    source, target = files / "photo.png", tmp_path / "like.daub"
    assert cli.main(["encode", str(source), str(target), "--ms-ssim", "0.8", "--effort", "1", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert cli.main(["compare", str(source), str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["images"][0]["ms_ssim"] == done["ms_ssim"]
    assert done["ms_ssim"] == pytest.approx(0.8, abs=0.03), "a small picture: one Gaussian more or less is seen"
    assert (done["missed"] is None) == (abs(10 * np.log10(0.2 / (1 - done["ms_ssim"]))) <= 0.05)


def test_a_file_is_never_written_over_its_source(files, tmp_path, capsys):
    source = tmp_path / "photo.daub"
    source.write_bytes((files / "photo.daub").read_bytes())
    (tmp_path / "link.daub").symlink_to(source)
    for target in (source, tmp_path / "link.daub", f"{tmp_path}/../{tmp_path.name}/photo.daub"):
        assert cli.main(["encode", str(source), str(target), "--gaussians", "5", "--steps", "2"]) == 1
        assert "it is the source, which would be lost" in capsys.readouterr().err
    assert source.read_bytes() == (files / "photo.daub").read_bytes()


def test_one_open_device_serves_any_number_of_tasks_and_loads_its_kernels_once(files, tmp_path):
    device, said = OpenDevice("cpu"), []
    settings = EncodeSettings(Goal("gaussians", 20), steps=3)
    for name in "ab":
        request = EncodeRequest(str(files / "photo.png"), str(tmp_path / f"{name}.daub"), settings)
        result = encode_file(request, device, said.append)
        assert result.encoding.gaussians == result.fitted == 20 and result.encoding.missed is None
    assert (tmp_path / "a.daub").read_bytes() == (tmp_path / "b.daub").read_bytes()
    assert len([line for line in said if line.startswith("loading")]) == 1


def _long_encode(folder: Path, stderr: int) -> subprocess.Popen:
    sample = ROOT / "resources" / "sample.png"
    command = [sys.executable, "-m", "daub.app.program", "encode", sample, folder / "x.daub"]
    return subprocess.Popen(
        [*command, "--gaussians", "2000", "--steps", "1000000"], cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr,
        # Under some runners children inherit an ignored SIGINT, which Python then leaves ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def test_ctrl_c_stops_a_fit_seen_on_a_terminal(tmp_path):
    controller, terminal = pty.openpty()
    os.set_blocking(controller, False)
    process = _long_encode(tmp_path, terminal)
    os.close(terminal)
    try:
        shown = _read_until(controller, b"dB", 300)
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 130
        rest = _read_until(controller, b"daub: stopped", 60)
    finally:
        process.kill()
        os.close(controller)
    assert b"fit" in shown and b"Gaussians" in shown and b" %" in shown
    assert max(len(line.decode()) for line in shown.replace(b"\x1b[K", b"").split(b"\r")) < 80
    last = rest.rsplit(b"\x1b[K", 1)[-1]
    assert last.count(b"\n") == 1 and b"Traceback" not in rest
    assert process.stdout.read() == b"" and list(tmp_path.iterdir()) == []


def _read_until(controller: int, wanted: bytes, seconds: float) -> bytes:
    seen, deadline = b"", time.monotonic() + seconds
    while wanted not in seen:
        assert time.monotonic() < deadline, seen
        try:
            seen += os.read(controller, 65536)
        except BlockingIOError:
            time.sleep(0.02)
    return seen


def test_a_full_disk_is_one_line(monkeypatch, capsys):
    from daub.app.cli import main as cli

    def full(*_):
        raise OSError(28, "No space left on device", "a.daub")

    monkeypatch.setattr("daub.app.tasks.describing.describe", full)
    assert cli.main(["info", "a.daub"]) == 1
    line = "daub: cannot go on, a.daub: No space left on device, check the disk and the file\n"
    assert capsys.readouterr().err == line
