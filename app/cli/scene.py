"""The command line of `daub scene`: its kinds, their options, and what they print."""

from __future__ import annotations

import argparse

from daub.app.cli.arguments import Result, add_replacing, command, positive, replacing
from daub.app.cli.scene_training import add_train
from daub.app.cli.scene_views import add_compare, add_decode, add_encode, add_render
from daub.app.terminal import json_text, tell


def add_to(commands) -> None:
    """Adds `scene` and its kinds to the subcommands of a parser."""
    text = "3D Gaussian scenes: say what a file holds, convert, encode, decode, render or compare it, or train one"
    scene = commands.add_parser("scene", help=text, description=f"{text}.")
    kinds = scene.add_subparsers(metavar="info|convert|encode|decode|render|compare|train", required=True)
    known = ".ply (of INRIA, of PlayCanvas), .spz, .sog or its folder, .splat, .ksplat, .glb, .gltf, .daub"

    info = command(kinds, "info", _info, "say what a file of 3D Gaussians holds")
    info.add_argument("file", metavar="IN", help=known)

    convert = command(kinds, "convert", _convert, "write a scene in another format")
    convert.add_argument("file", metavar="IN", help=known)
    convert.add_argument(
        "target", metavar="OUT", help="the format follows the name: .ply, .compressed.ply, .spz, .sog or .glb"
    )
    convert.add_argument(
        "--degree", type=int, choices=range(5), metavar="D", help="drop the harmonics above degree D, 0 to 4"
    )
    convert.add_argument(
        "--keep", type=positive, metavar="N", help="only the N Gaussians whose opacity times volume is greatest"
    )
    convert.add_argument(
        "--spz-version", type=int, choices=(4, 3), help="of an .spz: 4 (the default), or 3 for programs before 2026"
    )
    add_replacing(convert)
    add_encode(kinds, known)
    add_decode(kinds)
    add_render(kinds, known)
    add_compare(kinds, known)
    add_train(kinds)


def _info(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.scenes import describe_scene
    from daub.app.terminal import ProgressLine, facts

    with ProgressLine() as line:
        about = describe_scene(arguments.file, line.say)
    tell([f"{arguments.file}: {remark}" for remark in about.remarks])
    if arguments.json:
        return Result(json_text(vars(about)))
    pairs = [
        ("format", about.format),
        ("Gaussians", f"{about.gaussians:,}"),
        ("harmonics", f"degree {about.degree}" if about.degree else "none"),
        ("file", f"{about.bytes:,} bytes, {about.bits_per_gaussian:.1f} bits per Gaussian"),
        ("box", _box(about.low, about.high)),
        ("middle 90 %", _box(about.middle_low, about.middle_high)),
        ("antialiased", "yes" if about.antialiased else "no"),
        ("cameras", f"{about.cameras:,}" if about.cameras else "none"),
    ]
    return Result(f"{arguments.file}\n{facts(pairs)}")


def _box(low: list[float], high: list[float]) -> str:
    return ", ".join(f"{axis} {a:.4g} to {b:.4g}" for axis, a, b in zip("xyz", low, high, strict=True))


def _convert(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.scenes import ConvertRequest, convert_scene
    from daub.app.terminal import ProgressLine, facts

    if arguments.spz_version and not arguments.target.lower().endswith(".spz"):
        arguments.parser.error("--spz-version is about an .spz")
    request = ConvertRequest(
        arguments.file, arguments.target, arguments.degree, arguments.keep, arguments.spz_version, replacing(arguments)
    )
    with ProgressLine() as line:
        done = convert_scene(request, line.say, line.advance)
    tell([f"{arguments.file}: {remark}" for remark in done.remarks])
    left = f" of {done.source_gaussians:,}" if done.gaussians < done.source_gaussians else ""
    share = f"{100 * done.bytes / done.source_bytes:.1f} % of {arguments.file}"
    pairs = [
        ("format", done.format),
        ("Gaussians", f"{done.gaussians:,}{left}"),
        ("harmonics", f"degree {done.degree}" if done.degree else "none"),
        ("file", f"{done.bytes:,} bytes, {done.bits_per_gaussian:.1f} bits per Gaussian, {share}"),
    ]
    return Result.summary(f"{arguments.target}\n{facts(pairs)}", vars(done), arguments)
