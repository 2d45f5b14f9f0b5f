"""Files of edited Gaussians: what is untouched keeps its integers, the rest is rounded for the picture as edited."""

from functools import cache

import numpy as np
import pytest
from fitted_scene import CPU, HEIGHT, WIDTH, distance, fitted, sky

from daub.codec import container
from daub.codec.container import Chunk
from daub.codec.editing import canvas, colours, placing
from daub.codec.editing.chunks_kept import left_out
from daub.codec.editing.drawing import Drawing
from daub.codec.editing.symbols_kept import symbols_of
from daub.codec.editing.to_file import estimated_size, grid_for, plain_file, to_file
from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.codec.progress import drive
from daub.codec.rate.packing import pack
from daub.codec.recipe import Recipe
from daub.codec.restoration import choosing
from daub.codec.restoration.layer import CodedResidual, Layer, layer_of
from daub.codec.symbols import dequantise
from daub.codec.tuning import Tuning
from daub.render.gaussians import Gaussians
from daub.render.strips import Region


@cache
def _document(tune=Tuning.PSNR):
    encoded = drive(pack(sky(True), fitted().gaussians, Recipe(tune=tune), CPU))
    return encoded.data, container.read(encoded.data)


@pytest.mark.parametrize("tune", [Tuning.PSNR, Tuning.BALANCED])
def test_an_untouched_file_comes_back_to_the_byte(tune):
    data, document = _document(tune)
    drawing = Drawing.of(document)
    assert plain_file(drawing, grid_for(drawing, document), document) == data
    assert drive(to_file(drawing, CPU, document)).data == data


def test_a_deletion_leaves_all_others_as_they_are():
    data, document = _document()
    gone = np.arange(len(document)) % 5 == 0
    drawing = Drawing(placing.deleted(document.gaussians, gone), WIDTH, HEIGHT)
    encoded = drive(to_file(drawing, CPU, document))
    assert len(encoded.data) < len(data)
    written = encoded.gaussians.parameters
    order = [np.lexsort(each.T) for each in (written, drawing.gaussians.parameters)]
    assert (written[order[0]] == drawing.gaussians.parameters[order[1]]).all()


_UNKNOWN = Chunk(b"x", b"whatever")


def _with(document, *chunks):
    for chunk in chunks:
        document = document.with_chunk(chunk)
    return container.read(document.to_bytes())


def test_chunks_stay_where_nothing_has_changed():
    _, document = _document()
    document = _with(document, Layer(network=77, strength=90).chunk(), _UNKNOWN)
    assert drive(to_file(Drawing.of(document), CPU, document)).data == document.to_bytes()


def test_a_restoration_stays_where_an_edit_has_changed_nothing():
    """Blocks are 64 pixels a side: there are two of them here, and what is removed lies in the right one."""
    _, document = _document()
    document = _with(document, Layer(network=77, strength=90).chunk(), _UNKNOWN)
    gone = document.gaussians.mean[:, 0] > WIDTH - 8
    gone &= np.exp(document.gaussians.log_scale).max(1) < 4
    assert gone.any()
    drawing = Drawing(placing.deleted(document.gaussians, gone), WIDTH, HEIGHT)
    encoded = drive(to_file(drawing, CPU, document))
    layer = layer_of(encoded.document)
    assert layer.blocks.tolist() == [[True, False]] and (layer.network, layer.strength) == (77, 90)
    assert container.read(encoded.data).chunks == encoded.document.chunks
    assert left_out(document, encoded.document) == ("x",)


def test_a_restoration_goes_with_all_it_was_of():
    _, document = _document()
    residual = Layer(residual=CodedResidual(4, 1, b"JPEG XL"))
    turned = canvas.turned(Drawing.of(document), 2)
    for layer, drawing in ((Layer(network=77), turned), (residual, turned)):
        before = _with(document, layer.chunk())
        assert left_out(before, drive(to_file(drawing, CPU, before)).document) == ("r",)


def test_a_restoration_is_chosen_anew_where_the_source_is_known(monkeypatch):
    monkeypatch.setattr(choosing, "newest", lambda: None)  # coarse residuals alone, which need no network
    _, document = _document()
    before = _with(document, Layer(residual=CodedResidual(4, 1, b"JPEG XL")).chunk(), _UNKNOWN)
    drawing = Drawing(placing.deleted(document.gaussians, np.arange(len(document)) == 3), WIDTH, HEIGHT)
    rendering = np.clip(drawing.rendered(CPU), 0, 1)
    cheap = drive(to_file(drawing, CPU, before, source=rendering * np.float32(0.7) + np.float32(0.2)))
    layer = layer_of(cheap.document)
    assert layer.residual is not None and layer.residual.codestream != b"JPEG XL"
    assert cheap.psnr > cheap.plain_psnr and container.read(cheap.data).chunks == cheap.document.chunks
    without = drive(to_file(drawing, CPU, before, source=rendering))
    assert layer_of(without.document) is None and without.plain_psnr is None
    plain = drive(to_file(drawing, CPU, document, source=rendering))  # which never had one
    assert plain.data == without.data


def test_the_choice_of_a_restoration_tells_how_far_it_is_and_can_be_given_up(monkeypatch):
    monkeypatch.setattr(choosing, "newest", lambda: None)
    coded, made = choosing.coded, []
    monkeypatch.setattr(choosing, "coded", lambda *given: made.append(given) or coded(*given))
    _, document = _document()
    before = _with(document, Layer(residual=CodedResidual(4, 1, b"JPEG XL")).chunk())
    drawing = Drawing(placing.deleted(document.gaussians, np.arange(len(document)) == 3), WIDTH, HEIGHT)
    source = np.clip(drawing.rendered(CPU), 0, 1) * np.float32(0.7)
    records = to_file(drawing, CPU, before, source=source)
    fractions = []
    for record in records:
        fractions.append(record.fraction)
        if len(made) == 2:
            break
    records.close()
    assert len(made) == 2 < len(choosing.RESIDUALS), "the others are not tried any more"
    assert fractions == sorted(fractions) and 0.5 < fractions[-1] < 1


