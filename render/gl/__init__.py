"""Drawing for the eye, with OpenGL 3.3 core: the one part below `app` that may import OpenGL.

`gaussians` sums the Gaussians into a float `target`, `display` turns that sum and the source into what is seen, and
`overlay` draws their centres and outlines. Everything here needs a current context, on the GUI thread.
"""
