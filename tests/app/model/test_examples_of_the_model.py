"""What the docstrings of the model show is so."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "model.picture.brush",
        "model.compare.colour_maps",
        "model.output.table",
        "model.gaussians.properties",
        "model.gaussians.histogram",
        "model.workspace.history",
        "model.gaussians.overlay_reading",
        "model.commands.palette",
        "model.gaussians.picking",
        "model.work.signal",
        "model.editing.population",
        "model.editing.change",
        "model.output.target",
        "window.mnemonics",
    ],
)
def test_the_examples_run(name):
    failed, tried = doctest.testmod(importlib.import_module(f"daub.app.{name}"))
    assert tried and not failed
