"""Refits of a part, filling of holes, more and less detail: judged by the pictures they make."""

import numpy as np
import pytest
from fitted_scene import CPU, HEIGHT, WIDTH, WIRE, distance, fitted, sky

from daub.codec.editing.colours import lightened as light_matrix
from daub.codec.editing.detail import HELD, held_detail, less_detail, less_important, more_detail, shifted_detail
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.filling import remove_and_fill
from daub.codec.editing.footprint import share_inside
from daub.codec.editing.inpainting import closed
from daub.codec.editing.laying import lay_over
from daub.codec.editing.placing import deleted
from daub.codec.editing.refit import RefitSettings, refit, support_of, within
from daub.codec.editing.repainting import recolour_region
from daub.codec.editing.selection import by_region
from daub.codec.editing.shapes import Rectangle, Stroke
from daub.codec.editing.smudge import smear
from daub.codec.editing.to_file import grid_for, plain_file
from daub.codec.progress import drive
from daub.codec.tuning import Tuning
from daub.render.gaussians import Gaussians

REGION = Rectangle(20, 20, 40, 30).region(WIDTH, HEIGHT)


def _picture(gaussians):
    return CPU.forward(gaussians, WIDTH, HEIGHT)


def _spoilt():
    """The scene with the colours inside the region off."""
    drawing = fitted()
    inside = within(drawing.gaussians, REGION, CPU)
    parameters = drawing.gaussians.parameters.copy()
    parameters[inside, 5:] *= 0.7
    parameters[inside, :2] += 0.4
    return Drawing(Gaussians(parameters), WIDTH, HEIGHT), inside


def test_a_refit_comes_back_to_the_source_inside_and_keeps_what_is_outside():
    drawing, free = _spoilt()
    records = []
    last = drive(refit(drawing, sky(True), REGION, free, CPU), records.append)
    before, after = drawing.rendered(CPU), _picture(last.gaussians)
    assert distance(after, sky(True), REGION) < 0.4 * distance(before, sky(True), REGION)
    assert distance(after, before, ~REGION) < 1.5
    held = ~free
    assert (
        last.gaussians.parameters[np.isin(last.origin, np.flatnonzero(held))] == drawing.gaussians.parameters[held]
    ).all()
    assert [record.step for record in records][-1] == records[0].steps == 80


def test_a_refit_says_who_is_who_and_births_stand_behind():
    drawing, free = _spoilt()
    last = drive(refit(drawing, sky(True), REGION, free, CPU, more=17))
    assert len(last.gaussians) == len(drawing) + 17
    old = last.origin >= 0
    assert (np.diff(last.origin[old]) > 0).all() and not old[-17:].any()
    # Those that are left from before stand near where they were.
    moved = np.abs(last.gaussians.mean[old] - drawing.gaussians.mean[last.origin[old]]).max(1)
    assert np.median(moved) < 1


def test_a_refit_without_births_is_never_worse():
    drawing = fitted()
    free = within(drawing.gaussians, REGION, CPU)
    last = drive(refit(drawing, sky(True), REGION, free, CPU, settings=RefitSettings(10, relocate=False)))
    assert distance(_picture(last.gaussians), sky(True)) <= distance(drawing.rendered(CPU), sky(True)) + 0.05
    assert (last.origin == np.arange(len(drawing))).all()


def test_a_refit_is_left_by_not_asking_on():
    drawing, free = _spoilt()
    records = refit(drawing, sky(True), REGION, free, CPU)
    first = next(records)
    records.close()
    assert len(first.gaussians) == len(drawing) and first.step == 1


def test_a_refit_of_nothing_changes_nothing():
    drawing = fitted()
    nothing = np.zeros(len(drawing), bool)
    last = drive(refit(drawing, sky(True), np.zeros((HEIGHT, WIDTH), bool), nothing, CPU))
    assert last.gaussians is drawing.gaussians


def test_births_alone_can_make_a_region():
    empty = Drawing(Gaussians.empty(0), WIDTH, HEIGHT)
    last = drive(refit(empty, sky(False), REGION, np.zeros(0, bool), CPU, more=20))
    assert len(last.gaussians) == 20 and (last.origin == -1).all()
    assert distance(_picture(last.gaussians), sky(False), REGION) < 25


@pytest.mark.parametrize(("place", "more", "born"), [((20, 20, 40, 30), 100, 100), ((20, 20, 20, 15), 400, 74)])
def test_births_stay_in_the_region_and_end_where_it_is_full(place, more, born):
    """Where the error had too few maxima they were strewn over everything that was worked on."""
    drawing, region = fitted(), Rectangle(*place).region(WIDTH, HEIGHT)
    free = within(drawing.gaussians, region, CPU)
    last = drive(refit(drawing, sky(True), region, free, CPU, more=more))
    newborn = Gaussians(last.gaussians.parameters[last.origin < 0])
    assert len(newborn) == len(last.gaussians) - len(drawing) == born
    assert by_region(newborn, region).all() and within(newborn, region, CPU).mean() > 0.95
    assert distance(_picture(last.gaussians), sky(True), region) < 0.5 * distance(
        drawing.rendered(CPU), sky(True), region
    )


