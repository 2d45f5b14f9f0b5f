"""What a restoration adds: a switch that leaves it out, and rows that show it alone."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
from restored_file import write_restored

from daub.app.model.commands.commands import BY_NAME
from daub.app.model.compare.restoring import GAIN, Part, words
from daub.app.model.picture.origin import FileOrigin
from daub.app.model.sources.source import Kind
from daub.codec import container, decode, decoder
from daub.codec.restoration import stage
from daub.codec.restoration.layer import Layer, layer_of, without_layer
from daub.render.cpu.backend import CpuRasteriser


@pytest.fixture
def restored(desk, tmp_path):
    """A file with a restoration is open beside its source."""
    document, source = write_restored(tmp_path / "restored.daub")
    PIL.Image.fromarray((source * 255 + 0.5).astype(np.uint8)).save(tmp_path / "source.png")
    desk.open(tmp_path / "restored.daub")
    desk.bench.sources.add([FileOrigin(tmp_path / "source.png")])
    desk.until(lambda: desk.bench.sources.reference.picture is not None)
    return document


def rendered(path) -> np.ndarray:
    """(H, W, 3) uint8: what a file shows without its restoration."""
    return decoder.decode(container.read(path.read_bytes()), CpuRasteriser(), restore=False)


def exported(desk, path) -> np.ndarray:
    """(H, W, 3) uint8: what the command writes of what is on the screen."""
    desk.host.answers |= {"scale": 1.0, "save": path}
    BY_NAME["export_png"].run(desk.bench)
    desk.until(lambda: any(f"Saved {path.name}" in line for line in desk.heard["noticed"]))
    return np.asarray(PIL.Image.open(path))


def seen(desk, side: int = 1) -> np.ndarray:
    """(H, W, 3) uint8: what a side shows."""
    desk.until(lambda: desk.bench.decoded.get(desk.bench.comparison.sides[side]) is not None)
    pixels = desk.bench.decoded.get(desk.bench.comparison.sides[side])
    return pixels if pixels.dtype == np.uint8 else (255 * pixels + 0.5).astype(np.uint8)


def test_a_switch_shows_the_rendering_and_the_restored_picture(desk, restored, tmp_path):
    whole, plain = decode(tmp_path / "restored.daub"), rendered(tmp_path / "restored.daub")
    assert np.abs(whole.astype(int) - plain).mean() > 10
    sides = desk.bench.comparison.sides
    assert np.array_equal(seen(desk), whole)
    took = desk.bench.decoded.seconds_of(sides[1])
    assert took > 0 and words(sides, [None, took]) == [f"B: restored, decoded in {took:.2f} s"]
    command = BY_NAME["show_restored"]
    assert command.enabled(desk.bench) and command.checked(desk.bench)
    command.run(desk.bench)
    side = desk.bench.comparison.sides[1]
    assert not side.has_stages and side.title.endswith(", as rendered") and not words((None, side), [None, None])
    assert np.array_equal(seen(desk), plain)
    desk.bench.sources.pair.changed.emit()
    assert desk.bench.comparison.sides[1].document is side.document  # the same object: it is decoded once
    assert np.array_equal(exported(desk, tmp_path / "plain.png"), plain)
    assert "as rendered" in desk.heard["noticed"][-1]
    command.run(desk.bench)
    assert np.array_equal(seen(desk), whole)
    assert np.array_equal(exported(desk, tmp_path / "whole.png"), whole)
    assert "as rendered" not in desk.heard["noticed"][-1]


def test_the_rendering_and_what_is_added_can_be_compared(desk, restored, new_desk, tmp_path):
    sources, whole = desk.bench.sources, decode(tmp_path / "restored.daub").astype(int)
    plain = rendered(tmp_path / "restored.daub")
    for part in Part:
        before = sources.pair.on("a")
        next(offer for offer in sources.offers if offer.text == part.value).take("a")
        desk.until(lambda before=before: sources.pair.on("a") != before)
        row = sources.get(sources.pair.on("a"))
        assert row.kind is Kind.RIVAL
        if part is Part.RENDERED:
            assert np.array_equal(seen(desk, 0), plain)
            assert container.read(sources.at_hand.data_of(row.key)).chunks == without_layer(restored).chunks
            assert row.figures.psnr < 22 and row.bytes < len(restored.to_bytes())
        else:
            expected = np.clip(127.5 + GAIN * (whole - plain), 0, 255)
            assert np.abs(seen(desk, 0).astype(int) - expected).max() <= GAIN + 1  # both were rounded to 8 bits
            assert "restored in" in row.remark
    desk.bench.project.save(tmp_path / "work.daubproj")
    desk.until(lambda: desk.bench.project.path is not None)
    other = new_desk()
    other.bench.project.open(tmp_path / "work.daubproj")
    other.until(lambda: other.bench.project.path is not None)
    assert sum(row.kind is Kind.RIVAL for row in other.bench.sources.rows) == 2 and not other.heard["failed"]


def test_a_file_without_a_restoration_says_so(desk, photo):
    desk.open(photo)
    desk.finish()
    assert not BY_NAME["show_restored"].enabled(desk.bench)
    desk.bench.restoring.put(Part.ADDED, "a")
    assert desk.heard["noticed"][-1] == "Neither side has a restoration that can run here"


def test_without_pytorch_a_file_is_shown_as_rendered_which_is_told(desk, restored, tmp_path, monkeypatch):
    network = next(iter(stage.weights.known()))
    document = without_layer(restored).with_chunk(Layer(network=network).chunk())
    assert layer_of(document).network == network
    (tmp_path / "by-network.daub").write_bytes(document.to_bytes())
    monkeypatch.setattr(stage, "find_spec", lambda name: None)
    desk.open(tmp_path / "by-network.daub")
    told = "shown as rendered, without what its file adds: PyTorch"
    assert any(told in line for line in desk.heard["noticed"])
    assert not desk.bench.restoring.is_possible
    assert np.array_equal(seen(desk), rendered(tmp_path / "by-network.daub"))
