"""What documents and comments point at is there, and what documents list is what the program has."""

from __future__ import annotations

import itertools
import re
import shlex
import tomllib
from pathlib import Path

from PIL import Image

from daub.app.cli.main import _parser
from daub.codec.profiles.profile import PARTS, PROFILES
from daub.codec.profiles.profile_file import load_profile

ROOT = Path(__file__).parent.parent
FOLDERS = ("app", "codec", "render", "resources", "tests")
PROGRAMS = {".py", ".cu", ".h", ".frag", ".vert"}
TEXTS = [
    *ROOT.glob("*.md"),
    *(path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.suffix in {".md", *PROGRAMS}),
]
DOCUMENTS = [path for path in TEXTS if path.suffix == ".md"]
FILES = [f"/{path.relative_to(ROOT)}" for path in [*TEXTS, ROOT / "main.py"]]
METHODS = ROOT / "codec" / "profiles" / "METHODS.md"

_FILE = re.compile(r"(?<![\w./*-])(?:[\w-]+/)*[\w-]+\.(?:py|md|cu|frag|vert)\b(?!\()")
_ELSEWHERE = {"kernels.cu"}  # the name that NVRTC gives to the kernels' source


def prose_of(path: Path) -> str:
    """All of a document; comments and docstrings of a program."""
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        return text
    return "\n".join(re.findall(r'"""(?:[^"]|"(?!""))*"""|#[^\n]*' if path.suffix == ".py" else r"//[^\n]*", text))


def test_every_file_that_is_named_is_there():
    """By its whole path in the repository, or by the end of one."""
    missing = []
    for path in TEXTS:
        named = set(_FILE.findall(prose_of(path))) - _ELSEWHERE
        gone = [name for name in sorted(named) if not any(file.endswith(f"/{name}") for file in FILES)]
        missing += [f"{path.relative_to(ROOT)} names {name}" for name in gone]
    assert not missing, "\n".join(missing)


def test_every_section_that_is_named_is_there():
    """As in: DESIGN.md, "Fitting"."""
    missing = []
    for path in TEXTS:
        for document, section in re.findall(r'(\w+\.md)[`)]*,?\s+"([A-Z][\w ]+)"', prose_of(path)):
            (there,) = [each for each in DOCUMENTS if each.name == document] or [None]
            if there and not re.search(rf"^#+ {section}|\*\*{section}", there.read_text(), re.MULTILINE):
                missing.append(f"{path.relative_to(ROOT)} names {document}, {section}")
    assert not missing, "\n".join(missing)


def test_every_module_to_run_is_there():
    for path in DOCUMENTS:
        for module in re.findall(r"python -m (daub[\w.]*)", path.read_text()):
            where = ROOT.joinpath(*module.split(".")[1:])
            assert where.with_suffix(".py").is_file() or (where / "__main__.py").is_file(), module


def test_lines_of_documents_fit_on_a_screen():
    """120 characters, but for tables, commands and pictures; and but for the formulas of the format."""
    long = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in DOCUMENTS
        if path.name not in {"FORMAT.md", "RESULTS.md"}  # the latter is written by `make gpu`
        for line in path.read_text().splitlines()
        if len(line) > 120 and not line.startswith(("|", "!", "    "))
    ]
    assert not long, "\n".join(long)


def test_the_table_of_parts_is_that_of_the_program():
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", METHODS.read_text(), re.MULTILINE))
    assert list(rows) == list(PARTS)
    for kind, row in rows.items():
        listed = re.findall(r"`([\w.+-]+)`", row.split("|")[1])
        assert set(listed) == set(PARTS[kind]), kind
    headings = re.findall(r"^## (.*)$", METHODS.read_text(), re.MULTILINE)
    assert set(PROFILES) <= {name for heading in headings for name in heading.split(", ")}


def test_the_example_of_a_profile_is_one(tmp_path):
    (block,) = re.findall(r"(?:^    \w+ = .*\n)+", METHODS.read_text(), re.MULTILINE)
    text = re.sub("^    ", "", block, flags=re.MULTILINE)
    (tmp_path / "mine.toml").write_text(text)
    profile = load_profile(str(tmp_path / "mine.toml"))
    assert profile.steps == tomllib.loads(text)["steps"] and profile.part_names["loss"] == "l2-ssim"


def test_every_command_line_is_understood(capsys):
    lines = [
        line for path in DOCUMENTS for line in re.findall(r"^    (?:\.venv/bin/)?daub (.*)$", path.read_text(), re.M)
    ]
    assert len(lines) > 20
    for line in lines:
        words = shlex.split(line.replace("...", ""), comments=True)
        words = list(itertools.takewhile(lambda word: word not in {"<", ">", "|"}, words))
        try:
            _parser().parse_args(words)
        except SystemExit as end:  # of --help
            assert end.code == 0, f"{line}\n{capsys.readouterr().err}"


def test_what_the_front_page_does_in_python_works(tmp_path, monkeypatch):
    page = (ROOT / "README.md").read_text()
    (block,) = [each for each in re.findall(r"(?:^(?:    .*)?\n)+", page, re.M) if "from daub.codec import" in each]
    monkeypatch.chdir(tmp_path)
    Image.linear_gradient("L").resize((48, 32)).convert("RGB").save("photo.jpg")
    names = {}
    exec(re.sub("^    ", "", block, flags=re.M), names)
    assert names["pixels"].shape == (2000, 3000, 3) and Path("photo.daub").is_file()