def test_births_stay_where_something_is_filled_recoloured_or_laid():
    drawing, scene = fitted(), Rectangle(30, 22, 12, 9).region(WIDTH, HEIGHT)
    free = within(drawing.gaussians, scene, CPU, 0.35)
    changes = [
        remove_and_fill(drawing, scene, CPU, more=60, settings=RefitSettings(30)),
        recolour_region(drawing, scene, free, light_matrix(0.5), CPU, more=60, settings=RefitSettings(30)),
        smear(drawing, Stroke([(32, 26), (42, 26)], 5), CPU, more=60, settings=RefitSettings(30)),
        lay_over(drawing, Gaussians.empty(0), scene.astype(np.float32), lambda box: np.ones(3), CPU, more=60),
    ]
    for records in changes:
        last = drive(records)
        newborn = Gaussians(last.gaussians.parameters[last.origin < 0])
        far = np.abs(newborn.mean - [36, 26]).max(1)
        assert len(newborn) >= 20 and far.max() < 22


def test_sources_and_regions_of_another_size_are_refused():
    drawing = fitted()
    with pytest.raises(ValueError, match="source"):
        next(refit(drawing, sky(True)[:-1], REGION, np.ones(len(drawing), bool), CPU))
    with pytest.raises(ValueError, match="region"):
        next(remove_and_fill(drawing, REGION[:-1], CPU))


def test_a_selection_has_the_support_that_it_renders():
    drawing = fitted()
    selected = within(drawing.gaussians, REGION, CPU)
    alone = _picture(deleted(drawing.gaussians, ~selected))
    assert (support_of(drawing, selected, CPU) == (np.abs(alone).max(2) > 1 / 255)).mean() > 0.999


def test_shares_are_the_same_however_large_the_canvas_is():
    """Only what is around a region is looked at: of Gaussians that reach farther the integral is known."""
    rng = np.random.default_rng(0)
    deviation = np.concatenate([rng.uniform(0.5, 6, 60), [40, 80]])
    some = Gaussians.build(
        np.concatenate([rng.uniform(200, 260, (60, 2)), [[240, 240], [300, 200]]]),
        np.eye(2) * deviation[:, None, None] ** 2, np.ones((62, 3)),
    )  # fmt: skip
    region = np.zeros((600, 700), bool)
    region[220:240, 215:250] = True
    image = np.zeros((600, 700, 3), np.float32)
    image[..., 0], image[..., 1] = region, 1
    whole = CPU.backward(some, image)[:, 5:].astype(np.float64)
    np.testing.assert_allclose(share_inside(some, region, CPU), whole[:, 0] / whole[:, 1], atol=2e-3)
    assert not share_inside(some, np.zeros_like(region), CPU).any()


def test_shares_are_those_of_the_rendered_weights():
    one = Gaussians.build([[47.5, 30], [10, 10], [500, 3]], [np.eye(2) * 25] * 3, [[0.5] * 3] * 3)
    left = np.zeros((HEIGHT, WIDTH), bool)
    left[:, :48] = True
    np.testing.assert_allclose(share_inside(one, left, CPU), [0.5, 1, 0], atol=0.01)


def test_a_wire_is_removed_and_the_sky_closes_over_it():
    drawing = fitted()
    stroke = Stroke([(-5, WIRE + 0.5), (WIDTH + 5, WIRE + 0.5)], 2.5)
    region = stroke.region(WIDTH, HEIGHT)
    last = drive(remove_and_fill(drawing, region, CPU))
    before, after = drawing.rendered(CPU), _picture(last.gaussians)
    assert distance(before, sky(False), region) > 60
    assert distance(after, sky(False), region) < 6
    assert (after[region] > 0.3).all()  # no dark hole
    assert len(last.gaussians) <= len(drawing)
    assert distance(after, sky(False), ~region) < distance(before, sky(False), ~region) + 1


def test_locked_gaussians_stay_when_a_hole_is_filled():
    drawing = fitted()
    editable = np.arange(len(drawing)) % 2 == 0
    last = drive(remove_and_fill(drawing, REGION, CPU, editable, settings=RefitSettings(4)))
    locked = np.flatnonzero(~editable)
    at = np.flatnonzero(np.isin(last.origin, locked))
    assert len(at) == len(locked)
    assert (last.gaussians.parameters[at] == drawing.gaussians.parameters[locked]).all()


