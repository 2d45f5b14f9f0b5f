"""What a terminal shows: one line of progress on stderr, aligned tables and JSON on stdout.

For programs, stderr has a JSON object on each line instead (`Style.JSON`; USAGE.md lists them).
"""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from daub.app.model.fit.pace import Pace
from daub.app.model.fit.within_step import WithinStep
from daub.codec.errors import DaubError
from daub.render.errors import Reason
from daub.render.interruption import while_wanted

_BAR = 24  # cells of a full-width bar
_INTERVAL = 0.1  # seconds between two paintings: more would only slow the fit down
_LONG = 1.0  # seconds after which it is told how long something has been going on already


class Style(StrEnum):
    """What stderr gets beside errors; the first two values are those of --progress."""

    BAR = "bar"  # notices, and on a terminal a line that is painted over
    JSON = "json"  # an object on each line
    QUIET = "quiet"  # nothing


_style = Style.BAR


def set_style(style: Style) -> None:
    """Says for the whole process what stderr gets from now on."""
    global _style
    _style = style


class ProgressLine:
    """One line that is painted over; silent when the stream is no terminal.

    A context manager: the line is gone when it ends, however it ends. Until then it moves on whenever work on this
    thread asks whether to go on (`render.interruption`): a step of a large picture takes a second.
    """

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stderr
        self._visible = _style is Style.BAR and self._stream.isatty()
        self._moves = while_wanted(self._go_on) if self._visible or _style is Style.JSON else nullcontext()
        self._pace, self._within = Pace(), WithinStep()
        self._next = self._next_words = 0.0
        # What was told last: words, and since when; or, where these are None, a stage and facts.
        self._words: str | None = None
        self._since = 0.0
        self._stage, self._facts = "", ()

    def __enter__(self) -> ProgressLine:
        self._moves.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self._moves.__exit__(*error)
        if self._visible:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def say(self, text: str) -> None:
        """Words alone, for work whose end is not in sight."""
        self._words, self._since = text, time.monotonic()
        self._show_words(self._since)

    def fall_back(self, reason: Reason) -> None:
        """A line that stays, terminal or not: the device has failed and the CPU goes on."""
        if self._visible:
            self._stream.write("\r\x1b[K")
        tell([f"{reason}, the CPU goes on"], self._stream)

    def fail(self, text: str) -> None:
        """A line that stays: one of many things could not be done."""
        if self._visible:
            self._stream.write("\r\x1b[K")
        tell_error(text)

    def advance(self, stage: str, fraction: float, *facts: str) -> None:
        """Args: fraction of all the work, 0 to 1; facts stand behind the percentage, the time left comes last."""
        self._words, self._stage, self._facts = None, str(stage), facts
        told, now = self._within.mark(fraction, self._stage), time.monotonic()
        if now < self._next or not (self._visible or _style is Style.JSON):
            return
        self._pace.mark(now, 0, fraction)
        self._show_fraction(now, told)

    def _go_on(self) -> bool:
        """Shows that the work does: it asks whether it is to."""
        fraction, now = self._within.asked(), time.monotonic()
        if self._words is not None and now >= self._next_words:
            self._show_words(now)
        elif self._words is None and self._stage and now >= self._next:
            self._show_fraction(now, fraction)
        return True

    def _show_words(self, now: float) -> None:
        self._next_words, seconds = now + _INTERVAL, now - self._since
        _send("doing", text=self._words, seconds=round(seconds, 1))
        if self._visible:
            self._paint(self._words if seconds < _LONG else f"{self._words}, {duration(seconds)}")

    def _show_fraction(self, now: float, fraction: float) -> None:
        self._next, left = now + _INTERVAL, self._pace.seconds_left
        told = list(self._facts)
        _send("progress", stage=self._stage, fraction=round(fraction, 4), seconds_left=left, facts=told)
        if not self._visible:
            return
        if left is not None:
            told.append(f"{duration(left)} left")
        text = "  ".join([f"{100 * fraction:3.0f} %", *told])
        bar = self._bar(fraction, self._columns() - len(self._stage) - len(text) - 6)
        self._paint(f"{self._stage:<9} {bar} {text}")

    def _bar(self, fraction: float, room: int) -> str:
        full, empty = ("━", "─") if (self._stream.encoding or "").lower().startswith("utf") else ("#", ".")
        cells = min(max(room, 4), _BAR)
        done = min(int(cells * fraction), cells)
        return full * done + empty * (cells - done)

    def _columns(self) -> int:
        try:
            # A terminal that does not know its size says 0.
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except (OSError, ValueError):
            return 80

    def _paint(self, text: str) -> None:
        # One column stays free: a full line would wrap on some terminals, and \r then returns to the wrong row.
        self._stream.write("\r" + text[: self._columns() - 1] + "\x1b[K")
        self._stream.flush()


