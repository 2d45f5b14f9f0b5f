"""The overlay and the inspector as models: what is worked out when, and what is dropped."""

from dataclasses import replace

import numpy as np
import pytest
from scenes import some_gaussians

from daub.app.model.gaussians.file_bits import FilesBits, bits_of
from daub.app.model.gaussians.inspector import Inspector
from daub.app.model.gaussians.overlay import Overlay
from daub.app.model.gaussians.picture_maps import MapKind
from daub.app.model.gaussians.properties import Property
from daub.app.model.sources.sides import CompareSource
from daub.app.model.view.view import Mode, View
from daub.codec import container
from daub.codec.symbols import Grid, quantise, step_index

WIDTH, HEIGHT = 64, 48


class ByHand:
    """A `Background` whose work is done when the test says so."""

    def __init__(self):
        self.begun = []

    def run(self, work, deliver, on_failure):
        self.begun.append((work, deliver))

    def finish(self):
        """All of it, and what follows."""
        rounds = 0
        while self.begun:
            work, deliver = self.begun.pop(0)
            deliver(work())
            rounds += 1
            assert rounds < 50, "it never comes to rest"


@pytest.fixture
def hands():
    return ByHand()


@pytest.fixture
def view():
    view = View()
    view.resize(WIDTH, HEIGHT, 1.0)
    view.show(WIDTH, HEIGHT, True)
    return view


@pytest.fixture
def overlay(hands, view):
    return Overlay(hands, FilesBits(hands, lambda failure: None), view)


@pytest.fixture
def inspector(hands, overlay, view):
    return Inspector(hands, overlay, view)


def a_file(seed=0):
    grid = Grid(WIDTH, HEIGHT, step_index(0.1), 3)
    return container.read(container.write(quantise(some_gaussians(150, WIDTH, HEIGHT, seed), grid), grid))


def of_file(document):
    return CompareSource("file", gaussians=document.gaussians, document=document)


def of_fit(seed, live=True):
    return CompareSource("fit", gaussians=some_gaussians(40, WIDTH, HEIGHT, seed), is_live=live)


PIXELS = CompareSource("source", pixels=np.full((HEIGHT, WIDTH, 3), 0.5, np.float32))


def test_nothing_is_worked_out_while_nobody_looks(overlay, hands):
    overlay.show((PIXELS, of_file(a_file())))
    overlay.colour_by(Property.SIZE)
    assert not hands.begun and overlay.reading is None and overlay.subject is not None
    overlay.toggle("centres")
    hands.finish()
    assert overlay.is_drawn and overlay.reading.which is Property.SIZE
    overlay.toggle("centres")
    assert not overlay.is_drawn and not hands.begun


def test_nobody_is_told_of_gaussians_that_nobody_looks_at(overlay):
    told = []
    overlay.changed.connect(lambda: told.append(1))
    overlay.show((PIXELS, of_fit(0)))
    assert told == [1], "there are some now"
    for seed in range(1, 5):
        overlay.show((PIXELS, of_fit(seed)))
    assert told == [1]
    overlay.show((PIXELS, of_file(a_file())))
    assert len(told) == 2, "bits can be asked for now"
    overlay.show((PIXELS, None))
    assert len(told) == 3


def test_bits_follow_when_the_file_has_been_accounted_for(overlay, hands):
    document = a_file()
    overlay.show((None, of_file(document)))
    overlay.toggle("ellipses")
    hands.finish()
    assert overlay.subject.bits is None, "nobody has asked for them"
    overlay.colour_by(Property.BITS)
    assert overlay.why_not(Property.BITS) == "" and overlay.why_not(Property.ERROR)
    hands.finish()
    assert overlay.account is not None
    assert np.array_equal(overlay.reading.values, document.account().total)


def test_the_side_that_is_seen_is_looked_at(overlay, view, hands):
    a, b = of_file(a_file(1)), of_file(a_file(2))
    overlay.show((a, b))
    assert overlay.subject.gaussians is b.gaussians and overlay.subject.reference is a.gaussians
    view.choose(Mode.A)
    assert overlay.subject.gaussians is a.gaussians and overlay.subject.reference is b.gaussians
    overlay.show((PIXELS, b))
    assert overlay.subject.gaussians is b.gaussians and overlay.subject.reference is PIXELS.pixels
    source = np.zeros_like(PIXELS.pixels)
    overlay.show((a, b), source)
    assert overlay.subject.source is source and overlay.subject.reference is b.gaussians
    overlay.show((a, b), source[1:])
    assert overlay.subject.source is None, "it is of another size"
    overlay.show((PIXELS, None))
    assert overlay.subject is None and overlay.reading is None
    assert overlay.why_not(Property.SIZE)


def test_filters_hide_and_go(overlay, hands):
    overlay.show((PIXELS, of_file(a_file())))
    overlay.toggle("filled")
    overlay.colour_by(Property.SIZE)
    hands.finish()
    middle = float(np.median(overlay.reading.values))
    overlay.keep(0.0, middle)
    hands.finish()
    kept = overlay.reading.kept
    assert 60 < kept.sum() < 90 and overlay.filters == {Property.SIZE: (0.0, middle)}
    overlay.colour_by(Property.ENERGY)
    hands.finish()
    assert np.array_equal(overlay.reading.kept, kept), "it stays while another is counted"
    overlay.keep_all(Property.SIZE)
    hands.finish()
    assert overlay.reading.kept.all() and not overlay.filters


