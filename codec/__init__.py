"""Image <-> Gaussians <-> bytes: image files, fit, quantiser, entropy coder, container, rate, metrics."""
