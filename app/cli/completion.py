"""`daub completion`: what bash, zsh and fish need to complete commands, options and their values.

The scripts are tables made of the parser: a key press asks the shell alone and starts no Python. Where neither a
command nor an option is meant, files are offered.
"""

from __future__ import annotations

from daub.app.cli.described import Argument, Command, all_of

SHELLS = ("bash", "zsh", "fish")


def completion(program: Command, shell: str) -> str:
    """The script of one of `SHELLS` for a program."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](program)


def _words(command: Command) -> list[str]:
    """What may stand behind it, files apart."""
    named = [choice for argument in command.arguments if not argument.names for choice in argument.choices]
    return [*(each.words[-1] for each in command.subcommands), *named, *_options(command)]


def _options(command: Command) -> list[str]:
    return [name for argument in command.arguments for name in argument.names]


def _valued(command: Command) -> list[Argument]:
    return [argument for argument in command.arguments if argument.names and argument.choices]


def _bash(program: Command) -> str:
    name = program.words[0]
    lines = [f"# Completion of {name} for bash; to try it: source <({name} completion bash)", f"_{name}() {{"]
    lines += [
        '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" path=' + name + " next words i",
        "  for ((i = 1; i < COMP_CWORD; i++)); do",
        '    next="$path ${COMP_WORDS[i]}"',
        '    case "$next" in',
        f"      {'|'.join(_quoted(' '.join(each.words)) for each in all_of(program) if each is not program)})"
        ' path="$next" ;;',
        "    esac",
        "  done",
        '  case "$path $before" in',
    ]
    for command in all_of(program):
        for argument in _valued(command):
            keys = "|".join(_quoted(" ".join((*command.words, each))) for each in argument.names)
            chosen = f'COMPREPLY=($(compgen -W {_quoted(" ".join(argument.choices))} -- "$word"))'
            lines.append(f"    {keys}) {chosen}; return ;;")
    lines += ["  esac", '  case "$path" in']
    for command in all_of(program):
        lines.append(f"    {_quoted(' '.join(command.words))}) words={_quoted(' '.join(_words(command)))} ;;")
    lines += [
        "  esac",
        '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
        "}",
        f"complete -o bashdefault -o default -F _{name} {name}",
    ]
    return "\n".join(lines)


def _zsh(program: Command) -> str:
    name = program.words[0]
    lines = [f"#compdef {name}", f"# Completion of {name} for zsh: put it into a folder of $fpath, as _{name}."]
    lines += [
        f"_{name}() {{",
        f"  local path_={name} next i",
        "  local -a words_",
        "  for ((i = 2; i < CURRENT; i++)); do",
        '    next="$path_ ${words[i]}"',
        '    case "$next" in',
        f"      {'|'.join(_quoted(' '.join(each.words)) for each in all_of(program) if each is not program)})"
        ' path_="$next" ;;',
        "    esac",
        "  done",
        '  case "$path_ ${words[CURRENT-1]}" in',
    ]
    for command in all_of(program):
        for argument in _valued(command):
            keys = "|".join(_quoted(" ".join((*command.words, each))) for each in argument.names)
            lines.append(f"    {keys}) compadd -- {' '.join(map(_quoted, argument.choices))}; return ;;")
    lines += ["  esac", '  case "$path_" in']
    for command in all_of(program):
        told = [(each.words[-1], each.text) for each in command.subcommands]
        told += [(word, a.help) for a in command.arguments for word in a.names or a.choices]
        entries = " ".join(_quoted(f"{word.replace(':', chr(92) + ':')}:{_short(text)}") for word, text in told)
        lines.append(f"    {_quoted(' '.join(command.words))}) words_=({entries}) ;;")
    lines += ["  esac", f"  _describe {name} words_", "  _files", "}", f'_{name} "$@"']
    return "\n".join(lines)


def _fish(program: Command) -> str:
    name = program.words[0]
    lines = [f"# Completion of {name} for fish: put it into ~/.config/fish/completions/{name}.fish"]
    for command in all_of(program):
        below = [each.words[-1] for each in command.subcommands]
        seen = [f"__fish_seen_subcommand_from {word}" for word in command.words[1:]]
        # Fish knows what words there are and not their order: `scene encode` is no `encode`.
        alike = [each.words[-1] for each in program.subcommands if _has(each, command.words[-1])]
        below += alike if len(command.words) == 2 else []
        unseen = [f"not __fish_seen_subcommand_from {' '.join(below)}"] if below else []
        where = f" -n {_quoted('; and '.join(seen + unseen))}" if seen or unseen else ""
        for each in command.subcommands:
            lines.append(f"complete -c {name}{where} -f -a {each.words[-1]} -d {_quoted(_short(each.text))}")
        for argument in command.arguments:
            if not argument.names:
                if argument.choices:
                    lines.append(f"complete -c {name}{where} -f -a {_quoted(' '.join(argument.choices))}")
                continue
            names = " ".join(f"-l {each[2:]}" if each.startswith("--") else f"-s {each[1:]}" for each in argument.names)
            value = " -r" if argument.value else ""
            value += f" -f -a {_quoted(' '.join(argument.choices))}" if argument.choices else ""
            lines.append(f"complete -c {name}{where} {names}{value} -d {_quoted(_short(argument.help))}")
    return "\n".join(lines)


def _has(command: Command, kind: str) -> bool:
    return any(each.words[-1] == kind for each in command.subcommands)


def _short(text: str) -> str:
    """The first phrase of a help."""
    line = " ".join(text.split()).split("; ")[0].split(" (")[0]
    return line if len(line) <= 80 else f"{line[:77].rsplit(' ', 1)[0]} ..."


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
