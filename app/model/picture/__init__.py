"""What can be opened: where it comes from, reading it, and the map of what matters in it."""
