"""Scenes on the processor: numba kernels, bitwise the same for any number of threads.

    scene                               a scene made ready, its views, and what can be asked of them
    projecting | harmonics              Gaussians as ellipses in the picture, with their colours
    sorting                             the order of depth, and lists of the Gaussians of each tile
    tiles | blending                    a tile of pixels, and what is blended over it
"""
