"""What is compared: A and B of whatever is open."""

from __future__ import annotations

import pytest
from stages import asking_for_it, golden

from daub.app.model.compare import sides


def test_there_is_nothing_to_compare_before_something_is_open(desk):
    assert sides(desk.workspace) == (None, None)


def test_a_picture_is_compared_with_its_fit_and_then_with_its_file(desk, photo):
    desk.open(photo)
    a, b = sides(desk.workspace)
    assert (a.label, a.name, a.gaussians, b) == ("Source", "source", None, None)
    assert a.pixels is desk.workspace.picture.pixels and a.texels is desk.workspace.picture.texels
    desk.encoder.permits.release(2)
    desk.until(lambda: desk.state.progress.step == 2)
    _, b = sides(desk.workspace)
    assert (b.label, b.name, b.is_live, b.document) == ("Fit", "decoded", True, None)
    assert b.gaussians is desk.state.gaussians and b.pixels is None
    encoded = desk.finish()
    _, b = sides(desk.workspace)
    assert (b.label, b.is_live) == ("Decoded file", False) and b.document is encoded.document


@pytest.mark.parametrize("asking", [False, True])
def test_a_file_has_one_side_and_says_what_it_needs(desk, tmp_path, inverting, asking):
    path = tmp_path / "photo.daub"
    path.write_bytes(asking_for_it(golden("photo")) if asking else golden("photo"))
    desk.open(path)
    a, b = sides(desk.workspace)
    assert a is None and b.gaussians is desk.workspace.picture.gaussians and b.has_stages is asking
