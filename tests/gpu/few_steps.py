"""Every kernel once or more, on little: what compute-sanitizer runs."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import cupy
import in_place  # noqa: F401
import numpy as np
from scenes import mixed

from daub.render.cuda import drawing, open_backend
from daub.render.descent import Descent, GaussNewton
from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting

cupy.cuda.set_allocator(None)  # CuPy's pool hands out parts of large blocks, in which overruns go unseen
rng = np.random.default_rng(0)
target, gaussians = rng.random((45, 70, 3), np.float32), mixed(rng, 70, 45)
rasteriser = open_backend()
rasteriser.forward_rgba(gaussians, 70, 45)
rasteriser.forward_8bit(gaussians, 70, 45)
rasteriser.backward(gaussians, target)
USUAL = drawing.ROOMY, drawing.LOOKED_THROUGH, drawing.SORTED_FROM
COUNTED = 0, *USUAL[1:]
SORTED = 0, 0, 0  # and listed by bands
for roomy, looked_through, sorted_from in (USUAL, COUNTED, SORTED):
    drawing.ROOMY, drawing.LOOKED_THROUGH, drawing.SORTED_FROM = roomy, looked_through, sorted_from
    for weights in (None, Weighting(rng.random((45, 70), np.float32), 1.0)):
        surface = rasteriser.surface(target, weights)
        descent = Descent.of(Gaussians(surface.xp.asarray(gaussians.parameters)))
        surface.advance(descent, GaussNewton(), 3, bit_price=0.2)
surface.energy(descent.gaussians)
surface.peaks(1.2, 10)
if "--plant" in sys.argv:  # what the sanitizer is to find: a sum that many threads write at once, beyond its array
    code = 'extern "C" __global__ void bad(float *sum) { sum[1 << 20] += threadIdx.x; }'
    cupy.RawKernel(code, "bad")((2,), (64,), (cupy.zeros(1, np.float32),))
    cupy.cuda.Device().synchronize()
