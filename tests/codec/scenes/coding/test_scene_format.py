"""FORMAT.md is enough to read a scene: the decoder written from it alone, second_scene_decoder.py, agrees with ours."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import second_scene_decoder
from gaussian_scenes import some_splats
from second_decoder import Damaged

from daub.codec.container.chunks import Chunk, file_of, varints
from daub.codec.entropy.range_coder import encoder, flush
from daub.codec.errors import DaubError
from daub.codec.scenes.coding import octree, payload, scene_file
from daub.codec.scenes.coding.attributes import code_attributes
from daub.codec.scenes.coding.mixing import SQUASH, STRETCH, new_mixers, new_models
from daub.codec.scenes.coding.symbols import box_of, classes_of, quantise
from daub.codec.scenes.rotations import rotations

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.daub"))


def _symbols(count, degree, depth, seed=0):
    """Of classes as energies of all sizes give them, from the coarsest to the finest."""
    splats = some_splats(count, degree, seed)
    energies = 4.0 ** np.random.default_rng(seed).uniform(-3, 14, (count, 2))
    return quantise(splats, classes_of(energies, 1.0), box_of(splats, 0.004, depth))


def _table(gaussians):
    """Rows as those of `SceneSymbols.table`."""
    return [
        [*one.numbers, one.u, one.v, one.roll, *one.places, *(h for channel in one.harmonics for h in channel)]
        for one in gaussians
    ]


def _integers(head, codes, counts, gaussians):
    flags = head.degree + 8 * head.antialiased
    return {
        "flags": flags, "leaves": codes, "counts": counts, "table": _table(gaussians),
        "levels": [one.split for one in gaussians],
    }  # fmt: skip


def _our_integers(found):
    integers = {name: getattr(found, name).tolist() for name in ("leaves", "counts", "table", "levels")}
    return {"flags": found.degree + 8 * found.antialiased, **integers}


def _check_meanings(head, meanings, splats):
    """The second decoder's against the arrays of `Splats`, to the rounding of float32."""
    if not meanings:
        return
    mean, deviations, axes, opacity, dc, sh = (np.array(column) for column in zip(*meanings, strict=True))
    tolerance = {"rtol": 1e-6, "atol": 1e-6}
    np.testing.assert_allclose((mean - head.corner) / head.side, (splats["means"] - head.corner) / head.side, atol=1e-6)
    np.testing.assert_allclose(np.log(deviations), splats["log_scales"], **tolerance)
    np.testing.assert_allclose(axes, rotations(splats["rotations"]), **tolerance)
    np.testing.assert_allclose(np.log(opacity / (1 - opacity)), splats["logits"], **tolerance)
    np.testing.assert_allclose(dc, splats["dc"], **tolerance)
    np.testing.assert_allclose(sh, splats["sh"], **tolerance)


@pytest.mark.parametrize(
    ("count", "degree", "depth", "antialiased"),
    [(30, 0, 0, False), (150, 0, 6, True), (60, 1, 3, True), (40, 3, 3, False), (30, 3, 6, True), (8, 4, 20, False)],
)
def test_both_decoders_read_the_same(count, degree, depth, antialiased):
    symbols = replace(_symbols(count, degree, depth, seed=count), antialiased=antialiased)
    data = scene_file.write(symbols)
    head, codes, counts, gaussians, meanings = second_scene_decoder.decode(data)
    found = scene_file.read(data)
    assert _integers(head, codes, counts, gaussians) == _our_integers(found) == _our_integers(symbols)
    assert (head.depth, -head.f, head.side) == (depth, found.box.floor, found.box.side)
    _check_meanings(head, meanings, vars(found.splats()))


def _expected(name):
    content = json.loads((GOLDEN / f"{name}.json").read_text())
    count = len(content["table"])
    shapes = {"means": 3, "log_scales": 3, "rotations": 4, "dc": 3, "sh": (-1, 3)}
    floats = {key: np.reshape(content.pop(key), (count, *np.atleast_1d(of))) for key, of in shapes.items() if count}
    return content, floats | {"logits": np.array(content.pop("logits"))}


def test_there_are_golden_files():
    assert NAMES == ["cloud", "empty", "extreme", "harmonics"]


@pytest.mark.parametrize("name", NAMES)
def test_golden_files_still_mean_the_same(name):
    data = (GOLDEN / f"{name}.daub").read_bytes()
    integers, floats = _expected(name)
    head, *found, meanings = second_scene_decoder.decode(data)
    ours = scene_file.read(data)
    assert {key: integers[key] for key in _our_integers(ours)} == _our_integers(ours) == _integers(head, *found)
    for key, values in floats.items():
        np.testing.assert_allclose(getattr(ours.splats(), key), values, rtol=1e-6, atol=1e-6)
    _check_meanings(head, meanings, floats)


