"""What is drawn for a scene of very many Gaussians while it moves."""

from __future__ import annotations

import numpy as np
import pytest
from later import Later
from random_splats import camera, scene

from daub.app.model.scene import stand_ins as of_stand_ins
from daub.app.model.scene.stand_ins import StandIns
from daub.app.model.scene.version import Version
from daub.codec.evaluation.metrics import psnr
from daub.codec.scenes.fewer import fewer
from daub.codec.scenes.importance import most_important
from daub.render.splats.cpu.scene import CpuScene, render


@pytest.fixture
def beside(monkeypatch):
    monkeypatch.setattr(of_stand_ins, "MANY", 100)
    return Later()


def version(key: str, count: int) -> Version:
    return Version(key, key, "PLY", 1000, 0, CpuScene(scene(1, count)))


def test_large_versions_get_one_of_a_quarter_of_their_gaussians_one_after_another(beside):
    small, first, second = version("small", 100), version("first", 200), version("second", 400)
    stand_ins = StandIns(beside)
    stand_ins.follow((small, first, second), ())
    assert len(beside.asked) == 1 and stand_ins.of(first) is None
    beside.go()
    assert len(stand_ins.of(first)) == 50 and len(beside.asked) == 1
    beside.go()
    assert len(stand_ins.of(second)) == 100 and not beside.asked
    assert stand_ins.of(small) is None
    stand_ins.follow((small, second), ())
    assert stand_ins.of(first) is None and stand_ins.of(second) is not None and not beside.asked


def test_what_is_closed_meanwhile_is_let_go_of_and_what_fails_is_not_tried_for_ever(beside, monkeypatch):
    first, second = version("first", 200), version("second", 400)
    stand_ins = StandIns(beside)
    stand_ins.follow((first,), ())
    stand_ins.follow((second,), ())  # another scene was opened
    beside.go()
    assert stand_ins.of(first) is None and len(beside.asked) == 1
    monkeypatch.setattr(of_stand_ins, "_made", None)
    works = beside.asked[0]
    beside.asked[0] = (lambda: 1 / 0, *works[1:])
    beside.go()
    assert stand_ins.of(second) is None and not beside.asked
    stand_ins.follow((second,), ())
    assert not beside.asked


def test_fewer_gaussians_look_more_like_the_scene_than_its_most_important_ones():
    """Of large scans that is 8 dB at a quarter; these few lie apart, and have less to be merged into."""
    whole, views = scene(3, 400), [camera(turn=turn) for turn in (0.0, 1.5, 3.0)]
    few, left = fewer(whole, 100, views), most_important(whole, 100)
    assert len(few) == 100 and fewer(whole, 400, views) is whole
    seen = [np.clip(render(each, camera(turn=0.7)), 0, 1) for each in (whole, few, left)]
    assert psnr(seen[0], seen[1]) > psnr(seen[0], seen[2]) + 1
