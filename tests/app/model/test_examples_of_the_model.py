"""What the docstrings of the model show is so."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "model.brush",
        "model.colour_maps",
        "model.figures",
        "model.gaussian_properties",
        "model.histogram",
        "model.history",
        "model.overlay_reading",
        "model.palette",
        "model.picking",
        "model.signal",
        "model.target",
        "window.mnemonics",
    ],
)
def test_the_examples_run(name):
    failed, tried = doctest.testmod(importlib.import_module(f"daub.app.{name}"))
    assert tried and not failed
