"""Scenes on a GPU: raw kernels, of which one source is compiled at run time.

scene                               a scene made ready, and its views
source                              the kernels' text, constants and launches
"""
