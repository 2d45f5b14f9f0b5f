"""A method of the literature is a choice of parts."""
