"""Every kernel once, on a small scene with lists that fit and with lists that do not: to run under AddressSanitizer.

A process of its own, because the sanitizer must be loaded before everything else and ends the process at a finding.
"""

import sys
from pathlib import Path

import numpy as np

from cuda_harness import Machine
from render.gaussians import Gaussians
from render.rasterizer import MOMENTUM, GaussNewton

rng = np.random.default_rng(1)
width, height, count = 70, 45, 40
parameters = rng.normal(0, 1, (count, 8)).astype(np.float32)
parameters[:, :2] = rng.uniform((-30, -20), (100, 65), (count, 2))
parameters[:, 2:4] += 1
gaussians, momentum = Gaussians(parameters), np.zeros((count, MOMENTUM), np.float32)
target = rng.random((3, height, width), np.float32)
frozen = np.zeros((count, 2), bool)
for capacity in (1 << 14, 50):
    machine = Machine(Path(sys.argv[1]), width, height, capacity=capacity)
    machine.step(gaussians, momentum, GaussNewton(), frozen, target)
    machine.gather(gaussians, target)
