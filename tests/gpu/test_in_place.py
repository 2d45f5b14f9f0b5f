"""What is to run on a borrowed machine runs in a clone that nobody has installed. Runs everywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def uninstalled(*command: str) -> subprocess.CompletedProcess:
    """Runs a program, a module after -m, or code after -c, where the packages are known and daub is not.

    Without `site` no file of an editable install is read.
    """
    packages = [folder for folder in sys.path if Path(folder).name in ("site-packages", "dist-packages")]
    program = f"""
import importlib.util, runpy, sys
sys.path += {packages}
if importlib.util.find_spec("daub"):
    sys.exit("daub is installed as a wheel is")
sys.argv = {list(command)}
if sys.argv[0] == "-m":
    runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
elif sys.argv[0] == "-c":
    exec(sys.argv[1])
else:
    runpy.run_path(sys.argv[0], run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-S", "-c", program], cwd=HERE, capture_output=True, text=True, timeout=100)
    if "daub is installed" in done.stderr:
        pytest.skip("an editable install can be left out, this one cannot")
    return done


def test_the_program_starts():
    done = uninstalled(str(HERE / "run.py"), "--help")
    assert done.returncode == 0 and "--tests-only" in done.stdout, done.stderr


def test_the_tests_are_collected():
    done = uninstalled("-m", "pytest", "--collect-only", "-m", "gpu", "-p", "no:cacheprovider", str(HERE))
    assert done.returncode == 0 and "test_the_render_matches_the_reference" in done.stdout, done.stdout + done.stderr


def test_a_program_that_a_test_starts_knows_daub():
    from test_gpu_fallbacks import IN_PLACE

    done = uninstalled("-c", f"{IN_PLACE}; from daub.render.errors import Reason; print(Reason('there'))")
    assert done.stdout == "there\n", done.stderr
