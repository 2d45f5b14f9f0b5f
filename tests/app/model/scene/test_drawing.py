"""What draws a scene: something of a graphics card, until it fails."""

from __future__ import annotations

import numpy as np
from random_splats import camera, scene

from daub.app.model.scene.drawing import Drawing
from daub.render.eight_bit import to_8bit
from daub.render.splats.cpu.scene import CpuScene


class Card:
    """Draws as the processor does, but a grey level brighter, and may break."""

    def __init__(self, works: bool = True):
        self.works, self.calls, self.closed = works, 0, 0

    def image(self, scene, camera, order):
        self.calls += 1
        if not self.works:
            raise RuntimeError("it has\n  fallen off the bus")
        assert sorted(order.tolist()) == np.flatnonzero(scene.seen(camera).depth > 0).tolist()
        return np.minimum(to_8bit(scene.seen(camera).image()), 254) + np.uint8(1)

    def close(self):
        self.closed += 1


def around(seed: int) -> CpuScene:
    """All of it is in the picture, so that what is in front of the camera is what is seen."""
    splats = scene(seed, 40)
    splats.means[:] *= 0.1
    splats.logits[:] = 2
    return CpuScene(splats)


def test_a_card_draws_until_it_is_taken_away():
    told = []
    drawing, card, kept = Drawing(told.append), Card(), around(0)
    wanted = to_8bit(kept.seen(camera()).image())
    assert np.array_equal(drawing.image(kept, camera()).pixels, wanted)
    drawing.use(card)
    assert drawing.is_of_a_card
    found = drawing.image(kept, camera())
    assert found.view is None and np.array_equal(found.pixels, np.minimum(wanted, 254) + 1)
    drawing.use(None)
    assert np.array_equal(drawing.image(kept, camera()).pixels, wanted) and card.closed == 1
    assert not told and not drawing.is_of_a_card


def test_one_that_breaks_is_told_of_once_and_let_go_of():
    told = []
    drawing, card, kept = Drawing(told.append), Card(works=False), around(1)
    drawing.use(card)
    for _ in range(3):
        found = drawing.image(kept, camera())
        assert np.array_equal(found.pixels, to_8bit(kept.seen(camera()).image()))
    assert told == ["The processor draws scenes, as OpenGL cannot: it has fallen off the bus"]
    assert (card.calls, card.closed) == (1, 1)
    other = Card()
    drawing.use(other)  # after another context was made
    assert drawing.image(kept, camera()).view is None
    drawing.close()
    assert other.closed == 1 and not drawing.is_of_a_card
