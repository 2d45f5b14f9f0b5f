"""Train the restoration network of scenes: `python -m daub.codec.training.scenes SCENE... --held-out SCENE...`.

    python -m daub.codec.training.scenes angel.sog playbot --held-out guitar.ply --work out/scenes --steps 3000

makes pairs of renderings, `--rounds` encodes of each scene (`scene_pairs.py`), keeps them in the work folder, goes on
from the network of pictures, and writes the weights. Of the scenes that are held out nothing is learnt: they tell how
well it does, in `log.jsonl`. Stopped at any moment, it goes on where it was, as the training of that network does.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from daub.codec.errors import DaubError
from daub.codec.training.restoration import Trainer, TrainingSettings, go_on, weights_to_start_from
from daub.codec.training.scene_pairs import ScenePairSettings, make_scene_pairs, read_scene_examples, scenes_by_name
from daub.resources import ROOT

WEIGHTS_FILE = ROOT / "scene-restoration.bin"
START = ROOT / "restoration.bin"
_HELD_OUT_ROUNDS = 2  # encodes of a scene that nothing is learnt from: one of Daub's, and one of another codec
_HELD_OUT_EVERY = 4  # of their views one in so many is measured
_STEPS, _RATE, _AVERAGE = 3_000, 2e-3, 0.99  # as of `TrainingSettings`: what is learnt already is only bent
_FLOOR = 5e-5  # as of `TrainingSettings`: scenes are met more nearly than photos are


def main(argv: list[str] | None = None) -> int:
    """Makes the pairs that are missing, and trains."""
    parser = argparse.ArgumentParser(
        prog="python -m daub.codec.training.scenes", description=__doc__.splitlines()[0].split(":")[0]
    )
    usual, pairs = TrainingSettings(), ScenePairSettings()
    parser.add_argument("scenes", nargs="+", type=Path, metavar="SCENE", help="licensed for training")
    parser.add_argument("--held-out", nargs="+", type=Path, default=[], metavar="SCENE", help="to measure by alone")
    parser.add_argument("--work", type=Path, default=Path("out/scene-restoration"), help="keeps pairs and checkpoints")
    parser.add_argument("--rounds", type=int, default=3, help="encodes of each scene (default: %(default)s)")
    parser.add_argument("--side", type=int, default=pairs.side, help="of a view, pixels (default: %(default)s)")
    parser.add_argument("--views", type=int, default=pairs.views, help="of an encode (default: %(default)s)")
    parser.add_argument("--every", type=int, default=1, help="use one view in so many (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=_STEPS, help="of the training (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=usual.batch, help="crops of a step (default: %(default)s)")
    parser.add_argument("--crop", type=int, default=usual.side, help="side of a crop, pixels (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=_RATE, help="of learning (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=math.inf, help="of this call; the next one goes on")
    parser.add_argument("--device", default="cpu", help="of torch: cpu or cuda (default: %(default)s)")
    parser.add_argument("--start", type=Path, default=START, help="weights to go on from (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="file of weights (default: %(default)s)")
    arguments = parser.parse_args(argv)

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        named = scenes_by_name([*arguments.scenes, *arguments.held_out])
        kept = {path.stem for path in arguments.held_out}
        learnt, held_out = ({name: path for name, path in named.items() if (name in kept) == out} for out in (0, 1))
        cache, drawn = arguments.work / "pairs", ScenePairSettings(arguments.views, arguments.side)
        make_scene_pairs(learnt, cache, arguments.rounds, drawn, say)
        few = min(arguments.rounds, _HELD_OUT_ROUNDS)
        make_scene_pairs(held_out, cache, few, drawn, say)
        examples = list(read_scene_examples(cache, list(learnt), arguments.rounds, arguments.every))
        others = list(read_scene_examples(cache, list(held_out), few, _HELD_OUT_EVERY))
        say(f"{len(examples)} examples to learn from, {len(others)} held out")
        settings = TrainingSettings(
            steps=arguments.steps, batch=arguments.batch, side=arguments.crop, rate=arguments.rate, floor=_FLOOR,
            warm_up=min(usual.warm_up, arguments.steps // 10 + 1), average=_AVERAGE,
        )  # fmt: skip
        start = weights_to_start_from(arguments.start)
        trainer = Trainer(examples, others, settings, start.shape, arguments.device)
        trainer.start_from(start)
        go_on(trainer, arguments.work, arguments.out, arguments.minutes, say)
    except DaubError as error:
        print(f"daub: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
