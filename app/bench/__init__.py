"""Measurements: quality, speed and rate of Daub and of others."""
