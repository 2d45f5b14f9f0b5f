"""The program: `daub [FILE...]` opens the window; `daub encode ...` and the other commands need no display."""

from __future__ import annotations

import os
import sys

from daub.app import process  # and nothing else yet: it guards what is imported below


def main(argv: list[str] | None = None) -> int:
    """Runs the command line, or the window where no command is given; returns the exit code.

    Args:
        argv: the words after the name of the program; by default those of the process, which is then run and ended as
            `process` says.
    """
    if argv is not None:
        return _run(argv)
    process.guard()
    from daub.codec.part_files import abandon_all

    process.at_stop(abandon_all)
    argv = sys.argv[1:]
    code = _run(argv)
    if _is_command(argv):
        process.end(code)
    process.release()
    return code


def _run(argv: list[str]) -> int:
    if _is_command(argv):
        from daub.app.cli import main as cli

        return cli.main(argv)
    from daub.app.window import start  # loads Qt and OpenGL

    return start.run(argv)


def _is_command(argv: list[str]) -> bool:
    """A single word that is no file is a mistyped command: the command line names those there are."""
    if not argv:
        return False
    from daub.app.cli.main import COMMANDS

    return argv[0].startswith("-") or argv[0] in COMMANDS or (argv[0].isalpha() and not os.path.exists(argv[0]))


if __name__ == "__main__":
    sys.exit(main())
