"""Restoring what compression lost: a layer that any `.daub` can carry, and that a decoder may leave out.

    rendering --.
                +--> base --> network --> correction * strength, in the blocks that want it --> restored picture
    residual ---'               '-- step of the file, and maps of its Gaussians
    (JPEG XL, perhaps none)

The layer is an optional chunk (`layer.py`, FORMAT.md "Restoration"); `stage.py` is what every decode runs for it, and
`choosing.py` decides for the encoder whether a file is better with one. The network learns in `codec/training`.
torch is loaded where the network runs, and nowhere else. LEARNED.md says what was tried and what came of it.
"""
