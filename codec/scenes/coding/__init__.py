"""Scenes as Daub codes them, without training and without photos: smaller by what views of the scene do not show.

encoder                             a scene, views of it and a goal: to a file
scene_file | payload                a file, and the chunk that holds the scene (FORMAT.md, "Scenes")
merging | view_energies             fewer Gaussians; what each is worth to the views
symbols                             splats and integers
attributes | octree                 the stream: where Gaussians are, and what they are like
steps | mixing                      tables of steps; bits under a mixture of models
"""
