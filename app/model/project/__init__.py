"""Projects: all the work of a window in one file, saved, opened again, and kept beside in case the program is killed.

PROJECT.md beside this file says what stands in one.
"""
