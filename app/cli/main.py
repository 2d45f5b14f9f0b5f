"""The command line: `daub COMMAND ...`, where COMMANDS are all there are. Names, keys and exit codes are a contract.

Exit codes: 0 done; 1 refused or failed, with one line `daub: what, why, what to do`; 2 wrong usage; 128 + the number of
the signal where one ended it: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP, 141 where nobody reads the output
to its end. Only --json output or tables go to stdout. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import argparse
import signal
from dataclasses import replace

from daub.app.cli import batch as cli_batch
from daub.app.cli import bench as cli_bench
from daub.app.cli import compare as cli_compare
from daub.app.cli import decode as cli_decode
from daub.app.cli import desktop as cli_desktop
from daub.app.cli import edit as cli_edit
from daub.app.cli import encode as cli_encode
from daub.app.cli import info as cli_info
from daub.app.cli import page as cli_page
from daub.app.cli import scene as cli_scene
from daub.app.cli.arguments import Result, add_device, add_replacing, command, in_options, replacing, style_of
from daub.app.cli.completion import SHELLS, completion
from daub.app.process import STOPPED
from daub.app.terminal import Style, json_text, set_style, show, tell_error
from daub.codec.errors import DaubError, Large
from daub.render.errors import DeviceUnavailable
from daub.render.threads import set_limit

COMMANDS = (
    "encode", "decode", "batch", "info", "edit", "compare", "page", "scene", "bench", "demo", "desktop", "thumbnail",
    "completion", "man",
)  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Runs one subcommand and returns the exit code."""
    try:
        result, code = _run(argv)
        show(result.text)
        for failure in result.failures:
            _fail(str(failure))
        return 1 if result.failures else code or result.code
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
    finally:
        set_style(Style.BAR)


def _run(argv: list[str] | None) -> tuple[Result, int]:
    """What a command has come to, and the exit code where argparse had the last word."""
    try:
        arguments = _parser().parse_args(argv)
        set_style(style_of(arguments))
        set_limit(getattr(arguments, "threads", None))
        try:
            return arguments.run(arguments), 0
        except Large as error:
            raise in_options(error, arguments) from error
        finally:
            set_limit(None)
    except SystemExit as end:
        return Result(""), int(end.code or 0)


def _fail(line: str, code: int = 1) -> int:
    tell_error(" ".join(line.split()))
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

    cli_encode.add_to(commands)
    cli_decode.add_to(commands)
    cli_batch.add_to(commands)
    cli_info.add_to(commands)
    cli_edit.add_to(commands)
    cli_compare.add_to(commands)
    cli_page.add_to(commands)
    cli_scene.add_to(commands)

    cli_bench.add_to(commands)

    demo = command(commands, "demo", _demo, "encode the bundled photo and draw a report")
    demo.add_argument("--out", default="out", metavar="DIR", help="where the files go (default: %(default)s)")
    add_replacing(demo)
    add_device(demo)

    cli_desktop.add_to(commands)

    text = "print what a shell needs to complete commands and options"
    shell = commands.add_parser("completion", help=text, description=f"{text[0].upper()}{text[1:]}.")
    shell.add_argument("shell", choices=SHELLS, help="that reads it")
    shell.set_defaults(run=_completion, quiet=False, progress=Style.BAR)
    text = "print the manual page: daub man | man -l -"
    commands.add_parser("man", help=text, description=f"{text[0].upper()}{text[1:]}").set_defaults(
        run=_man, quiet=False, progress=Style.BAR
    )
    return parser


class _Version(argparse.Action):
    """Looks the version up when asked, not at every start."""

    def __call__(self, parser, *_):
        version = _version() or "(not installed: pip install -e .)"
        show(f"daub {version}")
        parser.exit()


def _version() -> str | None:
    from importlib import metadata

    try:
        return metadata.version("daub")
    except metadata.PackageNotFoundError:
        return None


# The commands that need no module of their own.


def _demo(arguments: argparse.Namespace) -> Result:
    from daub.app.bench import report

    done = report.demo(arguments.out, device=arguments.device, replacing=replacing(arguments))
    return Result(json_text(done) if arguments.json else report.text(done))


def _completion(arguments: argparse.Namespace) -> Result:
    from daub.app.cli.described import described

    return Result(completion(described(_parser()), arguments.shell))


def _man(_: argparse.Namespace) -> Result:
    from datetime import date

    from daub.app.cli.described import described
    from daub.app.cli.manual import manual

    return Result(manual(described(_parser()), _version() or "", date.today()))
