"""Other ways to write a Gaussian, with their chain rules."""
