"""Work beside the window, when a test says so."""

from __future__ import annotations

from daub.app.model.work.failure import failure_of_work


class Later:
    """Takes the place of a `Background`: keeps what it is asked for until `go`."""

    def __init__(self):
        self.asked = []

    def run(self, work, deliver, on_failure=None) -> None:
        self.asked.append((work, deliver, on_failure))

    run_alone = run

    def go(self) -> None:
        """Does the first that it was asked for, on this thread."""
        work, deliver, on_failure = self.asked.pop(0)
        try:
            result = work()
        except Exception as error:
            on_failure(failure_of_work(error))
        else:
            deliver(result)

    def go_on(self) -> None:
        """All of it, and what follows from that."""
        while self.asked:
            self.go()
