import numpy as np
import pytest
from fitted_scene import CPU, HEIGHT, WIDTH, distance, fitted, sky

from daub.codec.editing.drawing import Drawing
from daub.codec.editing.footprint import dilated
from daub.codec.editing.pasting import cut_out, paste_over
from daub.codec.editing.shapes import Rectangle
from daub.codec.editing.transforms import Affine
from daub.codec.progress import drive
from daub.render.gaussians import Gaussians


def _thing():
    """An orange square on black, 40x40 pixels."""
    y, x = np.mgrid[12:29:2, 12:29:2].reshape(2, -1)
    return Drawing(
        Gaussians.build(np.stack([x, y], 1), [np.eye(2) * 2.5] * len(x), [[0.22, 0.11, 0.03]] * len(x)), 40, 40
    )


@pytest.mark.parametrize("degrees", [0, 30])
def test_a_thing_covers_the_ground(degrees):
    ground, thing = fitted(), _thing()
    region = Rectangle(13, 13, 15, 15).region(40, 40)
    place = Affine.rotation(degrees, (20, 20)).then(Affine.translation(30, 12))
    last = drive(paste_over(ground, thing, region, place, CPU))
    after = CPU.forward(last.gaussians, WIDTH, HEIGHT)
    expected = CPU.forward(place.of(thing.gaussians), WIDTH, HEIGHT)
    core = Rectangle(46, 28, 9, 9).region(WIDTH, HEIGHT)
    assert distance(after, expected, core) < 8 < distance(ground.rendered(CPU), expected, core)
    far = ~dilated(core, 14)
    assert distance(after, ground.rendered(CPU), far) < 2.5
    assert distance(ground.rendered(CPU), sky(True)) < 6  # the ground itself stays as it was
    assert (last.origin < 0).sum() > 20


def test_a_thing_placed_beside_the_canvas_changes_nothing():
    ground = fitted()
    region = Rectangle(13, 13, 15, 15).region(40, 40)
    last = drive(paste_over(ground, _thing(), region, Affine.translation(500, 0), CPU))
    assert last.gaussians is ground.gaussians


def test_of_what_is_cut_out_only_the_thing_itself_is_pasted():
    thing = _thing()
    wide = Gaussians.build([[20, 20]], [np.eye(2) * 900], [[0.2, 0.2, 0.2]])  # the ground that it stood on
    picture = Drawing(Gaussians.concatenate(thing.gaussians, wide), 400, 300)
    cut = cut_out(picture, Rectangle(13, 13, 15, 15).region(400, 300))
    assert cut.corner == (0, 0) and cut.drawing.size == (92, 92) and cut.middle == (20.0, 20.0)
    ground = fitted()
    last = drive(paste_over(ground, cut.drawing, cut.region, Affine.translation(30, 12), CPU))
    new = Gaussians(last.gaussians.parameters[last.origin < 0])
    assert len(new) > 20 and np.exp(new.log_scale.astype(float).mean(1)).max() < 8
    at = np.clip(CPU.forward(last.gaussians, WIDTH, HEIGHT)[32, 50], 0, 1)
    assert np.abs(at - picture.rendered(CPU)[20, 20]).max() < 0.08  # which is seen all the same


def test_an_empty_region_pastes_nothing():
    ground = fitted()
    last = drive(paste_over(ground, _thing(), np.zeros((40, 40), bool), Affine.translation(3, 0), CPU))
    assert last.gaussians is ground.gaussians


def test_dilation_goes_so_far_and_no_farther():
    region = np.zeros((20, 30), bool)
    region[10, 15] = True
    y, x = np.mgrid[:20, :30]
    assert (dilated(region, 3) == (abs(y - 10) + abs(x - 15) <= 3)).all()
    assert (dilated(region, 0) == region).all() and not dilated(np.zeros_like(region), 5).any()
