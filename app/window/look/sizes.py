"""The sizes that the parts of the window share, in logical pixels. The style sheet has them by the same names."""

from __future__ import annotations

TEXT = 13  # height of a line's em
TITLE = 20  # of an invitation
FIGURE = 24  # of the size of a file
RADIUS = 5  # of the corners of buttons and fields
MARGIN = 16  # beside what stands in a column
GAP = 6  # between two things that belong together
PANEL_WIDTH = 304  # of the column to the right
SOURCES_WIDTH = 220  # of the column to the left
TOOL_ICON = 18  # in the bars under the menus
RAIL_ICON = 20  # at the left edge
TIGHT_ICON = 16  # there in a low window
