"""Gaussians become pixels, and gradients lead back: the `Gaussians` type, one `Rasteriser` protocol, and its backends.

    devices                                                  choose a backend, go on when its device fails
    cpu | cuda | gl | reference                              the backends; gl draws for the eye alone
    rasteriser                                               what a backend can do: protocols
    descent                                                  the optimiser of a fit, whose steps run in a backend
    gaussians   peaks   device_image   errors   eight_bit    what all of them share
    jit, cache_folder                                        numba as Daub uses it

An arrow of imports goes down only, and not from one backend to another: a contract in pyproject.toml holds that.
"""
