"""Restoring what the compression of a scene lost, as in Leveraging Learned Image Prior for 3D Gaussian Compression.

A scene's file may carry a layer: views, and for some of them the coarse residual of their renderings. A decoder that
takes the time adds the residuals, lets a network correct the pictures, and fits the decoded Gaussians to them.

    decoded Gaussians --> pictures of the layer's views --> + residual --> network --> references
            '-------------------------------------------------------> refined <-----------'

layer               the optional chunk (FORMAT.md, "Restoration of scenes"), read and written
references          pictures that the Gaussians are fitted to
refined             decoded Gaussians, fitted to them
guidance            which views an encoder gives a residual, and a layer made of them

SCENES.md says what came of it.
"""
