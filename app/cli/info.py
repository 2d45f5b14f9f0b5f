"""`daub info`: what a .daub holds."""

from __future__ import annotations

import argparse

from daub.app.cli.arguments import Result, add_large, command
from daub.app.cli.streams import Streams
from daub.app.terminal import json_text


def add_to(commands) -> None:
    """Adds the subcommand to a parser's subparsers."""
    info = command(commands, "info", _info, "say what a .daub file holds")
    info.add_argument("file", metavar="IN.daub", help="- for stdin")
    info.add_argument("--metadata", action="store_true", help="also what it says of its photo: EXIF and XMP")
    add_large(info)


def _info(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.describing import describe
    from daub.app.terminal import facts
    from daub.codec.container.method import Parts

    with Streams() as streams:
        source = streams.source(arguments.file)
        about = describe(source, arguments.yes_large)
    if arguments.json:
        return Result(json_text(vars(about)))
    per_gaussian = "-" if about.bits_per_gaussian is None else f"{about.bits_per_gaussian:.1f} bits"
    made = ("quantiser", f"step {about.step:.4g}") if about.step else ("method", str(Parts(**about.parts)))
    pairs = [
        ("format", f"version {about.version}"),
        ("size", f"{about.width} x {about.height}"),
        ("Gaussians", f"{about.gaussians:,}"),
        *([("transparency", _transparency(about.alpha))] if about.alpha else []),
        ("file", f"{about.bytes:,} bytes, {about.bpp:.3f} bpp"),
        ("per Gaussian", per_gaussian),
        made,
        *([("tuned for", about.tune)] if about.tune else []),
        *([("restoration", _restoration(about.restoration))] if about.restoration else []),
        *([("here", about.plain)] if about.plain else []),
        *([("metadata", f"{len(about.metadata)} entries")] if about.metadata and not arguments.metadata else []),
        ("chunks", ", ".join(f"{chunk['tag']} {chunk['bytes']:,} bytes" for chunk in about.chunks)),
    ]
    text = f"{streams.called(source)}\n{facts(pairs)}"
    if arguments.metadata:
        said = facts(list(about.metadata.items())) if about.metadata else "no metadata"
        text = f"{text}\n\n{said}"
    return Result(text)


def _transparency(opacity: dict) -> str:
    """What an alpha channel takes, and what measures of the file are about."""
    size = f"{opacity['gaussians']:,} more Gaussians, step {opacity['step']:.4g}, {opacity['bytes']:,} bytes"
    return f"{size}; PSNR is that on black and on white"


def _restoration(layer: dict) -> str:
    """What the restoration layer of a file is."""
    parts = []
    if layer["network"] is not None:
        where = "everywhere" if layer["blocks"] == layer["of"] else f"in {layer['blocks']} of {layer['of']} blocks"
        parts.append(f"network {layer['network']} {where}, strength {layer['strength']:.2f}")
    if layer["residual_bytes"]:
        parts.append(f"coarse residual of {layer['residual_bytes']:,} bytes")
    return "; ".join((*parts, f"{layer['bytes']:,} bytes"))
