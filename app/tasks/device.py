"""A device opened once for any number of tasks, and its kernels loaded once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from daub.app.tasks.telling import Say
from daub.codec import container
from daub.codec.decoder import decode
from daub.codec.progress import drive
from daub.codec.symbols import COLUMNS, Grid, Symbols
from daub.codec.tuning import Tuning
from daub.render.devices import Failover, choose, warn
from daub.render.errors import Reason
from daub.render.rasteriser import Rasteriser


class OpenDevice:
    """A device opened once for any number of tasks, one after another, with its kernels loaded once.

    Args:
        device: "auto", "cpu" or "cuda".
        on_fall_back: is told why the CPU goes on, where the device fails.

    Raises:
        DeviceUnavailable: "cuda" cannot be had.
    """

    def __init__(self, device: str = "auto", on_fall_back: Callable[[Reason], None] = warn):
        chosen, self._why_chosen = choose(device)
        self.rasteriser = Failover(chosen, on_fall_back)
        self._loaded: set[tuple] = set()

    @property
    def name(self) -> str:
        """ "cpu" or "cuda", as it is now."""
        return self.rasteriser.name

    @property
    def reason(self) -> Reason:
        """Why it is that one."""
        return self.rasteriser.fell_back or self._why_chosen

    def load_encoder(self, say: Say, tune: Tuning = Tuning.BALANCED) -> None:
        """Loads every kernel an encode that is tuned so needs, so that it is not part of any measured time."""
        self._load(partial(warm_up, tune=tune), ("encoder", tune), say)

    def load_decoder(self, say: Say) -> None:
        """The same for a decode."""
        self._load(_decode_one, ("decoder",), say)

    def _load(self, work: Callable[[Rasteriser], None], what: tuple, say: Say) -> None:
        if what not in self._loaded:
            say("loading the kernels (they are compiled once, on the first run)")
            work(self.rasteriser)
            self._loaded.add(what)


def warm_up(rasteriser: Rasteriser, tune: Tuning) -> None:
    """Loads every kernel an encode that is tuned so needs, so that it is not part of any measured time.

    Args:
        tune: what is measured is tuned for: weights have kernels of their own, which the one for PSNR does not load.
    """
    from daub.codec.compiling import warming_up

    drive(warming_up(rasteriser, tune))


def _decode_one(rasteriser: Rasteriser) -> None:
    """A file of one Gaussian, as of none a device would load nothing."""
    grid = Grid(1, 1, 512, 0)
    decode(container.read(container.write(Symbols(np.zeros((1, COLUMNS), np.int64)), grid)), rasteriser)
