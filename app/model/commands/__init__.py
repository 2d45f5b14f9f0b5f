"""All that a person can have done: one table for each menu, and one of all."""
