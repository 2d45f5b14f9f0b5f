"""The CPU backend: numba kernels behind the protocols of `render.rasteriser`.

- `blocks`: how the kernels keep images. `drawing`: both directions of the rasteriser, for all Gaussians at once;
  `binned` makes Gaussians ready for it. `distortion`: what a fit makes small. `descent`: the step of the optimiser.
- `atoms`: one Gaussian at a time, for searches.

All kernels let go of the interpreter (nogil): a window must be able to paint while they run.
"""
