"""Runs Daub from a clone: `python main.py [FILE...]` opens the window, `python main.py encode ...` encodes."""

from __future__ import annotations

import importlib.util
import sys

if __name__ == "__main__":
    if importlib.util.find_spec("daub") is None:
        sys.exit(
            "daub: cannot start, Daub is not set up in this Python, run `make gui` or `pip install -e .` in this folder"
        )
    from daub.app.program import main

    sys.exit(main())
