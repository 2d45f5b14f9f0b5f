"""How good a file is, and against whom: metrics, BD-rate, other codecs, published figures."""
