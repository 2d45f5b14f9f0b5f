"""How good a file is, and against whom.

From here come the metrics of an image. `perceptual` has those that want packages of an extra, SSIMULACRA2 and FLIP;
`score` has all of them at once, `bdrate` compares curves and `rd_table` keeps them, `peers` has the ordinary codecs,
`matched` holds them level with a file, and `published` has what papers report; each is a module of its own, as encoding
needs none of them.
"""

from daub.codec.evaluation.metrics import ms_ssim, mse, psnr

__all__ = ["ms_ssim", "mse", "psnr"]
