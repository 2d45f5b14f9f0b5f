"""Edits are measured as a hand does them, and everything that is measured has been done."""

from __future__ import annotations

from daub.app.bench.hands import bench_hands, hands_text


def test_each_thing_is_done_undone_and_done_again():
    done = bench_hands(200, 96, 64, repeats=2)
    assert 150 < done["gaussians"] <= 200 and done["canvas"] == [96, 64]
    assert [row["what"] for row in done["rows"]][:2] == ["lasso", "move"] and len(done["rows"]) == 9
    assert all(row[name] > 0 for row in done["rows"] for name in ("do", "undo", "redo"))
    assert "lasso" in hands_text(done)
