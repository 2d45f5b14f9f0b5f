"""What `daub desktop install` writes works as a desktop uses it, and `uninstall` leaves nothing of it."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from daub.app import program
from daub.app.cli.main import main
from daub.app.tasks import desktop
from daub.codec import container

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="desktops of freedesktop.org")

TESTS = Path(__file__).parents[2]
PHOTO = TESTS / "codec" / "container" / "golden" / "photo.daub"
PROJECT = TESTS / "app" / "model" / "project" / "version-1.daubproj"


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """The folder of a user's data, with a space in its name, in which another program has an icon."""
    folder = tmp_path / "data of mine"
    other = folder / "icons" / "hicolor" / "48x48" / "apps" / "other.png"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"theirs")
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def entry(path: Path, section: str) -> configparser.SectionProxy:
    """A group of a file in the format of desktop entries."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read(path, "utf-8")
    return parser[section]


def words_of(line: str, **codes: list[str]) -> list[str]:
    """An Exec line as a desktop reads it: escapes of values, then quotes, then field codes."""
    value = line.replace("\\\\", "\\")
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', value)
    words = [re.sub(r"\\(.)", r"\1", quoted) or plain for quoted, plain in found]
    return [word for each in words for word in (codes[each[1]] if each[0] == "%" else [each.replace("%%", "%")])]


def test_everything_is_written_and_removed_again(home, capsys):
    before = files_in(home)
    assert main(["desktop", "install", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {str(Path(file).relative_to(home)) for file in told["files"]} <= files_in(home) - before
    assert main(["desktop", "install"]) == 0  # once more, as after an upgrade
    for size in (48, 256):
        with Image.open(home / f"icons/hicolor/{size}x{size}/apps/daub.png") as icon:
            assert icon.size == (size, size) and icon.getchannel("A").getextrema() == (0, 255)
    assert main(["desktop", "uninstall"]) == 0
    assert files_in(home) == before
    assert {path.name for path in home.iterdir()} == {"icons"}  # the folders have gone, too
    assert main(["desktop", "uninstall"]) == 0  # there is nothing to do


@pytest.mark.parametrize("updated", [True, False])
def test_what_others_have_made_stays(home, monkeypatch, updated):
    """With the programs that make the caches, where they are here, and without."""
    if not updated:
        monkeypatch.setattr(desktop.shutil, "which", lambda name: None)
    theirs = {"mime/magic of mine", "mime/image/mine.svg", "applications/mine.desktop"}
    for name in theirs:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("[Desktop Entry]\nType=Application\nName=Mine\nExec=true\n")
    main(["desktop", "install"])
    (home / "applications" / "mimeinfo.cache").write_text("[MIME Cache]\n")  # of the entry that stays
    assert main(["desktop", "uninstall"]) == 0
    assert files_in(home / "mime") == {"magic of mine", "image/mine.svg"}
    assert files_in(home / "applications") == {"mine.desktop", "mimeinfo.cache"}


def test_a_cache_without_entries_goes(home):
    main(["desktop", "install"])
    (home / "applications" / "mimeinfo.cache").write_text("[MIME Cache]\n")
    main(["desktop", "uninstall"])
    assert not (home / "applications").exists()


def test_desktops_are_told_that_icons_have_changed(home):
    main(["desktop", "install"])
    theme = home / "icons" / "hicolor"
    for what in ("install", "uninstall"):
        os.utime(theme, (1, 1))
        main(["desktop", what])
        assert theme.stat().st_mtime > 1


def test_the_menu_entry_opens_files_with_the_window(home, monkeypatch):
    main(["desktop", "install"])
    about = entry(home / "applications" / "daub.desktop", "Desktop Entry")
    assert about["Type"] == "Application" and about["Name"] == "Daub" and about["Icon"] == "daub"
    types = about["MimeType"].split(";")
    assert types[-1] == "" and {"image/x-daub", "application/x-daub-project", "image/jpeg"} <= set(types)
    files = ["/photos/a b.daub", "/photos/encode"]  # the second is called as a command is
    words = words_of(about["Exec"], F=files)
    assert os.access(words[0], os.X_OK) and words[-2:] == files
    opened = []
    monkeypatch.setattr("daub.app.window.start.run", lambda names: opened.extend(names) or 0)
    assert program.main(words[1:]) == 0 and opened == files
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", home / "applications" / "daub.desktop"], check=True)


def test_file_types_are_told_by_content_and_name(home, tmp_path):
    """By Qt, which reads the user's types in a process of its own; gio and file managers read the same."""
    main(["desktop", "install"])
    named, unnamed, project = tmp_path / "x.daub", tmp_path / "unnamed", tmp_path / "project"
    named.write_bytes(b"")  # still to be written
    shutil.copy(PHOTO, unnamed)
    shutil.copy(PROJECT, project)
    ask = "import sys; from PySide6.QtCore import QMimeDatabase as D; [print(D().mimeTypeForFile(f).name(), "
    ask += "D().mimeTypeForFile(f).iconName()) for f in sys.argv[1:]]"
    asked = subprocess.run(
        [sys.executable, "-c", ask, named, unnamed, project], capture_output=True, text=True, check=True
    )
    assert asked.stdout.splitlines() == ["image/x-daub daub"] * 2 + ["application/x-daub-project daub"]


