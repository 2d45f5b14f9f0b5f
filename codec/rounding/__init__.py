"""Gaussians become integers: after the fit, or in its loop."""
