"""The encoder keeps a layer only where it pays, and no file is worse for it."""

from __future__ import annotations

import numpy as np
import pytest
from restoration_networks import add_network, network_file
from stages import golden

from daub.codec import EncodeSettings, Goal, container, decode, encode
from daub.codec.decoder import render
from daub.codec.evaluation.metrics import psnr
from daub.codec.images import load
from daub.codec.restoration import choosing, weights
from daub.codec.restoration.choosing import choose, trials
from daub.codec.restoration.layer import layer_of
from daub.render.cpu.backend import CpuRasteriser
from daub.render.eight_bit import to_8bit
from daub.resources import ROOT

CPU = CpuRasteriser()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where networks lie; there is none yet."""
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_network_no_layer_that_is_offered_makes_the_picture_worse(folder, seed):
    network = add_network(folder, network_file(seed=seed, size=0.1 + 0.1 * seed))
    document = container.read(golden("photo"))
    rendering = render(document, CPU)
    noise = np.random.default_rng(seed).standard_normal(rendering.shape)
    source = np.clip(rendering + 0.05 * noise, 0, 1).astype(np.float32)
    plain = psnr(source, to_8bit(rendering))
    tried = list(trials(source, rendering, document, network))
    assert tried[0].layer is None
    for trial in tried[1:]:
        file = document.with_chunk(trial.layer.chunk()).to_bytes()
        assert len(file) == trial.size
        reached = psnr(source, decode(file, device=CPU))
        assert reached >= plain and reached == pytest.approx(-10 * np.log10(trial.error), abs=0.01)


def test_a_residual_is_kept_where_the_rendering_is_wrong_in_a_way_that_is_cheap_to_say(folder):
    document = container.read(golden("photo"))
    rendering = render(document, CPU)
    source = np.clip(rendering * 0.7 + 0.2, 0, 1)
    layer = choose(source, rendering, document)
    assert layer is not None and layer.residual is not None and layer.network is None
    assert choose(rendering, rendering, document) is None


@pytest.mark.parametrize("goal", [Goal("bytes", 3000), Goal("psnr", 21.0), Goal("gaussians", 60)])
def test_an_encode_with_restoration_keeps_its_goal_and_is_never_worse_than_its_own_rendering(folder, monkeypatch, goal):
    add_network(folder, network_file(size=0.1))
    monkeypatch.setattr(choosing, "RATE_SLOPE", 0.0)  # whatever helps at all is kept
    monkeypatch.setattr(choosing, "RESIDUALS", ((2, 0, 6.0),))
    y, x = np.mgrid[:72, :96].astype(np.float32)
    texture = 0.1 * np.random.default_rng(0).standard_normal((72, 96))
    image = np.stack([x / 96, y / 72, 0.5 + 0.4 * np.sin(x * y / 30)], 2) + texture[..., None]
    image = np.clip(image, 0, 1).astype(np.float32)
    encoded = encode(image, EncodeSettings(goal, effort=1, restore=True), device=CPU)
    assert encoded.plain_psnr is not None and encoded.missed is None
    assert encoded.psnr == pytest.approx(psnr(image, decode(encoded.data, device=CPU)))
    plain = to_8bit(render(encoded.document, CPU, restore=False))
    assert encoded.plain_psnr == pytest.approx(psnr(image, plain)) and encoded.psnr >= encoded.plain_psnr
    if goal.kind == "bytes":
        assert len(encoded.data) <= goal.value


def test_unasked_an_encode_is_what_it_was(folder):
    add_network(folder)
    image = np.random.default_rng(0).random((40, 56, 3)).astype(np.float32)
    encoded = encode(image, EncodeSettings(Goal("gaussians", 30), effort=1), device=CPU)
    assert encoded.plain_psnr is None and [c.tag for c in encoded.document.chunks] == [b"H", b"t", b"G"]


def test_the_network_that_is_shipped_pays_on_a_photo():
    """A file of few bytes, for which restoration is meant: the picture is better, and the layer takes a dozen bytes."""
    path = weights.known()[weights.newest()]
    assert path.stat().st_size <= 2_000_000
    source = load(ROOT / "sample.png").pixels[128:384, 256:512]
    goal = Goal("bpp", 0.12)
    plain, restored = (encode(source, EncodeSettings(goal, 2, restore=on), device=CPU) for on in (False, True))
    layer = layer_of(restored.document)
    assert layer.network == weights.newest() and layer.residual is None
    assert restored.psnr > restored.plain_psnr + 0.03
    # The goal is of the file with its layer, so fewer bytes are left for Gaussians: still it is better at equal bytes.
    assert len(restored.data) <= goal.limit(source.shape[0] * source.shape[1]) and restored.psnr > plain.psnr + 0.02
