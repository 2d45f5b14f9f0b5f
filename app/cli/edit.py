"""`daub edit`: operations as options, applied in the order in which they are given."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from daub.app.cli.arguments import Result, add_device, add_large, add_replacing, command, device_words, replacing
from daub.app.cli.streams import STREAM, Streams
from daub.app.terminal import tell
from daub.codec.editing.table import OPERATIONS, SELECTIONS
from daub.codec.errors import DaubError
from daub.codec.goal import GOALS, Goal, GoalKind
from daub.codec.options import option_of
from daub.codec.settings import EncodeSettings

SCRIPT = "script"
_READ = (SCRIPT, "paste", "refit")  # operations whose value begins with the name of a file
_FORMATS = ("daub", "npz", "ply", "svg")  # of stdout, which has no name to say it
_GOALS = (GoalKind.QUALITY, GoalKind.BYTES, GoalKind.BPP, GoalKind.PSNR, GoalKind.MS_SSIM)


def add_to(commands) -> None:
    """Adds the subcommand to a parser's subparsers."""
    edit = command(commands, "edit", _edit, "edit the Gaussians of a .daub file")
    edit.add_argument("file", metavar="IN.daub", help="- for stdin")
    edit.add_argument(
        "target", metavar="OUT",
        help="a .daub; or .npz, .ply or .svg, of what is selected in the end; - for stdout",
    )  # fmt: skip
    edit.add_argument(
        "--format", choices=_FORMATS, metavar="F",
        help=f"of OUT where that is -: {', '.join(_FORMATS)} (default: {_FORMATS[0]})",
    )  # fmt: skip
    edit.set_defaults(steps=[])
    selections = edit.add_argument_group(
        "selections", "Everything is selected at first. Selections that follow one another narrow each other; the "
        "first one after an operation begins anew.",
    )  # fmt: skip
    # As newer Pythons do by themselves: what begins with a minus and a digit, such as -3,2, is a value and no option;
    # and so is stdin with numbers behind it, such as -,50.
    edit._negative_number_matcher = re.compile(r"-(\.?\d|,)")
    operations = edit.add_argument_group("operations", "Applied in the order in which they are given.")
    for group, table in ((selections, SELECTIONS), (operations, OPERATIONS)):
        for name, value, text in table:
            nargs = None if value else 0
            group.add_argument(f"--{name}", action=_Step, nargs=nargs, metavar=value or None, help=text)
    operations.add_argument(
        f"--{SCRIPT}", action=_Step, metavar="FILE.toml", help="a list of such operations in a file (see USAGE.md)"
    )
    goals = edit.add_argument_group("goal of the file (else it is rounded as IN was)").add_mutually_exclusive_group()
    for kind in _GOALS:
        goal = GOALS[kind]
        goals.add_argument(f"--{kind}", type=float, metavar=goal.letter, help=goal.help)
    effort = option_of(EncodeSettings, "effort")
    edit.add_argument(
        "--effort", type=int, choices=range(effort.smallest, effort.largest + 1), default=effort.default, metavar="E",
        help=f"{effort.help} (default: %(default)s)",
    )  # fmt: skip
    edit.add_argument("--strict", action="store_true", help="write nothing and exit with 1 where the goal is missed")
    add_replacing(edit)
    add_large(edit)
    add_device(edit)


class _Step(argparse.Action):
    """Keeps operations in the order in which they are given."""

    def __call__(self, parser, namespace, values, option_string=None):
        value = "" if isinstance(values, list) else values
        namespace.steps = [*namespace.steps, (self.option_strings[0].removeprefix("--"), value)]


def _edit(arguments: argparse.Namespace) -> Result:
    from daub.app.tasks.device import OpenDevice
    from daub.app.tasks.editing import EditRequest, edit_file
    from daub.app.terminal import ProgressLine

    given = [(kind, value) for kind in _GOALS if (value := getattr(arguments, kind.keyword)) is not None]
    try:
        goal = Goal(*given[0]) if given else None
    except DaubError as error:
        arguments.parser.error(str(error))
    if arguments.format and arguments.target != STREAM:
        arguments.parser.error("--format is about an OUT that is -: otherwise its name says the format")
    read = [value.partition(",")[0] for name, value in arguments.steps if name in _READ]
    if [arguments.file, *read].count(STREAM) > 1:
        arguments.parser.error("stdin can be only one of IN and what operations read")
    with Streams() as streams:
        target = streams.target(arguments.target, f".{arguments.format or _FORMATS[0]}")
        source = streams.source(arguments.file)
        request = EditRequest(
            source, target, tuple(_steps(arguments.steps, streams)), goal, arguments.effort, arguments.strict,
            replacing(arguments), arguments.yes_large,
        )  # fmt: skip
        with ProgressLine() as line:
            device = OpenDevice(arguments.device, line.fall_back)
            done = edit_file(request, device, line.say, line.advance)
        tell(streams.named([*done.notices, *([] if done.missed is None else [done.missed])]))
        streams.send()
    text = f"{streams.called(target)}\n{_told(done)}"
    return Result.summary(text, vars(done), arguments, beside=streams.sends)


def _steps(steps: list[tuple[str, str]], streams: Streams) -> Iterator[tuple[str, str]]:
    """The operations, those of scripts at their places, and what is read from stdin in a file."""
    for name, value in steps:
        if name in _READ:
            file, comma, rest = value.partition(",")
            value = f"{streams.source(file)}{comma}{rest}"
        if name == SCRIPT:
            from daub.codec.editing.script import read_script

            yield from read_script(value)
        else:
            yield name, value


def _told(done) -> str:
    from daub.app.terminal import decibels, duration, facts

    dropped = done.edited - done.gaussians
    if done.psnr is None:
        left = f" of {done.edited:,}, those selected" if dropped else ""
    else:
        left = f" of {done.edited:,}, the others are not worth their bits" if dropped else ""
    pairs = [
        ("size", f"{done.width} x {done.height}"),
        ("Gaussians", f"{done.gaussians:,}{left}"),
        ("file", f"{done.bytes:,} bytes, {done.bpp:.3f} bpp"),
        *([] if done.psnr is None else [("PSNR", f"{decibels(done.psnr)} against the edited picture")]),
        ("edited in", duration(done.edit_seconds)),
        ("rounded in", duration(done.round_seconds)),
        ("device", device_words(done)),
    ]
    return facts(pairs)
