"""Recolouring, judged by rendered pixels."""

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daub.codec.editing import colours, placing
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians

CPU = CpuRasteriser()
shares = st.floats(0.05, 0.95)


def _thing(colour, count=40, seed=0):
    """Overlapping Gaussians of both signs that make something of about this colour."""
    rng = np.random.default_rng(seed)
    base = Gaussians.build(rng.uniform(4, 28, (count, 2)), [np.eye(2) * 16] * count, [np.array(colour) * 0.2] * count)
    detail = Gaussians.build(
        rng.uniform(4, 28, (count, 2)), [np.eye(2) * 2] * count, rng.normal(0, 0.15, (count, 1)) * np.array(colour)
    )
    return Gaussians.concatenate(base, detail)


@pytest.mark.parametrize("matrix", [colours.hue_turned(70), colours.saturated(1.7), colours.lightened(0.6)])
def test_a_map_of_amplitudes_is_the_map_of_the_pixels(matrix):
    thing = _thing([0.8, 0.3, 0.1])
    everything = np.ones(len(thing), bool)
    before = CPU.forward(thing, 32, 32)
    after = CPU.forward(colours.recoloured(thing, everything, matrix), 32, 32)
    np.testing.assert_allclose(after, before @ matrix.T, atol=2e-5)


def test_only_the_part_of_those_selected_changes():
    thing = _thing([0.8, 0.3, 0.1])
    selected = np.arange(len(thing)) < 20
    part = CPU.forward(placing.deleted(thing, ~selected), 32, 32)
    matrix = colours.hue_turned(120)
    change = CPU.forward(colours.recoloured(thing, selected, matrix), 32, 32) - CPU.forward(thing, 32, 32)
    np.testing.assert_allclose(change, part @ matrix.T - part, atol=2e-5)


@given(st.tuples(shares, shares, shares), st.floats(-360, 360))
def test_hue_and_saturation_keep_the_luma(colour, degrees):
    for matrix in (colours.hue_turned(degrees), colours.saturated(0.3), colours.saturated(2.0)):
        assert np.isclose(colours.LUMA @ (matrix @ colour), colours.LUMA @ np.array(colour), atol=2e-3)


def test_hues_turn_from_red_towards_green():
    turned = np.clip(colours.hue_turned(120) @ [0.7, 0.2, 0.2], 0, 1)
    assert abs(colorsys.rgb_to_hsv(*turned)[0] - 1 / 3) < 0.06
    assert np.ptp(colours.saturated(0) @ [0.9, 0.2, 0.1]) < 1e-9


@given(st.tuples(shares, shares, shares), st.tuples(shares, shares, shares))
def test_towards_a_picked_colour_arrives_there(colour, picked):
    arrived = colours.towards(np.array(colour), np.array(picked)) @ colour
    np.testing.assert_allclose(arrived, picked, atol=1e-6)
    kept = colours.towards(np.array(colour), np.array(picked), keep_light=True) @ colour
    assert np.isclose(kept.sum(), sum(colour), atol=1e-6)


def test_towards_leaves_black_black_and_keeps_the_order_of_light():
    matrix = colours.towards(np.array([0.7, 0.1, 0.1]), np.array([0.1, 0.6, 0.2]))
    shades = np.array([0.2, 0.5, 0.7, 0.9])[:, None] * np.array([1, 0.15, 0.15])
    light = (shades @ matrix.T).sum(1)
    assert (np.diff(light) > 0).all() and not (matrix @ np.zeros(3)).any()


def test_strength_scales_what_they_add():
    thing = _thing([0.5, 0.5, 0.5])
    half = colours.strengthened(thing, np.ones(len(thing), bool), 0.5)
    np.testing.assert_allclose(CPU.forward(half, 32, 32), CPU.forward(thing, 32, 32) / 2, atol=1e-5)


def test_paste_puts_them_behind_and_says_which():
    thing = _thing([0.5, 0.5, 0.5], 3)
    after, new = placing.duplicated(thing, np.array([True, False, False, True, False, False]), 3, 4)
    assert len(after) == 8 and new.tolist() == [False] * 6 + [True] * 2
    np.testing.assert_allclose(after.mean[new], thing.mean[[0, 3]] + [3, 4], atol=1e-5)
    assert (placing.deleted(after, new).parameters == thing.parameters).all()
    fainter, _ = placing.pasted(thing, thing, strength=0.25)
    np.testing.assert_allclose(fainter.colour[6:], thing.colour / 4, atol=1e-6)
