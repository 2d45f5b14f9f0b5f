"""What the colours of a file mean: signals, enumerated spaces, ICC profiles, HDR. The table is in `../COLOUR.md`."""
