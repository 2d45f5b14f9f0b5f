"""The colour that the read-out names."""

import numpy as np

from daub.app.window.panels.readout import levels


def test_levels_are_those_of_8_bits_and_clipped():
    assert levels(np.array([-0.2, 0.5, 1.7])) == (0, 128, 255)
    assert levels(np.array([0.0, 1 / 255, 1.0], np.float32)) == (0, 1, 255)
