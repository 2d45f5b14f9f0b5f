"""The one table of commands: it feeds menus, keys, tool bar, tooltips and the sheet of keys.

A command is a function on the workbench, with a predicate that says when it can be called, and for what is switched on
and off another that says whether it is on. Nothing here knows a window. Each menu has a table of its own beside this
file; entries stand in a menu in the order in which their tables are named here.
"""

from __future__ import annotations

from daub.app.model.commands import (
    compare,
    edit,
    file,
    fit,
    gaussians_export,
    importance,
    overlay,
    painting,
    project,
    report,
    rewind,
    rivals,
    scene,
    selecting,
    sources,
    view,
    window,
)

MENUS = (
    "File", "Edit", "Select", "Paint", "Canvas", "Fit", "Importance", "Compare", "Gaussians", "Sources", "Scene",
    "View", "Codecs", "Curves", "Window", "Help",
)  # fmt: skip

OF_PICTURES = "Select", "Paint", "Canvas", "Fit", "Importance", "Codecs", "Curves"  # nothing in them is for a scene
OF_SCENES = ("Scene",)

COMMANDS = (
    *file.OPENING,
    *project.COMMANDS,
    *file.COMMANDS,
    *gaussians_export.COMMANDS,
    *file.CLOSING,
    *edit.COMMANDS,
    *selecting.COMMANDS,
    *painting.COMMANDS,
    *report.COMMANDS,
    *fit.COMMANDS,
    *rewind.COMMANDS,
    *importance.COMMANDS,
    *compare.COMMANDS,
    *overlay.COMMANDS,
    *sources.COMMANDS,
    *scene.COMMANDS,
    *view.COMMANDS,
    *rivals.COMMANDS,
    *window.COMMANDS,
)

BY_NAME = {command.name: command for command in COMMANDS}

# What the viewport does itself: no menu entry can be held down or dragged.
GESTURES = (
    ("Hold 8, or P", "Peek at side A"),
    ("Hold 9", "Peek at side B"),
    ("Space", "Play or pause"),
    ("Drag in the timeline", "Look at an earlier step of the fit"),
    ("Drag, or Space and drag", "Move the picture"),
    ("Wheel, or pinch", "Zoom at the cursor"),
    ("Arrow keys", "Move the picture"),
    ("Drag a scene", "Turn it; with the right or middle button, or Shift, move it"),
    ("Wheel over a scene", "Nearer, or farther away"),
    ("Double-click in a scene", "Bring what is there to the middle, to turn about it"),
    ("W A S D, Q E with the right button over a scene", "Fly; the drag turns the head"),
    ("Drop a file, or a row of Sources", "Open it, or put it on side A or B: the picture shows where"),
    ("In Sources: A, B", "Put the row on that side"),
    ("In Sources: Return, or double-click", "Open the file, or go back to the result"),
    ("In Sources: *, Delete", "Star the row, delete it"),
    ("Drag with the brush", "Paint what is more or less important"),
    ("Space and drag, or middle or right button", "Move the picture with the brush at hand"),
    ("Drag the split line", "Compare the two sides"),
    ("Drag with the region tool", "Measure a rectangle; drag its edges or its middle to change it"),
    ("Esc with the region tool", "Drop the rectangle, then the tool"),
    ("Click with the pick tool", "Look into the Gaussian that does most there; again, into the next"),
    (
        "Drag, or click, with a tool that selects",
        "Select Gaussians; with Shift add, with Ctrl take away, with both keep",
    ),
    ("Click with the polygon", "Set a corner; on the first one, by a double click or Enter it closes"),
    ("Click with the eyedropper", "Pick the colour there, for the brush and for what is selected"),
    ("Backspace with the polygon", "Take the last corner back"),
    (
        "Drag with the tool that moves",
        "Move what is selected; scale it at its handles, turn it at the knob; Shift snaps",
    ),
    ("Drag with the brush that paints, smears or blurs", "Change Gaussians under it; Esc gives the stroke up"),
    ("Arrow keys with the tool that moves", "Move what is selected by a pixel, with Shift by ten"),
    ("Esc with a tool of editing", "Drop the selection, then the tool"),
    ("Drag over the histogram", "Draw only Gaussians in that range; a click takes it away"),
    ("Double-click in the split view", "Split line left, middle, right"),
)

# Names of commands; "|" is a line, ">" pushes what follows to the other end.
TOOL_BAR = (
    "open_file", "|", "swap_sides", "|", "view_source", "view_decoded", "view_split", "view_side_by_side", "view_blink",
    "view_difference", ">", "palette", "show_panel",
)  # fmt: skip
RAIL = (
    "tool_move", "tool_rectangle", "tool_lasso", "tool_polygon", "tool_select_brush", "tool_alike",
    "tool_eyedropper", "tool_paint", "|",
    "paint", "region", "pick", "|",
    "show_centres", "show_ellipses", "map_density", "|",
    "zoom_fit", "zoom_actual",
)  # fmt: skip
