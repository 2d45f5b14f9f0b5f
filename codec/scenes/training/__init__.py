"""Scenes of 3D Gaussians trained from photos whose cameras are known. TRAINING.md: how well, and how to repeat it.

trainer                             the loop: a generator of records, whoever shows or stops it
settings | schedule                 what a person chooses; what follows from it for each step
photo_folder | photos               a folder of photos and cameras; the photos at their trained sizes
start | sweeping                    the first Gaussians: of COLMAP's points, or of points found in the photos
loss | population                   what a step makes smaller; Gaussians born, moved and shaken
state | checkpoint                  all that a step changes; the file that a stopped training goes on from
held_out                            how well photos are met that no step has seen
"""
