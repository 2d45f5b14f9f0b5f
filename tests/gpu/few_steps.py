"""Every kernel once or more, on little: what compute-sanitizer runs."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import cupy  # noqa: E402
import numpy as np  # noqa: E402
from scenes import mixed  # noqa: E402

from render.cuda import canvas, open_backend  # noqa: E402
from render.gaussians import Gaussians  # noqa: E402
from render.rasterizer import Descent, GaussNewton  # noqa: E402

cupy.cuda.set_allocator(None)  # CuPy's pool hands out parts of large blocks, in which overruns go unseen
rng = np.random.default_rng(0)
target, gaussians = rng.random((45, 70, 3), np.float32), mixed(rng, 70, 45)
rasterizer = open_backend()
rasterizer.forward_rgba(gaussians, 70, 45)
rasterizer.forward_8bit(gaussians, 70, 45)
rasterizer.backward(gaussians, target)
for looked_through in (canvas.LOOKED_THROUGH, 0):  # then with lists of bands
    canvas.LOOKED_THROUGH = looked_through
    surface = rasterizer.surface(target)
    surface.advance(Descent.of(Gaussians(surface.xp.asarray(gaussians.parameters))), GaussNewton(), 3, price=0.2)
surface.peaks(1.2, 10)
