"""Both measures at once, and what stands in their place without their packages."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from daub.codec.evaluation import perceptual as module
from daub.codec.evaluation.perceptual import MISSING, available, perceptual


@pytest.mark.skipif(not available(), reason="the extra metrics is not installed")
def test_both_are_of_the_same_pair():
    from daub.codec.evaluation.flip import flip
    from daub.codec.evaluation.ssimulacra2 import ssimulacra2

    image = np.random.default_rng(0).random((20, 30, 3)).astype(np.float32)
    worse = np.clip(image + 0.1, 0, 1)
    found = perceptual(image, worse)
    assert found.ssimulacra2 == ssimulacra2(image, worse) < 100
    assert found.flip == flip(image, worse) > 0
    assert perceptual(image[:7], worse[:7]).ssimulacra2 is None


@pytest.mark.skipif(not available(), reason="the extra metrics is not installed")
def test_no_process_is_left_where_a_measure_fails(monkeypatch):
    from daub.codec.evaluation import flip, ssimulacra2

    started = []

    class Watched(flip.FlipProcess):
        def __init__(self, *images):
            super().__init__(*images)
            started.append(self._process)

    monkeypatch.setattr(flip, "FlipProcess", Watched)
    monkeypatch.setattr(ssimulacra2, "ssimulacra2", lambda *_: 1 / 0)
    monkeypatch.setattr(flip, "COMMAND", (sys.executable, "-c", "import time; time.sleep(1000)"))
    small = np.zeros((4, 4, 3), np.float32)
    with pytest.raises(ZeroDivisionError):
        perceptual(small, small)
    assert started[0].returncode not in (None, 0)


@pytest.mark.parametrize("missing", module._PACKAGES)
def test_one_package_alone_is_not_enough(missing, monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == missing else object())
    assert not available()
    assert "[metrics]" in MISSING and "\n" not in MISSING
