"""Gaussians that are fitted to a restored picture."""

from __future__ import annotations

import numpy as np
import pytest

from daub.codec import EncodeSettings, Goal, container, encode
from daub.codec.container import Document
from daub.codec.decoder import decode, render
from daub.codec.restoration.refinement import refined
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians

CPU = CpuRasteriser()


@pytest.fixture(scope="module")
def document():
    rows, columns = np.mgrid[:48, :64].astype(np.float32)
    pixels = np.stack([np.sin(rows / 5) * np.sin(columns / 7), np.cos(rows / 6), np.cos(columns / 4)], 2) / 2 + 0.5
    return container.read(encode(pixels, EncodeSettings(Goal("gaussians", 60), effort=0), device="cpu").data)


def error(document: Document, target: np.ndarray) -> float:
    return float(np.mean((render(document, CPU) - target) ** 2))


def test_the_count_is_kept_and_the_picture_comes_nearer(document):
    target = np.clip(render(document, CPU) + np.float32([0.05, 0.02, -0.03]), 0, 1)
    few, many = (refined(document, target, steps, CPU) for steps in (1, 20))
    assert len(few) == len(many) == len(document)
    assert (many.width, many.height) == (64, 48)
    assert error(many, target) < 0.5 * error(document, target) and error(many, target) <= error(few, target)
    assert decode(many, CPU, (128, 96)).shape == (96, 128, 3)


def test_nothing_moves_far_where_there_is_nothing_to_refine(document):
    target = render(document, CPU)
    again = refined(document, target, 5, CPU)
    assert np.abs(render(again, CPU) - target).max() < 1e-5


def test_the_document_is_left_as_it_was_and_none_is_made_of_none(document):
    before = document.gaussians.parameters.copy()
    refined(document, np.zeros((48, 64, 3), np.float32), 2, CPU)
    assert np.array_equal(document.gaussians.parameters, before)
    empty = Document.unwritten(Gaussians(np.zeros((0, 8), np.float32)), 64, 48)
    assert len(refined(empty, np.zeros((48, 64, 3), np.float32), 2, CPU)) == 0
