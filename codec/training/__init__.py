"""Training of what the entropy coder starts from; the only place of the codec that needs torch."""
