"""The command line as such: refusals, devices, help."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from command_line import daub, fails
from PIL import Image

from daub.app.cli import main as cli


def test_refusals_are_one_line_and_leave_nothing(files, tmp_path):
    damaged = tmp_path / "damaged.daub"
    damaged.write_bytes((files / "photo.daub").read_bytes()[:-20])
    other = tmp_path / "other.png"
    Image.new("RGB", (10, 10)).save(other)
    before = sorted(tmp_path.iterdir())
    assert "no such file" in fails("encode", tmp_path / "none.png", tmp_path / "x.daub")
    assert "no such folder" in fails("encode", files / "photo.png", tmp_path / "no" / "x.daub")
    assert "does not end in .daub" in fails("encode", files / "photo.png", tmp_path / "x.png")
    assert "cut short" in fails("decode", damaged, tmp_path / "x.png")
    assert "cut short" in fails("info", damaged)
    assert "not an image format" in fails("decode", files / "photo.daub", tmp_path / "x.xyz")
    assert "10x10" in fails("compare", files / "photo.png", other)
    assert "megapixels" in fails("decode", files / "photo.daub", tmp_path / "x.png", "--size", "100000x100000")
    assert "no such codec" in fails("bench", "rd", "--codecs", "nonsense")
    assert "choose one of native, " in fails("bench", "methods", "--profiles", "native", "nonsense")
    assert "choose one of densification, filter" in fails("bench", "methods", "--ablation", "nonsense")
    broken = files / "broken.toml"
    broken.write_text("base = 'smartsplat'\nloss = 'nonsense'")
    refusal = fails("encode", files / "photo.png", tmp_path / "x.daub", "--profile", broken)
    assert "broken.toml" in refusal and "choose one of l2, l1, ssim" in refusal
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("encode",), ("encode", "a", "b.daub", "--quality", "101"), ("encode", "a", "b.daub", "--steps", "0"),
        ("encode", "a", "b.daub", "--effort", "10"),
        ("encode", "a", "b.daub", "--bpp", "1", "--psnr", "30"), ("encode", "a", "b.daub", "--background", "nocolour"),
        ("encode", "a", "b.daub", "--psnr", "30", "--ms-ssim", "0.9"), ("encode", "a", "b.daub", "--ms-ssim", "95"),
        ("encode", "a", "b.daub", "--bpp", "nan"), ("decode", "a.daub", "b.png", "--size", "0x4"),
        ("decode", "a.daub", "b.png", "--scale", "-1"), ("bench",), ("nonsense",),
        ("decode", "a.daub", "b.png", "--region", "1,2,0,4"), ("decode", "a.daub", "b.png", "--region", "1,2,3"),
    ],
)  # fmt: skip
def test_wrong_usage_exits_with_2(arguments):
    run = daub(*arguments)
    assert run.returncode == 2 and run.stdout == "" and "usage: daub" in run.stderr and "Traceback" not in run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("encode", "photo.png", "x.daub"), ("decode", "photo.daub", "x.png"), ("demo", "--out", "out"),
        ("bench", "fit"), ("bench", "rd"), ("bench", "effort"), ("compare", "photo.daub", "photo.daub"),
    ],
)  # fmt: skip
def test_a_device_that_cannot_be_had_is_one_line_and_leaves_no_file(files, monkeypatch, capsys, arguments):
    from daub.render import cuda
    from daub.render.errors import DeviceUnavailable, Reason

    def refuse():
        raise DeviceUnavailable(Reason("no NVIDIA driver", remedy="install it"))

    monkeypatch.setattr(cuda, "open_backend", refuse)
    monkeypatch.chdir(files)
    before = sorted(files.iterdir())
    assert cli.main([*arguments, "--device", "cuda"]) == 1
    printed = capsys.readouterr()
    expected = "daub: cannot use --device cuda, no NVIDIA driver, install it, or use --device cpu\n"
    assert (printed.out, printed.err.rpartition("\r")[2].removeprefix("\x1b[K")) == ("", expected)
    assert [path.name for path in sorted(files.iterdir()) if path not in before and path.name != "out"] == []


def test_the_device_of_auto_says_why_not_the_other(files, monkeypatch, capsys):
    from daub.render import cuda
    from daub.render.errors import DeviceUnavailable, Reason

    def refuse():
        raise DeviceUnavailable(Reason("no NVIDIA driver", remedy="install it"))

    monkeypatch.setattr(cuda, "open_backend", refuse)
    assert cli.main(["decode", str(files / "photo.daub"), str(files / "auto.png"), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["device"], done["device_reason"]) == ("cpu", "no NVIDIA driver, install it")
    assert cli.main(["decode", str(files / "photo.daub"), str(files / "auto.png"), "--device", "cpu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["device_reason"] == "asked for"


def test_a_device_that_fails_on_the_way_is_one_line_and_the_cpu_goes_on(files, monkeypatch, capsys):
    from failing_device import Failing

    from daub.render import cuda

    class Gpu(Failing):
        name, device = "cuda", SimpleNamespace(title="GPU 9000")

    monkeypatch.setattr(cuda, "open_backend", lambda: Gpu("advance", 30))
    source, target = str(files / "photo.png"), str(files / "failed.daub")
    command = ["encode", source, target, "--gaussians", "50", "--steps", "40"]
    assert cli.main([*command, "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "daub: the GPU gave up, it fell off the bus, the CPU goes on\n"
    done = json.loads(printed.out)
    assert (done["device"], done["device_reason"]) == ("cpu", "the GPU gave up, it fell off the bus")
    assert cli.main(command) == 0
    assert "cpu (the GPU gave up)" in capsys.readouterr().out


def test_help_and_version():
    assert "encode" in daub("--help").stdout
    assert daub("--version").stdout.startswith("daub ")


def test_transparency_is_noticed_and_laid_on_the_background(tmp_path):
    Image.new("RGBA", (32, 32), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    run = daub(
        "encode", tmp_path / "clear.png", tmp_path / "a.daub", "--background", "#ff0000", "--steps", 40,
        "--gaussians", 30, "--json",
    )  # fmt: skip
    json.loads(run.stdout)
    assert "daub: " in run.stderr and "transparen" in run.stderr
    daub("decode", tmp_path / "a.daub", tmp_path / "b.png")
    red, green, blue = np.asarray(Image.open(tmp_path / "b.png"), float).mean((0, 1))
    assert red > 220 and green < 30 and blue < 30