def table(rows: Sequence[Sequence[str]], header: Sequence[str] | None = None) -> str:
    """Rows of equal length as text: the first column to the left, the others to the right.

    Args:
        header: of equally many lines each.
    """
    headings = list(zip(*(heading.split("\n") for heading in header), strict=True)) if header else []
    lines = [*headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]

    def text(line: Sequence[str]) -> str:
        first, *others = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        return "  ".join([line[0].ljust(len(first)), *others]).rstrip()

    printed = [text(line) for line in lines]
    if header:
        printed.insert(len(headings), "-" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(printed)


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and what they are, one pair a line, the second column aligned."""
    width = max(len(name) for name, _ in pairs)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in pairs)


def duration(seconds: float) -> str:
    """Seconds as people say them: 21 ms, 4.2 s, 3 min 05 s."""
    if seconds < 0.00995:
        return f"{1000 * seconds:.1f} ms"
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"


def percent(value: float | None) -> str:
    """A change: +3.4 %, and - for one that is not known."""
    return "-" if value is None else f"{value:+z.1f} %"


def decibels(value: float) -> str:
    """A PSNR: 31.87 dB, 0.00 dB without a sign, and a word where there is no error."""
    return "identical" if value == float("inf") else f"{value:z.2f} dB"


LOOKS = "SSIMULACRA2", "FLIP"  # the columns that `looks` fills


def looks(ssimulacra2: float | None, flip: float | None) -> tuple[str, str]:
    """How an image looks: 67.3 and 0.0412, and - for what is not known."""
    return "-" if ssimulacra2 is None else f"{ssimulacra2:z.1f}", "-" if flip is None else f"{flip:.4f}"


def tell(notices: Sequence[str], stream: TextIO | None = None) -> None:
    """What a person should know beside the result, one line each on stderr."""
    for notice in notices:
        if _style is Style.BAR:
            print(f"daub: {notice}", file=stream or sys.stderr)
        _send("notice", text=notice)


def tell_error(line: str) -> None:
    """Why something could not be done; in any style."""
    if _style is Style.JSON:
        _send("error", text=line)
    else:
        print(f"daub: {line}", file=sys.stderr)


def tell_result(text: str, content: dict) -> None:
    """What has come of the work, where stdout is taken; "" for nothing."""
    if _style is Style.JSON:
        _send("result", **content)
    elif text:
        print(text, file=sys.stderr)


def tell_event(event: str, **content: object) -> None:
    """Something that programs alone are told."""
    _send(event, **content)


def _send(event: str, **content: object) -> None:
    if _style is Style.JSON:
        print(json_text({"event": event, **content}), file=sys.stderr)


def json_text(content: dict) -> str:
    """One JSON object, its infinities as null and its reasons as one line."""
    return json.dumps(_plain(content), allow_nan=False)


def show(text: str) -> None:
    """Prints a result on stdout, and sends it off together with what was printed before.

    Raises:
        BrokenPipeError: whoever read it has gone.
        DaubError: it cannot be written, as the disk is full.
    """
    with _printing("cannot print the result", "send the output elsewhere; files are written as asked"):
        if text:
            print(text)
        sys.stdout.flush()


def show_file(path: Path) -> None:
    """Sends the content of a file to stdout, byte for byte; raises as `show` does."""
    with _printing("cannot write to stdout", "send it elsewhere"), path.open("rb") as file:
        sys.stdout.flush()
        with open(sys.stdout.fileno(), "wb", closefd=False) as stdout:
            shutil.copyfileobj(file, stdout, 1 << 20)


@contextmanager
def _printing(what: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # What waits in the buffer would be tried again, and fail again, at the end of the interpreter.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise DaubError(what, (error.strerror or str(error)).lower(), remedy) from error


def _plain(value: object) -> object:
    """What JSON can hold: an infinite number, the PSNR of equal images, becomes null, and a reason becomes a line."""
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else None  # + 0.0 takes the sign off a zero
    if isinstance(value, Reason):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
