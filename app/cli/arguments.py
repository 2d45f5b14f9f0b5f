"""Options that several subcommands share, and the types of their values."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from daub.app.terminal import Style, json_text, tell_result
from daub.codec.errors import DaubError, Large
from daub.codec.options import option_of
from daub.codec.settings import EncodeSettings
from daub.codec.targets import Replacing
from daub.codec.tuning import TUNINGS, Tuning, tuning_named


class Result(NamedTuple):
    """What a command has come to."""

    text: str  # for stdout
    failures: tuple[DaubError, ...] = ()  # what could not be done beside it
    code: int = 0  # the exit code where there are no failures to be told

    @classmethod
    def summary(
        cls, text: str, content: dict, arguments: argparse.Namespace, failures: Sequence[DaubError] = (),
        beside: bool = False,
    ) -> Result:  # fmt: skip
        """What there is to say of a file that was written: as JSON where that is wanted, otherwise a text, which
        --quiet leaves out.

        Args:
            content: of the JSON.
            beside: stdout is taken, and so it goes to stderr.
        """
        said = json_text(content) if arguments.json else "" if arguments.quiet else text
        if beside:
            tell_result(said, content)
            said = ""
        return cls(said, tuple(failures))


def add_effort(parser: argparse.ArgumentParser) -> None:
    effort = option_of(EncodeSettings, "effort")
    parser.add_argument(
        "--effort", type=int, choices=range(effort.smallest, effort.largest + 1), default=effort.default, metavar="E",
        help=f"{effort.help} (default: %(default)s)",
    )  # fmt: skip
    steps = option_of(EncodeSettings, "steps")
    parser.add_argument("--steps", type=positive, metavar="S", help=steps.help)


def add_tune(parser: argparse.ArgumentParser, default: Tuning | None, usual: str) -> None:
    """Args: usual: what is taken where nobody says, as the help tells it."""
    each = "; ".join(f"{tuning}: {option.help}" for tuning, option in TUNINGS.items())
    parser.add_argument(
        "--tune", type=tuning, default=default, metavar="T", help=f"what an error counts: {each} (default: {usual})"
    )


def add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), default="auto",
        help="what computes: auto takes CUDA where it can be had, and else says why not (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--threads", type=positive, metavar="N",
        help="the most threads that compute on the CPU (default: one for each core); files are the same whatever it is",
    )  # fmt: skip


def add_restore(parser: argparse.ArgumentParser, default: bool, text: str) -> None:
    """Args: text: what auto does, as the help tells it."""
    usual = "auto" if default else "off"
    parser.add_argument(
        "--restore", type=_auto_or_off, default=default, metavar="auto|off", help=f"{text} (default: {usual})"
    )


def _auto_or_off(text: str) -> bool:
    if text not in ("auto", "off"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither auto nor off")
    return text == "auto"


def add_background(parser: argparse.ArgumentParser, otherwise: str) -> None:
    """Args: otherwise: what becomes of what is transparent without it."""
    parser.add_argument(
        "--background", metavar="COLOR",
        help=f"lay what is transparent on a colour, white, #08f or 0,136,255; otherwise {otherwise}",
    )  # fmt: skip


def background_of(arguments: argparse.Namespace) -> tuple[float, float, float] | None:
    """What `add_background` was told; ends the program where it is no colour."""
    from daub.codec.images import parse_colour

    try:
        return None if arguments.background is None else parse_colour(arguments.background)
    except DaubError as error:
        arguments.parser.error(str(error))


def add_replacing(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--no-clobber", action="store_true", help="refuse to write over any file that is there")
    which.add_argument(
        "--overwrite-source", action="store_true", help="allow an output to take the place of a file that is read"
    )


def replacing(arguments: argparse.Namespace) -> Replacing:
    """What `add_replacing` was told."""
    return Replacing(files=not arguments.no_clobber, sources=arguments.overwrite_source)


def add_large(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--yes-large", action="store_true",
        help="also decode a .daub that takes gigabytes or minutes, as one of a few bytes may (USAGE.md has the limits)",
    )  # fmt: skip


def command(commands, name: str, run: Callable, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser.add_argument(
        "--progress", type=progress, default=Style.BAR, metavar="bar|json",
        help="what stderr gets: a line that is painted over, on a terminal; or a JSON object on each line, as USAGE.md "
        "has it (default: bar)",
    )  # fmt: skip
    parser.add_argument(
        "--quiet", action="store_true", help="nothing but errors and what was asked for: no progress, no notices"
    )
    parser.set_defaults(run=run, parser=parser)
    return parser


def style_of(arguments: argparse.Namespace) -> Style:
    """What stderr gets, as `command` was told."""
    return Style.QUIET if arguments.quiet else arguments.progress


def in_options(error: DaubError, arguments: argparse.Namespace) -> DaubError:
    """The error; where it is that something is large, with the options of the command that would have it done."""
    if not isinstance(error, Large):
        return error
    if not hasattr(arguments, "yes_large"):
        return error.with_remedy("choose a smaller image")
    can_shrink = error.size_helps and hasattr(arguments, "scale")
    smaller = "give a smaller --scale or --size, or a --region, or " if can_shrink else ""
    return error.with_remedy(f"{smaller}add --yes-large if that is meant")


def device_words(done) -> str:
    """Which device, and why in a few words; what would change it stands in the JSON."""
    return f"{done.device} ({done.device_reason.what})"


def progress(text: str) -> Style:
    if text not in (Style.BAR, Style.JSON):
        raise argparse.ArgumentTypeError(f"{text!r} is neither bar nor json")
    return Style(text)


def positive(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def natural(text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 on")
    return int(text)


def factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def fraction(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def tuning(text: str) -> Tuning:
    try:
        return tuning_named(text)
    except DaubError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def part(text: str) -> tuple[str, str]:
    kind, _, name = text.partition("=")
    if not kind or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not a kind and a part such as filter=none")
    return kind, name


def size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-9]\d{0,8})[x×]([1-9]\d{0,8})", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1536x1024")
    return int(match[1]), int(match[2])


def region(text: str) -> tuple[int, int, int, int]:
    match = re.fullmatch(r"(\d{1,9}),(\d{1,9}),([1-9]\d{0,8}),([1-9]\d{0,8})", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not a region such as 100,50,640,480")
    return tuple(map(int, match.groups()))
