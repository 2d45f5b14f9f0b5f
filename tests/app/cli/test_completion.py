"""What shells complete, and the manual: both made of the parser, and read by the programs that they are for."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date

import pytest

from daub.app.cli.completion import SHELLS, completion
from daub.app.cli.described import all_of, described
from daub.app.cli.main import COMMANDS, _parser, main
from daub.app.cli.manual import manual

PROGRAM = described(_parser())

# Asks as bash does when the tabulator is pressed.
_BASH = """
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
_daub
echo "${COMPREPLY[@]}"
"""
# Presses the tabulator as soon as zsh asks for a line, and writes down whatever would be offered.
_ZSHRC = """
fpath=("$ZDOTDIR" $fpath)
autoload -Uz compinit && compinit -u -D
compadd() {
  if [[ " ${@[1,(i)--]} " == *" "-[[:alpha:]]#[OAD]" "* ]]; then builtin compadd "$@"; return; fi
  local -a offered
  builtin compadd -O offered "$@"
  (($#offered)) && print -rl -- "${offered[@]}" >>"$ZDOTDIR/offered"
}
zle-line-init() {
  LBUFFER="$ASKED"
  zle complete-word
  : >"$ZDOTDIR/asked"
  exit
}
zle -N zle-line-init
"""
CASES = [
    (["en"], {"encode"}),
    (["scene", "re"], {"render"}),
    (["encode", "photo.png", "--qu"], {"--quality", "--quiet"}),
    (["encode", "--device", "c"], {"cpu", "cuda"}),
    (["scene", "encode", "--long"], {"--longest"}),
    (["decode", "--longe"], set()),
    (["completion", "f"], {"fish"}),
]


def needs(program: str) -> str:
    path = shutil.which(program)
    return path or pytest.skip(f"no {program}")


def test_the_record_of_the_parser_has_every_command():
    assert tuple(each.words[-1] for each in PROGRAM.subcommands) == COMMANDS
    assert all(each.text and each.usage.startswith(" ".join(each.words)) for each in all_of(PROGRAM))


@pytest.mark.parametrize(("words", "offered"), CASES)
def test_bash_completes(words, offered, tmp_path):
    (tmp_path / "script").write_text(completion(PROGRAM, "bash"))
    command = [needs("bash"), "-c", _BASH, "bash", tmp_path / "script", "daub", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "") and set(done.stdout.split()) == offered


@pytest.mark.parametrize(("words", "offered"), CASES)
def test_fish_completes(words, offered, tmp_path):
    (tmp_path / "script").write_text(completion(PROGRAM, "fish"))
    asking = f"source {tmp_path}/script; complete -C 'daub {' '.join(words)}'"
    done = subprocess.run([needs("fish"), "-N", "-c", asking], capture_output=True, text=True, timeout=20, cwd=tmp_path)
    assert done.returncode == 0 and {line.split("\t")[0] for line in done.stdout.splitlines()} == offered


@pytest.mark.parametrize(("words", "offered"), CASES)
def test_zsh_completes(words, offered, tmp_path):
    """On a terminal of its own, without which zsh completes nothing."""
    pty = pytest.importorskip("pty", reason="no terminals of this kind here")
    (tmp_path / "_daub").write_text(completion(PROGRAM, "zsh"))
    (tmp_path / ".zshrc").write_text(_ZSHRC)
    (tmp_path / "empty").mkdir()
    asked = os.environ | {"ZDOTDIR": str(tmp_path), "ASKED": " ".join(["daub", *words]), "TERM": "xterm"}
    ours, its = pty.openpty()
    try:
        subprocess.run(
            [needs("zsh"), "-d", "-i"], stdin=its, stdout=its, stderr=its, env=asked, cwd=tmp_path / "empty",
            start_new_session=True, timeout=60,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(its)
    found = tmp_path / "offered"
    assert (tmp_path / "asked").exists() and set(found.read_text().split() if found.exists() else ()) == offered


def test_zsh_reads_its_script_and_it_knows_every_option(tmp_path):
    text = completion(PROGRAM, "zsh")
    (tmp_path / "_daub").write_text(text)
    assert text.startswith("#compdef daub\n")
    assert all(f"'{name}:" in text for each in all_of(PROGRAM) for one in each.arguments for name in one.names)
    done = subprocess.run([needs("zsh"), "-n", tmp_path / "_daub"], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_manual_names_every_option_and_troff_has_nothing_to_say_against_it():
    page = manual(PROGRAM, "1.2.3", date(2026, 1, 2))
    assert '.TH DAUB 1 2026-01-02 "daub 1.2.3"' in page
    done = subprocess.run(
        [needs("groff"), "-man", "-ww", "-Tascii", "-P-cbou"], input=page, capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, "")
    for command in all_of(PROGRAM):
        for argument in command.arguments:
            assert all(name in done.stdout for name in argument.names), argument


def test_both_are_printed(capsys):
    for words in (["man"], *(["completion", shell] for shell in SHELLS)):
        assert main(words) == 0 and "decode" in capsys.readouterr().out
