"""Image <-> Gaussians <-> bytes: image files, the fit, quantisation, entropy coding, the container, rate control, metrics."""
