"""`daub compare`: how close images are to one."""

from __future__ import annotations

import argparse
from dataclasses import replace

from daub.app.cli.arguments import Result, add_background, add_device, add_large, background_of, command, in_options
from daub.app.cli.streams import STREAM, Streams
from daub.app.terminal import json_text, tell


def add_to(commands) -> None:
    """Adds the subcommand to a parser's subparsers."""
    text = "PSNR, MS-SSIM, SSIMULACRA2 and FLIP of images against a reference"
    compare = command(commands, "compare", _compare, text)
    compare.add_argument("reference", metavar="REF", help="- for stdin")
    compare.add_argument(
        "images", metavar="IMAGE", nargs="+", help="images of the same size, .daub files included; - for stdin"
    )
    compare.add_argument(
        "--codecs", nargs="+", default=(), metavar="NAME",
        help="also what these make of REF, e.g. AVIF 'JPEG XL', in as many bytes as the first IMAGE has",
    )  # fmt: skip
    compare.add_argument(
        "--match", choices=("bytes", "psnr"), default="bytes",
        help="psnr: their smallest files that are as good as the first IMAGE instead (default: %(default)s)",
    )  # fmt: skip
    add_background(compare, "transparent pictures are compared on black and on white")
    add_large(compare)
    add_device(compare)


def _compare(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.comparing import Matching, compare_files
    from daub.app.tasks.device import OpenDevice
    from daub.app.terminal import ProgressLine

    background = background_of(arguments)
    if [arguments.reference, *arguments.images].count(STREAM) > 1:
        arguments.parser.error("only one of REF and IMAGE can be stdin")
    with Streams() as streams:
        reference, *files = map(streams.source, (arguments.reference, *arguments.images))
        with ProgressLine() as line:
            device = OpenDevice(arguments.device, line.fall_back)
            done = compare_files(
                reference, files, device, background, line.say, arguments.yes_large,
                Matching(tuple(arguments.codecs), arguments.match == "psnr"),
            )  # fmt: skip
    tell(streams.named(done.notices))
    done = replace(done, compared=tuple(replace(one, file=streams.called(one.file)) for one in done.compared))
    failures = {}
    for name, error in done.failures.items():
        streams.name(error)
        failures[streams.called(name)] = in_options(error, arguments)
    if not arguments.json:
        return Result(_compared_text(done), tuple(failures.values()))
    content = {
        "reference": streams.called(reference),
        "images": [vars(one) for one in done.compared],
        "refused": [{"file": name, "why": str(error)} for name, error in failures.items()],
    }
    if arguments.codecs:
        content["matched"] = [vars(one) for one in done.matched]
    return Result(json_text(content), tuple(failures.values()))


def _compared_text(done) -> str:
    from daub.app.terminal import LOOKS, decibels, looks, table

    perceptual = any(one.flip is not None for one in done.compared)
    names = [one.file for one in done.compared]
    names += [f"{one.codec}, {one.parameter} {one.setting:g}{'' if one.reached else ' *'}" for one in done.matched]
    rows = [
        (name, f"{one.bytes:,}", f"{one.bpp:.3f}", decibels(one.psnr), f"{one.ms_ssim:.4f}",
         *(looks(one.ssimulacra2, one.flip) if perceptual else ()))
        for name, one in zip(names, (*done.compared, *done.matched), strict=True)
    ]  # fmt: skip
    header = ("image", "bytes", "bpp", "PSNR", "MS-SSIM", *(LOOKS if perceptual else ()))
    lines = [table(rows, header)] if rows else []
    if not all(one.reached for one in done.matched):
        lines.append("* the nearest to it that this codec can make")
    return "\n".join(lines)