def test_the_thumbnailer_makes_a_thumbnail(home, tmp_path):
    """By its own Exec line, from elsewhere, without a path to the program."""
    main(["desktop", "install"])
    about = entry(home / "thumbnailers" / "daub.thumbnailer", "Thumbnailer Entry")
    assert about["MimeType"] == "image/x-daub;"
    source, target = tmp_path / "a photo.daub", tmp_path / "thumbnail of it"
    shutil.copy(PHOTO, source)
    command = words_of(about["Exec"], i=[str(source)], o=[str(target)], s=["32"])
    done = subprocess.run(command, cwd="/", env=os.environ | {"PATH": "/usr/bin"}, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    width, height = container.read_size(PHOTO.read_bytes())
    with Image.open(target) as thumbnail:
        assert thumbnail.format == "PNG" and thumbnail.size == (32, round(32 * height / width))

    source.write_bytes(PHOTO.read_bytes()[:100])
    assert main(["thumbnail", str(source), str(tmp_path / "none"), "--size", "32"]) == 1
    assert not (tmp_path / "none").exists()


def test_small_pictures_are_not_enlarged(tmp_path, capsys):
    assert main(["thumbnail", str(PHOTO), str(tmp_path / "small"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["width"], told["height"]) == container.read_size(PHOTO.read_bytes())


def test_a_program_of_any_name_is_quoted(home, tmp_path, monkeypatch):
    folder = tmp_path / 'it\'s 100 % "mine" \\ $HOME `x`'
    folder.mkdir()
    python = folder / "python"
    monkeypatch.setattr(sys, "executable", str(python))
    main(["desktop", "install"])
    words = words_of(entry(home / "applications" / "daub.desktop", "Desktop Entry")["Exec"], F=["/x.png"])
    assert words == [str(python), "-m", "daub.app.program", "/x.png"]  # there is no script beside it


def test_where_it_cannot_be_installed_one_line_says_why(home, monkeypatch, capsys):
    (home / "applications").write_text("not a folder")
    assert main(["desktop", "install"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "applications" in line
    monkeypatch.setattr(desktop.sys, "platform", "darwin")
    assert main(["desktop", "install"]) == 1
    assert "a desktop of another kind" in capsys.readouterr().err


def test_a_missing_database_program_is_said(home, monkeypatch, capsys):
    monkeypatch.setattr(desktop.shutil, "which", lambda name: None)
    assert main(["desktop", "install"]) == 0
    types, entries = capsys.readouterr().err.splitlines()
    assert "install shared-mime-info" in types and '"Open with"' in entries and "install desktop-file-utils" in entries
    assert main(["desktop", "uninstall"]) == 0 and capsys.readouterr().err == ""
