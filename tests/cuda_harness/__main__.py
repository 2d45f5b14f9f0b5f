"""Every kernel, on a small scene with lists that fit and with lists that do not: to run under AddressSanitizer.

A process of its own, because the sanitizer must be loaded before everything else and ends the process at a finding.
"""

import sys
from pathlib import Path

import numpy as np

from cuda_harness import FiberDevice
from daub.render.cuda import drawing
from daub.render.cuda.backend import CudaSurface
from daub.render.descent import Descent, GaussNewton
from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting

rng = np.random.default_rng(1)
width, height, count = 70, 45, 40
parameters = rng.normal(0, 1, (count, 8)).astype(np.float32)
parameters[:, :2] = rng.uniform((-30, -20), (100, 65), (count, 2))
parameters[:, 2:4] += 1
ROOMY, USUAL = drawing.ROOMY, drawing.LOOKED_THROUGH
for members, roomy, looked_through in ((1 << 14, ROOMY, USUAL), (1 << 14, 0, USUAL), (9, 0, USUAL), (9, 0, 0)):
    drawing.ROOMY, drawing.LOOKED_THROUGH = roomy, looked_through
    for weights in (None, Weighting(rng.random((height, width), np.float32), 1.0)):
        target = rng.random((height, width, 3), np.float32)
        surface = CudaSurface(FiberDevice(Path(sys.argv[1])), target, members, weights)
        descent = Descent.of(Gaussians(surface.xp.asarray(parameters)))
        surface.advance(descent, GaussNewton(), 2, 0.2)
        surface.gradient(descent.gaussians)
        surface.energy(descent.gaussians)
        surface.peaks(1.2, 10)
    surface._drawing.opaque()
    surface._drawing.rounded()