def test_a_flip_of_whole_cells_loses_nothing():
    _, document = _document()
    assert WIDTH % document.payload.grid.cell == 0
    flipped = canvas.flipped_horizontally(Drawing.of(document))
    assert symbols_of(flipped.gaussians, grid_for(flipped, document))[1].all()


@pytest.mark.parametrize("quarters", [0, 1, 2])
def test_what_is_taken_for_exact_renders_the_same(quarters):
    _, document = _document()
    turned = canvas.turned(Drawing.of(document), quarters)
    grid = grid_for(turned, document)
    symbols, exact = symbols_of(turned.gaussians, grid)
    assert exact.any()
    kept = CPU.forward(dequantise(symbols[exact], grid), *turned.size)
    given = CPU.forward(Gaussians(turned.gaussians.parameters[exact]), *turned.size)
    assert np.abs(kept - given).max() < 1e-3


def _darker(drawing):
    some = np.ones(len(drawing), bool)
    return Drawing(colours.recoloured(drawing.gaussians, some, colours.lightened(0.5)), *drawing.size)


@pytest.mark.parametrize(
    "edit",
    [
        lambda drawing: drawing,
        lambda drawing: canvas.turned(drawing, 1),
        lambda drawing: canvas.cropped(drawing, Region(10, 6, WIDTH - 30, HEIGHT - 16))[0],
        lambda drawing: canvas.resized(drawing, WIDTH // 2, HEIGHT // 2),
        _darker,
    ],
)
def test_the_estimate_is_near_to_the_file(edit):
    """A plainly rounded file is up to twice as large: what is too faint to be worth its bits is in it."""
    _, document = _document()
    drawing = edit(Drawing.of(document))
    size = len(drive(to_file(drawing, CPU, document)).data)
    assert estimated_size(drawing, document) == pytest.approx(size, rel=0.15, abs=8)


def test_only_what_has_changed_is_decided_anew():
    data, document = _document()
    changed = document.gaussians.mean[:, 0] < 30
    recoloured = colours.recoloured(document.gaussians, changed, colours.hue_turned(100))
    drawing = Drawing(recoloured, WIDTH, HEIGHT)
    records = []
    encoded = drive(to_file(drawing, CPU, document), records.append)
    untouched = {row.tobytes() for row in document.gaussians.parameters[~changed]}
    assert untouched <= {row.tobytes() for row in encoded.gaussians.parameters}
    picture = drawing.rendered(CPU)
    assert distance(CPU.forward(encoded.gaussians, WIDTH, HEIGHT), picture) < 2
    assert abs(len(encoded.data) / len(data) - 1) < 0.2
    assert [record.fraction for record in records] == sorted(record.fraction for record in records)


def test_a_crop_is_rounded_so_that_its_edges_stay():
    _, document = _document()
    drawing, _ = canvas.cropped(Drawing.of(document), Region(21, 9, 50, 41))
    encoded = drive(to_file(drawing, CPU, document))
    assert (encoded.document.width, encoded.document.height) == (50, 41)
    assert distance(CPU.forward(encoded.gaussians, 50, 41), drawing.rendered(CPU)) < 2.5


def test_goals_are_landed_on():
    data, document = _document()
    drawing = Drawing.of(document)
    limit = round(0.7 * len(data))
    assert len(drive(to_file(drawing, CPU, document, Goal("bytes", limit))).data) <= limit
    low, high = (drive(to_file(drawing, CPU, document, Goal("quality", q))) for q in (30, 80))
    assert len(low.data) < len(high.data) and low.psnr < high.psnr


def test_gaussians_of_no_file_become_one():
    drawing = fitted()
    encoded = drive(to_file(drawing, CPU, source=sky(True)))
    assert encoded.psnr > 25 and encoded.document.width == WIDTH


def test_a_tuned_file_stays_tuned_for_it():
    _, document = _document(Tuning.BALANCED)
    moved = Gaussians(document.gaussians.parameters + np.float32([0.3] + [0] * 7))
    encoded = drive(to_file(Drawing(moved, WIDTH, HEIGHT), CPU, document, effort=2))
    assert container.tuning_of(encoded.document) is Tuning.BALANCED


def test_nothing_becomes_a_black_picture():
    empty = Drawing(Gaussians.empty(0), WIDTH, HEIGHT)
    encoded = drive(to_file(empty, CPU))
    assert len(container.read(encoded.data)) == 0 and container.read(plain_file(empty, grid_for(empty))).width == WIDTH


def test_what_cannot_be_written_is_refused():
    with pytest.raises(DaubError, match="another number"):
        next(to_file(fitted(), CPU, goal=Goal("gaussians", 10)))


@pytest.mark.parametrize("side", [12, 40])
def test_a_small_part_of_a_broad_sky_looks_as_it_did(side):
    """Gaussians that are many times as large as what is left of the picture stay, and stay as large."""
    rng = np.random.default_rng(0)
    around = rng.uniform(-600, 600, (12, 2)) + side / 2
    broad = Gaussians.build(around, np.eye(2) * rng.uniform(200, 600, (12, 1, 1)) ** 2, rng.uniform(0.05, 0.2, (12, 3)))
    drawing = Drawing(broad, side, side)
    wanted = drawing.rendered(CPU)
    assert wanted.min() > 0.3 and wanted.max() < 0.9
    found = drive(to_file(drawing, CPU, effort=0)).gaussians
    assert distance(CPU.forward(found, side, side), wanted) < 2
