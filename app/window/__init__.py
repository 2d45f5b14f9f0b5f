"""The window: everything that knows Qt. `start` opens it, `main_window` joins its parts."""
