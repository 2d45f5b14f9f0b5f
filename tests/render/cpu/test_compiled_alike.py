"""A first start, which compiles the kernels, gives the same bits as all that follow, which load them."""

import os
import subprocess
import sys

FIT = """
import hashlib
import numpy as np
from daub.codec.fit.loop import FitSettings, fit
from daub.codec.fit.sizes import CoarseToFine
from daub.render.cpu.backend import CpuRasteriser
from daub.render.weighting import Weighting
down, across = np.mgrid[:256, :288].astype(np.float32) / 40
photo = np.stack([np.sin(across) * np.cos(down), np.sin(across * down), np.cos(down + 3)], -1) / 2 + np.float32(0.5)
weighting = Weighting(1 + np.sin(across).astype(np.float32) / 2, 0.3)
settings = FitSettings(gaussians=300, steps=8, sizes=CoarseToFine(until=0.0))  # large ones on the levels of the whole
for record in fit(photo, settings, CpuRasteriser(), lambda: weighting):
    print(record.step, hashlib.md5(np.ascontiguousarray(record.gaussians.parameters)).hexdigest())
"""


def test_kernels_that_have_just_been_compiled_give_the_bits_of_those_from_the_folder(tmp_path):
    known = {name: text for name, text in os.environ.items() if name != "NUMBA_CACHE_DIR"}

    def run() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", FIT], env=known | {"DAUB_CACHE_DIR": str(tmp_path)}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    compiled, kernels = run(), len([*tmp_path.rglob("*.nbc")])
    loaded = run()
    assert kernels > 12 and len([*tmp_path.rglob("*.nbc")]) == kernels  # nothing was left to be compiled
    assert len(compiled) == 8 and loaded == compiled
