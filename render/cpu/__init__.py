"""The CPU backend: numba kernels, for all Gaussians at once (`kernels`) and for one at a time (`atoms`)."""
