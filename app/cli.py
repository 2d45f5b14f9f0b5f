"""The command line: `daub encode|decode|info|compare|bench|demo`. Names, JSON keys and exit codes are a contract.

Exit codes: 0 done; 1 refused or failed, with one line `daub: what, why, what to do`; 2 wrong usage; 130 interrupted.
Only --json output or tables go to stdout. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
from collections.abc import Callable

from codec.effort import DEFAULT_EFFORT, EFFORTS
from codec.errors import DaubError
from render.cuda import DeviceUnavailable

COMMANDS = ("encode", "decode", "info", "compare", "bench", "demo")

_GOALS = {  # option, type, metavar, help
    "gaussians": (int, "N", "exactly N Gaussians"),
    "quality": (float, "Q", "0 to 100; as many Gaussians as the image needs (the default, at 50)"),
    "bpp": (float, "R", "at most R bits per pixel"),
    "bytes": (int, "B", "a file of at most B bytes"),
    "psnr": (float, "D", "about D dB"),
}


def main(argv: list[str] | None = None) -> int:
    """Runs one subcommand and returns the exit code."""
    try:
        arguments = _parser().parse_args(argv)
        arguments.run(arguments)
        sys.stdout.flush()
        return 0
    except SystemExit as end:  # argparse has said why
        return int(end.code or 0)
    except DaubError as error:
        return _fail(str(error))
    except DeviceUnavailable as error:
        return _fail(f"cannot use --device cuda, {error}, or use --device cpu")
    except KeyboardInterrupt:
        return _fail("stopped by Ctrl-C, no file is left half written, run it again to start anew", 130)
    except BrokenPipeError:  # whoever read our output has gone; the interpreter must not flush into the void at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        return _fail("cannot go on, there is not enough memory, use a smaller image or fewer Gaussians")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"cannot go on, {where}{error.strerror or error}, check the disk and the file")


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

    encode = _command(commands, "encode", _encode, "fit an image and write a .daub file")
    encode.add_argument("image", metavar="IN", help="any still image, or a .daub")
    encode.add_argument("file", metavar="OUT.daub")
    goals = encode.add_argument_group("goal (one of)").add_mutually_exclusive_group()
    for name, (kind, metavar, text) in _GOALS.items():
        goals.add_argument(f"--{name}", type=kind, metavar=metavar, help=text)
    _add_effort(encode)
    encode.add_argument(
        "--profile", metavar="NAME|FILE.toml",
        help="fit by a method of the literature, see codec/METHODS.md, in as many steps as its paper; --steps "
        "shortens that",
    )  # fmt: skip
    encode.add_argument("--seed", type=_natural, default=0, metavar="K", help="equal seeds give equal files")
    encode.add_argument(
        "--background", default="white", metavar="COLOR", help="what transparency is laid on: white, #08f, 0,136,255"
    )
    _add_device(encode)

    decode = _command(commands, "decode", _decode, "render a .daub file, at any size")
    decode.add_argument("file", metavar="IN.daub")
    decode.add_argument("image", metavar="OUT", help="the format follows the name: .png, .jpg, .webp, .avif, .jxl, ...")
    sizes = decode.add_mutually_exclusive_group()
    sizes.add_argument("--scale", type=_factor, metavar="F", help="render F times as wide and high")
    sizes.add_argument("--size", type=_size, metavar="WxH", help="render at W x H pixels")
    _add_device(decode)

    info = _command(commands, "info", _info, "say what a .daub file holds")
    info.add_argument("file", metavar="IN.daub")

    compare = _command(commands, "compare", _compare, "PSNR and MS-SSIM of images against a reference")
    compare.add_argument("reference", metavar="REF")
    compare.add_argument("images", metavar="IMAGE", nargs="+", help="images of the same size, .daub files included")
    _add_device(compare)

    _add_bench(commands)

    demo = _command(commands, "demo", _demo, "encode the bundled photo and draw a report")
    demo.add_argument("--out", default="out", metavar="DIR", help="where the files go (default: %(default)s)")
    _add_device(demo)
    return parser


def _add_bench(commands) -> None:
    bench = commands.add_parser("bench", help="measure speed and rate-distortion", description="Measure Daub.")
    kinds = bench.add_subparsers(metavar="fit|rd|effort|methods", required=True)

    fit = _command(kinds, "fit", _bench_fit, "quality and speed of the fit, of a rendering and of decoding")
    fit.add_argument("--gaussians", type=_positive, default=5000, metavar="N")
    fit.add_argument("--steps", type=_positive, nargs="+", default=[150, 300], metavar="S", help="one fit for each")

    rd = _command(kinds, "rd", _bench_rd, "rate-distortion of written files, against the ordinary codecs")
    rd.add_argument(
        "--gaussians", type=_positive, nargs="+", default=[600, 1200, 2500, 5000, 8000], metavar="N",
        help="the sweep of Daub, fitted per 768x512 pixels; files leave out those that are not worth their bits",
    )  # fmt: skip
    _add_effort(rd)
    rd.add_argument("--codecs", nargs="+", metavar="NAME", help="the others to measure, e.g. JPEG 'JPEG XL' (all)")
    rd.add_argument(
        "--reuse", metavar="FILE.csv",
        help="take from an earlier --csv what it has of the other codecs, times included, for images of the same name "
        "at the same settings; Daub is always measured",
    )  # fmt: skip
    rd.add_argument(
        "--published", action="store_true",
        help="beside them, what has been published of other codecs on 2D Gaussians for the 24 Kodak images",
    )  # fmt: skip
    rd.add_argument("--csv", metavar="FILE", help="write a row for every file that was measured")
    rd.add_argument("--plot", metavar="FILE", help="draw the curves (.png)")

    effort = _command(kinds, "effort", _bench_effort, "time and rate-distortion of each effort")
    effort.add_argument(
        "--gaussians", type=_positive, nargs="+", default=[1300, 2500, 5000], metavar="N",
        help="the sweep, fitted per 768x512 pixels; files leave out those that are not worth their bits",
    )  # fmt: skip
    effort.add_argument(
        "--efforts", type=int, choices=range(len(EFFORTS)), nargs="+", default=range(len(EFFORTS)), metavar="E",
        help=f"those to measure (default: all); {DEFAULT_EFFORT} always is, as the others are compared with it",
    )  # fmt: skip
    methods = _command(kinds, "methods", _bench_methods, "fits by the methods of the literature, see codec/METHODS.md")
    which = methods.add_mutually_exclusive_group()
    which.add_argument("--profiles", nargs="+", metavar="NAME|FILE.toml", help="those to measure (default: all named)")
    which.add_argument(
        "--ablation", metavar="NAME",
        help="profiles that differ in one part: densification, filter, quantisers, bit-depths or sampling",
    )  # fmt: skip
    counts = methods.add_mutually_exclusive_group()
    counts.add_argument("--gaussians", type=_positive, default=5000, metavar="N")
    counts.add_argument(
        "--ratio", type=_factor, metavar="CR", help="as many as SmartSplat does for a compression ratio: 3 H W / (7 CR)"
    )  # fmt: skip
    methods.add_argument("--steps", type=_positive, default=1000, metavar="S")
    methods.add_argument(
        "--measure", choices=("both", "fits", "files"),
        help="fits without quantisation, files of fits with it, or both (default: both; an ablation: what it is about)",
    )  # fmt: skip
    for kind in (fit, rd, effort, methods):
        kind.add_argument("--images", metavar="DIR", help="a folder of images (default: the bundled photo)")
        _add_device(kind)


def _add_effort(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--effort", type=int, choices=range(len(EFFORTS)), default=DEFAULT_EFFORT, metavar="E",
        help="from 0, a preview at once, to 9, the smallest file (default: %(default)s)",
    )  # fmt: skip
    command.add_argument("--steps", type=_positive, metavar="S", help="of the fit (default: by the effort)")


def _add_device(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), default="auto",
        help="what computes: auto takes CUDA where it can be had, and else says why not (default: %(default)s)",
    )  # fmt: skip


def _command(commands, name: str, run: Callable, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser.set_defaults(run=run, parser=parser)
    return parser


class _Version(argparse.Action):
    """Looks the version up when asked, not at every start."""

    def __call__(self, parser, *_):
        from importlib import metadata

        try:
            version = metadata.version("daub")
        except metadata.PackageNotFoundError:
            version = "(not installed: pip install -e .)"
        print("daub", version)
        parser.exit()


def _positive(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def _natural(text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 on")
    return int(text)


def _factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-9]\d{0,8})[x×]([1-9]\d{0,8})", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1536x1024")
    return int(match[1]), int(match[2])


# The commands.


def _encode(arguments: argparse.Namespace) -> None:
    from app import commands
    from app.terminal import ProgressLine
    from codec.images import parse_colour
    from codec.methods.profile import load_profile
    from codec.rate import Goal
    from codec.settings import EncodeSettings

    given = [(name, getattr(arguments, name)) for name in _GOALS if getattr(arguments, name) is not None]
    try:
        goal = Goal(*given[0]) if given else EncodeSettings().goal
        background = parse_colour(arguments.background)
    except DaubError as error:
        arguments.parser.error(str(error))
    profile = load_profile(arguments.profile) if arguments.profile else None
    settings = EncodeSettings.of_effort(goal, arguments.effort, arguments.steps, arguments.seed, profile=profile)

    with ProgressLine() as line:

        def progress(record) -> None:
            line.advance(record.stage, record.fraction, f"{len(record.gaussians):,} Gaussians", f"{record.psnr:.2f} dB")

        done, image, fitted = commands.encode_file(
            arguments.image, arguments.file, settings, background, arguments.device, line.say, progress
        )
    for notice in image.notices:
        print(f"daub: {arguments.image}: {notice}", file=sys.stderr)
    if arguments.json:
        return _print_json(vars(done))

    from app.terminal import decibels, duration, facts

    share = f"{100 * done.bytes / image.source_bytes:.1f} % of {os.path.basename(arguments.image)}"
    dropped = f" ({fitted:,} fitted, the others are not worth their bits)" if fitted > done.gaussians else ""
    pairs = [
        ("size", f"{done.width} x {done.height}"),
        ("Gaussians", f"{done.gaussians:,}{dropped}"),
        ("file", f"{done.bytes:,} bytes, {done.bpp:.3f} bpp, {share}"),
        ("PSNR", f"{decibels(done.psnr)} ({decibels(done.fit_psnr)} before quantisation)"),
        ("MS-SSIM", f"{done.ms_ssim:.4f}"),
        ("encoded in", f"{duration(done.encode_seconds)} (fit of {done.steps} steps: {duration(done.fit_seconds)})"),
        ("decoded in", duration(done.decode_seconds)),
        ("device", _device(done)),
    ]
    print(f"{arguments.file}\n{facts(pairs)}")


def _decode(arguments: argparse.Namespace) -> None:
    from app import commands
    from app.terminal import ProgressLine, duration, facts

    with ProgressLine() as line:
        line.say(f"decoding {os.path.basename(arguments.file)}")
        done = commands.decode_to_file(
            arguments.file, arguments.image, arguments.scale, arguments.size, arguments.device
        )
    if arguments.json:
        return _print_json(vars(done))
    pairs = [
        ("size", f"{done.width} x {done.height}"),
        ("Gaussians", f"{done.gaussians:,}, from {done.bytes:,} bytes"),
        ("decoded in", duration(done.decode_seconds)),
        ("device", _device(done)),
    ]
    print(f"{arguments.image}\n{facts(pairs)}")


def _method(parts: dict) -> str:
    """The parts of a published method, in a line."""
    named = [parts["parametrisation"], " | ".join(parts["quantisers"]), parts["coder"]]
    if parts["filter_variance"]:
        named.append(f"filter of {parts['filter_variance']:.3g} px²")
    return ", ".join(named)


def _info(arguments: argparse.Namespace) -> None:
    from app import commands
    from app.terminal import facts

    about = commands.describe(arguments.file)
    if arguments.json:
        return _print_json(vars(about))
    per_gaussian = "-" if about.bits_per_gaussian is None else f"{about.bits_per_gaussian:.1f} bits"
    made = ("quantiser", f"step {about.step:.4g}") if about.step else ("method", _method(about.parts))
    pairs = [
        ("format", f"version {about.version}"),
        ("size", f"{about.width} x {about.height}"),
        ("Gaussians", f"{about.gaussians:,}"),
        ("file", f"{about.bytes:,} bytes, {about.bpp:.3f} bpp"),
        ("per Gaussian", per_gaussian),
        made,
        ("chunks", ", ".join(f"{chunk['tag']} {chunk['bytes']:,} bytes" for chunk in about.chunks)),
    ]
    print(f"{arguments.file}\n{facts(pairs)}")


def _device(done) -> str:
    """Which, and why in a few words; what would change it stands in the JSON."""
    return f"{done.device} ({done.device_reason.partition(', ')[0]})"


def _compare(arguments: argparse.Namespace) -> None:
    from app import commands
    from app.terminal import ProgressLine, decibels, table

    with ProgressLine() as line:
        compared = commands.compare_files(arguments.reference, arguments.images, line.say, arguments.device)
    if arguments.json:
        return _print_json({"reference": arguments.reference, "images": [vars(one) for one in compared]})
    rows = [
        (one.file, f"{one.bytes:,}", f"{one.bpp:.3f}", decibels(one.psnr), f"{one.ms_ssim:.4f}") for one in compared
    ]
    print(table(rows, ("image", "bytes", "bpp", "PSNR", "MS-SSIM")))


def _bench_fit(arguments: argparse.Namespace) -> None:
    from app import bench

    done = bench.bench_fit(arguments.images, arguments.gaussians, arguments.steps, arguments.device)
    _print_json(done) if arguments.json else print(bench.fit_text(done))


def _bench_rd(arguments: argparse.Namespace) -> None:
    from app import bench_rd
    from codec.published import PUBLISHED
    from render.rasterizer import choose

    rasterizer, _ = choose(arguments.device)
    earlier = bench_rd.read_csv(arguments.reuse) if arguments.reuse else ()
    published = PUBLISHED if arguments.published else ()
    done = bench_rd.bench_rd(
        rasterizer, arguments.images, arguments.gaussians, arguments.effort, arguments.steps, arguments.codecs, earlier,
        only_kodak=bool(published),
    )  # fmt: skip
    if arguments.csv:
        bench_rd.write_csv(done, arguments.csv)
    if arguments.plot:
        bench_rd.plot(done, arguments.plot, published)
    if arguments.json:
        return _print_json(bench_rd.rd_json(done, earlier, published, rasterizer.name))
    print(bench_rd.rd_text(done, earlier, published, rasterizer.name))


def _bench_effort(arguments: argparse.Namespace) -> None:
    from app import bench_effort
    from render.rasterizer import choose

    rasterizer, _ = choose(arguments.device)
    done = bench_effort.bench_effort(rasterizer, arguments.images, arguments.gaussians, arguments.efforts)
    if arguments.json:
        return _print_json(bench_effort.effort_json(done, rasterizer.name))
    print(bench_effort.effort_text(done, rasterizer.name))


def _bench_methods(arguments: argparse.Namespace) -> None:
    from app import bench_methods
    from codec.methods.ablations import load_ablation
    from codec.methods.profile import PROFILES, load_profile

    if arguments.ablation:
        ablation = load_ablation(arguments.ablation)
        profiles, measure = ablation.profiles, "files" if ablation.of_files else "fits"
    else:
        profiles, measure = [load_profile(name) for name in arguments.profiles or PROFILES], "both"
    done = bench_methods.bench_methods(
        arguments.images, profiles, arguments.gaussians, arguments.ratio, arguments.steps, arguments.device,
        arguments.measure or measure,
    )  # fmt: skip
    _print_json(done) if arguments.json else print(bench_methods.methods_text(done))


def _demo(arguments: argparse.Namespace) -> None:
    from app import report

    done = report.demo(arguments.out, device=arguments.device)
    _print_json(done) if arguments.json else print(report.text(done))


def _print_json(content: dict) -> None:
    from app.commands import finite

    print(json.dumps(finite(content), allow_nan=False))


if __name__ == "__main__":
    sys.exit(main())
