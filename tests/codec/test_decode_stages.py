"""Stages of optional chunks: they run in their order, at every size, and wherever a file becomes a picture."""

from __future__ import annotations

import numpy as np
import pytest
from failing_device import GAVE_UP, Lost
from stages import TAG, Inverting, asking_for_it, golden

from daub.codec import container, decode_stages
from daub.codec.container import Chunk
from daub.codec.decode_stages import DecodeStage, register, stages_of
from daub.codec.decoder import decode, render
from daub.render.cpu.backend import CpuRasteriser
from daub.render.devices import Failover

CPU = CpuRasteriser()


@pytest.mark.parametrize("name", ["photo", "methods/cholesky"])
@pytest.mark.parametrize("size", [None, (90, 50)])
def test_a_stage_runs_after_the_rendering_at_any_size(inverting, name, size):
    plain, asking = container.read(golden(name)), container.read(asking_for_it(golden(name), 200))
    expected = np.clip(np.float32(200 / 255) - render(plain, CPU, size), 0, 1)
    assert np.array_equal(render(asking, CPU, size), expected)
    assert np.abs(decode(asking, CPU, size) - 255 * expected).max() <= 0.5 + 1e-4
    assert not stages_of(plain) and np.array_equal(decode(plain, CPU), decode(container.read(golden(name)), CPU))


def test_without_a_stage_an_optional_chunk_changes_nothing():
    asking = container.read(asking_for_it(golden("photo")))
    assert [chunk.tag for chunk in asking.optional_chunks] == [b"x", TAG] and not stages_of(asking)
    assert np.array_equal(decode(asking, CPU), decode(container.read(golden("photo")), CPU))


class Halving(DecodeStage):
    def apply(self, pixels, chunk, document):
        return pixels / 2


@pytest.mark.parametrize("order", ["ih", "hi"])
def test_stages_run_in_the_order_of_the_file(inverting, order):
    register(b"h", Halving())
    document = plain = container.read(golden("photo"))
    for letter in order:
        document = document.with_chunk(Chunk(letter.encode(), b"\xff"))
    rendered = render(plain, CPU)
    expected = (1 - rendered) / 2 if order == "ih" else 1 - rendered / 2
    assert np.array_equal(render(container.read(document.to_bytes()), CPU), expected)


def test_what_a_stage_makes_of_a_picture_stays_in_its_range(monkeypatch):
    class Glaring(DecodeStage):
        def apply(self, pixels, chunk, document):
            return 9 * pixels - 4

    monkeypatch.setattr(decode_stages, "STAGES", {TAG: Glaring()})
    pixels = render(container.read(asking_for_it(golden("photo"))), CPU)
    assert pixels.min() == 0 and pixels.max() == 1


def test_a_lost_device_leaves_the_rendering_to_the_cpu_and_the_stage_runs(inverting):
    class Dead(CpuRasteriser):
        failures = (Lost,)

        def forward(self, gaussians, width, height):
            raise Lost("it fell off the bus")

    document = container.read(asking_for_it(golden("photo")))
    told = []
    assert np.array_equal(decode(document, Failover(Dead(), told.append)), decode(document, CPU))
    assert told == [GAVE_UP]


@pytest.mark.parametrize("tag", [b"R", b"", b"re", TAG])
def test_what_is_no_optional_chunk_or_has_a_stage_gets_none(inverting, tag):
    with pytest.raises(ValueError, match="no stage"):
        register(tag, Inverting())
