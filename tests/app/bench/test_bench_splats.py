"""A scene's pictures are measured, and all parts of them."""

from __future__ import annotations

import random_splats

from daub.app.bench.splats import bench_splats, splats_text
from daub.codec.scenes.scene_files import write_scene


def test_each_part_is_measured(tmp_path):
    path = tmp_path / "small.ply"
    write_scene(random_splats.scene(0, 50, 1), path)
    done = bench_splats([path], 40, 30, views=2, repeats=2)
    (row,) = done["rows"]
    assert (row["name"], row["gaussians"], row["degree"]) == ("small.ply", 50, 1) and 0 < row["seen"] <= 50
    names = ("prepare", "project", "picture", "energies", "gradient")
    assert all(row[name] > 0 for name in names) and row["project"] <= row["picture"] and row["ratio"] > 1
    assert "small.ply" in splats_text(done)
