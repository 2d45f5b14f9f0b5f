"""One piece of work at a time, of which the newest counts."""

from daub.app.model.work.newest import Newest


class ByHand:
    """A `Background` whose work is done when the test says so."""

    def __init__(self):
        self.begun = []

    def run(self, work, deliver, on_failure):
        self.begun.append((work, deliver, on_failure))

    def finish(self):
        work, deliver, on_failure = self.begun.pop(0)
        try:
            outcome = work()
        except ZeroDivisionError as error:
            on_failure(error)
        else:
            deliver(outcome)


def test_what_came_meanwhile_is_left_out_but_the_last():
    hands, told, failed = ByHand(), [], []
    newest = Newest(hands, told.append, failed.append)
    for number in range(4):
        newest.want(lambda number=number: number)
    assert len(hands.begun) == 1 and newest.is_busy
    hands.finish()
    assert told == [0] and len(hands.begun) == 1
    hands.finish()
    assert told == [0, 3] and not newest.is_busy


def test_what_is_dropped_is_not_delivered_and_what_fails_is_told():
    hands, told, failed = ByHand(), [], []
    newest = Newest(hands, told.append, failed.append)
    newest.want(lambda: "dropped")
    newest.want(lambda: "never begun")
    newest.drop()
    hands.finish()
    assert told == [] and not hands.begun and not newest.is_busy
    newest.want(lambda: 1 / 0)
    hands.finish()
    assert len(failed) == 1
    newest.want(lambda: "later")
    hands.finish()
    assert told == ["later"]
