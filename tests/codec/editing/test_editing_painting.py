"""Painting, smearing, blurring and recolouring of regions, against the same done to pixels."""

import numpy as np
import pytest
from fitted_scene import CPU, HEIGHT, WIDTH, WIRE, distance, fitted, sky

from daub.codec.editing import colours
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.painting import Brush, paint, painted
from daub.codec.editing.refit import RefitSettings, within
from daub.codec.editing.repainting import recolour_region, region_recoloured
from daub.codec.editing.shapes import Rectangle, Stroke
from daub.codec.editing.smearing import blurred, long_axis, smeared
from daub.codec.editing.smudge import smear, smeared_pixels
from daub.codec.progress import drive
from daub.render.gaussians import Gaussians

STROKE = Stroke([(15, 20), (50, 44), (80, 25)], 9)


def _picture(gaussians):
    return CPU.forward(gaussians, WIDTH, HEIGHT)


def test_paint_on_nothing_is_paint():
    nothing, brush = Drawing(Gaussians.empty(0), WIDTH, HEIGHT), Brush((0.9, 0.2, 0.1), 1.0, 1.0)
    for after in (painted(nothing, STROKE, brush, CPU), drive(paint(nothing, STROKE, brush, CPU))):
        picture = _picture(after.gaussians)
        assert np.abs(picture[43, 50] - (0.9, 0.2, 0.1)).max() < 0.1 and np.abs(picture[5, 70]).max() < 0.05
        assert (after.origin < 0).all() and len(after.origin) == len(after.gaussians) > 10


@pytest.mark.parametrize(("hardness", "opacity"), [(0, 1), (0.5, 1), (1, 1), (0.8, 0.4)])
def test_paint_is_what_a_brush_of_pixels_leaves(hardness, opacity):
    drawing, brush = fitted(), Brush((0.9, 0.2, 0.1), hardness, opacity)
    after = painted(drawing, STROKE, brush, CPU)
    before = drawing.rendered(CPU)
    coverage = brush.coverage(STROKE.distance_of_pixels(0, 0, WIDTH, HEIGHT), STROKE.radius)[..., None]
    wanted = before + coverage * (np.float32(brush.colour) - before)
    region = coverage[..., 0] > 0
    assert distance(_picture(after.gaussians), wanted, region) < 0.15 * distance(before, wanted, region)
    settled = drive(paint(drawing, STROKE, brush, CPU))
    assert distance(_picture(settled.gaussians), wanted) < distance(_picture(after.gaussians), wanted)
    assert distance(_picture(settled.gaussians), before, ~region) < 2
    for each in (after, settled):
        old = each.origin >= 0
        assert (np.diff(each.origin[old]) > 0).all() and not old[-1] and len(old) == len(each.gaussians)


def test_dots_and_thin_lines_leave_a_mark():
    for stroke in (Stroke([(40, 40)], 6), Stroke([(40, 40)], 1.2), Stroke([(10, 12), (80, 50)], 1.5)):
        after = painted(fitted(), stroke, Brush((1, 1, 1), 0.8), CPU)
        x, y = stroke.path.mean(0).astype(int)
        assert _picture(after.gaussians)[y, x].min() > 0.75


def test_paint_beside_the_canvas_and_of_no_opacity_changes_nothing():
    drawing = fitted()
    for stroke, brush in ((Stroke([(-50, -50)], 9), Brush((1, 0, 0))), (STROKE, Brush((1, 0, 0), opacity=0))):
        assert painted(drawing, stroke, brush, CPU).gaussians is drawing.gaussians
        assert drive(paint(drawing, stroke, brush, CPU)).gaussians is drawing.gaussians


def test_locked_gaussians_stay_under_paint():
    drawing = fitted()
    editable = np.zeros(len(drawing), bool)
    after = painted(drawing, STROKE, Brush((1, 0, 0)), CPU, editable)
    assert (after.gaussians.parameters[: len(drawing)] == drawing.gaussians.parameters).all()
    assert distance(_picture(after.gaussians), drawing.rendered(CPU), STROKE.region(WIDTH, HEIGHT)) > 20


def test_smeared_pixels_follow_the_brush():
    picture = np.zeros((HEIGHT, WIDTH, 1), np.float32)
    picture[:, :40] = 1
    after = smeared_pixels(picture, (0, 0, WIDTH, HEIGHT), Stroke([(35, 30), (60, 30)], 10), 1.0)[..., 0]
    assert after[30, 50] > 0.9 and after[10, 45] == 0 and after[30, 80] == 0
    assert (after[:15] == picture[:15, :, 0]).all()


