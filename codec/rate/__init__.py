"""Which settings land on a goal."""
