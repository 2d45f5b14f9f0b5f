"""The colour that the read-out names."""

import numpy as np

from daub.app.window.panels.readout import factor_words, levels


def test_levels_are_those_of_8_bits_and_clipped():
    assert levels(np.array([-0.2, 0.5, 1.7])) == (0, 128, 255)
    assert levels(np.array([0.0, 1 / 255, 1.0], np.float32)) == (0, 1, 255)


def test_what_weighs_less_is_told_by_its_divisor():
    assert [factor_words(factor) for factor in (8, 1, 0.125, 2.83)] == ["× 8.0", "× 1.0", "÷ 8.0", "× 2.8"]