def test_a_smear_looks_as_one_of_pixels():
    drawing = fitted()
    stroke = Stroke([(48, WIRE - 4), (48, WIRE + 14)], 8)
    before = drawing.rendered(CPU)
    wanted = smeared_pixels(before, (0, 0, WIDTH, HEIGHT), stroke, 0.8)
    last = drive(smear(drawing, stroke, CPU, 0.8, more=10))
    region = stroke.region(WIDTH, HEIGHT)
    assert distance(_picture(last.gaussians), wanted, region) < 0.5 * distance(before, wanted, region)
    assert distance(_picture(last.gaussians), before, ~region) < 3


def test_small_gaussians_go_along_and_large_ones_stay():
    covariance = [np.eye(2) * 0.5, np.eye(2) * 400]
    two = Gaussians.build([[10, 10], [10, 10]], covariance, [[0.3] * 3] * 2)
    after = smeared(two, Stroke([(10, 10), (22, 10)], 10), 1.0)
    assert after.mean[0, 0] > 20 and abs(after.mean[1, 0] - 10) < 0.1
    np.testing.assert_allclose(after.mean[:, 1], 10, atol=1e-4)
    unmoved = smeared(two, Stroke([(10, 10), (22, 10)], 10), 1.0, np.zeros(2, bool))
    assert (unmoved.parameters == two.parameters).all()


def test_a_blur_widens_and_keeps_the_light():
    rng = np.random.default_rng(0)
    factor = rng.normal(0, 2, (30, 2, 2))
    some = Gaussians.build(
        rng.uniform(30, 60, (30, 2)), factor @ factor.transpose(0, 2, 1) + 0.2 * np.eye(2), rng.uniform(-1, 1, (30, 3))
    )
    after = blurred(some, Stroke([(45, 45)], 400), 3.0)
    growth = np.linalg.eigvalsh(after.covariance - some.covariance)
    assert (growth > 8).all() and (growth < 9.1).all()
    integral = [g.colour * np.exp(g.log_scale.sum(1, keepdims=True)) for g in (some, after)]
    np.testing.assert_allclose(*integral, rtol=1e-3)
    assert (blurred(some, Stroke([(45, 45)], 400), 3.0, np.zeros(30, bool)).parameters == some.parameters).all()
    assert (blurred(some, Stroke([(900, 900)], 4), 3.0).parameters == some.parameters).all()
    np.testing.assert_allclose(long_axis(some), np.sqrt(np.linalg.eigvalsh(some.covariance)[:, 1]), rtol=1e-3)


def test_a_region_is_wholly_recoloured_and_nothing_beside_it():
    drawing = fitted()
    region = Rectangle(25, 5, 40, 50).region(WIDTH, HEIGHT)
    before = drawing.rendered(CPU)
    matrix = colours.towards(colours.mean_colour(before, region), np.array([0.8, 0.3, 0.2]))
    free = within(drawing.gaussians, region, CPU, 0.3)
    core, far = Rectangle(30, 10, 30, 40).region(WIDTH, HEIGHT), ~Rectangle(18, 0, 54, 64).region(WIDTH, HEIGHT)
    wanted = before @ matrix.T.astype(np.float32)

    def off(gaussians):
        return distance(_picture(gaussians), wanted, core), distance(_picture(gaussians), before, far)

    plainly = off(colours.recoloured(drawing.gaussians, free, matrix))
    at_once = off(region_recoloured(drawing, region, free, matrix, CPU))
    fitted_to_it = off(drive(recolour_region(drawing, region, free, matrix, CPU, more=20)).gaussians)
    assert sum(fitted_to_it) < sum(at_once) < sum(plainly)
    assert fitted_to_it[0] < 8 and fitted_to_it[1] < 5


def test_edits_repeat_to_the_bit():
    one, two = (drive(smear(fitted(), STROKE, CPU, settings=RefitSettings(3))).gaussians for _ in range(2))
    assert (one.parameters == two.parameters).all()
    drawing = Drawing(one, WIDTH, HEIGHT)
    first, second = (painted(drawing, STROKE, Brush((0, 1, 0)), CPU).gaussians for _ in range(2))
    assert (first.parameters == second.parameters).all()
    assert sky(True).shape == (HEIGHT, WIDTH, 3)
