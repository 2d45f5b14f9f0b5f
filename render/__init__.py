"""Gaussians -> pixels, and gradients back: the `Gaussians` type, one `Rasterizer` protocol, and its backends."""
