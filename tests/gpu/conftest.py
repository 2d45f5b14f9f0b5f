"""Fixtures of the tests that need an NVIDIA GPU: `make gpu` runs them. Without one they are skipped, with the reason.

They also run where there is only Python with CuPy, numpy, torch and pytest: what needs more says so and is skipped.
"""

from __future__ import annotations

import in_place  # noqa: F401
import pytest

from daub.render.cuda import open_backend
from daub.render.errors import DeviceUnavailable


def pytest_configure(config):
    if not config.pluginmanager.hasplugin("timeout"):
        config.addinivalue_line("markers", "timeout(seconds): without pytest-timeout nothing ends by itself")


@pytest.fixture(scope="session")
def rasteriser():
    try:
        return open_backend()
    except DeviceUnavailable as error:
        pytest.skip(f"no GPU: {error}")
