"""Other codecs beside Daub: their files of the same picture, and the rate-distortion plot of all of them."""
