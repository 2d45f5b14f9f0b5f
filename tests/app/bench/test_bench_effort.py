"""`bench effort` on rows whose answers are known, and on a tiny image."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from daub.app.bench import effort as bench_effort
from daub.app.cli import main as cli
from daub.codec.effort import DEFAULT_EFFORT, EFFORTS
from daub.codec.evaluation.rd_table import RdRow


def rows_of(image: str, factor: float, seconds: float) -> list[RdRow]:
    return [
        RdRow("Daub", image, 1000 * 2**i, 100, factor * 0.1 * 2**i, 26.0 + 3 * i, 0.8 + 0.05 * i, seconds, 0.001)
        for i in range(3)
    ]


def test_rates_are_against_the_default_effort_image_by_image():
    rows = {
        0: [*rows_of("a.png", 1.5, 0.1), *rows_of("b.png", 2.5, 0.3)],
        DEFAULT_EFFORT: [*rows_of("a.png", 1, 1), *rows_of("b.png", 2, 3)],
        9: [*rows_of("a.png", 0.5, 10), *rows_of("b.png", 1, 30)],
    }
    done = bench_effort.effort_json(rows)
    assert [one["effort"] for one in done["efforts"]] == [0, DEFAULT_EFFORT, 9] and done["images"] == ["a.png", "b.png"]
    rates = [one["bd_rate_per_image"] for one in done["efforts"]]
    assert [rate["psnr"] for rate in rates] == pytest.approx([37.5, 0, -50])
    assert [rate["ms_ssim"] for rate in rates] == pytest.approx([37.5, 0, -50])
    assert [one["encode_seconds"] for one in done["efforts"]] == pytest.approx([0.2, 2, 20])
    assert [one["steps"] for one in done["efforts"]] == [EFFORTS[effort].steps for effort in rows]
    assert [point["bpp"] for point in done["efforts"][1]["curve"]] == pytest.approx([0.15, 0.3, 0.6])
    last = bench_effort.effort_text(rows).split("\n\n")[1].splitlines()[-1].split()
    assert last == [
        "9", "3000", "20.0", "s", "0.075", "26.00", "0.150", "29.00", "0.300", "32.00", "-50.0", "%", "-50.0", "%"
    ]  # fmt: skip


def test_a_single_count_gives_no_rate_and_says_so():
    text = bench_effort.effort_text({DEFAULT_EFFORT: rows_of("a.png", 1, 1)[:1]})
    assert "Mean of 1 image on" in text and f"effort {DEFAULT_EFFORT}: 1 and 1" in text


def test_the_default_effort_is_measured_with_those_asked_for(tmp_path, capsys):
    Image.linear_gradient("L").resize((48, 32)).convert("RGB").save(tmp_path / "a.png")
    command = ["bench", "effort", "--images", str(tmp_path), "--gaussians", "200", "600", "--efforts", "1"]
    assert cli.main([*command, "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert [one["effort"] for one in done["efforts"]] == [1, DEFAULT_EFFORT] and done[
        "default_effort"
    ] == DEFAULT_EFFORT
    assert [len(one["curve"]) for one in done["efforts"]] == [2, 2]
    assert all(point["encode_seconds"] > 0 for one in done["efforts"] for point in one["curve"])
    assert cli.main(command) == 0
    assert "200" in capsys.readouterr().out
    assert cli.main([*command, "10"]) == 2
