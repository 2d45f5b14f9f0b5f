"""Scenes on the processor: numba kernels, bitwise the same for any number of threads.

    scene                               a scene made ready, its views, and what can be asked of them
    blending                            Gaussians over the tiles of a picture
    energies                            what each Gaussian is worth to the picture
    gathering | chaining                the way back: from the gradient of a picture to ellipses, and to the scene
    sorting                             the order of depth, and lists of the Gaussians of each tile
    projecting | harmonics              Gaussians as ellipses in the picture, with their colours
"""
