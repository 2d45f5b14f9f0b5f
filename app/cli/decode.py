"""`daub decode`: a .daub to an image."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from daub.app.cli.arguments import (
    Result,
    add_background,
    add_device,
    add_large,
    add_replacing,
    add_restore,
    background_of,
    command,
    device_words,
    factor,
    natural,
    region,
    replacing,
    size,
)
from daub.app.cli.streams import STREAM, Streams
from daub.app.terminal import tell

if TYPE_CHECKING:
    from daub.app.tasks.decoding import DecodeRequest

USUAL_FORMAT = "png"  # where no name says which


def add_to(commands) -> None:
    """Adds the subcommand to a parser's subparsers."""
    decode = command(commands, "decode", _decode, "render a .daub file, at any size")
    decode.add_argument("file", metavar="IN.daub", help="- for stdin")
    decode.add_argument(
        "image", metavar="OUT",
        help="the format follows the name: .png, .jpg, .webp, .avif, .jxl, ...; - for stdout",
    )  # fmt: skip
    add_format(decode, "of OUT where that is -")
    add_settings(decode)


def add_format(parser: argparse.ArgumentParser, of: str) -> None:
    """Args: of: what it is the format of."""
    parser.add_argument("--format", type=str.lower, metavar="F", help=f"{of}: jpg, webp, ... (default: {USUAL_FORMAT})")


def add_settings(decode: argparse.ArgumentParser) -> None:
    """Adds everything that can be said of a decode, but for the names and the format of its files."""
    sizes = decode.add_mutually_exclusive_group()
    sizes.add_argument("--scale", type=factor, metavar="F", help="render F times as wide and high")
    sizes.add_argument("--size", type=size, metavar="WxH", help="render at W x H pixels")
    decode.add_argument(
        "--region", type=region, metavar="X,Y,W,H",
        help="only the part of W x H pixels whose first pixel is in column X and row Y, from 0 on, both counted in the "
        "picture's own size; --scale and --size say how large the whole would be",
    )  # fmt: skip
    add_restore(decode, True, "off: leave out what a layer of the file adds to the rendering")
    decode.add_argument(
        "--refine", type=natural, default=0, metavar="S",
        help="fit the Gaussians in S steps to the restored picture before they are rendered, so that they show at any "
        "size what it shows; a file without a restoration layer stays as it is (default: %(default)s)",
    )  # fmt: skip
    decode.add_argument("--strip", action="store_true", help="leave out what the file says of its photo (EXIF, XMP)")
    add_background(decode, "it stays transparent, or is laid on white in a format without alpha such as .jpg")
    add_replacing(decode)
    add_large(decode)
    add_device(decode)


def request_of(arguments: argparse.Namespace, source: str, target: str) -> DecodeRequest:
    """What `add_settings` was told, about a .daub and the image that it shall become."""
    from daub.app.tasks.decoding import DecodeRequest
    from daub.render.strips import Region

    part = None if arguments.region is None else Region(*arguments.region)
    return DecodeRequest(
        source, target, arguments.scale, arguments.size, replacing(arguments), arguments.yes_large, part,
        arguments.restore, arguments.refine, not arguments.strip, background_of(arguments),
    )  # fmt: skip


def _decode(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.decoding import decode_to_file
    from daub.app.tasks.device import OpenDevice
    from daub.app.terminal import ProgressLine, duration, facts

    if arguments.format and arguments.image != STREAM:
        arguments.parser.error("--format is about an OUT that is -: otherwise its name says the format")
    with Streams() as streams:
        target = streams.target(arguments.image, f".{arguments.format or USUAL_FORMAT}")
        source = streams.source(arguments.file)
        request = request_of(arguments, source, target)
        with ProgressLine() as line:
            device = OpenDevice(arguments.device, line.fall_back)
            done = decode_to_file(request, device, line.say, lambda fraction: line.advance("decoding", fraction))
        if done.plain is not None:
            tell([f"{streams.called(source)}: {done.plain}"])
        tell(streams.named([each for each in (done.laid, done.unsaid) if each is not None]))
        streams.send()
    pairs = [
        ("size", f"{done.width} x {done.height}"),
        ("Gaussians", f"{done.gaussians:,}, from {done.bytes:,} bytes"),
        ("decoded in", duration(done.decode_seconds)),
        ("device", device_words(done)),
    ]
    text = f"{streams.called(target)}\n{facts(pairs)}"
    return Result.summary(text, vars(done), arguments, beside=streams.sends)
