"""`bench scene`: against photos, and what restoring brings, kept from one call to the next."""

from __future__ import annotations

import json

import pytest
from posed_photos import write_posed_photos
from random_splats import scene
from restoration_networks import add_network

from daub.app.bench import scene_prior
from daub.app.cli import main as cli
from daub.codec.restoration import weights
from daub.codec.scenes.scene_files import write_scene


@pytest.fixture
def statue(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_scene(scene(1, 40), tmp_path / "statue.ply")
    return "statue.ply"


def test_scenes_are_measured_against_photos_from_their_cameras(statue, tmp_path, capsys):
    write_posed_photos(tmp_path / "shots", 9)
    asked = ["bench", "scene", statue, "--photos", "shots", "--psnr", "30", "--views", "3", "--longest", "48"]
    assert cli.main([*asked, "--json"]) == 0
    rows = {row["codec"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert rows["the scene"]["photos"] > 50  # which the photos are renderings of
    assert all(row["photos"] < rows["the scene"]["photos"] for name, row in rows.items() if name != "the scene")
    assert abs(rows["SPZ"]["photos"] - rows["SPZ"]["psnr"]) < 1  # of the same views, then
    assert cli.main(asked) == 0
    assert "photos" in capsys.readouterr().out


def test_the_parts_of_restoring_are_measured_and_what_was_measured_is_not_again(statue, tmp_path, monkeypatch, capsys):
    (tmp_path / "networks").mkdir()
    monkeypatch.setattr(weights, "FOLDER", tmp_path / "networks")
    network = add_network(tmp_path / "networks")
    asked = ["bench", "scene", statue, "--prior", "--views", "2", "--longest", "32", "--keep", "kept", "--json"]
    assert cli.main(asked) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["network"] == f"{network:08x}"
    rows = done["rows"]
    assert {row["part"] for row in rows} == {"nothing", "side information", "network", "both"}
    assert {row["codec"] for row in rows} == {"Daub", "SOG, merged"}
    for row in rows:
        plain = next(
            each for each in rows
            if (each["codec"], each["setting"], each["part"]) == (row["codec"], row["setting"], "nothing")
        )  # fmt: skip
        assert row["bytes"] == plain["bytes"] + row["layer_bytes"]
        assert (row["layer_bytes"] == 0) == (row["part"] == "nothing")

    def fail(*_):
        raise AssertionError("it was measured before")

    monkeypatch.setattr(scene_prior, "score_views", fail)
    monkeypatch.setattr(scene_prior.OwnCodec, "encode", fail)
    assert cli.main(asked) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == rows
