"""What one window works on, and what can be undone in it."""
