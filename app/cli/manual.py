"""`daub man`: the manual page of section 1, made from the parser, in the macros of man(7)."""

from __future__ import annotations

import re
from datetime import date

from daub.app.cli.described import Command, all_of

EXIT_CODES = (
    ("0", "done"),
    ("1", "refused or failed: one line on stderr says what is wrong, why, and what to do"),
    ("2", "wrong usage"),
    ("130, 143, 129", "ended by Ctrl-C, SIGTERM, SIGHUP, and no file is left half written"),
    ("141", "whoever read the output has gone"),
)


def manual(program: Command, version: str, day: date) -> str:
    """The page of a program, with all its commands.

    Args:
        day: stands in its foot.
    """
    name = program.words[0]
    lines = [
        f'.TH {name.upper()} 1 {day.isoformat()} "{name} {version}" "User Commands"',
        ".SH NAME", f"{name} \\- {_roff(_phrase(program.text))}",
        ".SH SYNOPSIS", f".B {name}", "[FILE...]", ".br", f".B {name}", "COMMAND [OPTION...]",
        ".SH DESCRIPTION", _roff(program.text),
        f"Without a command, \\fB{name}\\fR opens the window. In the place of a file,",
        r"\fB\-\fR is stdin or stdout where a command says so.",
    ]  # fmt: skip
    for command in all_of(program):
        if command is not program:
            lines.append(f".SH {_roff(' '.join(command.words).upper())}")
            lines += [_roff(command.text), ".PP", _roff(command.usage)]
        lines += _arguments(command)
    lines.append(".SH EXIT STATUS")
    for code, meaning in EXIT_CODES:
        lines += [".TP", f"\\fB{code}\\fR", _roff(meaning)]
    return "\n".join(lines)


def _arguments(command: Command) -> list[str]:
    lines = []
    for group in command.groups:
        lines += [f".SS {_roff(group.title.capitalize())}"]
        lines += [_roff(group.text)] if group.text else []
        for argument in group.arguments:
            names = ", ".join(f"\\fB{_roff(name)}\\fR" for name in argument.names)
            value = f"\\fI{_roff(argument.value)}\\fR" if argument.value else ""
            lines += [".TP", " ".join(filter(None, (names, value))), _roff(argument.help)]
    return lines


def _phrase(sentence: str) -> str:
    """A sentence as the line of NAME wants it: "Turns images ..." as "turns images ..."."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _roff(text: str) -> str:
    """Text that troff takes as it is: its own signs are written out, and no line begins with a request."""
    text = " ".join(text.split()).replace("\\", r"\(rs").replace("-", r"\-").replace("'", r"\(aq")
    return re.sub(r"^([.'])", r"\\&\1", text)
