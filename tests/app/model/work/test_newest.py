"""One piece of work at a time, of which the newest counts."""

from later import Later

from daub.app.model.work.newest import Newest


def test_what_came_meanwhile_is_left_out_but_the_last():
    hands, told, failed = Later(), [], []
    newest = Newest(hands, told.append, failed.append)
    for number in range(4):
        newest.want(lambda number=number: number)
    assert len(hands.asked) == 1 and newest.is_busy
    hands.go()
    assert told == [0] and len(hands.asked) == 1
    hands.go()
    assert told == [0, 3] and not newest.is_busy


def test_what_is_dropped_is_not_delivered_and_what_fails_is_told():
    hands, told, failed = Later(), [], []
    newest = Newest(hands, told.append, failed.append)
    newest.want(lambda: "dropped")
    newest.want(lambda: "never begun")
    newest.drop()
    hands.go()
    assert told == [] and not hands.asked and not newest.is_busy
    newest.want(lambda: 1 / 0)
    hands.go()
    assert len(failed) == 1
    newest.want(lambda: "later")
    hands.go()
    assert told == ["later"]
