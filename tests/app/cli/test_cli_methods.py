"""Published methods and measurements by command: `encode --profile`, `bench`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest
from command_line import ENCODE_KEYS, ROOT, daub, fails
from PIL import Image

from daub.codec.profiles.profile import PROFILES


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
    running.communicate(timeout=120)
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
