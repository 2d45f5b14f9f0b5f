"""`daub scene train`, as a person types it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from posed_photos import write_posed_photos

from daub.app.cli import main as cli
from daub.app.tasks import scene_training
from daub.codec.scenes.scene_files import read_scene

FEW = ["--gaussians", "90", "--iterations", "60", "--degree", "1", "--hold-out", "3"]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> str:
    """Six photos beside their cameras."""
    monkeypatch.chdir(tmp_path)
    write_posed_photos(tmp_path / "shots")
    return "shots"


def test_photos_become_a_scene_and_are_told_of(folder, capsys):
    assert cli.main(["scene", "train", folder, "a.ply", *FEW, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    made = read_scene("a.ply")
    assert len(made.splats) == told["gaussians"] == 90 and made.splats.degree == told["degree"] == 1
    assert told["bytes"] == made.bytes and told["format"] == "PLY" and told["iterations"] == 60
    assert (told["trained_on"], told["held_out"], told["width"], told["height"]) == (4, 2, 48, 36)
    assert [view["name"] for view in told["views"]] == ["0.png", "3.png"]
    assert told["psnr"] == pytest.approx(np.mean([view["psnr"] for view in told["views"]]))
    assert told["trained_psnr"] > 15 and told["resumed_at"] == 0 and told["remarks"] == []
    assert cli.main(["scene", "train", folder, "b.ply", *FEW]) == 0
    text = capsys.readouterr().out
    assert "60 steps, 4 photos of 48x36" in text and "2 photos" in text and f"SSIM {told['ssim']:.4f}" in text
    with open("a.ply", "rb") as a, open("b.ply", "rb") as b:
        assert a.read() == b.read()


def test_the_same_command_goes_on_where_it_was_stopped(folder, capsys, monkeypatch, tmp_path):
    assert cli.main(["scene", "train", folder, "whole.ply", *FEW]) == 0
    monkeypatch.setattr(scene_training, "_EVERY", 0.0)
    capsys.readouterr()

    class Stopped(Exception):
        pass

    def stop(self, stage, fraction, *facts):
        if stage == "train" and fraction > 0.4:
            raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr("daub.app.terminal.ProgressLine.advance", stop)
        with pytest.raises(Stopped):
            cli.main(["scene", "train", folder, "part.ply", *FEW])
    kept = tmp_path / "part.ply.training"
    assert kept.is_file() and not (tmp_path / "part.ply").exists()
    assert cli.main(["scene", "train", folder, "part.ply", *FEW, "--seed", "2"]) == 1
    assert "the settings have changed: seed was 0, give the same ones, or begin anew" in capsys.readouterr().err
    assert cli.main(["scene", "train", folder, "part.ply", *FEW, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["resumed_at"] > 10
    assert (tmp_path / "part.ply").read_bytes() == (tmp_path / "whole.ply").read_bytes()
    assert not kept.exists()
    kept.write_bytes(b"nothing")
    assert cli.main(["scene", "train", folder, "part.ply", *FEW]) == 1
    assert capsys.readouterr().err.endswith("it is damaged, begin anew with --restart\n")
    assert cli.main(["scene", "train", folder, "part.ply", *FEW, "--restart"]) == 0 and not kept.exists()


def test_harmonics_that_the_file_cannot_hold_are_refused_before_the_work(folder, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(scene_training, "read_photos", lambda *_: pytest.fail("the work has begun"))
    for name in ("a.sog", "a.glb", "a.compressed.ply"):
        assert cli.main(["scene", "train", folder, name, "--degree", "4"]) == 1
        error = capsys.readouterr().err
        assert f"cannot write {name}" in error and "up to degree 3, give --degree 3, or a name in .ply" in error
        assert error.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["shots"]


def test_what_cannot_be_done_is_one_line(folder, capsys, tmp_path):
    def line(*words: str) -> str:
        assert cli.main(["scene", "train", *words, *FEW]) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        return error

    assert "cannot train on none, there is no such folder" in line("none", "a.ply")
    assert "its name tells no format of scenes" in line(folder, "a.png")
    assert "there is no such folder" in line(folder, "nowhere/a.ply")
    assert "cannot train on shots/cameras.json, it is no folder" in line("shots/cameras.json", "a.ply")
    (tmp_path / "old.ply").write_bytes(b"old")
    assert "there is a file of that name" in line(folder, "old.ply", "--no-clobber")
    assert (tmp_path / "old.ply").read_bytes() == b"old"
