"""Train the network and the initial states of the adaptive models.

    python -m daub.codec.training FOLDER... [--work DIR]

Every image of the folders is encoded at several densities, and its symbols are kept in the work folder, so that a
change of the models needs no new fits. Then each model gets the probability that all files together show, and as many
bits of experience as the files agree on it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy.special import betaln

from daub.codec import symbols as s
from daub.codec.encoder import encode
from daub.codec.entropy import gaussian_models, network
from daub.codec.files import write_atomic
from daub.codec.goal import Goal
from daub.codec.images import load
from daub.codec.progress import drive
from daub.codec.recipe import Recipe
from daub.codec.symbols import Grid, Symbols
from daub.codec.training.network import train_network
from daub.render.devices import choose

SPACINGS = 24.0, 17.0, 12.5, 9.0  # pixels between Gaussians: 0.04 .. 0.35 bpp
EXPERIENCE = 0, 1, 2, 4, 8, 16, 32, 64, 110  # bits that a model may claim to have seen, below ADAPT_LIMIT


def main(argv: list[str] | None = None) -> int:
    """Encode what is missing, train on all, and write both files of the format's resources."""
    parser = argparse.ArgumentParser(
        prog="python -m daub.codec.training", description=__doc__.splitlines()[0].rstrip(".")
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="of images, licensed for training")
    parser.add_argument("--work", type=Path, default=Path("out/train"), help="keeps the symbols (default: %(default)s)")
    parser.add_argument("--every", type=int, default=1, metavar="K", help="take every K-th image only")
    arguments = parser.parse_args(argv)
    arguments.work.mkdir(parents=True, exist_ok=True)
    paths = sorted(path for folder in arguments.folders for path in folder.iterdir() if path.suffix != ".md")
    for path in paths[:: arguments.every]:
        for spacing in SPACINGS:
            kept = arguments.work / f"{path.stem}_{spacing:g}.npz"
            if not kept.exists():
                print(f"encoding {path.name}, a Gaussian every {spacing:g} pixels", file=sys.stderr, flush=True)
                symbols, grid = _encode(path, spacing)
                np.savez_compressed(kept, values=symbols.values.astype(np.int32), grid=[*vars(grid).values()])
    files = [_read(kept) for kept in sorted(arguments.work.glob("*.npz"))]
    usual = usual_scales(files)
    write_atomic(network.NETWORK_FILE, train_network(files, usual))
    network.weights.cache_clear()
    states = initial_states(np.stack([gaussian_models.tally(symbols, grid, usual) for symbols, grid in files]))
    write_atomic(gaussian_models.STATES_FILE, states.astype("<u2").tobytes() + usual.astype("<i4").tobytes())
    print(
        f"wrote {network.NETWORK_FILE.name}, {gaussian_models.STATES_FILE.name} from {len(files)} files",
        file=sys.stderr,
    )
    return 0


def usual_scales(files: list[tuple[Symbols, Grid]]) -> np.ndarray:
    """Average log2 l1 and log2 l3 over the files: (2, CLASSES) int64, in 1/OCTAVE and above log2 of the cell."""
    total, count = np.zeros((2, s.CLASSES)), np.zeros(s.CLASSES)
    for symbols, grid in files:
        t = symbols.values[:, s.CLASS]
        count += np.bincount(t, minlength=s.CLASSES)
        for axis in range(2):
            octaves = symbols.values[:, s.SCALE_1 + axis] * s.LOG_SCALE_STEP_OCTAVES[t] - grid.cell_log2 * s.OCTAVE
            total[axis] += np.bincount(t, octaves, minlength=s.CLASSES)
    met = np.flatnonzero(count >= 20)
    # A class that was hardly met is taken for the nearest one that was.
    return np.round([np.interp(range(s.CLASSES), met, row[met] / count[met]) for row in total]).astype(np.int64)


def initial_states(tallies: np.ndarray) -> np.ndarray:
    """Find the best first state of every model.

    Args:
        tallies: (files, models, 2) how often each model met a 0 and a 1 in each file.

    Returns:
        (models, 2) integers: probability of a 1 in 1/65536, and bits of experience. The experience is that of the Beta
        prior under which the files are likeliest.
    """
    zeros, ones = tallies[..., 0].astype(float), tallies[..., 1].astype(float)
    probability = (ones.sum(0) + 0.4) / (zeros.sum(0) + ones.sum(0) + 0.8)
    likelihoods = []
    for bits in EXPERIENCE:
        # An update at rate 1 / (n + 1.5) is that of a Beta prior of n + 0.5 observations.
        prior_ones, prior_zeros = probability * (bits + 0.5), (1 - probability) * (bits + 0.5)
        gain = betaln(prior_ones + ones, prior_zeros + zeros) - betaln(prior_ones, prior_zeros)
        likelihoods.append(gain.sum(0))
    experience = np.array(EXPERIENCE)[np.argmax(likelihoods, 0)]
    return np.stack([np.clip(np.round(probability * 65536), 32, 65504), experience], -1).astype(np.int64)


def _encode(path: Path, spacing: float) -> tuple[Symbols, Grid]:
    pixels = load(path).pixels
    count = max(1, round(pixels.shape[0] * pixels.shape[1] / spacing**2))
    recipe = Recipe(Goal("gaussians", count), exact_count=False)
    payload = drive(encode(pixels, recipe, choose()[0])).document.payload
    return payload.symbols, payload.grid


def _read(kept: Path) -> tuple[Symbols, Grid]:
    with np.load(kept) as arrays:
        return Symbols(arrays["values"].astype(np.int64)), Grid(*map(int, arrays["grid"]))


if __name__ == "__main__":
    sys.exit(main())
