"""Processes of batches find their kernels compiled: several that compile the same ones at once would take minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from batch_in_process import Here

from daub.app.batch import run
from daub.app.tasks.device import OpenDevice
from daub.app.tasks.telling import silent


@pytest.fixture(autouse=True, scope="session")
def kernels() -> None:
    OpenDevice("cpu").load_encoder(silent)


@pytest.fixture
def here(monkeypatch) -> None:
    """Batches do their work in this process."""

    @contextmanager
    def doers(*_) -> Iterator[Here]:
        yield Here()

    monkeypatch.setattr(run, "_doers", doers)
