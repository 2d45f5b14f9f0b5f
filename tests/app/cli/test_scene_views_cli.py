"""`daub scene encode`, `decode`, `render` and `compare`, and `bench scene`, as a person types them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from gaussian_scenes import some_splats

from daub.app.bench import scene_prior, scenes
from daub.app.cli import main as cli
from daub.app.tasks import telling
from daub.codec.errors import DaubError
from daub.codec.restoration import weights
from daub.codec.scenes.cameras.chosen import views_of
from daub.codec.scenes.cameras.made import turntable
from daub.codec.scenes.restoration.layer import layer_of
from daub.codec.scenes.scene_files import read_scene, write_scene
from daub.codec.scenes.view_scores import pictures_of, score_views
from daub.render.splats.cpu.scene import CpuScene

FEW = ["--views", "3", "--longest", "60"]


@pytest.fixture
def scene(tmp_path, monkeypatch) -> str:
    monkeypatch.chdir(tmp_path)
    write_scene(some_splats(150, degree=1), tmp_path / "scene.ply")
    return "scene.ply"


def test_a_scene_is_encoded_told_of_and_converted_back(scene, capsys):
    assert cli.main(["scene", "encode", scene, "small.daub", "--psnr", "34", *FEW, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    encoded = read_scene("small.daub")
    assert told["psnr"] >= 34 and told["missed"] is None and told["made"] and told["views"] == 3
    assert told["bytes"] == encoded.bytes and told["gaussians"] == len(encoded.splats) <= 150
    assert told["source_gaussians"] == 150 and encoded.splats.degree == 1
    assert cli.main(["scene", "info", "small.daub"]) == 0
    assert "Daub" in capsys.readouterr().out
    assert cli.main(["scene", "convert", "small.daub", "back.ply"]) == 0
    np.testing.assert_allclose(read_scene("back.ply").splats.means, encoded.splats.means)


def test_a_scene_with_guiding_views_is_restored_unless_one_wants_it_as_coded(scene, capsys):
    assert cli.main(["scene", "encode", scene, "plain.daub", "--quality", "20", *FEW]) == 0
    capsys.readouterr()
    asked = ["scene", "encode", scene, "guided.daub", "--quality", "20", *FEW, "--guide", "1"]
    assert cli.main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    restored = told["restored"]
    plain_bytes = Path("plain.daub").stat().st_size
    assert told["bytes"] == plain_bytes + restored["bytes"] and restored["views"] == 3
    assert restored["psnr"] > told["psnr"]
    assert cli.main(["scene", "decode", "guided.daub", "restored.ply"]) == 0
    assert "from 3 views" in capsys.readouterr().out
    assert cli.main(["scene", "decode", "guided.daub", "coded.ply", "--no-restore", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["views"] == 0
    wanted = read_scene(scene).splats
    views = views_of(wanted, (), 3, 60)
    found = {}
    for name in ("restored.ply", "coded.ply"):
        found[name] = score_views(pictures_of(wanted, views), pictures_of(read_scene(name).splats, views)).psnr
    assert found["restored.ply"] == pytest.approx(restored["psnr"], abs=0.01)
    assert found["coded.ply"] == pytest.approx(told["psnr"], abs=0.01)
    assert cli.main(["scene", "encode", scene, "none.daub", "--quality", "20", *FEW, "--guide", "0"]) == 0
    assert Path("none.daub").stat().st_size == plain_bytes
    capsys.readouterr()
    assert cli.main(["scene", "encode", scene, "network.daub", "--quality", "20", *FEW, "--network", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bytes"] == plain_bytes + told["restored"]["bytes"] and told["restored"]["views"] == 3
    layer = layer_of(Path("network.daub").read_bytes())
    assert layer.network == weights.newest_of_scenes() and not any(view.residual for view in layer.views)
    assert cli.main(["scene", "decode", "network.daub", "restored.ply"]) == 0
    assert "from 3 views" in capsys.readouterr().out
    assert cli.main(["scene", "encode", scene, "a.daub", "--bytes", "900", "--network"]) == 2
    assert "--network adds to the bytes" in capsys.readouterr().err
    assert cli.main(["scene", "encode", scene, "a.daub", "--bytes", "900", "--guide", "1"]) == 2
    assert "--guide adds to the bytes" in capsys.readouterr().err
    assert cli.main(["scene", "decode", scene, "a.ply"]) == 1
    assert "scene.ply cannot be decoded" in capsys.readouterr().err


def test_how_far_each_scene_is_read_is_told_of_all_of_them(scene, capsys, monkeypatch):
    assert cli.main(["scene", "encode", scene, "small.daub", "--quality", "20", *FEW]) == 0
    monkeypatch.setattr(telling, "_LONG", -1)
    for words, names in (
        (["info", scene], [""]), (["convert", scene, "other.spz"], [""]), (["render", scene, "picture.png"], [""]),
        (["encode", scene, "again.daub", "--quality", "20", *FEW], [""]), (["decode", "small.daub", "back.ply"], [""]),
        (["compare", scene, "small.daub", "back.ply", *FEW], ["", "small.daub", "back.ply"]),
    ):  # fmt: skip
        capsys.readouterr()
        assert cli.main(["scene", *words, "--progress", "json"]) == 0
        events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        told = [event["text"] for event in events if event["event"] == "doing"]
        for name in names:
            read = f"reading {name}".rstrip()
            assert told.index(read) < told.index(f"{read}, 100 %")
            assert sum(text.startswith(f"{read}, ") for text in told) > 2


def test_goals_exclude_each_other_and_a_miss_is_told(scene, capsys):
    assert cli.main(["scene", "encode", scene, "a.daub", "--psnr", "30", "--bytes", "900"]) == 2
    assert "not allowed with" in capsys.readouterr().err
    assert cli.main(["scene", "encode", scene, "a.daub", "--bytes", "32", *FEW]) == 0
    assert "a.daub misses its goal: " in capsys.readouterr().err


@pytest.mark.parametrize(("words", "why"), [
    (["encode", "scene.ply", "a.ply"], "an encoded scene is a .daub"),
    (["encode", "none.ply", "a.daub"], "none.ply"),
    (["encode", "scene.ply", "a.daub", "--cameras", "nowhere"], "nowhere"),
    (["convert", "scene.ply", "a.daub"], "a .daub is made for views, use daub scene encode"),
    (["info", "cut.daub"], "cut.daub cannot be decoded, it is cut short"),
    (["decode", "cut.daub", "a.ply"], "cut.daub cannot be decoded, it is cut short"),
    (["render", "scene.ply", "a.xyz"], "a.xyz"),
    (["render", "scene.ply", "a.png", "--view", "25"], "there are 24, made for a scene without cameras"),
    (["render", "scene.ply", "scene.ply"], "scene.ply"),
    (["render", "scene.ply", "a.png", "--size", "600000", "1"], "cannot draw a picture of 600000x1 pixels"),
    (["render", "scene.ply", "a.png", "--size", "1", "600000", "--turntable", "2"], "a side has 524,272 at most"),
    (["compare", "scene.ply", "scene.ply", "--longest", "600000"], "a picture of 600000x600000 pixels"),
])  # fmt: skip
def test_what_cannot_be_done_is_one_line(scene, words, why, capsys):
    Path("cut.daub").write_bytes(b"DAUB\x02S\x7f")
    assert cli.main(["scene", *words]) == 1
    told = capsys.readouterr().err.strip()
    assert why in told and "\n" not in told and "Traceback" not in told


def test_a_picture_is_that_of_the_camera(scene, capsys):
    assert (
        cli.main(["scene", "render", scene, "a.png", "--view", "2", "--size", "80", "60", "--background", "#08f"]) == 0
    )
    picture = np.asarray(PIL.Image.open("a.png"))
    splats = read_scene(scene).splats
    camera = views_of(splats, (), 24, 800)[1]
    smaller = replace(camera.resized(60, 60), width=80, cx=40.0)  # as high, and more to both sides
    wanted = CpuScene(splats).seen(smaller).image((0, 0x88 / 255, 1)).clip(0, 1) * 255
    assert picture.shape == (60, 80, 3) and np.abs(picture - wanted).max() <= 0.51
    assert cli.main(["scene", "render", scene, "b.png", "--view", "2"]) == 0
    wanted = CpuScene(splats).seen(camera).image().clip(0, 1) * 255
    assert np.abs(np.asarray(PIL.Image.open("b.png")) - wanted).max() <= 0.51


def test_a_turntable_numbers_its_pictures_and_sees_all_of_the_scene(scene, capsys):
    assert cli.main(["scene", "render", scene, "t.png", "--turntable", "10", "--size", "40", "40"]) == 0
    assert "10, t-01.png to t-10.png" in capsys.readouterr().out
    splats = read_scene(scene).splats
    for n, camera in enumerate(turntable(splats, 10, 40, 40), 1):
        picture = np.asarray(PIL.Image.open(f"t-{n:02}.png")).astype(int)
        wanted = np.rint(CpuScene(splats).seen(camera).image().clip(0, 1) * 255)
        assert np.abs(picture - wanted).max() <= 1
        u, v, depth = camera.project(splats.means).T
        assert (depth > 0).all() and np.mean((u > 0) & (u < 40) & (v > 0) & (v < 40)) > 0.95


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_a_turntable_becomes_a_film_where_there_is_ffmpeg(scene, capsys):
    assert cli.main(["scene", "render", scene, "t.mp4", "--turntable", "12", "--size", "61", "48"]) == 0
    told = capsys.readouterr().out
    assert "62x48" in told and "t.mp4" in told
    command = ["ffmpeg", "-v", "error", "-i", "t.mp4", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, 48, 62, 3)
    assert len(frames) == 12
    splats = read_scene(scene).splats
    camera = turntable(splats, 12, 62, 48)[5]
    wanted = CpuScene(splats).seen(camera).image().clip(0, 1) * 255
    # Half of the colours in each direction are gone, and of brightness next to nothing.
    assert np.abs(frames[5].mean(-1) - wanted.mean(-1)).mean() < 4


def test_without_ffmpeg_a_film_is_refused_in_one_line(scene, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert cli.main(["scene", "render", scene, "t.mp4", "--turntable", "4"]) == 1
    told = capsys.readouterr().err.strip()
    assert "there is no ffmpeg here" in told and "\n" not in told and not Path("t.mp4").exists()


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_what_ffmpeg_says_of_a_failure_is_told_and_nothing_is_left(tmp_path, monkeypatch):
    from daub.codec.scenes import film

    monkeypatch.setattr(film, "_QUALITY", "nonsense")
    frame = np.zeros((48, 62, 3), np.uint8)
    with pytest.raises(DaubError, match="ffmpeg has failed"):
        film.write_film(tmp_path / "t.mp4", [frame] * 3, 62, 48)
    assert not list(tmp_path.iterdir())


def test_the_bench_compares_the_codecs(scene, capsys):
    asked = ["bench", "scene", scene, "--psnr", "36", "--views", "12", "--longest", "60", "--ssimulacra2"]
    assert cli.main([*asked, "--csv", "rows.csv", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    names = ["Daub 36 dB", "SOG", "SPZ", "compressed PLY", "PNG grid", "SOG, merged"]
    assert [row["codec"] for row in rows] == names
    daub, sog, spz, ply, grid, merged = rows
    assert daub["bytes"] < sog["bytes"] and daub["psnr"] > 30
    assert spz["psnr"] > daub["psnr"] and merged["gaussians"] == daub["gaussians"]
    assert grid["gaussians"] == 144 and ply["psnr"] > 35  # the grid holds a square of the 150
    assert all(row["ssim"] < 1 and row["ssimulacra2"] < 100 for row in rows)
    with open("rows.csv", newline="") as file:
        assert [(row["codec"], int(row["bytes"])) for row in csv.DictReader(file)] == [
            (row["codec"], row["bytes"]) for row in rows
        ]
    assert cli.main(["bench", "scene", scene, "--psnr", "30", *FEW]) == 0
    assert "Daub 30 dB" in capsys.readouterr().out


def test_scenes_are_compared_and_those_that_cannot_be_are_told(scene, capsys):
    splats = read_scene(scene).splats
    write_scene(splats, "same.ply")
    write_scene(replace(splats, dc=splats.dc + 0.1), "other.ply")
    assert cli.main(["scene", "compare", scene, "same.ply", "none.ply", "other.ply", *FEW, "--json"]) == 1
    said = capsys.readouterr()
    done = json.loads(said.out)
    same, other = done["compared"]
    assert (same["psnr"], same["ssim"], same["ms_ssim"], same["share"]) == (120, 1, 1, 1)
    assert 30 < other["psnr"] < 60 and other["ssim"] < 1 and other["ssimulacra2"] is None
    assert "none.ply" in said.err and done["refused"][0]["file"] == "none.ply"
    assert cli.main(["scene", "compare", scene, "other.ply", *FEW, "--ssimulacra2"]) == 0
    table = capsys.readouterr().out
    assert f"{other['psnr']:.2f} dB" in table and "SSIMULACRA2" in table and "3 made views" in table


def test_what_is_measured_has_not_been_seen(scene):
    for count in (12, 13):
        seen, held_out = scenes.views_for(read_scene(scene), count, 60)
        places = {tuple(camera.centre) for camera in seen}
        assert len(seen) == count and not places & {tuple(camera.centre) for camera in held_out}


def test_the_prior_is_measured_part_by_part_at_equal_bytes(scene, capsys, monkeypatch):
    monkeypatch.setattr(scene_prior, "QUALITIES", (10.0, 30.0))
    monkeypatch.setattr(scene_prior, "DISTORTIONS", (0.3, 0.1))
    assert cli.main(["bench", "scene", scene, "--prior", *FEW, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    parts = ["nothing", "side information", "network", "both"]
    assert [row["part"] for row in rows] == parts * 4
    for plain, *restored in (rows[n : n + 4] for n in range(0, 16, 4)):
        assert plain["layer_bytes"] == 0 and plain["gain"] == pytest.approx(0)
        for row in restored:
            assert row["bytes"] == plain["bytes"] + row["layer_bytes"] and row["psnr"] != plain["psnr"]
        assert restored[0]["layer_bytes"] > restored[1]["layer_bytes"]  # residuals of one view, and views alone
    low, high = rows[0], rows[4]
    slope = (high["psnr"] - low["psnr"]) / np.log(high["bytes"] / low["bytes"])
    guided = rows[1]
    wanted = low["psnr"] + slope * np.log(guided["bytes"] / low["bytes"])
    assert guided["gain"] == pytest.approx(guided["psnr"] - wanted)
    assert cli.main(["bench", "scene", scene, "--prior", *FEW, "--csv", "prior.csv"]) == 0
    assert "both" in capsys.readouterr().out and len(Path("prior.csv").read_text().splitlines()) == 17
