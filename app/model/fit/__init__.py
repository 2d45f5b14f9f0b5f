"""One fit: what is wanted of it, the thread that does it, and what there is to say of it on the way."""
