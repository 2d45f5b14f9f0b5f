"""Bits in a rectangle: of the file that is on the side, and worked out once."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from later import Later

from daub.app.model import region_bits
from daub.app.model.brush import Box
from daub.app.model.compare import CompareSource
from daub.app.model.picture_maps import FileBits
from daub.app.model.region_bits import RegionBits
from daub.codec.errors import DaubError

BOX = Box(1, 0, 3, 2)


@pytest.fixture
def later(monkeypatch) -> Later:
    """Each pixel of a file costs as many bits as the file is called."""

    def bits_of(document) -> FileBits:
        if document.bits is None:
            raise DaubError("nobody knows", "where they are", "go on")
        return FileBits(document, None, np.full((4, 5), document.bits, np.float32))

    monkeypatch.setattr(region_bits, "bits_of", bits_of)
    return Later()


def file(bits: float | None) -> CompareSource:
    return CompareSource("File", "decoded", document=SimpleNamespace(bits=bits))


def test_bits_are_worked_out_once_for_each_file(later):
    changed = []
    bits = RegionBits(later, lambda: changed.append(1))
    one, other = file(2.0), file(0.5)
    assert bits.of(one, BOX) is None and bits.of(one, BOX) is None and len(later.asked) == 1
    later.go()
    assert changed == [1] and bits.of(one, BOX) == 8.0 and bits.of(one, Box(0, 0, 5, 4)) == 40.0
    assert bits.of(other, BOX) is None
    later.go()
    assert bits.of(other, BOX) == 2.0 and bits.of(one, BOX) == 8.0 and not later.asked


def test_what_is_in_no_file_has_none_and_what_cannot_be_known_is_asked_for_once(later):
    bits = RegionBits(later, lambda: None)
    assert bits.of(CompareSource("Source", "source", pixels=np.zeros((4, 5, 3), np.float32)), BOX) is None
    unknown = file(None)
    assert bits.of(unknown, BOX) is None
    later.go()
    assert bits.of(unknown, BOX) is None and not later.asked
