"""The same part of the picture from several sources: in the window, and as a figure for a paper."""
