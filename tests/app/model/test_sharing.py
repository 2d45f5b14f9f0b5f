"""The share of the time between fitting and viewing."""

from __future__ import annotations

from daub.app.model.commands import BY_NAME
from daub.app.model.sharing import LEAST, MOST


def test_a_share_is_chosen_within_its_range_and_reaches_the_frames_of_the_device(desk):
    sharing, heard = desk.bench.sharing, []
    sharing.changed.connect(lambda: heard.append(sharing.viewing))
    sharing.choose(0.5)
    sharing.choose(0.5)
    assert heard == [0.5] and sharing.rest == 1 and desk.workspace.worker._frames.share == 0.5
    sharing.choose(7)
    assert sharing.viewing == MOST and not BY_NAME["view_more"].enabled(desk.bench)
    for _ in range(20):
        if BY_NAME["fit_more"].enabled(desk.bench):
            BY_NAME["fit_more"].run(desk.bench)
    assert sharing.viewing == LEAST and sharing.rest > 10
    desk.workspace.use_device("cpu")
    desk.until(lambda: desk.workspace.worker._frames is not None and desk.workspace.worker._device == "cpu")
    assert desk.workspace.worker._frames.share == LEAST, "another device goes by it, too"
