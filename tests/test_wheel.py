"""What an installation is: one new name in somebody's Python, `daub`, with all its files, and a program that works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
FOLDERS = ("app", "codec", "render", "resources")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


def run(*command: object, **options) -> str:
    """What a command prints; it has to succeed."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=100, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tracked_files(*folders: str) -> list[str]:
    """What git knows of these folders and stands in them: what a clone would hold."""
    git = ["git", "-c", "safe.directory=*"]  # whoever the folder belongs to
    listed = run(*git, "ls-files", "-z", "--", *folders, cwd=ROOT).split("\0")
    return [name for name in listed if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of a clean copy of the repository, built without a network."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone, so nothing says which files belong to the repository")
    folder = tmp_path_factory.mktemp("wheel")
    for name in tracked_files():
        copy = folder / "clone" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy)
    build = ["wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, folder / "clone"]
    run(*PIP, *build)
    (built,) = folder.glob("*.whl")
    return built


class Environment:
    """A Python of its own without Daub, in which everything else that Daub needs can be imported."""

    def __init__(self, folder: Path):
        run(sys.executable, "-m", "venv", "--without-pip", folder)
        self.folder = folder
        (self.packages,) = folder.glob("lib/python*/site-packages")
        # Folders named in a .pth join the path, and .pth files inside them are not read: Daub itself stays away.
        dependencies = [path for path in sys.path if path.endswith("site-packages")]
        (self.packages / "dependencies.pth").write_text("\n".join(dependencies))
        self.empty = self.names()

    def names(self) -> set[str]:
        return {path.name for path in self.packages.iterdir()}

    def pip(self, *arguments: object) -> None:
        run(*PIP, "--python", self.folder / "bin" / "python", *arguments)

    def call(self, program: str, *arguments: object) -> str:
        """Runs one of its programs beside its files, where nothing of the clone is in reach."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment = inherited | {"DAUB_CACHE_DIR": str(self.folder / "cache")}
        return run(self.folder / "bin" / program, *arguments, cwd=self.folder, env=environment)

    def take_kernels(self) -> None:
        """Copies the compiled kernels of the clone, as far as there are any: to compile them takes half a minute.

        numba keeps them by the folder, the size and the time of the source, which is the same one here.
        """
        from numba.core.caching import UserProvidedCacheLocator as Locator

        from daub.render.cache_folder import cache_folder
        from daub.render.jit import source_key

        kernels = f"kernels-{source_key()}"
        for source in (ROOT / name for name in tracked_files("codec", "render") if name.endswith(".py")):
            installed = self.packages / "daub" / source.relative_to(ROOT)
            os.utime(installed, ns=(source.stat().st_atime_ns, source.stat().st_mtime_ns))
            compiled = cache_folder() / kernels / Locator.get_suitable_cache_subpath(str(source))
            copy = self.folder / "cache" / kernels / Locator.get_suitable_cache_subpath(str(installed))
            if compiled.is_dir() and not copy.exists():
                # A test beside this one may be compiling: what it has not finished has such a name, and may be gone.
                shutil.copytree(compiled, copy, ignore=shutil.ignore_patterns("*.tmp.*"))


@pytest.mark.skipif(sys.platform == "win32", reason="looks for programs where Linux and macOS have them")
def test_the_wheel_adds_one_name_and_a_program_that_works(wheel, tmp_path):
    environment = Environment(tmp_path / "environment")
    environment.pip("install", "--no-deps", "--no-index", wheel)
    (information,) = environment.packages.glob("daub-*.dist-info")
    assert environment.names() - environment.empty == {"daub", information.name}
    assert {path.name for path in (environment.packages / "daub").iterdir()} == set(FOLDERS)

    environment.take_kernels()
    Image.linear_gradient("L").resize((32, 24)).save(environment.folder / "photo.png")
    assert environment.call("daub", "--version").split() == ["daub", information.stem.removeprefix("daub-")]
    environment.call("daub", "encode", "photo.png", "photo.daub", "--gaussians", 20, "--steps", 5)
    environment.call("daub", "decode", "photo.daub", "decoded.png", "--scale", 2)
    with Image.open(environment.folder / "decoded.png") as decoded:
        assert decoded.size == (64, 48)
    where = environment.call("python", "-c", "import daub.codec, daub.app.program; print(daub.codec.__file__)")
    assert Path(where.strip()).is_relative_to(environment.packages)

    environment.pip("uninstall", "--yes", "daub")
    assert not information.exists()
    assert not any(path.is_file() for path in environment.packages.glob("daub/**/*"))  # pip leaves the empty folder


def test_the_wheel_holds_all_that_the_repository_holds(wheel):
    """Modules, kernels, shaders, icons, tables and documents; a folder that pyproject.toml does not name is missed."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    held = {name.removeprefix("daub/") for name in names if name.startswith("daub/")}
    assert held == set(tracked_files(*FOLDERS))
    assert {"resources/models.bin", "resources/shaders/display.frag", "render/cuda/forward.cu"} <= held
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert all(name.startswith(("daub/", "daub-")) for name in names)


def test_every_folder_of_modules_is_a_package_of_pyproject():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {path.parent for name in FOLDERS for path in (ROOT / name).rglob("*.py")}
    assert sorted(listed) == sorted(".".join(("daub", *folder.relative_to(ROOT).parts)) for folder in folders)


@pytest.mark.parametrize("arguments", [(), ("photo.png",), ("encode", "photo.png", "photo.daub")])
def test_a_clone_that_is_not_set_up_says_so_in_one_line(arguments):
    """-S: a Python without its packages, as that of the system is."""
    command = [sys.executable, "-S", "-E", str(ROOT / "main.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("daub: cannot start, ") and "make gui" in line
