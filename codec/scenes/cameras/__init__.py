"""The cameras of a scene."""
