"""The command line, as a person or a script meets it: in a process of its own."""

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
from PIL import Image

from daub.app.cli import main as cli
from daub.app.tasks.device import OpenDevice
from daub.app.tasks.encoding import EncodeRequest, encode_file
from daub.codec import container
from daub.codec.entropy.coders import BitsBack
from daub.codec.goal import Goal
from daub.codec.parameters.parametrisations import Cholesky
from daub.codec.profiles.profile import PROFILES
from daub.codec.rounding.trained import ByColumns, Half, ResidualVector, Uniform
from daub.codec.settings import EncodeSettings

ROOT = Path(__file__).parents[3]
ENCODE_KEYS = [
    "width", "height", "gaussians", "bytes", "bpp", "psnr", "ms_ssim", "fit_psnr", "steps", "seed", "fit_seconds",
    "encode_seconds", "decode_seconds", "device", "device_reason", "missed", "plain_psnr",
]  # fmt: skip


def daub(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "daub.app.program", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)


def fails(*arguments: object) -> str:
    """The one line of a refusal."""
    run = daub(*arguments)
    lines = run.stderr.splitlines()
    assert run.returncode == 1 and run.stdout == "" and len(lines) == 1, (run.returncode, run.stdout, run.stderr)
    assert lines[0].startswith("daub: ") and lines[0].count(", ") >= 2
    return lines[0]


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """photo.png (72x48, a part of the bundled photo), photo.daub, encoded.json."""
    folder = tmp_path_factory.mktemp("cli")
    with Image.open(ROOT / "resources" / "sample.png") as sample:
        sample.convert("RGB").crop((330, 180, 402, 228)).save(folder / "photo.png")
    run = daub("encode", folder / "photo.png", folder / "photo.daub", "--gaussians", 150, "--steps", 40, "--json")
    assert run.returncode == 0 and run.stderr == "", run.stderr
    (folder / "encoded.json").write_text(run.stdout)
    return folder


def test_encode_keeps_the_contract(files):
    done = json.loads((files / "encoded.json").read_text())
    assert list(done) == ENCODE_KEYS
    size = (files / "photo.daub").stat().st_size
    assert (done["width"], done["height"], done["gaussians"], done["bytes"]) == (72, 48, 150, size)
    assert done["bpp"] == pytest.approx(8 * size / (72 * 48))
    assert (done["steps"], done["seed"], done["device"]) == (40, 0, "cpu")
    assert 0 < done["fit_seconds"] < done["encode_seconds"] and 0 < done["decode_seconds"] < 10


def test_the_psnr_is_that_of_the_decoded_file(files, tmp_path):
    assert daub("decode", files / "photo.daub", tmp_path / "out.png").returncode == 0
    a, b = (np.asarray(Image.open(path).convert("RGB"), float) for path in (files / "photo.png", tmp_path / "out.png"))
    expected = 10 * np.log10(255**2 / np.mean((a - b) ** 2))
    assert json.loads((files / "encoded.json").read_text())["psnr"] == pytest.approx(expected, abs=1e-3)
    assert expected > 22


def test_decode_renders_at_any_size(files, tmp_path):
    run = daub("decode", files / "photo.daub", tmp_path / "a.png", "--scale", 2.5, "--json")
    done = json.loads(run.stdout)
    assert (done["width"], done["height"]) == Image.open(tmp_path / "a.png").size == (180, 120)
    assert daub("decode", files / "photo.daub", tmp_path / "b.webp", "--size", "31x17").returncode == 0
    assert Image.open(tmp_path / "b.webp").size == (31, 17)


@pytest.mark.parametrize("suffix", [".png", ".ppm", ".tif"])
def test_decode_renders_a_region_as_the_whole_has_it(files, tmp_path, suffix):
    whole, part, half = (tmp_path / f"{name}{suffix}" for name in ("whole", "part", "half"))
    assert daub("decode", files / "photo.daub", whole).returncode == 0
    run = daub("decode", files / "photo.daub", part, "--region", "9,20,33,12", "--json")
    done = json.loads(run.stdout)
    assert (done["width"], done["height"]) == (33, 12) and done["decode_seconds"] > 0
    image = np.asarray(Image.open(whole))
    assert np.array_equal(np.asarray(Image.open(part)), image[20:32, 9:42])
    assert daub("decode", files / "photo.daub", half, "--region", "8,20,32,12", "--scale", "0.5").returncode == 0
    means = image.reshape(24, 2, 36, 2, 3).mean((1, 3))[10:16, 4:20]
    assert np.abs(np.asarray(Image.open(half)) - means).mean() < 1.5
    assert "72x48 pixels, choose a part of it" in fails("decode", files / "photo.daub", part, "--region", "9,20,64,12")


