"""What the parser knows of the commands, as plain records: for the manual and for shells that complete."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Argument:
    """An option, or what stands in a place.

    Args:
        names: of an option, such as ("-h", "--help"); none of what stands in a place.
        value: what follows it, as in the usage: "Q", or "IMAGE [IMAGE ...]"; "" of an option without a value.
        help: one line or several.
        choices: values it may have, where there is a list of them.
    """

    names: tuple[str, ...]
    value: str
    help: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Arguments under one heading."""

    title: str
    text: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Command:
    """A command, or the whole program, whose words are ("daub",).

    Args:
        words: the program, the command, and its kind where it has such.
        text: what it does.
        usage: one line.
        subcommands: each with the last of its words and its own record.
    """

    words: tuple[str, ...]
    text: str
    usage: str
    groups: tuple[Group, ...]
    subcommands: tuple[Command, ...]

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Of all groups."""
        return tuple(argument for group in self.groups for argument in group.arguments)


def described(parser: argparse.ArgumentParser, text: str = "") -> Command:
    """The record of a parser and of all below it.

    Args:
        text: what it does, where the parser does not say.
    """
    formatter = parser._get_formatter()
    groups, subcommands = [], []
    for group in parser._action_groups:
        below = [action for action in group._group_actions if isinstance(action, argparse._SubParsersAction)]
        plain = [action for action in group._group_actions if action not in below]
        for action in below:
            texts = {choice.dest: choice.help for choice in action._choices_actions}
            subcommands += [described(each, texts.get(name, "")) for name, each in action.choices.items()]
        if plain:
            told = tuple(_argument(action, formatter) for action in plain if action.help is not argparse.SUPPRESS)
            groups.append(Group(group.title or "", group.description or "", told))
    usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
    return Command(
        tuple(parser.prog.split()), parser.description or text, usage, tuple(groups), tuple(subcommands)
    )  # fmt: skip


def all_of(command: Command) -> Iterator[Command]:
    """It and all below it, from the top down."""
    yield command
    for each in command.subcommands:
        yield from all_of(each)


def _argument(action: argparse.Action, formatter: argparse.HelpFormatter) -> Argument:
    usual = formatter._get_default_metavar_for_optional(action) if action.option_strings else action.dest
    value = "" if action.option_strings and action.nargs == 0 else formatter._format_args(action, usual)
    choices = tuple(map(str, action.choices)) if action.choices is not None else ()
    return Argument(tuple(action.option_strings), value, formatter._expand_help(action) if action.help else "", choices)
