"""Runs Daub from a clone: `python main.py [FILE...]` opens the window, `python main.py encode ...` encodes."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from daub.app.program import main
    except ModuleNotFoundError as missing:
        if missing.name not in ("daub", "daub.app"):
            raise
        why = "daub: cannot start, Daub is not set up in this Python"
        sys.exit(f"{why}, run `make gui` or `pip install -e .` in this folder")
    except KeyboardInterrupt:  # before the program could see to it
        print("daub: stopped by Ctrl-C, nothing was begun, run it again", file=sys.stderr)
        sys.exit(130)

    sys.exit(main())
