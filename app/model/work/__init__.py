"""Work beside the thread that watches: threads, processes, what is told of them, and what is kept for later."""
