"""Gaussians -> pixels, and gradients back: the `Gaussians` type, one `Rasteriser` protocol, and its backends."""
