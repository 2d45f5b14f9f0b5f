"""The command line, `daub encode|decode|info|edit|compare|page|...`: names, keys and exit codes are a contract.

Exit codes: 0 done; 1 refused or failed, with one line `daub: what, why, what to do`; 2 wrong usage; 128 + the number of
the signal where one ended it: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP, 141 where nobody reads the output
to its end. Only --json output or tables go to stdout. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from dataclasses import replace

from daub.app.cli import bench as cli_bench
from daub.app.cli import edit as cli_edit
from daub.app.cli import page as cli_page
from daub.app.cli import scene as cli_scene
from daub.app.cli.arguments import (
    Result,
    add_background,
    add_device,
    add_effort,
    add_large,
    add_replacing,
    add_restore,
    add_tune,
    command,
    factor,
    natural,
    part,
    region,
    replacing,
    size,
)
from daub.app.process import STOPPED
from daub.app.terminal import json_text, show, tell
from daub.codec.errors import DaubError, Large
from daub.codec.goal import DEFAULT_GOAL, GOALS, Goal
from daub.codec.options import option_of
from daub.codec.settings import EncodeSettings
from daub.render.errors import DeviceUnavailable
from daub.render.threads import set_limit

COMMANDS = ("encode", "decode", "info", "edit", "compare", "page", "scene", "bench", "demo")


def main(argv: list[str] | None = None) -> int:
    """Runs one subcommand and returns the exit code."""
    try:
        result, code = _run(argv)
        show(result.text)
        for failure in result.failures:
            _fail(str(failure))
        return 1 if result.failures else code
    except DaubError as error:
        return _fail(str(error))
    except DeviceUnavailable as error:
        cause, remedy = replace(error.reason, remedy=""), error.reason.remedy
        return _fail(f"cannot use --device cuda, {cause}, {f'{remedy}, or ' if remedy else ''}use --device cpu")
    except KeyboardInterrupt:
        return _fail(f"stopped by Ctrl-C, {STOPPED}", 128 + signal.SIGINT)
    except BrokenPipeError:  # whoever read our output has gone, and needs no word of it
        return 128 + 13  # SIGPIPE, which Windows lacks
    except MemoryError:
        return _fail("cannot go on, there is not enough memory, use a smaller image or fewer Gaussians")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"cannot go on, {where}{error.strerror or error}, check the disk and the file")


def _run(argv: list[str] | None) -> tuple[Result, int]:
    """What a command has come to, and the exit code where argparse had the last word."""
    try:
        arguments = _parser().parse_args(argv)
        set_limit(getattr(arguments, "threads", None))
        try:
            return arguments.run(arguments), 0
        except Large as error:
            raise _in_options(error, arguments) from error
        finally:
            set_limit(None)
    except SystemExit as end:
        return Result(""), int(end.code or 0)


def _in_options(error: DaubError, arguments: argparse.Namespace) -> DaubError:
    """The error; where it is that something is large, with the options of the command that would have it done."""
    if not isinstance(error, Large):
        return error
    if not hasattr(arguments, "yes_large"):
        return error.with_remedy("choose a smaller image")
    can_shrink = error.size_helps and hasattr(arguments, "scale")
    smaller = "give a smaller --scale or --size, or a --region, or " if can_shrink else ""
    return error.with_remedy(f"{smaller}add --yes-large if that is meant")


def _fail(line: str, code: int = 1) -> int:
    print(f"daub: {' '.join(line.split())}", file=sys.stderr)
    return code


# The parser.


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="daub",
        description="Turns images into 2D Gaussians and Gaussians into small .daub files.",
        epilog="Without a command, `daub [FILE...]` opens the window. `daub COMMAND --help` says more.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    encode = command(commands, "encode", _encode, "fit an image and write a .daub file")
    encode.add_argument("image", metavar="IN", help="any still image, or a .daub")
    encode.add_argument("file", metavar="OUT.daub")
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
    add_background(encode)
    encode.add_argument(
        "--strict", action="store_true",
        help="write nothing and exit with 1 where the goal is missed (otherwise the best file is kept, with a notice)",
    )  # fmt: skip
    add_replacing(encode)
    add_large(encode)
    add_device(encode)

    decode = command(commands, "decode", _decode, "render a .daub file, at any size")
    decode.add_argument("file", metavar="IN.daub")
    decode.add_argument("image", metavar="OUT", help="the format follows the name: .png, .jpg, .webp, .avif, .jxl, ...")
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
    add_replacing(decode)
    add_large(decode)
    add_device(decode)

    info = command(commands, "info", _info, "say what a .daub file holds")
    info.add_argument("file", metavar="IN.daub")
    add_large(info)

    cli_edit.add_to(commands)

    compare = command(
        commands, "compare", _compare, "PSNR, MS-SSIM, SSIMULACRA2 and FLIP of images against a reference"
    )
    compare.add_argument("reference", metavar="REF")
    compare.add_argument("images", metavar="IMAGE", nargs="+", help="images of the same size, .daub files included")
    compare.add_argument(
        "--codecs", nargs="+", default=(), metavar="NAME",
        help="also what these make of REF, e.g. AVIF 'JPEG XL', in as many bytes as the first IMAGE has",
    )  # fmt: skip
    compare.add_argument(
        "--match", choices=("bytes", "psnr"), default="bytes",
        help="psnr: their smallest files that are as good as the first IMAGE instead (default: %(default)s)",
    )  # fmt: skip
    add_background(compare)
    add_large(compare)
    add_device(compare)

    cli_page.add_to(commands)

    cli_scene.add_to(commands)

    cli_bench.add_to(commands)

    demo = command(commands, "demo", _demo, "encode the bundled photo and draw a report")
    demo.add_argument("--out", default="out", metavar="DIR", help="where the files go (default: %(default)s)")
    add_replacing(demo)
    add_device(demo)
    return parser


class _Version(argparse.Action):
    """Looks the version up when asked, not at every start."""

    def __call__(self, parser, *_):
        from importlib import metadata

        try:
            version = metadata.version("daub")
        except metadata.PackageNotFoundError:
            version = "(not installed: pip install -e .)"
        show(f"daub {version}")
        parser.exit()


# The commands.


def _encode(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.device import OpenDevice
    from daub.app.tasks.encoding import EncodeRequest, encode_file
    from daub.app.terminal import ProgressLine, decibels
    from daub.codec.images import parse_colour

    given = [(kind, value) for kind in GOALS if (value := getattr(arguments, kind.keyword)) is not None]
    try:
        settings = EncodeSettings(
            Goal(*given[0]) if given else DEFAULT_GOAL, arguments.effort, arguments.steps, arguments.seed,
            arguments.profile, tuple(arguments.part), tune=arguments.tune, restore=arguments.restore,
        )  # fmt: skip
        background = parse_colour(arguments.background)
    except DaubError as error:
        arguments.parser.error(str(error))
    request = EncodeRequest(
        arguments.image, arguments.file, settings, background, arguments.strict, replacing(arguments),
        arguments.yes_large, arguments.importance,
    )  # fmt: skip

    with ProgressLine() as line:

        def progress(record) -> None:
            line.advance(record.stage, record.fraction, f"{len(record.gaussians):,} Gaussians", decibels(record.psnr))

        device = OpenDevice(arguments.device, line.fall_back)
        result = encode_file(request, device, line.say, progress)
    tell(result.notices)
    done, fitted = result.encoding, result.fitted
    if arguments.json:
        return Result(json_text(vars(done)))

    from daub.app.terminal import duration, facts

    share = f"{100 * done.bytes / result.source_bytes:.1f} % of {os.path.basename(arguments.image)}"
    dropped = f" ({fitted:,} fitted, the others are not worth their bits)" if fitted > done.gaussians else ""
    pairs = [
        ("size", f"{done.width} x {done.height}"),
        ("Gaussians", f"{done.gaussians:,}{dropped}"),
        ("file", f"{done.bytes:,} bytes, {done.bpp:.3f} bpp, {share}"),
        ("PSNR", f"{decibels(done.psnr)} ({decibels(done.fit_psnr)} before quantisation)"),
        *([("unrestored", decibels(done.plain_psnr))] if done.plain_psnr is not None else []),
        ("MS-SSIM", f"{done.ms_ssim:.4f}"),
        ("encoded in", f"{duration(done.encode_seconds)} (fit of {done.steps} steps: {duration(done.fit_seconds)})"),
        ("decoded in", duration(done.decode_seconds)),
        ("device", _device(done)),
    ]
    return Result(f"{arguments.file}\n{facts(pairs)}")


def _decode(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.decoding import DecodeRequest, decode_to_file
    from daub.app.tasks.device import OpenDevice
    from daub.app.terminal import ProgressLine, duration, facts
    from daub.render.strips import Region

    with ProgressLine() as line:
        part = None if arguments.region is None else Region(*arguments.region)
        request = DecodeRequest(
            arguments.file, arguments.image, arguments.scale, arguments.size, replacing(arguments), arguments.yes_large,
            part, arguments.restore, arguments.refine,
        )  # fmt: skip
        device = OpenDevice(arguments.device, line.fall_back)
        done = decode_to_file(request, device, line.say, lambda fraction: line.advance("decoding", fraction))
    if done.plain is not None:
        tell([f"{arguments.file}: {done.plain}"])
    if arguments.json:
        return Result(json_text(vars(done)))
    pairs = [
        ("size", f"{done.width} x {done.height}"),
        ("Gaussians", f"{done.gaussians:,}, from {done.bytes:,} bytes"),
        ("decoded in", duration(done.decode_seconds)),
        ("device", _device(done)),
    ]
    return Result(f"{arguments.image}\n{facts(pairs)}")


def _info(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.describing import describe
    from daub.app.terminal import facts
    from daub.codec.container.method import Parts

    about = describe(arguments.file, arguments.yes_large)
    if arguments.json:
        return Result(json_text(vars(about)))
    per_gaussian = "-" if about.bits_per_gaussian is None else f"{about.bits_per_gaussian:.1f} bits"
    made = ("quantiser", f"step {about.step:.4g}") if about.step else ("method", str(Parts(**about.parts)))
    pairs = [
        ("format", f"version {about.version}"),
        ("size", f"{about.width} x {about.height}"),
        ("Gaussians", f"{about.gaussians:,}"),
        ("file", f"{about.bytes:,} bytes, {about.bpp:.3f} bpp"),
        ("per Gaussian", per_gaussian),
        made,
        *([("tuned for", about.tune)] if about.tune else []),
        *([("restoration", _restoration(about.restoration))] if about.restoration else []),
        *([("here", about.plain)] if about.plain else []),
        ("chunks", ", ".join(f"{chunk['tag']} {chunk['bytes']:,} bytes" for chunk in about.chunks)),
    ]
    return Result(f"{arguments.file}\n{facts(pairs)}")


def _restoration(layer: dict) -> str:
    """What the restoration layer of a file is."""
    parts = []
    if layer["network"] is not None:
        where = "everywhere" if layer["blocks"] == layer["of"] else f"in {layer['blocks']} of {layer['of']} blocks"
        parts.append(f"network {layer['network']} {where}, strength {layer['strength']:.2f}")
    if layer["residual_bytes"]:
        parts.append(f"coarse residual of {layer['residual_bytes']:,} bytes")
    return "; ".join((*parts, f"{layer['bytes']:,} bytes"))


def _device(done) -> str:
    """Which device, and why in a few words; what would change it stands in the JSON."""
    return f"{done.device} ({done.device_reason.what})"


def _compare(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.comparing import Matching, compare_files
    from daub.app.tasks.device import OpenDevice
    from daub.app.terminal import ProgressLine
    from daub.codec.images import parse_colour

    try:
        background = parse_colour(arguments.background)
    except DaubError as error:
        arguments.parser.error(str(error))
    with ProgressLine() as line:
        device = OpenDevice(arguments.device, line.fall_back)
        done = compare_files(
            arguments.reference, arguments.images, device, background, line.say, arguments.yes_large,
            Matching(tuple(arguments.codecs), arguments.match == "psnr"),
        )  # fmt: skip
    tell(done.notices)
    failures = {name: _in_options(error, arguments) for name, error in done.failures.items()}
    if not arguments.json:
        return Result(_compared_text(done), tuple(failures.values()))
    content = {
        "reference": arguments.reference,
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


def _demo(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import report

    done = report.demo(arguments.out, device=arguments.device, replacing=replacing(arguments))
    return Result(json_text(done) if arguments.json else report.text(done))
