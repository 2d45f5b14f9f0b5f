"""A photo and its file, for all tests of commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import ROOT, daub
from PIL import Image


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """photo.png (72x48, a part of the bundled photo), photo.daub, encoded.json."""
    folder = tmp_path_factory.mktemp("cli")
    with Image.open(ROOT / "resources" / "sample.png") as sample:
        sample.convert("RGB").crop((330, 180, 402, 228)).save(folder / "photo.png")
    run = daub("encode", folder / "photo.png", folder / "photo.daub", "--gaussians", 150, "--steps", 40, "--json")
    assert run.returncode == 0 and run.stderr == "", run.stderr
    (folder / "encoded.json").write_text(run.stdout)
    return folder
