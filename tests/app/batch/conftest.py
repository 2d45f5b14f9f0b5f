"""Processes of batches find their kernels compiled: several that compile the same ones at once would take minutes."""

from __future__ import annotations

import pytest

from daub.app.tasks.device import OpenDevice
from daub.app.tasks.telling import silent


@pytest.fixture(autouse=True, scope="session")
def kernels() -> None:
    OpenDevice("cpu").load_encoder(silent)
