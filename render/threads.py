"""How parallel kernels share the machine. Import this before the first of them runs."""

import os
import threading

# Threads that wait must sleep: spinning ones steal the core from the window, or from another program, and a step that
# takes 4 ms alone then takes 40. Read when libgomp loads, with the first parallel kernel.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Held by whoever runs a parallel kernel: without libgomp numba falls back to its workqueue layer, which aborts when two
# threads run them at once.
ONE_AT_A_TIME = threading.Lock()
