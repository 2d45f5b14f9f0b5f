"""Pictures of a scene on their thread: the newest counts, coarse while it moves, and whole once it rests."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from random_splats import scene

from daub.app.model.scene import frames as of_frames
from daub.app.model.scene.frames import Frames, Shot
from daub.app.model.scene.version import ORIGINAL, Version
from daub.app.model.scene.viewpoint import Viewpoint
from daub.render.eight_bit import to_8bit
from daub.render.splats.cpu.scene import CpuScene

START = Viewpoint.looking((0, -0.5, -3), (0, 0, 0))
SIZE = 120, 90


class Watched(CpuScene):
    """Counts its pictures, and takes its time for them."""

    def __init__(self, splats, seconds: float = 0.0):
        super().__init__(splats)
        self.seconds, self.sizes = seconds, []

    def seen(self, camera):
        self.sizes.append((camera.width, camera.height))
        view = super().seen(camera)
        image = view.image

        def slowly(background=(0, 0, 0)):
            time.sleep(self.seconds * camera.width * camera.height / (SIZE[0] * SIZE[1]))
            return image(background)

        view.image = slowly
        return view


class Bench:
    def __init__(self, stand_in=lambda _: None):
        self.told, self.failures, self.changed = [], [], threading.Condition()
        self.frames = Frames(self.post, self.told.append, self.failures.append, stand_in)

    def post(self, function):
        with self.changed:
            function()
            self.changed.notify_all()

    def close(self):
        self.frames.close()
        self.frames._thread.join(5)
        assert not self.frames._thread.is_alive()

    def until(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, timeout=120), self.told


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.close()


def version(key: str = ORIGINAL, seed: int = 0, seconds: float = 0.0) -> Version:
    return Version(key, key, "PLY", 1000, 0, Watched(scene(seed), seconds))


def test_a_whole_picture_is_that_of_the_renderer_and_others_are_measured(bench):
    original, other = version(), version("other", seed=1)
    shot = Shot(START, *SIZE, {"a": original, "b": other}, original, shows_gaussians="b")
    bench.frames.want(shot)
    bench.until(lambda: bench.told and bench.told[-1].psnr)
    frame = bench.told[-1]
    wanted = {side: to_8bit(each.drawn.seen(START.camera(*SIZE)).image()) for side, each in shot.versions.items()}
    assert all((frame.pixels[side] == wanted[side]).all() for side in "ab") and frame.coarseness == 1
    error = np.mean((wanted["a"] / 255.0 - wanted["b"] / 255.0) ** 2)
    assert list(frame.psnr) == ["b"] and frame.psnr["b"] == pytest.approx(-10 * np.log10(error), abs=1e-4)
    # The Gaussians lie where the picture has them, in the convention of 2D ones.
    u, v, depth = START.camera(*SIZE).project(other.drawn.means).T
    inside = (depth > 0.01) & (u >= 0) & (u < SIZE[0]) & (v >= 0) & (v < SIZE[1])
    places = {tuple(np.round(place, 2)) for place in np.stack([u, v], 1)[inside] - 0.5}
    found = frame.gaussians.mean
    assert len(found) > 20 and len(found) <= inside.sum()
    assert all(min(np.hypot(x - a, y - b) for a, b in places) < 0.02 for x, y in found)
    assert np.isfinite(frame.gaussians.parameters).all()


def test_one_side_is_measured_against_an_original_that_is_on_none(bench):
    original, other = version(), version("other", seed=1)
    bench.frames.want(Shot(START, *SIZE, {"b": other}, original))
    bench.until(lambda: bench.told and bench.told[-1].psnr)
    assert original.drawn.sizes == [SIZE] and 0 < bench.told[-1].psnr["b"] < 60


def test_what_moves_is_drawn_coarser_than_what_takes_long_and_whole_once_it_rests(bench):
    slow = version(seconds=4 * of_frames.MOVING)
    bench.frames.want(Shot(START, *SIZE, {"b": slow}, slow))
    bench.until(lambda: bench.told)
    viewpoint = START
    for _ in range(4):
        viewpoint, before = viewpoint.orbited(0.1, 0), len(bench.told)
        bench.frames.want(Shot(viewpoint, *SIZE, {"b": slow}, slow, moves=True))
        bench.until(lambda before=before: len(bench.told) > before)
    last = bench.told[-1]
    assert last.coarseness > 1.5 and last.pixels["b"].shape == (SIZE[1], SIZE[0], 3)
    bench.until(lambda: bench.told[-1].coarseness == 1)
    assert bench.told[-1].shot.viewpoint is viewpoint and slow.drawn.sizes[-1] == SIZE


def test_of_many_only_the_newest_is_drawn(bench):
    slow = version(seconds=0.1)
    for _ in range(30):
        shot = Shot(START.orbited(0.1, 0), *SIZE, {"b": slow}, slow)
        bench.frames.want(shot)
    bench.until(lambda: bench.told and bench.told[-1].shot is shot)
    assert len(slow.drawn.sizes) <= 3


def test_a_side_that_nobody_looks_at_waits_until_nothing_moves(bench):
    original, other = version(), version("other", seed=1)
    bench.frames.want(Shot(START, *SIZE, {"a": original, "b": other}, original, ("b",), moves=True))
    bench.until(lambda: bench.told and bench.told[-1].psnr)
    assert [sorted(frame.pixels) for frame in bench.told[:2]] == [["b"], ["a", "b"]]


def test_what_cannot_be_drawn_is_told_and_the_next_is_drawn(bench):
    original = version()
    bench.frames.want(Shot(START, 1_000_000, 4, {"b": original}, original))
    bench.until(lambda: bench.failures)
    bench.frames.want(Shot(START, *SIZE, {"b": original}, original))
    bench.until(lambda: bench.told)


def test_a_picture_that_cannot_be_measured_is_told_and_the_next_is_drawn(bench, monkeypatch):
    original, other = version(), version("other", seed=1)
    shot = Shot(START, *SIZE, {"a": original, "b": other}, original)

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(of_frames, "_psnr", fail)
    bench.frames.want(shot)
    bench.until(lambda: bench.failures)
    assert "memory" in bench.failures[0].line and bench.told[-1].shot is shot
    monkeypatch.undo()
    bench.frames.want(shot)
    bench.until(lambda: bench.told[-1].psnr)


def test_a_hand_that_moves_on_does_not_wait_for_all_sides_of_a_whole_picture(bench):
    a, b = version(), version("other", seed=1)
    begun, moved_on = threading.Event(), threading.Event()
    seen = a.drawn.seen

    def held(camera):
        begun.set()
        assert moved_on.wait(120)
        return seen(camera)

    a.drawn.seen = held
    whole = Shot(START, *SIZE, {"a": a, "b": b}, a)
    bench.frames.want(whole)
    assert begun.wait(120)
    moving = Shot(START.orbited(0.1, 0), *SIZE, {"a": a, "b": b}, a, moves=True)
    bench.frames.want(moving)
    moved_on.set()
    bench.until(lambda: bench.told and bench.told[0].shot is moving)
    bench.until(lambda: bench.told[-1].psnr)
    assert len(b.drawn.sizes) == 2  # while it moved, and whole once it rested


def test_a_stand_in_is_drawn_while_something_moves_where_the_whole_takes_too_long():
    slow, quick = version(seconds=2 * of_frames.MOVING), version("quick")
    stand_in = Watched(scene(0, 12))
    bench = Bench({slow: stand_in, quick: stand_in}.get)

    def told(viewpoint, drawn, moves):
        before = len(bench.told)
        bench.frames.want(Shot(viewpoint, *SIZE, {"b": drawn}, drawn, moves=moves))
        bench.until(lambda: len(bench.told) > before)
        return bench.told[before]

    try:
        assert not told(START, slow, False).stands_in and not stand_in.sizes
        moved = told(START.orbited(0.1, 0), slow, True)
        expected = stand_in.seen(START.orbited(0.1, 0).camera(*SIZE)).image()
        assert moved.stands_in and moved.coarseness == 1 and (moved.pixels["b"] == to_8bit(expected)).all()
        bench.until(lambda: not bench.told[-1].shot.moves)  # it rests, and is drawn whole
        assert not bench.told[-1].stands_in and slow.drawn.sizes[-1] == SIZE
        told(START, quick, False)
        assert not told(START.orbited(0.1, 0), quick, True).stands_in
    finally:
        bench.close()
