"""Published methods of fitting 2D Gaussians, each a `Profile`: a choice of parts. codec/METHODS.md has the figures."""
