"""What is open and the fit of it, for whoever shows it: the part of the window's work that knows no Qt.

From the top down; each knows those below it, and none above:

commands     all that a person can have done: one table for each menu, and one of all
workbench    all that commands work on, put together
host         what commands ask of the system around it
project      the work of a window in one file, and kept for recovery
editing      edits of Gaussians by hand, and how they are undone
figures      the same part of the picture from several sources, in the window and for a paper
gaussians    what is drawn of the Gaussians over the picture, and what there is to say of one
scene        a 3D scene that is open, from where it is looked at, and its versions
rivals       other codecs, and the rate-distortion plot
view         how the picture is looked at and painted on, and the furniture around it
output       what leaves a workspace: files, words to be copied, the log
compare      how the two sides differ: as pixels, maps and figures
sources      all that can be compared, row by row, and which two of it are
workspace    what one window works on, and what can be undone in it
fit          one fit: what is wanted of it, its thread, and what there is to say of it
picture      what can be opened, reading it, and the map of what matters in it
work         threads, processes, signals: the machinery beside the window's thread
"""
