"""A device opened once for any number of tasks, and its kernels loaded once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from daub.app.tasks.telling import Say
from daub.codec import container
from daub.codec.decoder import decode
from daub.codec.goal import Goal
from daub.codec.progress import drive
from daub.codec.symbols import COLUMNS, Grid, Symbols
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
        self._loaded: set[Callable[[Rasteriser], None]] = set()

    @property
    def name(self) -> str:
        """ "cpu" or "cuda", as it is now."""
        return self.rasteriser.name

    @property
    def reason(self) -> Reason:
        """Why it is that one."""
        return self.rasteriser.fell_back or self._why_chosen

    def load_encoder(self, say: Say) -> None:
        """Loads every kernel an encode needs, so that it is not part of any measured time."""
        self._load(warm_up, say)

    def load_decoder(self, say: Say) -> None:
        """The same for a decode."""
        self._load(_decode_one, say)

    def _load(self, work: Callable[[Rasteriser], None], say: Say) -> None:
        if work not in self._loaded:
            say("loading the kernels (they are compiled once, on the first run)")
            work(self.rasteriser)
            self._loaded.add(work)


def warm_up(rasteriser: Rasteriser) -> None:
    """Loads every kernel an encode needs, so that it is not part of any measured time."""
    from daub.codec.encoder import encode
    from daub.codec.recipe import Recipe

    pixels = np.full((16, 16, 3), 0.5, np.float32)
    drive(encode(pixels, Recipe(Goal("gaussians", 4), steps=2), rasteriser))


def _decode_one(rasteriser: Rasteriser) -> None:
    """A file of one Gaussian, as of none a device would load nothing."""
    grid = Grid(1, 1, 512, 0)
    decode(container.read(container.write(Symbols(np.zeros((1, COLUMNS), np.int64)), grid)), rasteriser)
