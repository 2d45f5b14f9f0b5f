"""What the format allows."""

LARGEST_COUNT = 1 << 24  # Gaussians in a file
LARGEST_CELLS = 1 << 24  # cells of the grid that carries their positions
