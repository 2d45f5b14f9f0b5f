"""The command line: parses, calls a task, prints."""