def test_decode_and_compare_run_the_stages_that_a_file_asks_for(inverting, tmp_path, capsys):
    from stages import asking_for_it, golden

    from daub.app.cli import main as cli  # in this process: the stage is of this test alone

    (tmp_path / "plain.daub").write_bytes(golden("photo"))
    (tmp_path / "asking.daub").write_bytes(asking_for_it(golden("photo")))
    for name in "plain", "asking":
        for scale in 1, 2:
            target = tmp_path / f"{name}{scale}.png"
            assert cli.main(["decode", f"{tmp_path}/{name}.daub", str(target), "--scale", str(scale)]) == 0
    for scale in 1, 2:
        plain, asking = (np.asarray(Image.open(tmp_path / f"{name}{scale}.png"), int) for name in ("plain", "asking"))
        assert np.abs(plain + asking - 255).max() <= 1 and plain.std() > 10
    capsys.readouterr()
    command = ["compare", tmp_path / "asking1.png", tmp_path / "asking.daub", tmp_path / "plain.daub", "--json"]
    assert cli.main(list(map(str, command))) == 0
    asking, plain = json.loads(capsys.readouterr().out)["images"]
    assert asking["psnr"] is None and plain["psnr"] < 20, "null: the images are equal"
    assert cli.main(["info", f"{tmp_path}/asking.daub", "--json"]) == 0
    assert [chunk["tag"] for chunk in json.loads(capsys.readouterr().out)["chunks"]] == ["H", "x", "i", "G"]


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


def test_info_says_what_the_file_holds(files):
    about = json.loads(daub("info", files / "photo.daub", "--json").stdout)
    assert (about["width"], about["height"], about["gaussians"]) == (72, 48, 150)
    assert about["bits_per_gaussian"] == pytest.approx(8 * about["bytes"] / 150)
    assert [chunk["tag"] for chunk in about["chunks"]] == ["H", "t", "G"] and about["tune"] == "balanced"
    printed = daub("info", files / "photo.daub").stdout
    assert f"{about['bytes']:,} bytes" in printed and "72 x 48" in printed


def test_files_of_other_methods_are_files_like_any(tmp_path):
    rng = np.random.default_rng(0)
    raw = np.concatenate([rng.normal(0, 0.5, (40, 2)), rng.uniform(0, 3, (40, 3)), rng.uniform(0, 1, (40, 3))], 1)
    raw = raw.astype(np.float32)
    quantiser = ByColumns((2, Half()), (3, Uniform(6)), (3, ResidualVector(2, 8)))
    quantiser.begin(raw)
    file = tmp_path / "method.daub"
    file.write_bytes(container.write_profiled(raw, 40, 30, Cholesky(), quantiser, BitsBack()))
    about = json.loads(daub("info", file, "--json").stdout)
    assert (about["width"], about["height"], about["gaussians"], about["step"]) == (40, 30, 40, None)
    assert about["parts"] == {
        "parametrisation": "cholesky",
        "filter_variance": 0.0,
        "quantisers": ["fp16", "uniform", "residual-vector"],
        "coder": "bits-back",
    }
    assert "cholesky, fp16 | uniform | residual-vector, bits-back" in daub("info", file).stdout
    assert daub("decode", file, tmp_path / "out.png", "--scale", 2).returncode == 0
    assert Image.open(tmp_path / "out.png").size == (80, 60)
    assert np.asarray(Image.open(tmp_path / "out.png")).std() > 5
    file.write_bytes(file.read_bytes()[:-9])
    assert "cut short" in fails("info", file)


