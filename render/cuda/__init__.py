"""The CUDA backend: `kernels.cu`, and in `source` all that a compiler and a launcher must know of it."""
