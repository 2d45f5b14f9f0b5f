"""Gaussians become pixels, and gradients lead back: the `Gaussians` type, one `Rasteriser` protocol, and its backends.

    devices                                             chooses a backend, and goes on when its device fails
    cpu | cuda | gl | reference                         the backends; gl draws for the eye alone
    splats                                              3D scenes: their type, their camera, their pictures
    rasteriser                                          what a backend can do: protocols
    descent | device_image                              a fit under way; a picture that stays on its device
    gaussians | peaks | eight_bit | errors | jit        what all of them share
    cache_folder

Imports go down, and not from one backend to another: a contract in pyproject.toml holds that.
"""