def test_compare_decodes_daub_files_and_infinity_becomes_null(files):
    run = daub("compare", files / "photo.png", files / "photo.daub", files / "photo.png", "--json")
    decoded, same = json.loads(run.stdout)["images"]
    encoded = json.loads((files / "encoded.json").read_text())
    for key in ("bytes", "bpp", "psnr", "ms_ssim"):
        assert decoded[key] == pytest.approx(encoded[key])
    assert same["psnr"] is None and same["ms_ssim"] == pytest.approx(1)


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
    from daub.app.cli import main as cli
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
    from daub.app.cli import main as cli
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

    from daub.app.cli import main as cli
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
        shown = _read_until(controller, b"dB", 60)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        rest = _read_until(controller, b"daub: stopped", 5)
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


def test_bench_fit_and_rd(files, tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "photo.png").write_bytes((files / "photo.png").read_bytes())
    run = daub("bench", "fit", "--images", tmp_path / "images", "--gaussians", 60, "--steps", 5, 20, "--json")
    fit = json.loads(run.stdout)
    assert fit["mean"]["psnr"][1] > fit["mean"]["psnr"][0] > 10
    assert fit["mean"]["decode_ms"] > 0 and fit["synthetic"]["step_ms"] > 0

    run = daub(
        "bench", "rd", "--images", tmp_path / "images", "--gaussians", 4000, 9000, 16000, "--steps", 10,
        "--codecs", "jpeg 2000", "--csv", tmp_path / "rd.csv", "--plot", tmp_path / "rd.png", "--json",
    )  # fmt: skip
    rd = json.loads(run.stdout)
    assert list(rd["curves"]) == ["Daub", "JPEG 2000"] and len(rd["curves"]["Daub"]) == 3
    assert list(rd["bd_rate"]) == ["JPEG 2000"]
    rows = (tmp_path / "rd.csv").read_text().splitlines()
    assert len(rows) == 1 + 3 + len(rd["curves"]["JPEG 2000"])
    assert Image.open(tmp_path / "rd.png").format == "PNG"


def test_encode_fits_by_a_profile(files, tmp_path):
    options = ("--gaussians", 150, "--steps", 40, "--json")
    run = daub("encode", files / "photo.png", tmp_path / "native.daub", "--profile", "native", *options)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "native.daub").read_bytes() == (files / "photo.daub").read_bytes()


@pytest.mark.parametrize(
    "profile,method",
    [
        ("gaussianimage-cholesky", "cholesky, fp16 | uniform | residual-vector, bits-back"),
        ("gaussianimage-rs", "rotation-scale, fp16 | uniform | residual-vector, bits-back"),
        ("gaussianimage++", "covariance, uniform | log-uniform | uniform | log-uniform | uniform, adaptive"),
        ("smartsplat", "rotation-scale, unbounded, uniform | fp16 | fp16, adaptive"),
    ],
)
def test_a_profile_has_its_own_file(files, tmp_path, profile, method):
    photo, file, back = files / "photo.png", tmp_path / "x.daub", tmp_path / "x.png"
    run = daub("encode", photo, file, "--profile", profile, "--gaussians", 150, "--steps", 40, "--json")
    assert run.returncode == 0 and run.stderr == "", run.stderr
    done = json.loads(run.stdout)
    assert (done["steps"], list(done)) == (40, ENCODE_KEYS) and 130 <= done["gaussians"] <= 150
    assert daub("decode", file, back).returncode == 0
    compared = json.loads(daub("compare", photo, back, "--json").stdout)["images"][0]
    assert (compared["psnr"], done["bytes"]) == (done["psnr"], file.stat().st_size)
    assert method in daub("info", file).stdout


def test_the_help_names_every_profile():
    text = "".join(daub("encode", "--help").stdout.split())  # argparse breaks lines at hyphens, too
    assert all(name in text for name in PROFILES)


def test_parts_of_a_profile_are_changed_one_by_one(files, tmp_path):
    encode = ("encode", files / "photo.png", tmp_path / "x.daub", "--gaussians", 50, "--steps", 20)
    changed = (*encode, "--profile", "gaussianimage-rs", "--part", "parametrisation=cholesky", "--part", "coder=static")
    assert daub(*changed).returncode == 0
    assert "cholesky, fp16 | uniform | residual-vector, static" in daub("info", tmp_path / "x.daub").stdout
    assert "there is no kind of part called 'lens', choose from parametrisation, " in fails(*encode, "--part", "lens=1")
    assert "the filter 'x' is unknown, choose one of none, " in fails(*encode, "--part", "filter=x")
    assert "gauss-newton goes with the loss l2 alone" in fails(*encode, "--part", "loss=l1")
    assert "is not a kind and a part" in daub(*encode, "--part", "filter").stderr


