"""`daub page`: a .daub as one HTML file that decodes and draws it."""

from __future__ import annotations

import argparse

from daub.app.cli.arguments import Result, add_large, add_replacing, command, replacing


def add_to(commands) -> None:
    """Adds the subcommand to a parser's subparsers."""
    page = command(commands, "page", _page, "write an HTML file that holds a .daub, decodes it and draws it by itself")
    page.add_argument("file", metavar="IN.daub")
    page.add_argument("target", metavar="OUT.html")
    beside = "what the .daub was made of, to be seen beside it; the whole file is then in the page, GPS included"
    page.add_argument("--source", metavar="IMAGE", help=beside)
    page.add_argument("--title", metavar="TEXT", help="of the page (default: the name of the .daub)")
    add_replacing(page)
    add_large(page)


def _page(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.web_page import PageRequest, make_page
    from daub.app.terminal import ProgressLine, facts

    request = PageRequest(
        arguments.file, arguments.target, arguments.source, arguments.title, replacing(arguments), arguments.yes_large
    )
    with ProgressLine() as line:
        done = make_page(request, line.say)
    beside = f", and {done.source_bytes:,} of the source" if done.source_bytes else ""
    pairs = [
        ("size", f"{done.width} x {done.height}"),
        ("Gaussians", f"{done.gaussians:,}"),
        ("page", f"{done.page_bytes:,} bytes, with {done.bytes:,} of the file{beside}"),
    ]
    return Result.summary(f"{arguments.target}\n{facts(pairs)}", vars(done), arguments)
