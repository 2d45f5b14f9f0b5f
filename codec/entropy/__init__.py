"""Integers <-> bits: coders, and the models that tell them how likely each integer is.

Which coder when:

- Daub's own Gaussians go through `range_coder`, a queue: what is written first is read first. Their models adapt, and a
  network (`network`) expects each symbol from those before it, so writer and reader must meet all symbols in the same
  order. `gaussian_models` is that walk; a Gaussian takes about 23 bits.
- Published methods have symbols without neighbours to learn from, in columns of known alphabets: `CODERS`.
    - `raw`: as many bits as the alphabets need. What papers count, and the one to compare with.
    - `adaptive`: models that learn as they go, on the range coder. No histogram is sent, which suits small files.
    - `static`: a histogram of each column and then each symbol at its cost, on `ans`, a stack.
    - `bits-back`: `static` for a set. The writer decodes the order of the rows from what it has written, which only a
      stack can do, and so saves log2(N!) bits: 11 bits for each of 5000 rows.

Everything is exact in integers: a probability that differs in its last bit would lose the rest of a file.
"""

from daub.codec.entropy.coders import CODERS, Coder

__all__ = ["CODERS", "Coder"]
