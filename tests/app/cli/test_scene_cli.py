"""`daub scene`, as a person or a script meets it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from gaussian_scenes import some_splats

from daub.app.cli import main as cli
from daub.codec.scenes.cameras.made import extent_of
from daub.codec.scenes.importance import importance
from daub.codec.scenes.scene_files import read_scene, write_scene

ROOT = Path(__file__).parents[3]


@pytest.fixture
def scene(tmp_path) -> Path:
    write_scene(some_splats(500, degree=2), tmp_path / "scene.ply")
    return tmp_path / "scene.ply"


def test_info_tells_what_a_file_holds(scene, capsys):
    assert cli.main(["scene", "info", str(scene), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == [
        "format", "gaussians", "degree", "antialiased", "bytes", "bits_per_gaussian", "low", "high", "middle_low",
        "middle_high", "cameras", "remarks",
    ]  # fmt: skip
    assert (told["format"], told["gaussians"], told["degree"], told["antialiased"]) == ("PLY", 500, 2, False)
    assert told["bytes"] == scene.stat().st_size and told["bits_per_gaussian"] == 8 * told["bytes"] / 500
    means = read_scene(scene).splats.means
    np.testing.assert_allclose([told["low"], told["high"]], [means.min(axis=0), means.max(axis=0)])
    extent = extent_of(read_scene(scene).splats)  # what the window calls so, too
    assert (told["middle_low"], told["middle_high"]) == (extent.low.tolist(), extent.high.tolist())
    assert cli.main(["scene", "info", str(scene)]) == 0
    assert "harmonics    degree 2" in capsys.readouterr().out


def test_convert_follows_the_name_and_its_options(scene, tmp_path, capsys):
    target = tmp_path / "out.spz"
    words = ["scene", "convert", str(scene), str(target), "--degree", "1", "--keep", "120", "--spz-version", "3"]
    assert cli.main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["gaussians"], told["degree"], told["source_gaussians"]) == ("SPZ", 120, 1, 500)
    assert told["bytes"] == target.stat().st_size and target.read_bytes()[:2] == b"\x1f\x8b"
    kept, all_ = read_scene(target).splats, read_scene(scene).splats
    most = np.sort(np.argsort(-importance(all_))[:120])
    assert np.abs(kept.means - all_.means[most]).max() < 1 / 4096
    assert cli.main(["scene", "convert", str(scene), str(tmp_path / "out.sog")]) == 0
    assert "500" in capsys.readouterr().out and read_scene(tmp_path / "out.sog").splats.degree == 2


def test_what_cannot_be_done_is_one_line(scene, tmp_path, capsys):
    def line(*words: str) -> str:
        assert cli.main(["scene", *map(str, words)]) == 1
        return capsys.readouterr().err

    assert line("info", tmp_path / "none.ply") == (
        f"daub: cannot open {tmp_path}/none.ply, there is no such file, check the name\n"
    )
    (tmp_path / "text.ply").write_text("a text\n")
    assert "it is no scene of Gaussians that is known" in line("info", tmp_path / "text.ply")
    (tmp_path / "half.ply").write_bytes(scene.read_bytes()[:9999])
    assert "it says that it has 500 rows of 'vertex', and 5" in line("info", tmp_path / "half.ply")
    assert "its name tells no format of scenes" in line("convert", scene, tmp_path / "out.png")
    assert "it is the source, which would be lost" in line("convert", scene, scene)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["half.ply", "scene.ply", "text.ply"]


def test_a_file_that_is_to_stay_stays(scene, tmp_path, capsys):
    (tmp_path / "out.spz").write_bytes(b"old")
    assert cli.main(["scene", "convert", str(scene), str(tmp_path / "out.spz"), "--no-clobber"]) == 1
    assert "there is a file of that name, which is to stay" in capsys.readouterr().err
    assert (tmp_path / "out.spz").read_bytes() == b"old"


def test_wrong_usage(scene, tmp_path, capsys):
    assert cli.main(["scene", "convert", str(scene), str(tmp_path / "a.ply"), "--spz-version", "3"]) == 2
    assert "--spz-version is about an .spz" in capsys.readouterr().err
    assert cli.main(["scene"]) == 2


def test_remarks_go_to_stderr(tmp_path, capsys):
    splats = some_splats(4)
    splats.means[0] = np.nan
    write_scene(splats, tmp_path / "a.ply")
    assert cli.main(["scene", "info", str(tmp_path / "a.ply"), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == f"daub: {tmp_path}/a.ply: 1 Gaussian that is not made of numbers left out\n"
    assert json.loads(out)["gaussians"] == 3


def test_a_scene_is_converted_without_numba_and_torch(scene, tmp_path):
    program = """
import sys
from daub.app.cli import main as cli
assert cli.main(["scene", "convert", sys.argv[1], sys.argv[2]]) == 0
loaded = {"numba", "torch", "scipy", "matplotlib", "PySide6"} & set(sys.modules)
assert not loaded, loaded
"""
    command = [sys.executable, "-c", program, scene, tmp_path / "out.spz"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stderr
