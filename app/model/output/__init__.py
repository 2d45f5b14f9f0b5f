"""What leaves a workspace: files, words to be copied, and the log."""
