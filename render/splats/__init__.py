"""3D Gaussian scenes become pictures, seen through a pinhole camera.

camera | splats                     what is seen, and from where; every convention is stated there, once
rule                                how a scene becomes a picture: what all backends follow
gradient                            what a loss asks of a scene
harmonics | kernels                 what kernels of all backends share
cpu | cuda | gl | reference         the picture on all cores, on a GPU, for the eye, and its truth for tests
"""
