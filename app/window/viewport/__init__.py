"""The picture: OpenGL, camera, gestures, and what is drawn over it."""
