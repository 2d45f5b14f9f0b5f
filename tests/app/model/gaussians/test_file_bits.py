"""The bits of files, for whoever asks: worked out once, and the longest unasked go."""

import numpy as np
import pytest
from scenes import some_gaussians

from daub.app.model.gaussians.file_bits import FilesBits, bits_of
from daub.codec import container
from daub.codec.container import Document
from daub.codec.symbols import Grid, quantise, step_index


class ByHand:
    """A `Background` whose work is done when the test says so."""

    def __init__(self):
        self.begun = []

    def run(self, work, deliver, on_failure):
        self.begun.append((work, deliver))

    def finish(self):
        while self.begun:
            work, deliver = self.begun.pop(0)
            deliver(work())


def a_file(seed=0):
    grid = Grid(64, 48, step_index(0.1), 3)
    return container.read(container.write(quantise(some_gaussians(30, 64, 48, seed), grid), grid))


@pytest.fixture
def hands():
    return ByHand()


@pytest.fixture
def files(hands):
    return FilesBits(hands, lambda failure: pytest.fail(str(failure)))


def test_a_region_has_its_share(hands, files):
    document, told = a_file(), []
    files.changed.connect(lambda: told.append(1))
    assert files.bits(document) is None
    hands.finish()
    assert files.bits(document) is None, "first the account, then where it is"
    hands.finish()
    found = files.bits(document)
    assert len(told) == 2 and found.account is files.account(document)
    assert found.in_region(0, 0, 64, 48) == pytest.approx(found.account.coded, rel=1e-4)
    parts = [found.in_region(0, 0, 20, 48), found.in_region(20, 0, 64, 30), found.in_region(20, 30, 64, 48)]
    assert sum(parts) == pytest.approx(found.account.coded, rel=1e-4) and min(parts) > 0
    assert np.array_equal(found.per_pixel, bits_of(document, document.account()).per_pixel)


def test_nothing_is_worked_out_twice_and_few_are_kept(hands, files):
    documents = [a_file(seed) for seed in range(6)]
    for document in documents:
        files.account(document)
        files.account(document)
    assert len(hands.begun) == 6
    hands.finish()
    assert files.account(documents[-1]) is not None and not hands.begun
    files.account(documents[2])  # is asked for again, and stays
    files.account(a_file(9))
    assert files.account(documents[2]) is not None
    assert files.account(documents[0]) is None and len(hands.begun) == 2, "it went, and is worked out anew"


def test_what_is_in_no_file_has_no_bits(hands, files):
    assert files.account(None) is None
    assert files.bits(Document.unwritten(some_gaussians(3, 8, 8), 8, 8)) is None
    assert not hands.begun
