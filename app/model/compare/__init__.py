"""How the two sides of a comparison differ: as pixels, as maps, and in figures."""
