"""`daub encode`: an image to a .daub."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from daub.app.cli.arguments import (
    Result,
    add_background,
    add_device,
    add_effort,
    add_large,
    add_replacing,
    add_restore,
    add_tune,
    background_of,
    command,
    device_words,
    natural,
    part,
    replacing,
)
from daub.app.cli.streams import STREAM, Streams
from daub.app.terminal import tell
from daub.codec.errors import DaubError
from daub.codec.files import SUFFIX
from daub.codec.goal import DEFAULT_GOAL, GOALS, Goal
from daub.codec.options import option_of
from daub.codec.settings import EncodeSettings

if TYPE_CHECKING:
    from daub.app.tasks.encoding import EncodeRequest


def add_to(commands) -> None:
    """Adds the subcommand to a parser's subparsers."""
    encode = command(commands, "encode", _encode, "fit an image and write a .daub file")
    encode.add_argument("image", metavar="IN", help="any still image, or a .daub; - for stdin")
    encode.add_argument("file", metavar="OUT.daub", help="- for stdout")
    add_settings(encode)


def add_settings(encode: argparse.ArgumentParser) -> None:
    """Adds everything that can be said of an encode, but for the names of its files."""
    goals = encode.add_argument_group("goal (one of)").add_mutually_exclusive_group()
    for kind, goal in GOALS.items():
        usual = f" (the default, at {DEFAULT_GOAL.value})" if kind is DEFAULT_GOAL.kind else ""
        number = float if goal.decimals else int
        goals.add_argument(f"--{kind}", type=number, metavar=goal.letter, help=goal.help + usual)
    add_effort(encode)
    add_tune(encode, None, "balanced, or what --psnr and --ms-ssim are about; psnr with another --profile")
    encode.add_argument(
        "--profile", default="native", metavar="NAME|FILE.toml",
        help="native, our own fit (the default), or a published one: gaussianimage-cholesky, gaussianimage-rs, "
        "gaussianimage++, smartsplat, in thousands of steps, as in their papers, unless --steps says less; "
        "see codec/profiles/METHODS.md",
    )  # fmt: skip
    encode.add_argument(
        "--part", type=part, action="append", default=[], metavar="KIND=NAME",
        help="another part of the profile, such as filter=none; can be given again for others",
    )  # fmt: skip
    seed = option_of(EncodeSettings, "seed")
    encode.add_argument("--seed", type=natural, default=seed.default, metavar="K", help=seed.help)
    encode.add_argument(
        "--importance", metavar="MAP",
        help="an image of the same shape, at any size, that says what matters: 128 is neutral, an error in white "
        "weighs 8 times as much, in black an eighth; colours count by their luma, and what is transparent is neutral",
    )  # fmt: skip
    add_restore(
        encode, EncodeSettings.restore,
        "auto: the file gets a layer that restores what was lost, where it is better with one; the goal is then about "
        "the restored picture",
    )  # fmt: skip
    add_background(encode, "it is kept")
    encode.add_argument(
        "--strict", action="store_true",
        help="write nothing and exit with 1 where the goal is missed (otherwise the best file is kept, with a notice)",
    )  # fmt: skip
    encode.add_argument(
        "--strip", action="store_true",
        help="leave out what the photo says of itself (EXIF, XMP, copyright), which is kept otherwise",
    )  # fmt: skip
    encode.add_argument(
        "--keep-location", action="store_true", help="keep where it was taken, too, which is left out otherwise"
    )
    add_replacing(encode)
    add_large(encode)
    add_device(encode)


def request_of(arguments: argparse.Namespace, source: str, target: str) -> EncodeRequest:
    """What `add_settings` was told, about an image and the file that it shall become; ends the program where it is
    none."""
    from daub.app.tasks.encoding import EncodeRequest

    if arguments.strip and arguments.keep_location:
        arguments.parser.error("--strip leaves out what --keep-location keeps: give one of them")
    given = [(kind, value) for kind in GOALS if (value := getattr(arguments, kind.keyword)) is not None]
    try:
        settings = EncodeSettings(
            Goal(*given[0]) if given else DEFAULT_GOAL, arguments.effort, arguments.steps, arguments.seed,
            arguments.profile, tuple(arguments.part), tune=arguments.tune, restore=arguments.restore,
        )  # fmt: skip
    except DaubError as error:
        arguments.parser.error(str(error))
    return EncodeRequest(
        source, target, settings, background_of(arguments), arguments.strict, replacing(arguments), arguments.yes_large,
        arguments.importance, not arguments.strip, arguments.keep_location,
    )  # fmt: skip


def _encode(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.device import OpenDevice
    from daub.app.tasks.encoding import encode_file
    from daub.app.terminal import ProgressLine, decibels, duration, facts

    importance = [] if arguments.importance is None else [arguments.importance]
    if [arguments.image, *importance].count(STREAM) > 1:
        arguments.parser.error("IN and --importance cannot both be stdin")
    with Streams() as streams:
        source, target = streams.source(arguments.image), streams.target(arguments.file, SUFFIX)
        arguments.importance = next(map(streams.source, importance), None)
        request = request_of(arguments, source, target)
        with ProgressLine() as line:

            def progress(record) -> None:
                told = f"{len(record.gaussians):,} Gaussians", decibels(record.psnr)
                line.advance(record.stage, record.fraction, *told)

            device = OpenDevice(arguments.device, line.fall_back)
            result = encode_file(request, device, line.say, progress)
        tell(streams.named(result.notices))
        streams.send()
    done, fitted = result.encoding, result.fitted
    share = f"{100 * done.bytes / result.source_bytes:.1f} % of {os.path.basename(streams.called(source))}"
    dropped = f" ({fitted:,} fitted, the others are not worth their bits)" if fitted > done.gaussians else ""
    seen = "" if done.alpha_gaussians is None else ", on black and white"
    pairs = [
        ("size", f"{done.width} x {done.height}"),
        ("Gaussians", f"{done.gaussians:,}{dropped}"),
        *([("transparency", f"{done.alpha_gaussians:,} more")] if done.alpha_gaussians is not None else []),
        ("file", f"{done.bytes:,} bytes, {done.bpp:.3f} bpp, {share}"),
        ("PSNR", f"{decibels(done.psnr)} ({decibels(done.fit_psnr)} before quantisation){seen}"),
        *([("unrestored", decibels(done.plain_psnr))] if done.plain_psnr is not None else []),
        ("MS-SSIM", f"{done.ms_ssim:.4f}"),
        ("encoded in", f"{duration(done.encode_seconds)} (fit of {done.steps} steps: {duration(done.fit_seconds)})"),
        ("decoded in", duration(done.decode_seconds)),
        ("device", device_words(done)),
    ]
    text = f"{streams.called(target)}\n{facts(pairs)}"
    return Result.summary(text, vars(done), arguments, beside=streams.sends)
