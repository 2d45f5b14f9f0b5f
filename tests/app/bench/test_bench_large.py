"""`bench large`, on an image that is not."""

from __future__ import annotations

import json
import sys

import pytest
from PIL import Image

from daub.app.bench import large
from daub.app.cli import main as cli
from daub.codec.errors import DaubError


def test_it_measures_each_image_at_each_size(tmp_path, capsys):
    Image.linear_gradient("L").resize((60, 40)).convert("RGB").save(tmp_path / "a.png")
    command = ["bench", "large", "--images", str(tmp_path), "--effort", "0", "--device", "cpu", "--threads", "1"]
    assert cli.main([*command, "--megapixels", "0.006", "0.0015", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert [(row["image"], row["width"], row["height"]) for row in done["images"]] == [
        ("a.png", 95, 63),
        ("a.png", 47, 32),
    ]
    assert done["settings"]["effort"] == 0 and done["settings"]["goal"] == {"quality": 50}
    for row in done["images"]:
        assert row["encode_seconds"] > row["decode_seconds"] > 0 and row["png_seconds"] > row["decode_seconds"]
        assert row["psnr"] > 20 and row["gaussians"] >= 1
        if sys.platform == "linux":
            assert 40 < row["decode_mb"] < 2000 and 40 < row["encode_mb"] < 2000
        assert 0 < row["encode_silence"] < row["encode_seconds"] and 0 < row["decode_silence"] < row["png_seconds"]
    text = large.large_text(done)
    assert "95x63" in text and "for a megapixel" in text and "silence" in text


def test_a_command_that_fails_says_why(tmp_path):
    with pytest.raises(DaubError, match=r"cannot decode 12 megapixels, .*no such file"):
        large._command("decode", 12, tmp_path / "nothing.daub", tmp_path / "out.png")
