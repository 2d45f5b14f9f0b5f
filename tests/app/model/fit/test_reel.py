"""States that are kept: at which steps, within what memory, and what goes first."""

from __future__ import annotations

from itertools import pairwise

from daub.app.model.fit.reel import Budget, Kept, Reel
from daub.app.model.fit.state import Snapshot
from daub.codec.progress import Event
from daub.render.gaussians import Gaussians

GROWTHS = range(15, 121, 15)


def kept(step: int, nbytes: int = 100, grown: bool = False) -> Kept:
    return Kept(step, Snapshot(Gaussians.empty(3), 3), None, nbytes, grown)


def fill(reel: Reel, steps: int = 300) -> Reel:
    """As a fit does."""
    for step in range(1, steps + 1):
        event = Event.GROWN if step in GROWTHS else None
        if reel.wants(step, steps, event):
            reel.keep(kept(step, grown=event is Event.GROWN or step == steps))
    return reel


def steps_of(reel: Reel) -> list[int]:
    return [each.step for each in reel.states]


def test_states_are_kept_at_growths_at_even_steps_and_at_both_ends():
    steps = steps_of(fill(Reel(Budget())))
    assert {1, 300, *GROWTHS} <= set(steps) and 40 <= len(steps) <= 55
    assert max(later - earlier for earlier, later in pairwise(steps)) <= 8
    assert steps_of(fill(Reel(Budget()), steps=5)) == [1, 2, 3, 4, 5]


def test_the_budget_holds_and_growths_and_the_end_stay_longest():
    reel = fill(Reel(Budget(2000)))
    assert reel.nbytes <= 2000 and {*GROWTHS, 300} <= set(steps_of(reel)) and len(reel) > 10
    few = fill(Reel(Budget(400)))
    assert few.nbytes <= 400 and steps_of(few)[-1] == 300
    assert steps_of(fill(Reel(Budget(50)))) == [300], "what a fit can go on from stays whatever it takes"


def test_older_fits_go_down_to_their_ends_before_the_newest_loses_anything():
    budget = Budget(5500)
    first, second = fill(Reel(budget)), fill(Reel(budget))
    assert steps_of(first) == [300] and steps_of(second) == steps_of(fill(Reel(Budget())))
    assert budget.taken == first.nbytes + second.nbytes <= 5500
    third = fill(Reel(budget))
    assert steps_of(second) == [300] and len(third) > 40


def test_a_fit_that_begins_again_keeps_what_it_went_on_from():
    states = (kept(10), kept(20))
    reel = Reel(Budget(), states)
    reel.keep(kept(25))
    reel.clear()
    assert reel.states == states
    reel.keep(kept(20))
    assert steps_of(reel) == [10, 20] and reel.last is not states[1]


def test_the_neighbours_and_the_nearest_of_a_step():
    reel = Reel(Budget(), (kept(10), kept(20), kept(40)))
    assert [reel.at(step).step for step in (0, 14, 16, 29, 31, 99)] == [10, 10, 20, 20, 40, 40]
    assert [reel.beside(step, 1) and reel.beside(step, 1).step for step in (0, 10, 15, 40)] == [10, 20, 20, None]
    assert [reel.beside(step, -1) and reel.beside(step, -1).step for step in (41, 40, 20, 10)] == [40, 20, 10, None]
    empty = Reel(Budget())
    assert empty.at(3) is None and empty.last is None and empty.beside(3, 1) is None
