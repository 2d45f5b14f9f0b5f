"""The ordinary codecs on equal terms with a file: the best they make of as many bytes, or their smallest as good.

    at_bytes(PEERS["AVIF"], pixels, 20_000)     the best of its files that are not above 20 000 bytes
    at_psnr(PEERS["AVIF"], pixels, 32.0)        the smallest of its files that come to 32 dB

Both bisect over the codec's own rate parameter, which takes about log2 of its settings. Neither the size nor the PSNR
is quite monotone in it: AVIF and JPEG XL have settings that give smaller files than the one before. So some settings
behind the one where the bisection ends are tried, too, and of all that were tried the best is taken. What is asked for
is never overstepped; where a codec cannot get there, `Match.reached` says so and the file is the nearest that it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from daub.codec.evaluation.metrics import psnr
from daub.codec.evaluation.peers import Peer
from daub.render.eight_bit import to_8bit

BEYOND = 2  # settings that are tried behind the one where a bisection ends


@dataclass(frozen=True, eq=False)
class Match:
    """One file of a codec, as it was tried or found.

    Args:
        data: the file.
        parameter: the setting that gave it, in the unit of `Peer.parameter_name`.
        image8: (H, W, 3) uint8, the file decoded.
        psnr: dB, of that against the image; infinity where they are equal.
        reached: it meets what was asked for; False: it is the nearest to that which the codec can make.
    """

    data: bytes
    parameter: float
    image8: np.ndarray
    psnr: float
    reached: bool = True


Watch = Callable[[Match], None]  # is told of every file that is tried; to give up, it raises


def at_bytes(peer: Peer, pixels: np.ndarray, target_bytes: int, watch: Watch = lambda _: None) -> Match:
    """Make the file with the best PSNR among those not above `target_bytes`.

    Args:
        pixels: (H, W, 3) float32 in [0, 1]; the codec gets them rounded to 8 bits.
        target_bytes: size that the file shall not exceed; where the smallest is above it, that is the result.
        watch: is told of every file that is tried.

    Raises:
        DaubError: the codec cannot hold an image of this size.
    """

    def rank(trial: Match) -> tuple[bool, float, float]:
        size = len(trial.data)
        return (True, trial.psnr, -size) if size <= target_bytes else (False, -size, trial.psnr)

    return _best(peer, pixels, peer.runs, rank, watch)


def at_psnr(peer: Peer, pixels: np.ndarray, target_psnr: float, watch: Watch = lambda _: None) -> Match:
    """Make the smallest file whose PSNR is not below `target_psnr`.

    Args:
        pixels: (H, W, 3) float32 in [0, 1]; the codec gets them rounded to 8 bits.
        target_psnr: dB; where no file comes to so much, the best one is the result.
        watch: is told of every file that is tried.

    Raises:
        DaubError: the codec cannot hold an image of this size.
    """

    def rank(trial: Match) -> tuple[bool, float, float]:
        size = len(trial.data)
        return (True, -size, trial.psnr) if trial.psnr >= target_psnr else (False, trial.psnr, -size)

    return _best(peer, pixels, [run[::-1] for run in peer.runs], rank, watch)


def trials_about(peer: Peer) -> int:
    """How many files a search tries, about."""
    return sum(len(run).bit_length() + 1 + BEYOND for run in peer.runs)


def make(peer: Peer, pixels: np.ndarray, parameter: float) -> Match:
    """Make the file of one setting. Args and Raises: as of `at_bytes`; parameter: within `peer.range`."""
    data = peer.encode(to_8bit(pixels), parameter)
    image8 = peer.decode(data)
    return Match(data, parameter, image8, psnr(pixels, image8))


def _best(
    peer: Peer, pixels: np.ndarray, runs: Sequence[tuple[float, ...]], rank: Callable[[Match], tuple], watch: Watch
) -> Match:
    """The highest in rank of all that is tried.

    Args:
        runs: settings, those whose files meet the target first, as far as files go evenly with them.
        rank: of a file; first whether it meets the target.
    """
    best: Match | None = None

    def meets(setting: float) -> bool:
        nonlocal best
        trial = make(peer, pixels, setting)
        trial = replace(trial, reached=rank(trial)[0])
        if best is None or rank(trial) > rank(best):
            best = trial
        watch(trial)
        return trial.reached

    for run in runs:
        _bisect(run, meets)
    return best


def _bisect(run: tuple[float, ...], meets: Callable[[float], bool]) -> None:
    """Tries settings around the last one that meets."""
    if not meets(run[0]):
        return
    tried = {0}
    below, above = 0, len(run)  # the setting at `below` meets, the one at `above` does not
    while above - below > 1:
        middle = (below + above) // 2
        tried.add(middle)
        below, above = (middle, above) if meets(run[middle]) else (below, middle)
    for index in range(above, min(above + 1 + BEYOND, len(run))):
        if index not in tried:
            meets(run[index])