@pytest.mark.parametrize("name", NAMES)
def test_golden_files_are_still_written_the_same(name):
    data = (GOLDEN / f"{name}.daub").read_bytes()
    assert scene_file.write(scene_file.read(data)) == data


@pytest.mark.parametrize("name", NAMES)
def test_the_second_decoder_refuses_what_is_cut_short(name):
    data = (GOLDEN / f"{name}.daub").read_bytes()
    for length in range(len(data)):
        with pytest.raises(Damaged):
            second_scene_decoder.decode(data[:length])


def test_of_damaged_files_both_decoders_think_the_same():
    """Either both refuse one, or both read the same of it."""
    rng = np.random.default_rng(5)
    refused = 0
    for _ in range(8):
        degree, depth = rng.integers(0, 3), rng.integers(0, 5)
        content = payload.write(_symbols(int(rng.integers(5, 25)), degree, depth)).content
        for _ in range(7):
            broken = bytearray(content)
            broken[rng.integers(30, len(broken))] ^= rng.integers(1, 256)
            if rng.random() < 0.3:
                broken = broken[: rng.integers(8, len(broken))]
            data = file_of([Chunk(b"S", bytes(broken))])
            try:
                ours = _our_integers(scene_file.read(data))
            except DaubError:
                refused += 1
                with pytest.raises(Damaged):
                    second_scene_decoder.read(data)
            else:
                assert _integers(*second_scene_decoder.read(data)) == ours
    assert 10 < refused < 50


def _file_of_cells(codes):
    """One Gaussian, and a tree of depth 1 that claims the cells of these codes."""
    splats = some_splats(1)
    symbols = quantise(splats, np.full((1, 2), 5), box_of(splats, 1.0, 1))
    coder, buffer = encoder(1000)
    models, mixers = new_models(octree.OCCUPANCY_MODELS), new_mixers(octree.OCCUPANCY_MIXERS, 4)
    coder, _ = octree.code_octree(coder, buffer, models, mixers, np.array(codes), 1, 1)
    models, mixers = new_models(2 * octree.COUNT_MODELS), new_mixers(octree.COUNT_MIXERS, 2)
    coder, _ = octree.code_counts(coder, buffer, models, mixers, symbols.leaves, 1, symbols.counts, 1)
    around, floor = octree.neighbours(symbols.leaves, symbols.counts, 1), symbols.box.floor
    table, levels = symbols.table.copy(), symbols.levels.copy()
    coder, _ = code_attributes(coder, buffer, around, 1, floor, 0, table, levels, np.zeros(2, np.int64))
    head = varints(0, 1, 1, -floor) + np.float32([*symbols.box.origin, symbols.box.side]).astype("<f4").tobytes()
    return file_of([Chunk(b"S", head + flush(coder, buffer).tobytes())])


def test_more_cells_than_gaussians_are_refused():
    one, three = _file_of_cells([0]), _file_of_cells([0, 3, 5])
    assert len(second_scene_decoder.read(one)[3]) == len(scene_file.read(one)) == 1
    with pytest.raises(Damaged):
        second_scene_decoder.read(three)


def test_we_refuse_more_cells_than_gaussians_too():
    with pytest.raises(DaubError):
        scene_file.read(_file_of_cells([0, 3, 5]))


def _from_tie(values):
    return np.abs(np.abs(values - np.floor(values)) - 0.5).min()


def test_no_value_of_the_tables_is_nearer_to_a_tie_than_the_format_says():
    """Double precision, in any language, then gives the same integers."""
    half, sixteenths, e = np.arange(4096) + 0.5, np.arange(512) / 16, 2.0 ** (2 - np.arange(16))
    mixed = [256 * np.log(half / (4096 - half)), 65536 / (1 + np.exp(-np.arange(-2047, 2048) / 256))]
    assert 0.00009 < min(map(_from_tie, mixed)) < 0.0001
    of_gaussians = [
        65536 * np.minimum(e, 1), 65536 * np.minimum(1.7 * e, 1.5), 256 * np.log2(np.minimum(e, 1.5)),
        -256 * np.log2(0.3 * e), 256 * np.log2(np.maximum(2**sixteenths - 2**-sixteenths, 1 / 256)),
        2.0 ** sixteenths[:257], 65536 * 2 ** sixteenths[:16], 256 * np.log2(1 + np.arange(64) / 64),
    ]  # fmt: skip
    assert 0.0008 < min(map(_from_tie, of_gaussians)) < 0.0009
    names = ("SCALE", "OPACITY", "PLACE", "TURN", "BEND", "LEVELS", "POWER", "LOG")
    tables = [getattr(second_scene_decoder, name) for name in names]  # made with Python's own functions
    assert [np.rint(values).tolist() for values in of_gaussians] == tables
    assert np.rint(mixed[0]).tolist() == second_scene_decoder.STRETCH == STRETCH.tolist()
    assert np.rint(mixed[1]).tolist() == list(second_scene_decoder.SQUASH.values()) == SQUASH.tolist()
