"""The program: `daub [FILE...]` opens the window; `daub encode ...` and the other commands need no display."""

from __future__ import annotations

import sys
from pathlib import Path

from app import cli


def main(argv: list[str] | None = None) -> int:
    """Args: argv: without the name of the program; by default that of the process."""
    argv = sys.argv[1:] if argv is None else argv
    # A single word that is no file is a mistyped command: the command line names those there are.
    if argv and (
        argv[0].startswith("-") or argv[0] in cli.COMMANDS or (argv[0].isalpha() and not Path(argv[0]).exists())
    ):
        return cli.main(argv)

    from app.window import start  # loads Qt and OpenGL

    return start.run(argv)


if __name__ == "__main__":
    sys.exit(main())
