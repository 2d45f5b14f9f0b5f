"""`bench batch`: every number of processes is measured against one."""

from __future__ import annotations

import pytest
from batch_of_photos import photos

from daub.app.bench.batch import batch_text, bench_batch
from daub.codec.settings import EncodeSettings


def test_each_number_of_processes_has_a_rate(tmp_path):
    done = bench_batch(str(photos(tmp_path / "in", 2)), [2], 2, 1, EncodeSettings(effort=0))
    one, two = done["rows"]
    assert (one["jobs"], one["files"], one["efficiency"]) == (1, 2, 1.0) and (two["jobs"], two["files"]) == (2, 4)
    assert two["rate"] == pytest.approx(4 / two["seconds"])
    assert two["efficiency"] == pytest.approx(two["rate"] / (2 * one["rate"]))
    assert "of N times one" in batch_text(done) and done["settings"]["effort"] == 0
