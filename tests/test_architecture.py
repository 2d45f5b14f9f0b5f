"""What may import what: app -> codec -> render, and neither Qt, OpenGL nor torch below the window."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from daub.render.jit import kernel_sources

ROOT = Path(__file__).parent.parent

# Runs in an interpreter of its own and prints whatever of `heavy` has been loaded.
_PRINT_HEAVY = """
heavy = {"PySide6", "shiboken6", "OpenGL", "imgui_bundle", "torch"}
print("heavy:", *sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""


def _heavy_after(program: str, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\n{_PRINT_HEAVY}", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=220,  # kernels may have to be compiled first
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1]


def test_imports_run_one_way():
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stdout + run.stderr
    contracts = (ROOT / "pyproject.toml").read_text("utf-8").count("[[tool.importlinter.contracts]]")
    assert f"{contracts} kept, 0 broken" in run.stdout


def test_what_is_below_the_window_needs_none():
    """Every module of codec, render and app/model, save what draws with OpenGL and what is torch itself."""
    program = """
import importlib, pathlib
folders = "codec", "render", "app/model"
restoration = "daub.codec.restoration."
references = "daub.render.reference", "daub.render.splats.reference"
torch = *references, "daub.codec.training.", restoration + "network", restoration + "tiles"
for path in sorted(path for folder in folders for path in pathlib.Path(folder).rglob("*.py")):
    name = "daub." + ".".join(path.with_suffix("").parts)
    if not name.startswith(("daub.render.gl", "daub.render.splats.gl", *torch)):
        try:
            importlib.import_module(name.removesuffix(".__init__"))
        except ModuleNotFoundError as missing:
            if missing.name != "OpenEXR":  # an extra
                raise
"""
    assert _heavy_after(program) == "heavy:"


def test_encoding_and_decoding_need_no_window(tmp_path):
    program = """
from PIL import Image
from daub.app.cli import main as cli
folder = sys.argv[1]
Image.linear_gradient("L").resize((32, 24)).save(folder + "/a.png")
assert cli.main(["encode", folder + "/a.png", folder + "/a.daub", "--gaussians", "20", "--steps", "3"]) == 0
assert cli.main(["decode", folder + "/a.daub", folder + "/b.png"]) == 0
assert cli.main(["compare", folder + "/a.png", folder + "/a.daub"]) == 0
"""
    assert _heavy_after(program, str(tmp_path)) == "heavy:"


def test_the_check_itself_sees_what_is_loaded():
    assert _heavy_after("import OpenGL") == "heavy: OpenGL"


def test_starting_the_command_line_loads_nothing_heavy():
    program = """
from daub.app.cli import main as cli
cli.main(["--help"])
loaded = {"numpy", "scipy", "numba", "PIL", "matplotlib"} & set(sys.modules)
assert not loaded, loaded
"""
    assert _heavy_after(program) == "heavy:"


def test_decoding_loads_nothing_that_only_encoding_needs():
    program = """
import daub.codec.decoder
loaded = {"scipy.ndimage", "scipy.spatial", "PIL", "imagecodecs", "matplotlib"} & set(sys.modules)
assert not loaded, loaded
"""
    assert _heavy_after(program) == "heavy:"


def test_every_file_with_kernels_and_what_it_imports_is_part_of_the_cache_key():
    kernels = {
        path
        for folder in ("app", "codec", "render")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*@njit", path.read_text(), re.MULTILINE)
    }
    found = set(kernel_sources())
    assert len(kernels) > 10 and kernels <= found
    assert ROOT / "codec" / "symbols.py" in found  # has no kernel, but constants of some
    assert ROOT / "codec" / "encoder.py" not in found  # nor that: kernels are not compiled anew for every change
