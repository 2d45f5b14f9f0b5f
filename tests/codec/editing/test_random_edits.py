"""Whatever is done one after another, Gaussians stay such as can be rendered and written."""

import numpy as np
from fitted_scene import CPU, fitted
from hypothesis import example, given, settings
from hypothesis import strategies as st
from property_tests import examples

from daub.codec import container
from daub.codec.editing import canvas
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.operations import applied
from daub.codec.editing.shapes import Stroke
from daub.codec.editing.smearing import blurred, smeared
from daub.codec.editing.state import Tools
from daub.codec.editing.to_file import grid_for, plain_file
from daub.render.gaussians import Gaussians

_numbers = st.floats(-40, 40).map(lambda value: f"{value:.3f}")
_factors = st.floats(0.2, 4).map(lambda value: f"{value:.3f}")
_steps = st.one_of(
    st.tuples(st.just("move"), st.tuples(_numbers, _numbers).map(",".join)),
    st.tuples(st.just("turn"), _numbers),
    st.tuples(st.just("scale"), st.tuples(_factors, _factors).map(",".join)),
    st.tuples(st.sampled_from(["hue", "strength"]), _numbers),
    st.tuples(st.just("saturation"), _factors),
    st.tuples(st.just("flip"), st.sampled_from(["h", "v"])),
    st.tuples(st.just("rotate"), st.sampled_from(["90", "180", "270"])),
    st.tuples(st.just("resize"), st.sampled_from(["31x50", "120x7", "64x64"])),
    st.tuples(st.just("crop"), st.sampled_from(["0,0,40,30", "-5,-5,20,20", "0,0,1,1"])),
    st.tuples(st.just("delete-smaller"), st.just("0.8")),
    st.tuples(st.just("select-rectangle"), st.just("5,5,30,20")),
    st.tuples(st.just("select-size"), st.just("..3")),
    st.tuples(st.sampled_from(["select-all", "select-invert", "select-grow"]), st.just("")),
)


@settings(max_examples=examples(60))
@given(st.lists(_steps, max_size=8), st.integers(0, 2**31))
@example([("crop", "-5,-5,20,20"), ("resize", "120x7"), ("turn", "4.000")], 0)  # long and steep, beside the canvas
def test_edits_leave_gaussians_that_can_be_written(steps, seed):
    first = fitted()
    before = first.gaussians.parameters.copy()
    drawing = applied(first, steps, Tools(CPU)).drawing
    rng = np.random.default_rng(seed)
    stroke = Stroke(rng.uniform(0, 60, (3, 2)), rng.uniform(1, 20))
    edited = blurred(smeared(drawing.gaussians, stroke, rng.uniform(0, 1)), stroke, rng.uniform(0, 5))
    drawing = Drawing(edited, *drawing.size)
    assert np.isfinite(edited.parameters).all() and (first.gaussians.parameters == before).all()
    assert np.isfinite(drawing.rendered(CPU)).all()
    if len(drawing):
        document = container.read(plain_file(drawing, grid_for(drawing)))
        assert (document.width, document.height) == drawing.size


@given(st.integers(0, 2**31), st.sampled_from([1, 2, 3]))
@settings(max_examples=examples(20))
def test_turns_undo_each_other(seed, quarters):
    rng = np.random.default_rng(seed)
    factor = rng.normal(0, 3, (20, 2, 2))
    some = Gaussians.build(
        rng.uniform(0, 50, (20, 2)), factor @ factor.transpose(0, 2, 1) + 0.2 * np.eye(2), rng.uniform(-1, 1, (20, 3))
    )
    back = canvas.turned(canvas.turned(Drawing(some, 61, 47), quarters), -quarters)
    assert back.size == (61, 47)
    np.testing.assert_allclose(back.gaussians.mean, some.mean, atol=1e-4)
    np.testing.assert_allclose(back.gaussians.covariance, some.covariance, rtol=1e-3, atol=1e-3)
