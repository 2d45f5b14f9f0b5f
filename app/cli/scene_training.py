"""The command line of `daub scene train`."""

from __future__ import annotations

import argparse

from daub.app.cli.arguments import Result, add_replacing, command, natural, positive, replacing
from daub.app.terminal import decibels, json_text, tell
from daub.codec.scenes.training.settings import TrainingSettings

_PHOTOS = "photos and their cameras: a COLMAP model with its images, cameras.json or transforms.json"


def add_train(kinds) -> None:
    """Adds it to the kinds of `daub scene`."""
    usual = TrainingSettings()
    train = command(kinds, "train", _train, "make a scene from photos whose cameras are known")
    train.add_argument("folder", metavar="FOLDER", help=_PHOTOS)
    train.add_argument("target", metavar="OUT", help="the format follows the name, as for convert; .ply loses nothing")
    numbers = (
        ("gaussians", positive, "N", "that the scene has in the end"),
        ("iterations", positive, "N", "steps, one photo each"),
        ("size", positive, "PX", "longer side that photos are reduced to"),
        ("hold-out", natural, "K", "every K-th photo is measured and not trained on, 0: none"),
        ("seed", natural, "S", "of all chance: the same seed gives the same scene"),
    )
    for name, kind, shown, text in numbers:
        default = getattr(usual, name.replace("-", "_"))
        train.add_argument(f"--{name}", type=kind, default=default, metavar=shown, help=f"{text} (default: {default})")
    train.add_argument(
        "--degree", type=int, choices=range(5), default=usual.degree, metavar="D",
        help="of the harmonics, 0 to 4: how colours change with the direction (default: %(default)s)",
    )  # fmt: skip
    train.add_argument(
        "--threads", type=positive, metavar="N", help="the most threads that compute, which changes nothing else"
    )
    train.add_argument(
        "--restart", action="store_true", help="begin anew, although a training that was stopped could go on"
    )
    add_replacing(train)


def _train(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.scene_training import SceneTrainRequest, train_scene
    from daub.app.terminal import ProgressLine, duration, facts

    settings = TrainingSettings(
        arguments.gaussians, arguments.iterations, arguments.size, arguments.degree, arguments.hold_out, arguments.seed
    )
    request = SceneTrainRequest(arguments.folder, arguments.target, settings, arguments.restart, replacing(arguments))
    with ProgressLine() as line:
        done = train_scene(request, line.say, line.advance)
    tell([f"{arguments.folder}: {remark}" for remark in done.remarks])
    if arguments.json:
        return Result(json_text(vars(done)))
    resumed = f", the first {done.resumed_at:,} of them before" if done.resumed_at else ""
    pairs = [
        ("Gaussians", f"{done.gaussians:,}, {f'harmonics of degree {done.degree}' if done.degree else 'no harmonics'}"),
        ("file", f"{done.bytes:,} bytes, {done.format}"),
        ("trained", f"{done.iterations:,} steps{resumed}, {done.trained_on} photos of {done.width}x{done.height}"),
        ("meets them", f"{decibels(done.trained_psnr)}, SSIM {done.trained_ssim:.4f}"),
    ]
    if done.psnr is not None:
        pairs.append(("held out", f"{decibels(done.psnr)}, SSIM {done.ssim:.4f}, {done.held_out} photos"))
    pairs.append(("took", duration(done.seconds)))
    return Result(f"{arguments.target}\n{facts(pairs)}")
