"""A 3D scene that is open: the versions of it, from where it is looked at, and what is seen from there."""
