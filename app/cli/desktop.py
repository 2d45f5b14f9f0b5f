"""`daub desktop` and `daub thumbnail`: what the desktop of a user needs to know, and what its file manager calls."""

from __future__ import annotations

import argparse

from daub.app.cli.arguments import Result, command, positive
from daub.app.terminal import tell


def add_to(commands) -> None:
    """Adds both subcommands to a parser's subparsers."""
    text = "make .daub known to the desktop of this user: file type, thumbnails, menu entry, icons"
    desktop = command(commands, "desktop", _desktop, text)
    desktop.add_argument(
        "what", choices=("install", "uninstall"), help="uninstall: remove all that install has written"
    )

    thumbnail = command(commands, "thumbnail", _thumbnail, "draw a .daub small, as file managers ask for it")
    thumbnail.add_argument("file", metavar="IN.daub")
    thumbnail.add_argument("image", metavar="OUT", help="a PNG, whatever its name")
    thumbnail.add_argument(
        "-s", "--size", type=positive, default=256, metavar="S",
        help="its longer side at most, pixels (default: %(default)s)",
    )  # fmt: skip


def _desktop(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.desktop import install_on_desktop, uninstall_from_desktop

    done = install_on_desktop() if arguments.what == "install" else uninstall_from_desktop()
    tell(done.remarks)
    return Result.summary("\n".join(done.files), vars(done), arguments)


def _thumbnail(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.thumbnail import make_thumbnail

    done = make_thumbnail(arguments.file, arguments.image, arguments.size)
    return Result.summary("", vars(done), arguments)
