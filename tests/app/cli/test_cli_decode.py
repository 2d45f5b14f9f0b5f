"""`daub decode`, `info` and `compare`, as a person or a script types them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from command_line import daub, fails
from PIL import Image

from daub.app.cli import main as cli
from daub.codec import container
from daub.codec.entropy.coders import BitsBack
from daub.codec.parameters.parametrisations import Cholesky
from daub.codec.rounding.trained import ByColumns, Half, ResidualVector, Uniform


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