def test_large_holes_close_as_small_ones_do():
    y, x = np.mgrid[:300, :400] / 400
    ramp = np.stack([x, y, 1 - x], -1).astype(np.float32)
    hole = np.zeros((300, 400), bool)
    hole[50:250, 60:340] = True
    spoilt = np.where(hole[..., None], np.float32(9), ramp)
    assert abs(closed(spoilt, hole) - ramp).max() < 0.02
    everything = np.ones_like(hole)
    assert (closed(ramp, everything) == ramp).all()


def test_more_detail_comes_nearer_and_less_takes_the_least():
    drawing = fitted(count=60)
    before = distance(drawing.rendered(CPU), sky(True), REGION)
    more = drive(more_detail(drawing, sky(True), REGION, 20, CPU))
    assert len(more.gaussians) == len(drawing) + 20
    assert distance(_picture(more.gaussians), sky(True), REGION) < 0.8 * before
    less = drive(less_detail(Drawing(more.gaussians, WIDTH, HEIGHT), sky(True), REGION, 5, CPU))
    assert len(less.gaussians) == len(more.gaussians) - 5
    assert (
        distance(_picture(less.gaussians), sky(True), ~REGION)
        < 1.2 * distance(_picture(more.gaussians), sky(True), ~REGION) + 1
    )


def test_detail_is_shifted_at_a_held_number():
    drawing = fitted(count=60)

    def off(gaussians, region):
        return distance(_picture(gaussians), sky(True), region)

    here = np.zeros((HEIGHT, WIDTH), bool)
    here[WIRE - 5 : WIRE + 7] = True
    records = []
    more = drive(shifted_detail(drawing, sky(True), here, 8, CPU), records.append)
    assert len(more.gaussians) == 60 and (more.origin < 0).sum() >= 8
    assert off(more.gaussians, here) < off(drawing.gaussians, here)
    assert [r.step for r in records] == sorted(r.step for r in records) and records[-1].step == records[-1].steps
    less = drive(shifted_detail(drawing, sky(True), here, -8, CPU))
    assert len(less.gaussians) == 60 and off(less.gaussians, here) > off(more.gaussians, here)


@pytest.mark.parametrize("count", [60, -25])
def test_detail_is_shifted_at_a_held_size(count):
    """At a held number the file would be another in size by more than that."""
    drawing = fitted(count=160)
    grid = grid_for(drawing, quality=60)
    here = Rectangle(0, WIRE - 5, WIDTH, 12).region(WIDTH, HEIGHT)

    def size_of(some: Drawing) -> int:
        return len(plain_file(some, grid))

    settings, records = RefitSettings(20), []
    at_number = drive(shifted_detail(drawing, sky(True), here, count, CPU, None, settings))
    last = drive(held_detail(drawing, sky(True), here, count, CPU, size_of, None, settings), records.append)
    before = size_of(drawing)
    off, would_be = (abs(size_of(Drawing(each.gaussians, WIDTH, HEIGHT)) - before) for each in (last, at_number))
    assert off <= max(2 * HELD * before, 12) and off < would_be
    kept = last.origin[last.origin >= 0]
    assert len(np.unique(kept)) == len(kept) and len(last.origin) == len(last.gaussians)
    steps = [record.step for record in records]
    assert steps == sorted(steps)
    inside = [within(each.gaussians, here, CPU).sum() for each in (drawing, last)]
    assert (inside[1] > inside[0]) == (count > 0)


def test_a_refit_follows_what_a_file_is_tuned_for():
    drawing, free = _spoilt()
    plain, tuned = (
        drive(refit(drawing, sky(True), REGION, free, CPU, settings=RefitSettings(tune=tune))).gaussians
        for tune in (Tuning.PSNR, Tuning.BALANCED)
    )
    assert (plain.parameters != tuned.parameters).any()
    assert distance(_picture(tuned), sky(True), REGION) < 0.6 * distance(drawing.rendered(CPU), sky(True), REGION)


def test_what_matters_least_is_what_the_error_grows_least_without():
    drawing = fitted(count=60)
    everything = np.ones(len(drawing), bool)
    gone = less_important(drawing, sky(True), everything, 6, CPU)
    costs = []
    for i in range(len(drawing)):
        kept = np.arange(len(drawing)) != i
        residual = _picture(deleted(drawing.gaussians, ~kept)) - sky(True)
        costs.append(float((residual.astype(np.float64) ** 2).sum()))
    assert set(np.flatnonzero(gone)) <= set(np.argsort(costs)[:8])
    assert less_important(drawing, sky(True), everything, 999, CPU).all()
    assert not less_important(drawing, sky(True), everything, 0, CPU).any()
