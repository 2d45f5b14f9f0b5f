"""What the window asks: files, sizes, and the sheet of keys."""
