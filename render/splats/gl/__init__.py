"""Scenes drawn with OpenGL 3.3 core, for the eye: instanced quads in the order of depth.

Everything here needs a current context, on the thread that made it. `delete` gives back what an object has of OpenGL,
and may be called again.

drawer                              pictures of scenes, of which the last few stay on the GPU
gaussians_buffer                    the Gaussians of a scene there
"""
