"""Train the restoration network: `python -m daub.codec.training.restoration FOLDER...`.

    python -m daub.codec.training.restoration photos --work out/restoration --steps 20000

makes pairs of every image of the folders, `--rounds` of each (`pairs.py`), keeps them in the work folder, trains on
them, and writes the weights. Stopped at any moment, it goes on where it was when it is called again, and comes to the
same weights. `log.jsonl` in the work folder has a line for every validation, by images that nothing is learnt from.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import ms_ssim, psnr
from daub.codec.files import write_atomic
from daub.codec.restoration.network import Network
from daub.codec.restoration.weights import Shape, Weights, load, to_bytes
from daub.codec.training.examples import Batch, Example, batch_of, examples_of, whole
from daub.codec.training.losses import Distance, lack_of_structure, learned_distance
from daub.codec.training.pairs import PairSettings, is_held_out, make_pairs, read_pairs
from daub.render.devices import choose
from daub.resources import ROOT

WEIGHTS_FILE = ROOT / "restoration3.bin"  # files that name an older network need that one
Say = Callable[[str], None]


@dataclass(frozen=True)
class TrainingSettings:
    """How the network learns.

    Args:
        steps: of the whole training.
        batch: crops of a step.
        side: of a crop, pixels.
        rate: of learning, reached after `warm_up` steps, and falling to nought over the last `decay` of them.
        average: of the weights that are written, how much they keep of what they were at each step.
        floor: mean squared error that is added to that of each picture before its crops are weighed by it.
        structure: weight of the loss of structure beside that of error.
        structure_floor: as `floor`, of what a picture lacks of structure.
        perceived: weight of a learned distance, where the training is given one.
        validate_every: steps between two looks at what was held out, and two checkpoints.
    """

    steps: int = 20_000
    batch: int = 8
    side: int = 128
    rate: float = 4e-3
    warm_up: int = 100
    decay: float = 0.4
    average: float = 0.998
    floor: float = 2e-4
    structure: float = 0.5
    structure_floor: float = 5e-3
    perceived: float = 1.0
    validate_every: int = 500
    seed: int = 0

    def rate_at(self, step: int) -> float:
        """Of learning, for the step of that number, from 0 on."""
        left = (self.steps - step) / (self.decay * self.steps)
        return self.rate * min(1.0, (step + 1) / self.warm_up, left)


def loss_of(
    restored: torch.Tensor, batch: Batch, settings: TrainingSettings, distance: Distance | None = None
) -> torch.Tensor:
    """Mean squared error of restored crops (B, 3, H, W) in units of that of the pictures that they are of.

    To this is added what the crops lack of structure, likewise. So a picture counts by the share of its error that is
    mended, whatever its rate, and a crop of it by how much of that error it holds. (A share of the error of each crop
    would make those that are met nearly exactly, sky at 45 dB, weigh without end: LEARNED.md.) A learned distance is
    added as it is.
    """
    error = (restored - batch.source).square().mean((1, 2, 3))
    loss = (error / (batch.error + settings.floor)).mean()
    if settings.structure:
        lack = lack_of_structure(restored, batch.source)
        loss = loss + settings.structure * (lack / (batch.lack + settings.structure_floor)).mean()
    if distance is not None:
        loss = loss + settings.perceived * distance(2 * restored - 1, 2 * batch.source - 1).mean()
    return loss


class Trainer:
    """A training under way.

    Args:
        examples: to learn from, and to be held out.
        device: of torch.
        distance: a learned one, on the same device, to be made less as well.

    Attributes:
        step: how many are done.
    """

    def __init__(
        self,
        learnt: Sequence[Example],
        held_out: Sequence[Example],
        settings: TrainingSettings,
        shape: Shape,
        device: str = "cpu",
        distance: Distance | None = None,
    ):
        if not learnt:
            raise DaubError("cannot train", "there is no pair to learn from", "give more images or --rounds")
        torch.manual_seed(settings.seed)
        self.learnt, self.held_out, self.settings, self.device = learnt, held_out, settings, device
        self.distance = distance
        self.network = Network(shape).to(device, memory_format=torch.channels_last)
        self.averaged = Network(shape).to(device, memory_format=torch.channels_last).requires_grad_(False)
        self.averaged.load_state_dict(self.network.state_dict())
        self.optimiser = torch.optim.Adam(self.network.parameters(), settings.rate, betas=(0.9, 0.98))
        self.step = 0

    def start_from(self, weights: Weights) -> None:
        """Begins with what another training has learnt, of a network of the same shape."""
        for network in (self.network, self.averaged):
            network.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in weights.tensors.items()})

    def take_step(self) -> float:
        """Learns from one batch; returns its loss."""
        settings = self.settings
        for group in self.optimiser.param_groups:
            group["lr"] = settings.rate_at(self.step)
        batch = batch_of(self.learnt, self.step, settings.seed, settings.batch, settings.side).to(self.device)
        correction = self.network(batch.base, batch.residual, batch.maps, batch.conditions)
        loss = loss_of(batch.base + correction, batch, settings, self.distance)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        kept = min(settings.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for mean, now in zip(self.averaged.parameters(), self.network.parameters(), strict=True):
                mean.lerp_(now, 1 - kept)
        self.step += 1
        return loss.item()

    @torch.inference_mode()
    def validate(self, most: int = 64) -> dict[str, float]:
        """What restoration gains on pictures that nothing was learnt from: dB and MS-SSIM, by rate and on the whole."""
        gains: dict[str, list[tuple[float, float]]] = {}
        for example in self.held_out[:: max(1, len(self.held_out) // most)]:
            batch = whole(example).to(self.device)
            restored = batch.base + self.averaged(batch.base, batch.residual, batch.maps, batch.conditions)
            base, mended, source = (
                np.clip(tensor[0].permute(1, 2, 0).float().cpu().numpy(), 0, 1)
                for tensor in (batch.base, restored, batch.source)
            )
            gain = psnr(source, mended) - psnr(source, base), ms_ssim(source, mended) - ms_ssim(source, base)
            kind = "residual" if example.residual is not None else _band(example.bpp)
            for name in (kind, "all"):
                gains.setdefault(name, []).append(gain)
        return {
            f"{name} {unit}": round(float(np.mean([gain[which] for gain in of_kind])), digits)
            for name, of_kind in sorted(gains.items())
            for which, (unit, digits) in enumerate((("dB", 4), ("MS-SSIM", 6)))
        }

    def weights(self) -> bytes:
        """The file of the averaged weights."""
        tensors = {name: tensor.cpu().numpy() for name, tensor in self.averaged.state_dict().items()}
        return to_bytes(self.network.shape, tensors)

    def checkpoint(self) -> bytes:
        """All that going on takes."""
        file = io.BytesIO()
        states = {name: getattr(self, name).state_dict() for name in ("network", "averaged", "optimiser")}
        torch.save({"step": self.step, "shape": asdict(self.network.shape), **states}, file)
        return file.getvalue()

    def resume(self, path: Path) -> None:
        """Goes on from a checkpoint.

        Raises:
            DaubError: it is none, or one of a network of another shape.
        """
        what, remedy = f"cannot go on from {path}", "remove it, or give another --work"
        try:
            kept = torch.load(path, map_location=self.device, weights_only=True)
            if kept["shape"] != asdict(self.network.shape):
                raise DaubError(what, "it is of a network of another shape", remedy)
            for name in ("network", "averaged", "optimiser"):
                getattr(self, name).load_state_dict(kept[name])
            self.step = kept["step"]
        except (OSError, RuntimeError, KeyError, ValueError, EOFError, TypeError, pickle.UnpicklingError) as error:
            raise DaubError(what, "it is damaged", remedy) from error


def _band(bpp: float) -> str:
    """The name of a range of rates."""
    return next((f"to {limit:g} bpp" for limit in (0.1, 0.2, 0.4, 0.8) if bpp < limit), "above 0.8 bpp")


def train(trainer: Trainer, work: Path, weights: Path, minutes: float = math.inf, say: Say = lambda line: None) -> None:
    """Takes the steps that are left, and writes checkpoint, log and weights whenever it has validated.

    Args:
        work: folder of the checkpoint and the log.
        weights: file to write.
        minutes: after which it stops, to be taken up again.
    """
    settings, began, losses = trainer.settings, time.monotonic(), []
    while trainer.step < settings.steps and time.monotonic() - began < 60 * minutes:
        losses.append(trainer.take_step())
        if trainer.step % settings.validate_every and trainer.step < settings.steps:
            continue
        record = {"step": trainer.step, "loss": round(float(np.mean(losses)), 5), "examples": len(trainer.learnt)}
        record |= {"seconds": round(time.monotonic() - began), **trainer.validate()}
        losses = []
        with open(work / "log.jsonl", "a", encoding="utf-8") as log:
            log.write(json.dumps(record) + "\n")
        say(json.dumps(record))
        _keep(trainer, work, weights)
    _keep(trainer, work, weights)


def go_on(trainer: Trainer, work: Path, weights: Path, minutes: float, say: Say) -> None:
    """As `train`, from the checkpoint of the work folder where there is one."""
    if (work / "checkpoint.pt").exists():
        trainer.resume(work / "checkpoint.pt")
        say(f"going on from step {trainer.step}")
    train(trainer, work, weights, minutes, say)


def _keep(trainer: Trainer, work: Path, weights: Path) -> None:
    write_atomic(work / "checkpoint.pt", trainer.checkpoint())
    write_atomic(weights, trainer.weights())


def weights_to_start_from(path: Path) -> Weights:
    """What another training has learnt. Raises DaubError where the file holds no weights."""
    try:
        return load(path)
    except (OSError, ValueError) as error:
        raise DaubError(f"cannot start from {path}", str(error), "give another --start") from error


def main(argv: list[str] | None = None) -> int:
    """Makes the pairs that are missing, and trains."""
    parser = argparse.ArgumentParser(
        prog="python -m daub.codec.training.restoration", description=__doc__.splitlines()[0].split(":")[0]
    )
    usual, pairs = TrainingSettings(), PairSettings()
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="of images, licensed for training")
    parser.add_argument("--work", type=Path, default=Path("out/restoration"), help="keeps pairs and checkpoints")
    parser.add_argument("--rounds", type=int, default=8, help="pairs of each image (default: %(default)s)")
    parser.add_argument("--side", type=int, default=pairs.side, help="of a pair, pixels (default: %(default)s)")
    parser.add_argument("--effort", type=int, default=pairs.effort, help="of their encodes (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=usual.steps, help="of the training (default: %(default)s)")
    parser.add_argument(
        "--rate", type=float, default=usual.rate, help="of learning, at its highest (default: %(default)s)"
    )
    structure = "weight of the loss of structure (default: %(default)s)"
    parser.add_argument("--structure", type=float, default=usual.structure, help=structure)
    parser.add_argument("--lpips", type=Path, metavar="FILE", help="an exported program of LPIPS, to be made less too")
    parser.add_argument(
        "--lpips-weight", type=float, default=usual.perceived, help="of it in the loss (default: %(default)s)"
    )
    parser.add_argument("--start", type=Path, help="weights to begin with, and their shape")
    parser.add_argument("--minutes", type=float, default=math.inf, help="of this call; the next one goes on")
    parser.add_argument("--device", default="cpu", help="of torch: cpu or cuda (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="file of weights (default: %(default)s)")
    parser.add_argument("--widths", type=int, nargs=3, default=Shape.widths, help="channels of the three levels")
    parser.add_argument("--blocks", type=int, nargs=5, default=Shape.blocks, help="blocks of them, down and up")
    arguments = parser.parse_args(argv)

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        distance = None if arguments.lpips is None else learned_distance(arguments.lpips, arguments.device)
        rasteriser = choose("cpu")[0]
        cache = arguments.work / "pairs"
        drawn = PairSettings(side=arguments.side, effort=arguments.effort)
        make_pairs(arguments.folders, cache, arguments.rounds, rasteriser, drawn, say)
        examples = examples_of(read_pairs(cache), rasteriser)
        held_out = [example for example in examples if is_held_out(example.name)]
        learnt = [example for example in examples if not is_held_out(example.name)]
        say(f"{len(learnt)} examples to learn from, {len(held_out)} held out")
        start = None if arguments.start is None else weights_to_start_from(arguments.start)
        shape = Shape(tuple(arguments.widths), tuple(arguments.blocks)) if start is None else start.shape
        settings = TrainingSettings(
            steps=arguments.steps, rate=arguments.rate, structure=arguments.structure, perceived=arguments.lpips_weight
        )
        trainer = Trainer(learnt, held_out, settings, shape, arguments.device, distance)
        if start is not None:
            trainer.start_from(start)
        go_on(trainer, arguments.work, arguments.out, arguments.minutes, say)
    except DaubError as error:
        print(f"daub: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