def test_of_a_fit_that_runs_the_newest_counts_and_it_gets_time_to_itself(overlay, hands):
    overlay.toggle("centres")
    for seed in range(5):
        overlay.show((PIXELS, of_fit(seed)))
    assert len(hands.begun) == 1
    hands.finish()
    overlay._not_before = 1e18  # the reading took long
    overlay.show((PIXELS, of_fit(9)))
    assert not hands.begun
    last = of_fit(10, live=False)
    overlay.show((PIXELS, last))
    hands.finish()
    assert overlay.reading.subject.gaussians is last.gaussians, "what stands still is never left out"


def test_maps_replace_one_another_and_belong_to_their_file(overlay, hands):
    document = a_file()
    overlay.show((None, of_file(document)))
    overlay.show_map(MapKind.DENSITY)
    hands.finish()
    assert overlay.map.kind is MapKind.DENSITY
    overlay.show_map(MapKind.BITS)
    hands.finish()
    assert overlay.map.kind is MapKind.BITS
    expected = bits_of(document, document.account()).per_pixel
    assert np.array_equal(overlay.map.values, expected)
    overlay.show_map(MapKind.BITS)
    assert overlay.map is None and overlay.map_kind is None


def test_the_map_of_bits_of_another_file_follows_it(overlay, hands):
    overlay.show((None, of_file(a_file())))
    overlay.show_map(MapKind.BITS)
    hands.finish()
    first, other = overlay.map, of_file(a_file(7))
    overlay.show((None, other))
    hands.finish()
    assert overlay.map is not first
    overlay.show((None, of_fit(1, live=False)))  # in no file
    hands.finish()
    assert overlay.map is None


def test_picking_goes_through_what_lies_there(inspector, overlay, hands):
    document = a_file()
    overlay.show((PIXELS, of_file(document)))
    picked = []
    inspector.was_picked.connect(lambda: picked.append(inspector.picked[1]))
    inspector.pick(30.5, 20.5)
    assert inspector.rank[0] == 0 and inspector.found is None and inspector.shape is not None
    hands.finish()
    assert sum(inspector.found.bits.values()) == pytest.approx(document.account().total[inspector.picked[1]])
    assert inspector.found.psnr is not None
    inspector.pick(30.9, 20.2)
    assert inspector.rank[0] == 1 and picked[0] != picked[1]
    inspector.step(-1)
    assert inspector.picked[1] == picked[0]
    inspector.step(-1)
    assert inspector.rank == (inspector.rank[1] - 1, inspector.rank[1])
    inspector.pick(5.5, 40.5)
    assert inspector.rank[0] == 0, "another place begins anew"
    inspector.pick(-4000, -4000)
    assert inspector.picked is None
    hands.finish()
    assert inspector.found is None, "what was dropped is not delivered"


def test_without_it_the_side_is_drawn_without_it_alone(inspector, overlay):
    side = of_file(a_file())
    overlay.show((PIXELS, side))
    inspector.pick(30.5, 20.5)
    index = inspector.picked[1]
    assert inspector.seen((PIXELS, side)) == (PIXELS, side)
    inspector.hide(True)
    a, b = inspector.seen((PIXELS, side))
    assert a is PIXELS and not b.gaussians.parameters[index, 5:].any()
    others = np.arange(len(side.gaussians)) != index
    assert np.array_equal(b.gaussians.parameters[others], side.gaussians.parameters[others])
    assert inspector.seen((PIXELS, side))[1].gaussians is b.gaussians, "nothing is uploaded twice"
    inspector.step(1)
    assert inspector.seen((PIXELS, side))[1].gaussians is not b.gaussians
    inspector.drop()
    assert inspector.seen((PIXELS, side)) == (PIXELS, side)


def test_only_what_passes_the_filters_is_picked(inspector, overlay, hands):
    overlay.show((PIXELS, of_file(a_file())))
    overlay.toggle("centres")
    overlay.colour_by(Property.SIZE)
    hands.finish()
    overlay.keep(0.0, float(np.median(overlay.reading.values)))
    hands.finish()
    for place in ((30.5, 20.5), (10.5, 30.5), (50.5, 10.5)):
        inspector.pick(*place)
        assert inspector.picked is None or overlay.reading.kept[inspector.picked[1]]


def test_what_is_picked_of_a_fit_stays_until_it_ends(inspector, overlay, hands):
    overlay.show((PIXELS, of_fit(0)))
    inspector.pick(30.5, 20.5)
    picked = inspector.picked
    overlay.show((PIXELS, of_fit(1)))
    assert inspector.picked is picked
    hands.finish()
    assert inspector.found is not None
    overlay.show((PIXELS, of_fit(2, live=False)))
    assert inspector.picked is None


def test_frames_of_the_device_do_not_show_what_is_hidden(inspector, overlay):
    side = replace(of_fit(0), frame=object())
    overlay.show((PIXELS, side))
    inspector.pick(30.5, 20.5)
    inspector.hide(True)
    assert inspector.seen((PIXELS, side))[1].frame is None
