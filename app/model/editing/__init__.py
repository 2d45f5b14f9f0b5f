"""Edits of Gaussians that can be undone: what is edited, what has changed, and what a hand can do to it."""
