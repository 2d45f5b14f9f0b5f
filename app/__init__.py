"""What a person touches: the command line, the window, and the worker that runs a fit."""