def test_no_file_is_left_where_a_profile_cannot_be_had(files, tmp_path):
    mine, file = tmp_path / "mine.toml", tmp_path / "x.daub"
    mine.write_text("base = 'gaussianimage-cholesky'\nparametrisation = { bound = [0.0, 0.0, 0.0] }")
    assert "ask for a number of Gaussians" in fails("encode", files / "photo.png", file, "--profile", "gaussianimage++")
    refusal = fails("encode", files / "photo.png", file, "--profile", mine, "--gaussians", 50)
    assert "the format has no Cholesky" in refusal
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


def test_no_file_is_left_where_the_fit_of_a_profile_is_stopped(files, tmp_path):
    arguments = ["encode", files / "photo.png", tmp_path / "x.daub", "--profile", "gaussianimage-rs"]
    arguments += ["--gaussians", 150, "--steps", 100_000]
    command = [sys.executable, "-m", "daub.app.program", *map(str, arguments)]
    running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=20)
    assert running.returncode not in (0, None) and not list(tmp_path.iterdir())


def test_bench_methods_measures_profiles_side_by_side(files, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.png").write_bytes((files / "photo.png").read_bytes())
    mine = tmp_path / "mine.toml"
    mine.write_text("base = 'gaussianimage-rs'\nloss = 'l2-ssim'\noptimiser = { rate = 0.02 }")
    measure = ("bench", "methods", "--images", tmp_path / "photos", "--steps", 30)
    run = daub(*measure, "--profiles", "native", mine, "--gaussians", 60, "--json")
    assert run.returncode == 0, run.stderr
    done = json.loads(run.stdout)
    assert list(done) == [
        "gaussians", "ratio", "steps", "profiles", "images", "device", "device_reason", "machine",
    ]  # fmt: skip
    native, other = done["profiles"]
    assert (native["profile"], other["profile"], native["gaussians"]) == ("native", "mine", 60)
    assert native["psnr"] > other["psnr"] > 5 and native["published_psnr"] is None
    assert [row["image"] for row in done["images"]] == ["one.png", "one.png"]
    assert native["counted_bpp"] is None and native["file_psnr"] > other["file_psnr"] > 5
    assert other["counted_bpp"] == pytest.approx((56 * 60 + 1728) / (72 * 48))
    assert other["file_bpp"] != other["counted_bpp"]
    assert native["own_psnr"] is None and other["own_psnr"] > other["file_psnr"]
    printed = daub(*measure, "--profiles", "native", "--ratio", 50, "--measure", "fits").stdout
    assert "native" in printed and f" {3 * 72 * 48 // 350} " in printed and "file PSNR" not in printed
    published = daub(*measure, "--profiles", "gaussianimage-cholesky", "--gaussians", 800).stdout
    assert "0.118" in published and "24.65" in published and "all 24 Kodak images" in published


@pytest.mark.parametrize(
    "name,variants,columns",
    [
        ("densification", ["half of those missing", "1000 at a time", "error-driven", "none"], "MS-SSIM"),
        ("filter", ["cholesky, none", "rotation-scale, content-aware", "covariance, low-pass-0.5"], "MS-SSIM"),
        ("quantisers", ["FP16, LSQ+", "LSQ+, RVQ"], "file PSNR"),
        ("bit-depths", ["12/10/6", "8/10/6", "12/6/6", "12/10/4"], "file PSNR"),
        ("sampling", ["all guided", "none guided", "uniform-random"], "MS-SSIM"),
    ],
)
def test_an_ablation_is_one_command(files, tmp_path, name, variants, columns):
    (tmp_path / "one.png").write_bytes((files / "photo.png").read_bytes())
    run = daub("bench", "methods", "--images", tmp_path, "--ablation", name, "--gaussians", 30, "--steps", 20)
    assert run.returncode == 0, run.stderr
    assert all(variant in run.stdout for variant in variants) and columns in run.stdout
    assert ("file PSNR" in run.stdout) == (columns == "file PSNR")
