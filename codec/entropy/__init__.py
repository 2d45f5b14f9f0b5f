"""Integers <-> bits: coders, and the models that tell them how likely each integer is."""
