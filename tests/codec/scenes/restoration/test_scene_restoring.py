"""Decoded scenes fitted to restored pictures: what a layer is worth, with and without a network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from gaussian_scenes import some_splats
from restoration_networks import add_network, network_file

from daub.codec.errors import DaubError
from daub.codec.progress import drive
from daub.codec.restoration import weights
from daub.codec.scenes.cameras.made import made_views
from daub.codec.scenes.coding import scene_file
from daub.codec.scenes.coding.symbols import box_of, classes_of, quantise
from daub.codec.scenes.restoration.guidance import Guidance, layer_for
from daub.codec.scenes.restoration.layer import layer_of, read_layer
from daub.codec.scenes.restoration.references import pictures_of_layer
from daub.codec.scenes.restoration.refined import obstacle_of, restoring
from daub.codec.scenes.view_scores import pictures_of, score_views

SPLATS = some_splats(150)
VIEWS = made_views(SPLATS, 6, 64, 64)
rng = np.random.default_rng(0)
WORSE = replace(SPLATS, dc=SPLATS.dc + rng.normal(0, 0.3, SPLATS.dc.shape).astype(np.float32))
FINE = Guidance(distance=1.0, gain=4, halvings=0, rounds=16, rate=2.0)


def likeness(splats) -> float:
    others = made_views(SPLATS, 5, 64, 64, seed=1)
    return score_views(pictures_of(SPLATS, others), pictures_of(splats, others)).psnr


def test_residuals_bring_a_scene_nearer_to_the_original_also_from_elsewhere():
    layer = layer_for(SPLATS, WORSE, VIEWS, replace(FINE, share=1.0))
    told: list[float] = []
    restored = drive(restoring(WORSE, read_layer(layer.chunk().content)), told.append)
    assert likeness(restored) > likeness(WORSE) + 3
    assert len(restored) == len(WORSE) and told == sorted(told) and told[-1] == pytest.approx(1)


def test_a_share_of_the_views_has_residuals_and_the_others_are_not_in_the_file():
    for by_coverage in (False, True):
        layer = layer_for(SPLATS, WORSE, VIEWS, replace(FINE, share=0.5, by_coverage=by_coverage))
        assert len(layer.views) == 3 and all(view.residual for view in layer.views)
    assert len(layer_for(SPLATS, WORSE, VIEWS, replace(FINE, share=0.5, network=1)).views) == 3
    assert len(layer_for(SPLATS, WORSE, VIEWS, replace(FINE, share=0.0, network=1)).views) == 6  # it alone corrects all
    assert len(layer_for(SPLATS, WORSE, VIEWS, replace(FINE, share=0.01)).views) == 1  # rather than none


def test_views_chosen_by_coverage_leave_out_one_that_shows_what_another_shows():
    twice = (VIEWS[0], VIEWS[0], VIEWS[3])
    layer = layer_for(SPLATS, WORSE, twice, replace(FINE, share=0.67, by_coverage=True))
    centres = np.array([view.camera.centre for view in layer.views])
    np.testing.assert_allclose(centres, [VIEWS[0].centre, VIEWS[3].centre], atol=1e-3)


def test_pictures_are_the_original_ones_but_for_what_the_residual_loses():
    layer = layer_for(SPLATS, WORSE, VIEWS, replace(FINE, share=1.0))
    found = list(pictures_of_layer(WORSE, layer))
    wanted = pictures_of(SPLATS, [view.camera for view in layer.views])
    poor = pictures_of(WORSE, [view.camera for view in layer.views])
    assert score_views(wanted, found).psnr > score_views(wanted, poor).psnr + 8
    alone = replace(layer, views=tuple(replace(view, residual=None) for view in layer.views))
    assert list(pictures_of_layer(WORSE, alone)) == [None] * 6
    assert drive(restoring(WORSE, alone)) is WORSE  # nothing is known


def test_a_network_corrects_every_view_and_one_that_is_missing_is_told(tmp_path, monkeypatch):
    network = add_network(tmp_path, network_file(size=0.1))
    monkeypatch.setattr(weights, "known", lambda: {network: tmp_path / "restoration.bin"})
    alone, told = (layer_for(SPLATS, WORSE, VIEWS[:1], replace(FINE, share=share, network=network)) for share in (0, 1))
    layer = replace(alone, views=(*alone.views, *told.views))
    assert obstacle_of(layer) is None
    plain = list(pictures_of_layer(WORSE, replace(layer, network=None)))
    corrected = list(pictures_of_layer(WORSE, layer))
    assert plain[0] is None and corrected[0] is not None
    changed = np.abs(np.subtract(corrected[1], plain[1], dtype=np.int16))
    assert 0 < changed.max() < 128
    assert "does not have" in obstacle_of(replace(layer, network=network ^ 1))


def test_a_file_carries_the_layer_and_reads_the_same_without():
    symbols = quantise(SPLATS, classes_of(np.ones((150, 2)), 0.05), box_of(SPLATS, 0.01, 6))
    layer = layer_for(SPLATS, symbols.splats(), VIEWS[:2], replace(FINE, share=1.0))
    data = scene_file.write(symbols, [layer.chunk()])
    np.testing.assert_array_equal(scene_file.read(data).table, symbols.table)
    assert len(layer_of(data).views) == 2 and layer_of(scene_file.write(symbols)) is None
    position = data.index(layer.views[0].residual.codestream) + 30
    with pytest.raises(DaubError, match="checksum"):
        layer_of(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])


def test_a_residual_that_is_no_picture_is_told():
    layer = layer_for(SPLATS, WORSE, VIEWS[:1], replace(FINE, share=1.0))
    view = layer.views[0]
    broken = replace(view, residual=replace(view.residual, codestream=b"no picture"))
    with pytest.raises(DaubError, match="residual is damaged"):
        drive(restoring(WORSE, replace(layer, views=(broken,))))
