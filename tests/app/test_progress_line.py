"""The line of progress, which moves on whenever the work does."""

from __future__ import annotations

import io
import json
import threading

import pytest

from daub.app import terminal
from daub.app.terminal import ProgressLine, Style, set_style
from daub.render.interruption import aside, go_on


class Terminal(io.StringIO):
    def isatty(self):
        return True

    @property
    def painted(self) -> list[str]:
        """Every line that was seen."""
        return [line.removesuffix("\x1b[K") for line in self.getvalue().split("\r")[1:]]


@pytest.fixture
def clock(monkeypatch):
    """Goes on when it is told to."""

    class Clock:
        now = 100.0

        def monotonic(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr(terminal, "time", clock)
    return clock


def test_it_moves_on_within_a_step(clock):
    seen = Terminal()
    with ProgressLine(seen) as line:
        for step in range(1, 4):
            for _ in range(10):
                clock.now += 0.2
                go_on()
            line.advance("fit", 0.1 * step)
    percents = [int(text.split("%")[0].split()[-1]) for text in seen.painted if "%" in text]
    assert percents == sorted(percents) and {10, 21, 22, 25, 28, 29} <= set(percents) and max(percents) == 29
    go_on()
    assert percents == [int(text.split("%")[0].split()[-1]) for text in seen.painted if "%" in text]


def test_words_are_told_with_how_long_it_takes_already(clock):
    seen = Terminal()
    with ProgressLine(seen) as line:
        go_on()  # nothing has been told yet
        line.say("reading photo.png")
        for _ in range(15):
            clock.now += 0.2
            go_on()
        line.advance("fit", 0.5)
    assert seen.painted[:6] == ["reading photo.png"] * 5 + ["reading photo.png, 1.0 s"]
    assert "reading photo.png, 3.0 s" in seen.painted and seen.painted[-2].startswith("fit ")


def test_programs_are_told_ten_times_a_second_at_most(clock, capsys):
    set_style(Style.JSON)
    try:
        with ProgressLine() as line:
            line.say("reading")
            for _ in range(100):
                clock.now += 0.01
                go_on()
            for step in (1, 2):
                for _ in range(100):
                    clock.now += 0.01
                    go_on()
                line.advance("fit", 0.4 * step, "a fact")
    finally:
        set_style(Style.BAR)
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    doing = [event for event in told if event["event"] == "doing"]
    fractions = [event["fraction"] for event in told if event["event"] == "progress"]
    assert 18 <= len(doing) <= 22 and doing[0]["seconds"] == 0 and doing[-1]["seconds"] == pytest.approx(1.9, abs=0.15)
    assert 9 <= len(fractions) <= 12 and fractions == sorted(fractions)


def test_where_nobody_sees_it_nothing_is_done_aside():
    with ProgressLine(io.StringIO()):
        assert aside(threading.current_thread) is threading.current_thread()
    with ProgressLine(Terminal()):
        assert aside(threading.current_thread) is not threading.current_thread()
