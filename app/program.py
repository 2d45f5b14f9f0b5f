"""The program: `daub [FILE...]` opens the window; `daub encode ...` and the other commands need no display."""

from __future__ import annotations

import sys
from pathlib import Path

from daub.app.cli import main as cli


def main(argv: list[str] | None = None) -> int:
    """Runs the command line, or the window where no command is given; returns the exit code.

    Args:
        argv: the words after the name of the program; by default those of the process.
    """
    argv = sys.argv[1:] if argv is None else argv
    # A single word that is no file is a mistyped command: the command line names those there are.
    if argv and (
        argv[0].startswith("-") or argv[0] in cli.COMMANDS or (argv[0].isalpha() and not Path(argv[0]).exists())
    ):
        return cli.main(argv)

    from daub.app.window import start  # loads Qt and OpenGL

    return start.run(argv)
