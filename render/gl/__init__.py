"""Drawing for the eye, with OpenGL 3.3 core: the one part below `app` that may import OpenGL.

    Gaussians --> gaussians, into a float target --+
    frames of CUDA --> frame ----------------------+--> display --> what is seen, with overlay on top
    the source picture ----------------------------+

Everything here needs a current context, on the GUI thread. `delete` gives back what an object has of OpenGL, and may be
called again.
"""
