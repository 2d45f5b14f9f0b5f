import numpy as np
from fitted_scene import CPU, distance, fitted

from daub.codec.editing import canvas
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.inside import beside, brought_in
from daub.codec.editing.symbols_kept import symbols_of
from daub.codec.editing.to_file import grid_for
from daub.codec.progress import drive
from daub.codec.symbols import dequantise
from daub.render.gaussians import Gaussians
from daub.render.strips import Region


def test_a_crop_looks_the_same_when_all_centres_are_on_it():
    drawing, _ = canvas.cropped(fitted(count=200), Region(13, 7, 61, 45))
    assert beside(drawing).any()
    last = drive(brought_in(drawing, CPU))
    after = Drawing(last.gaussians, *drawing.size)
    assert not beside(after).any() and len(after) == len(drawing)
    assert distance(after.rendered(CPU), drawing.rendered(CPU)) < 1
    gaussians = drawing.gaussians
    middle = (np.abs(gaussians.mean - [30, 22]).max(1) < 12) & (gaussians.covariance[:, [0, 1], [0, 1]] < 64).all(1)
    assert middle.any()
    assert (last.gaussians.parameters[middle] == drawing.gaussians.parameters[middle]).all()


def test_without_that_rounding_would_move_them():
    """What `brought_in` is for: a grid has no cells beside the canvas."""
    drawing, _ = canvas.cropped(fitted(), Region(13, 7, 61, 45))
    grid = grid_for(drawing, quality=90)
    rounded = dequantise(symbols_of(drawing.gaussians, grid)[0], grid)
    assert distance(CPU.forward(rounded, *drawing.size), drawing.rendered(CPU)) > 5


def test_where_none_is_beside_nothing_changes():
    one = Drawing(Gaussians.build([[8, 8]], [np.eye(2) * 4], [[0.5, 0.4, 0.3]]), 16, 16)
    assert (drive(brought_in(one, CPU)).gaussians.parameters == one.gaussians.parameters).all()
