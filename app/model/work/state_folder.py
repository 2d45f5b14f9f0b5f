"""Where Daub keeps what it would otherwise lose: work that is in no file."""

from __future__ import annotations

import os
from pathlib import Path


def state_folder(name: str) -> Path:
    """A folder of that name in the one that DAUB_STATE_DIR names, or else in the user's for the state of Daub."""
    if chosen := os.environ.get("DAUB_STATE_DIR"):
        return Path(chosen) / name
    import platformdirs

    return Path(platformdirs.user_state_dir("daub", appauthor=False)) / name
