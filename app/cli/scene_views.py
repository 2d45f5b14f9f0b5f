"""The kinds of `daub scene` that look at a scene: encode, decode, render and compare."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from daub.app.cli.arguments import Result, add_replacing, command, fraction, positive, replacing
from daub.app.terminal import json_text, tell
from daub.codec.goal import DEFAULT_GOAL, Goal, GoalKind

_CAMERAS = "a COLMAP model, cameras.json or transforms.json, or a folder with one (default: what lies beside the scene)"


def add_encode(kinds, known: str) -> None:
    """Args: known: what can be read, for the help."""
    encode = command(kinds, "encode", _encode, "write a scene as a .daub that is a fraction of any other format's size")
    encode.add_argument("file", metavar="IN", help=known)
    encode.add_argument("target", metavar="OUT.daub")
    goals = encode.add_mutually_exclusive_group()
    goals.add_argument(
        "--quality", type=float, metavar="Q", help="0 to 100; 25 is about 35 dB, 50 about 41 (default: 50)"
    )
    goals.add_argument("--bytes", type=float, metavar="N", help="at most so many bytes")
    goals.add_argument("--psnr", type=float, metavar="DB", help="at least so close to the scene, in renderings of it")
    encode.add_argument("--cameras", metavar="PATH", help=f"the views that count: {_CAMERAS}")
    _add_views(encode)
    encode.add_argument(
        "--guide", type=fraction, metavar="SHARE",
        help="add the coarse residual of so many of the views, 0 to 1, from which scene decode restores the scene: for "
        "scenes whose bytes do not matter much, as a higher --quality brings more",
    )  # fmt: skip
    encode.add_argument(
        "--network", action="store_true",
        help="have a network, which has learned from renderings of scenes, correct the views from which scene decode "
        "restores the scene; takes PyTorch, also to decode",
    )  # fmt: skip
    add_replacing(encode)


def add_decode(kinds) -> None:
    decode = command(
        kinds, "decode", _decode, "make of a .daub a scene that other programs read, restored where it can be"
    )
    decode.add_argument("file", metavar="IN.daub")
    decode.add_argument("target", metavar="OUT", help="a scene: .ply, .compressed.ply, .spz, .sog or .glb")
    decode.add_argument(
        "--no-restore", action="store_true", help="as it is coded, at once, though the file says how to restore it"
    )
    add_replacing(decode)


def add_render(kinds, known: str) -> None:
    """Args: known: what can be read, for the help."""
    render = command(kinds, "render", _render, "make a picture of a scene, or one all around it")
    render.add_argument("file", metavar="IN", help=known)
    render.add_argument(
        "target", metavar="OUT", help="an image; with --turntable an .mp4, by ffmpeg, or images whose names get numbers"
    )
    which = render.add_mutually_exclusive_group()
    which.add_argument("--view", type=positive, default=1, metavar="N", help="number of the camera (default: 1)")
    which.add_argument("--turntable", type=positive, metavar="N", help="so many pictures all around instead")
    render.add_argument("--size", type=positive, nargs=2, metavar=("W", "H"), help="pixels (default: the camera's)")
    render.add_argument("--cameras", metavar="PATH", help=_CAMERAS)
    render.add_argument("--background", default="black", metavar="COLOR", help="what is behind: black, #08f, 0,136,255")
    add_replacing(render)


def add_compare(kinds, known: str) -> None:
    """Args: known: what can be read, for the help."""
    text = "say how like a scene others look, in renderings from the same views"
    compare = command(kinds, "compare", _compare, text)
    compare.add_argument("reference", metavar="REFERENCE", help=f"the scene as it should be: {known}")
    compare.add_argument("files", nargs="+", metavar="IN", help="scenes in the same place, of any of these formats")
    compare.add_argument("--cameras", metavar="PATH", help=f"the views: {_CAMERAS}")
    _add_views(compare)
    compare.add_argument("--ssimulacra2", action="store_true", help="measure that as well, some seconds a file")


def _add_views(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--views", type=positive, default=24, metavar="N", help="how many of them (default: %(default)s)"
    )
    parser.add_argument(
        "--longest", type=positive, default=800, metavar="PX", help="longer side that they are seen at (%(default)s)"
    )


def _encode(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.scene_encoding import SceneEncodeRequest, encode_scene_file
    from daub.app.terminal import ProgressLine, duration, facts

    for name, wanted in (("--guide", arguments.guide is not None), ("--network", arguments.network)):
        if wanted and arguments.bytes is not None:
            arguments.parser.error(f"{name} adds to the bytes of a file: give --quality or --psnr with it")
    request = SceneEncodeRequest(
        arguments.file, arguments.target, _goal(arguments), arguments.cameras, arguments.views, arguments.longest,
        arguments.guide, arguments.network, replacing(arguments),
    )  # fmt: skip
    with ProgressLine() as line:
        done = encode_scene_file(request, line.say, line.advance)
    tell([f"{arguments.file}: {remark}" for remark in done.remarks])
    if done.missed:
        tell([f"{arguments.target} misses its goal: {done.missed}"])
    share = f"{100 * done.bytes / done.source_bytes:.1f} % of {arguments.file}"
    pairs = [
        ("Gaussians", f"{done.gaussians:,} of {done.source_gaussians:,}"),
        ("file", f"{done.bytes:,} bytes, {done.bits_per_gaussian:.1f} bits for each Gaussian of the source, {share}"),
        ("PSNR", f"{done.psnr:.2f} dB over {done.views} {'made views' if done.made else 'views'}"),
        ("encoded in", duration(done.seconds)),
    ]
    if done.restored:
        told = f"{done.restored.bytes:,} bytes for {done.restored.views} views"
        pairs.insert(-1, ("restored", f"{done.restored.psnr:.2f} dB, which takes {told}"))
    return Result.summary(f"{arguments.target}\n{facts(pairs)}", asdict(done), arguments)


def _decode(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.scene_decoding import SceneDecodeRequest, decode_scene_file
    from daub.app.terminal import ProgressLine, duration, facts

    request = SceneDecodeRequest(arguments.file, arguments.target, not arguments.no_restore, replacing(arguments))
    with ProgressLine() as line:
        done = decode_scene_file(request, line.say, line.advance)
    tell([f"{arguments.file}: {remark}" for remark in done.remarks])
    pairs = [
        ("format", done.format),
        ("Gaussians", f"{done.gaussians:,}"),
        ("file", f"{done.bytes:,} bytes"),
        ("restored", f"from {done.views} views" if done.views else "no"),
        ("decoded in", duration(done.seconds)),
    ]
    return Result.summary(f"{arguments.target}\n{facts(pairs)}", asdict(done), arguments)


def _goal(arguments: argparse.Namespace) -> Goal:
    for kind in (GoalKind.QUALITY, GoalKind.BYTES, GoalKind.PSNR):
        value = getattr(arguments, kind.value)
        if value is not None:
            return Goal(kind, value)
    return DEFAULT_GOAL


def _render(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.scene_rendering import SceneRenderRequest, render_scene
    from daub.app.terminal import ProgressLine, facts
    from daub.codec.images import parse_colour

    request = SceneRenderRequest(
        arguments.file, arguments.target, tuple(arguments.size) if arguments.size else None, arguments.view,
        arguments.turntable, arguments.cameras, parse_colour(arguments.background), replacing(arguments),
    )  # fmt: skip
    with ProgressLine() as line:
        done = render_scene(request, line.say, line.advance)
    tell([f"{arguments.file}: {remark}" for remark in done.remarks])
    first, last = done.files[0], done.files[-1]
    pairs = [
        ("size", f"{done.width}x{done.height} pixels"),
        ("Gaussians", f"{done.gaussians:,}"),
        ("pictures", first if first == last else f"{len(done.files):,}, {first} to {last}"),
    ]
    return Result.summary(f"{arguments.file}\n{facts(pairs)}", vars(done), arguments)


def _compare(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.scene_comparing import SceneCompareRequest, compare_scenes
    from daub.app.terminal import ProgressLine, table
    from daub.codec.evaluation.perceptual import MISSING, available

    perceptually = arguments.ssimulacra2 and available()
    request = SceneCompareRequest(
        arguments.reference, tuple(arguments.files), arguments.cameras, arguments.views, arguments.longest, perceptually
    )
    with ProgressLine() as line:
        done = compare_scenes(request, line.say, line.advance)
    if arguments.ssimulacra2 and not perceptually:
        tell([MISSING])
    failures = tuple(done.failures.values())
    if arguments.json:
        refused = [{"file": path, "why": str(error)} for path, error in done.failures.items()]
        content = {"views": done.views, "compared": [vars(each) for each in done.compared], "refused": refused}
        return Result(json_text(content), failures)
    header = ["file", "Gaussians", "bytes", "of it", "PSNR", "SSIM", "MS-SSIM"]
    rows = [
        [
            each.file, f"{each.gaussians:,}", f"{each.bytes:,}", f"{100 * each.share:.1f} %", f"{each.psnr:.2f} dB",
            f"{each.ssim:.4f}", f"{each.ms_ssim:.4f}",
        ]
        for each in done.compared
    ]  # fmt: skip
    if perceptually:
        header.append("SSIMULACRA2")
        for row, each in zip(rows, done.compared, strict=True):
            row.append("" if each.ssimulacra2 is None else f"{each.ssimulacra2:.1f}")
    about = f"{arguments.reference}: {done.views} {'made views' if done.made else 'views'}"
    return Result(f"{about}\n{table(rows, header)}", failures)
