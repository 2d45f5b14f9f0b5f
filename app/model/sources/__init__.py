"""All that can be compared, row by row, and which two of it are."""
