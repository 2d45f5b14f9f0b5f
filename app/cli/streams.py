"""`-` in the place of a file: stdin is kept in a file while a command runs, and a file becomes what goes to stdout.

    with Streams() as streams:
        work(streams.source("-"), streams.target("-", ".png"))
        streams.send()

Tasks know files alone, which can be read twice, and take their names when they are whole: so half a picture is never
sent. In errors and notices the two are called stdin and stdout.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from daub.app.terminal import show_file
from daub.codec.errors import DaubError
from daub.codec.files import refusals_of_reading, refusals_of_writing
from daub.codec.part_files import scratch_folder

STREAM = "-"


class Streams:
    """The files in the place of the streams; they are gone at the end of the context, however it ends."""

    def __init__(self):
        self._stack = ExitStack()
        self._folder: Path | None = None
        self._words: dict[str, str] = {}  # what each of its files is called, by its path
        self._sent: Path | None = None

    def __enter__(self) -> Streams:
        return self

    def __exit__(self, kind, error, _) -> None:
        self._stack.close()
        if isinstance(error, DaubError):
            self.name(error)

    @property
    def sends(self) -> bool:
        """stdout is taken: what there is to say goes to stderr."""
        return self._sent is not None

    def source(self, name: str) -> str:
        """The path of a file to read: the name itself, or of all that comes from stdin.

        Raises:
            DaubError: stdin is a terminal, or there is no room to keep it.
        """
        if name != STREAM:
            return name
        path = self._file("stdin")
        with refusals_of_reading("stdin", "read"), open(0, "rb", closefd=False) as stdin:
            if stdin.isatty():
                raise DaubError("cannot read stdin", "it is a terminal", "give it a file: < photo.jpg")
            with refusals_of_writing(path), path.open("wb") as file:
                while piece := _read(stdin):
                    file.write(piece)
        return str(path)

    def target(self, name: str, suffix: str) -> str:
        """The path of a file to write: the name itself, or of one that `send` sends to stdout.

        Args:
            suffix: its name ends in, where that is not given.

        Raises:
            DaubError: stdout is a terminal.
        """
        if name != STREAM:
            return name
        if sys.stdout.isatty():
            raise DaubError("cannot write to stdout", "it is a terminal", "send it elsewhere: > photo.png")
        self._sent = self._file("stdout", suffix)
        return str(self._sent)

    def send(self) -> None:
        """Sends what was written for stdout there.

        Raises:
            BrokenPipeError: whoever read it has gone.
            DaubError: it cannot be written.
        """
        if self._sent is not None:
            show_file(self._sent)

    def called(self, path: str) -> str:
        """What a person calls the file of a path."""
        return self._words.get(path, path)

    def named(self, texts: Iterable[str]) -> list[str]:
        """Lines of notices, with the files in them called as a person calls them."""
        texts = list(texts)
        for path, word in self._words.items():
            texts = [text.replace(path, word) for text in texts]
        return texts

    def name(self, error: DaubError) -> None:
        """The same for an error."""
        for path, word in self._words.items():
            error.call(path, word)

    def _file(self, word: str, suffix: str = "") -> Path:
        if self._folder is None:
            self._folder = Path(os.path.realpath(self._stack.enter_context(scratch_folder())))
        path = self._folder / f"{word}{suffix}"
        self._words[str(path)] = word
        return path


def _read(stdin: BinaryIO) -> bytes:
    with refusals_of_reading("stdin", "read"):
        return stdin.read(1 << 20)
