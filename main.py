"""The program: `daub [FILE...]` opens the window; `daub encode|decode|info|compare|bench ...` needs no display."""

from __future__ import annotations

import sys

COMMANDS = ("encode", "decode", "info", "compare", "bench")


def main(argv: list[str] | None = None) -> int:
    """Args: argv: without the name of the program; by default that of the process."""
    argv = sys.argv[1:] if argv is None else argv
    if argv and (argv[0] in COMMANDS or argv[0].startswith("-")):
        from app import cli

        return cli.main(argv)
    from app import gui

    return gui.run(argv)


if __name__ == "__main__":
    sys.exit(main())
