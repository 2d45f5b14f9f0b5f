"""`bench prior` on rows whose answers are known, and on a tiny image with a made-up network."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from PIL import Image
from restoration_networks import add_network, network_file

from daub.app.bench import prior, prior_report
from daub.app.cli import main as cli
from daub.codec.evaluation import rd_table
from daub.codec.evaluation.rd_table import RdRow
from daub.codec.restoration import weights

SIZES = 1000, 2000, 4000


def rows_of(part: str, bytes_more: int, better: float, image: str = "a.png") -> list[RdRow]:
    """Three rates, 3 dB for each doubling of the bytes that the plain files have."""
    return [
        RdRow(f"native, {part}", image, size, size + bytes_more, (size + bytes_more) / 1e4,
              26 + 3 * math.log2(size / 1000) + better, 0.8 + 0.05 * math.log2(size / 1000), 1.0, 0.1)
        for size in SIZES
    ]  # fmt: skip


def test_a_gain_is_against_plain_files_of_as_many_bytes():
    plain = rows_of("plain", 0, 0)
    for row in plain:
        assert prior.gain_at_equal_bytes(row, plain) == pytest.approx(0)
    # 1 dB better, and as many bytes as 3 dB better take.
    assert prior.gain_at_equal_bytes(rows_of("x", 1000, 1)[0], plain) == pytest.approx(-2)
    assert prior.gain_at_equal_bytes(rows_of("x", 4000, 1)[2], plain) == pytest.approx(-2)
    assert prior.gain_at_equal_bytes(rows_of("x", -500, 0)[0], plain) == pytest.approx(3)
    assert prior.gain_at_equal_bytes(plain[0], plain[:1]) is None


def test_the_report_sets_each_part_against_the_plain_files_of_its_profile():
    rows = [*rows_of("plain", 0, 0), *rows_of("network", 0, 0.3)]
    rows += [*rows_of("plain", 0, 0, "b.png"), *rows_of("network", 0, 0.5, "b.png")]
    done = prior_report.prior_json(rows)
    plain, network = done["parts"]
    assert (plain["part"], network["part"]) == ("native, plain", "native, network")
    assert plain["bd_rate_per_image"]["psnr"] == pytest.approx(0)
    expected = 100 * np.mean([2 ** (-0.1) - 1, 2 ** (-0.5 / 3) - 1])
    assert network["bd_rate_per_image"]["psnr"] == pytest.approx(expected, abs=0.3)
    assert [point["decibels_at_equal_bytes"] for point in network["curve"]] == pytest.approx([0.4] * 3)
    text = prior_report.prior_text(rows)
    assert "+0.400" in text and "Mean of 2 images" in text and "native, plain" not in text.split("BD-rate against")[1]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A picture of 72x64 pixels, and a small network at hand."""
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    weights._files_in.cache_clear()
    add_network(tmp_path, network_file(size=0.1))
    photos = tmp_path / "photos"
    photos.mkdir()
    coarse = np.random.default_rng(1).integers(0, 256, (7, 8, 3)).astype(np.uint8)
    Image.fromarray(coarse).resize((72, 64), Image.Resampling.BICUBIC).save(photos / "a.png")
    yield tmp_path
    weights._files_in.cache_clear()


def test_all_parts_are_measured_of_native_files_and_of_a_method(folder, capsys):
    command = ["bench", "prior", "--images", str(folder / "photos"), "--effort", "0", "--steps", "20", "--refine", "2"]
    command += ["--gaussians", "1500", "6000", "--profiles", "native", "gaussianimage-cholesky"]
    command += ["--csv", f"{folder}/prior.csv"]
    assert cli.main([*command, "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    profiles = "native", "gaussianimage-cholesky"
    parts = ["plain", "residual", "network", "both", "both, refined", "kept"]
    expected = [f"{name}, {part}" for name in profiles for part in parts]
    expected.insert(len(parts), "native, foreseen")  # which a method is not fitted with
    assert [one["part"] for one in done["parts"]] == expected
    assert done["network"] == f"{weights.newest():08x}"
    rows = rd_table.read_csv(f"{folder}/prior.csv")
    assert len(rows) == 2 * len(expected)
    for setting in (1500, 6000):
        for profile in profiles:
            of = {row.codec.removeprefix(f"{profile}, "): row for row in rows
                  if row.setting == setting and row.codec.startswith(f"{profile}, ")}  # fmt: skip
            for part in ("residual", "network", "both", "kept"):
                assert of[part].bytes >= of["plain"].bytes and of[part].psnr >= of["plain"].psnr
            # A layer is in the file that is measured, or the picture is the plain one.
            for part in ("residual", "both"):
                assert (of[part].bytes > of["plain"].bytes) == (of[part].psnr != of["plain"].psnr)
            assert of["both, refined"].bytes == of["both"].bytes


def test_a_folder_without_images_and_a_format_that_lacks_a_profile_are_refused(folder, capsys):
    assert cli.main(["bench", "prior", "--images", str(folder)]) == 1
    assert "there are no images in it" in capsys.readouterr().err
    assert cli.main(["bench", "prior", "--profiles", "nonsense"]) == 1
    assert "nonsense" in capsys.readouterr().err
