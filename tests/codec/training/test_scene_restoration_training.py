"""Training of the restoration network on renderings of scenes: pairs are kept, scenes held out, and weights known."""

from __future__ import annotations

import json
import zlib

import numpy as np
import pytest
from gaussian_scenes import some_splats
from restoration_networks import SMALL, network_file

from daub.codec.errors import DaubError
from daub.codec.restoration import weights
from daub.codec.scenes.scene_files import write_scene
from daub.codec.training.scene_pairs import ScenePairSettings, make_scene_pairs, read_scene_examples, scenes_by_name
from daub.codec.training.scenes import main

TINY = ScenePairSettings(views=3, side=52, seen=2, unseen=1)


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """Three, by name."""
    folder = tmp_path_factory.mktemp("scenes")
    for name, count in (("one", 100), ("two", 120), ("three", 140)):
        write_scene(some_splats(count), folder / f"{name}.ply")
    return {name: folder / f"{name}.ply" for name in ("one", "two", "three")}


@pytest.fixture(scope="module")
def cache(scenes, tmp_path_factory):
    """Two encodes of the first: one of Daub's, and one of SOG."""
    cache = tmp_path_factory.mktemp("pairs")
    assert make_scene_pairs({"one": scenes["one"]}, cache, 2, TINY) == 2
    return cache


def test_pairs_that_are_there_are_not_made_again_and_a_missing_one_comes_back_the_same(scenes, cache):
    kept = sorted(cache.iterdir())[1]
    before = kept.read_bytes()
    assert make_scene_pairs({"one": scenes["one"]}, cache, 2, TINY) == 0
    kept.unlink()
    assert make_scene_pairs({"one": scenes["one"]}, cache, 2, TINY) == 1
    with np.load(kept) as again:
        assert again["base0"].shape == (48, 48, 3)  # to a multiple of 8
    assert kept.read_bytes() == before


def test_examples_are_what_a_decoder_would_give_the_network(cache):
    examples = list(read_scene_examples(cache, ["one"], 2))
    plain = [example for example in examples if example.residual is None]
    assert len(plain) == 2 * 3 and len(examples) == 2 * (3 + 2)  # every other view once more, with a residual
    for example in examples:
        error = np.abs(example.source / np.float32(255) - example.base.astype(np.float32))
        assert 0 < example.error < 0.05 and error.mean() < 0.2
        assert example.maps.shape == (24, 24, 3) and example.conditions[1] == 0
    # What the network is told of the error is that of the views together, to an eighth of an octave.
    seen = plain[:2]
    told = 2 ** (seen[0].conditions[0] / 2 - 5)
    assert told == pytest.approx(np.mean([example.error for example in seen]) ** 0.5, rel=0.06)
    mended = [example for example in examples if example.residual is not None]
    assert all(np.abs(example.residual).max() > 0 for example in mended)
    fewer = list(read_scene_examples(cache, ["one"], 1, 2))
    assert [example.residual is None for example in fewer] == [True, False, True]
    np.testing.assert_array_equal(fewer[2].source, plain[2].source)
    assert list(read_scene_examples(cache, ["two"], 2)) == []


def test_the_command_learns_from_some_scenes_is_measured_by_others_and_goes_on(scenes, tmp_path, capsys):
    start = tmp_path / "start.bin"
    start.write_bytes(network_file())
    out, work = tmp_path / "out.bin", tmp_path / "work"
    asked = [
        str(scenes["one"]), "--held-out", str(scenes["two"]), "--work", str(work), "--rounds", "1", "--views", "2",
        "--side", "48", "--start", str(start), "--out", str(out),
    ]  # fmt: skip
    assert main([*asked, "--steps", "2"]) == 0
    assert {path.stem for path in (work / "pairs").iterdir()} == {"one-000", "two-000"}
    found = weights.load(out)
    assert found.shape == SMALL and out.read_bytes() != start.read_bytes()
    (record,) = map(json.loads, (work / "log.jsonl").read_text().splitlines())
    assert record["step"] == 2 and "all dB" in record
    assert main([*asked, "--steps", "3"]) == 0
    assert "going on from step 2" in capsys.readouterr().err


def test_scenes_of_one_name_and_a_start_that_is_none_are_one_line(scenes, tmp_path, capsys):
    with pytest.raises(DaubError, match="have the same name"):
        scenes_by_name([scenes["one"], tmp_path / "one.spz"])
    (tmp_path / "bad.bin").write_bytes(b"nothing of the kind")
    asked = [str(scenes["one"]), "--work", str(tmp_path), "--rounds", "0", "--start", str(tmp_path / "bad.bin")]
    assert main(asked) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("daub: cannot start from")


def test_the_network_of_scenes_is_found_by_its_checksum_and_pictures_keep_theirs(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    of_pictures, of_scenes = network_file(seed=1), network_file(seed=2)
    (tmp_path / "restoration.bin").write_bytes(of_pictures)
    assert weights.newest() == weights.newest_of_scenes() == zlib.crc32(of_pictures)
    weights._files_in.cache_clear()
    (tmp_path / "scene-restoration.bin").write_bytes(of_scenes)
    assert weights.newest() == zlib.crc32(of_pictures) and weights.newest_of_scenes() == zlib.crc32(of_scenes)
    assert set(weights.known()) == {zlib.crc32(of_pictures), zlib.crc32(of_scenes)}
