"""The line that makes a file again: its words, its quotes, and where there is none."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from daub.app.cli.main import _parser
from daub.app.model.fit.state import FitState, Phase
from daub.app.model.output.command_line import decode_command, encode_command, unlike
from daub.app.model.picture.origin import FileOrigin, PixelOrigin
from daub.app.model.picture.picture import PictureKey
from daub.app.model.workspace.result import FileFacts, Result
from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.codec.settings import EncodeSettings

PATH = Path('/pictures/it\'s $HOME "here"/photo é.v2.png')


def result(settings: EncodeSettings | None = None, background=None, **state) -> Result:
    key = PictureKey(FileOrigin(PATH), (1, 2), background)
    state = FitState(1, Phase.FINISHED, whole=True, **state)
    return Result(key, settings or EncodeSettings(), None, state, FileFacts(100, 30.0, 12, 8))


def parsed(line: str):
    """What the command line makes of it."""
    words = shlex.split(line)
    assert words[0] == "daub"
    return _parser().parse_args(words[1:])


def test_the_usual_settings_are_short():
    words = shlex.split(encode_command(result()))
    assert words == ["daub", "encode", str(PATH), str(PATH.with_suffix(".daub")), "--quality", "50"]


@pytest.mark.parametrize(
    "goal",
    [Goal("quality", 62.5), Goal("gaussians", 1234), Goal("bytes", 9999), Goal("bpp", 0.123), Goal("ms-ssim", 0.97)],
)
def test_what_was_asked_for_comes_back(goal):
    settings = EncodeSettings(
        goal, 2, 77, 123456789012, "gaussianimage-rs", (("filter", "none"),), tune="ms-ssim", restore=True
    )
    found = parsed(encode_command(result(settings, background=(0.0, 136 / 255, 1.0)), "cpu"))
    assert getattr(found, goal.kind.keyword) == goal.value
    assert (found.effort, found.steps, found.seed, found.profile) == (2, 77, 123456789012, "gaussianimage-rs")
    assert found.part == [("filter", "none")] and found.tune == settings.tune and found.restore
    assert found.background == "#0088ff" and found.device == "cpu"


def test_a_map_is_looked_for_beside_the_picture():
    found = parsed(encode_command(result(map_digest=b"x")))
    assert found.importance == str(PATH.with_name("photo é.v2-importance.png"))


def test_where_no_command_makes_the_file_it_is_said():
    pasted = replace(result(), picture=PictureKey(PixelOrigin(np.zeros((1, 1, 4), np.uint8)), (0, 0), None))
    with pytest.raises(DaubError, match="in no file"):
        encode_command(pasted)


def test_where_it_makes_another_file_it_is_said_what_is_otherwise():
    assert unlike(result()) == ""
    stopped = replace(result(), state=replace(result().state, whole=False))
    branched = replace(result(), origin="step 20 of another")
    assert "stopped before the end" in unlike(stopped)
    assert "its fit went on from step 20 of another," in unlike(branched)
    assert encode_command(stopped) == encode_command(branched) == encode_command(result())


def test_a_file_is_decoded_beside_it():
    found = parsed(decode_command(PATH.with_suffix(".daub")))
    assert (Path(found.file), Path(found.image)) == (PATH.with_suffix(".daub"), PATH.with_suffix(".png"))
