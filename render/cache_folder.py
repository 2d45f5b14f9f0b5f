"""The folder in which compiled kernels are kept from one run to the next."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """The folder that DAUB_CACHE_DIR names, or else the user's cache folder for Daub.

    Raises:
        OSError: the variable is not set, and platformdirs, which knows the other, is not installed.
    """
    if chosen := os.environ.get("DAUB_CACHE_DIR"):
        return Path(chosen)
    try:
        import platformdirs
    except ModuleNotFoundError as missing:
        raise OSError("no folder for compiled kernels: install platformdirs or set DAUB_CACHE_DIR") from missing
    return Path(platformdirs.user_cache_dir("daub", appauthor=False))
