"""A map that is painted: what the fit gets of it, and how strokes are taken back."""

from __future__ import annotations

import numpy as np
import pytest

from daub.app.model.picture.brush import Brush, Effect
from daub.app.model.picture.canvas import Canvas, Patch

BRUSH = Brush(diameter=60)


@pytest.fixture
def canvas() -> Canvas:
    return Canvas(700, 300)


def test_a_canvas_that_nobody_has_painted_is_nothing(canvas):
    assert canvas.importance.is_neutral and canvas.is_blank and canvas.digest == b""
    assert canvas.size == (700, 300) and canvas.values.base.nbytes == 1


def test_the_fit_gets_a_stroke_when_it_is_published_or_done(canvas):
    before = canvas.importance.values
    canvas.begin(BRUSH, 100, 100)
    assert canvas.values.max() == 255 and canvas.importance.values is before
    canvas.publish()
    assert (canvas.importance.values == canvas.values).all() and canvas.importance.values is not canvas.values
    canvas.extend(300, 100)
    patch = canvas.end()
    assert canvas.importance.values[100, 290] == 128
    canvas.apply(patch.after)
    assert canvas.importance.values[100, 290] == 255 and not canvas.is_blank and not canvas.is_painting


def test_strokes_are_taken_back_and_done_again_exactly(canvas):
    states, patches = [canvas.values.copy()], []
    for effect, place in ((Effect.MORE, (350, 150)), (Effect.LESS, (380, 170)), (Effect.ERASE, (360, 160))):
        canvas.begin(Brush(effect, 90, 0.7), *place)
        canvas.extend(place[0] + 150, place[1])
        patches.append(canvas.end())
        canvas.apply(patches[-1].after)
        states.append(canvas.values.copy())
    digests = {canvas.digest}
    for patch, state in zip(patches[::-1], states[-2::-1], strict=True):
        canvas.apply(patch.before)
        assert (canvas.values == state).all() and (canvas.importance.values == state).all()
        digests.add(canvas.digest)
    assert len(digests) == 4 and canvas.digest == b"" and canvas.is_blank
    for patch, state in zip(patches, states[1:], strict=True):
        canvas.apply(patch.after)
        assert (canvas.values == state).all()


def test_an_abandoned_stroke_has_never_been(canvas):
    canvas.begin(BRUSH, 100, 100)
    canvas.apply(canvas.end().after)
    before, digest = canvas.values.copy(), canvas.digest
    canvas.begin(Brush(Effect.LESS, 200), 150, 100)
    canvas.publish()
    canvas.abandon()
    assert (canvas.values == before).all() and canvas.digest == digest and not canvas.is_painting
    canvas.abandon()
    assert canvas.digest == digest


def test_a_patch_holds_little_of_a_large_map():
    canvas = Canvas(6000, 4000)
    canvas.begin(Brush(diameter=100), 500, 500)
    canvas.extend(3500, 3500)
    patch = canvas.end()
    assert len(patch.after) < 60 and sum(map(len, (*patch.before.values(), *patch.after.values()))) < 100_000


def test_a_patch_to_another_map_and_none_to_the_same(canvas):
    values = np.random.default_rng(1).integers(0, 256, (300, 700), np.uint8)
    patch = canvas.patch_to(values)
    canvas.apply(patch.after)
    assert (canvas.importance.values == values).all() and not canvas.patch_to(values)
    canvas.apply(patch.before)
    assert canvas.is_blank and not Patch.between(values, values, canvas.whole)
