"""What is open and the fit of it, for whoever shows it: the part of the window's work that knows no Qt."""
