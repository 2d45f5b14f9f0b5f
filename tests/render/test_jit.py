"""What is set before the first kernel is compiled."""

import os
import subprocess
import sys

import pytest

from daub.render import jit
from daub.render.threads import set_limit


def state(imports: str = "daub.render.jit as jit, numba", **environment: str) -> list[str]:
    """Cache folder, key, threading layers and waiting of a process with only these imports."""
    program = f"import os, {imports}; print(numba.config.CACHE_DIR); print(jit.source_key());"
    program += "print(numba.config.THREADING_LAYER_PRIORITY); print(os.environ['OMP_WAIT_POLICY'])"
    known = {name: text for name, text in os.environ.items() if name[:5] not in ("NUMBA", "OMP_W", "DAUB_")}
    run = subprocess.run(
        [sys.executable, "-c", program], env=known | environment, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


@pytest.mark.parametrize("imports", ["daub.render.jit as jit, numba", "numba, daub.render.jit as jit"])
def test_kernels_are_kept_by_their_sources_and_threads_sleep(tmp_path, imports):
    folder, key, layers, waiting = state(imports, DAUB_CACHE_DIR=str(tmp_path))
    assert folder == str(tmp_path / f"kernels-{key}") and len(key) == 16
    assert layers == "['omp', 'workqueue', 'tbb']" and waiting == "PASSIVE"


def test_what_the_user_has_set_stays(tmp_path):
    folder, _, layers, waiting = state(
        NUMBA_CACHE_DIR=str(tmp_path), NUMBA_THREADING_LAYER_PRIORITY="workqueue omp tbb", OMP_WAIT_POLICY="ACTIVE"
    )
    assert (folder, layers, waiting) == (str(tmp_path), "['workqueue', 'omp', 'tbb']", "ACTIVE")


LAYER = """
import sys, types, numpy as np
from numba.np.ufunc import parallel
parallel._check_tbb_version_compatible = lambda: True
sys.modules["numba.np.ufunc.tbbpool"] = types.ModuleType("tbbpool")  # numba would take it, and find nothing in it
for missing in sys.argv[1:]:
    sys.modules[missing] = None
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians
CpuRasteriser().forward(Gaussians.build([[4, 3]], [np.eye(2)], [[1, 0, 0]]), 9, 7)
import numba
print(numba.threading_layer())
"""


@pytest.mark.parametrize(
    ("missing", "layers"), [((), ("omp",)), (("numba.np.ufunc.omppool",), ("workqueue",))], ids=["openmp", "without"]
)
def test_tbb_is_never_taken_though_it_is_there(missing, layers):
    pytest.importorskip("numba.np.ufunc.omppool", reason="no OpenMP here", exc_type=ImportError)
    known = {name: text for name, text in os.environ.items() if not name.startswith("NUMBA_THREADING")}
    run = subprocess.run(
        [sys.executable, "-c", LAYER, *missing], env=known, capture_output=True, text=True, timeout=100
    )
    assert run.stdout.split() == [*layers], run.stderr


def test_a_small_picture_has_one_thread_and_a_large_one_all_that_are_allowed():
    import numba

    most, seen = numba.get_num_threads(), {}
    assert most > 2  # tests/conftest.py asks for several
    for allowed in (most, 2):
        numba.set_num_threads(allowed)
        try:
            for side in (1, 64, 90, 91, 1000):
                with jit.parallel(side * side):
                    seen[side] = numba.get_num_threads()
                assert numba.get_num_threads() == allowed
            with pytest.raises(ValueError), jit.parallel(1):
                raise ValueError
            assert numba.get_num_threads() == allowed
        finally:
            numba.set_num_threads(most)
        assert seen == {1: 1, 64: 1, 90: 1, 91: 2, 1000: allowed}


def test_a_limit_holds_on_every_thread_whatever_numba_allows():
    import threading

    import numba

    seen = []

    def look():
        with jit.parallel(1000 * 1000):
            seen.append(numba.get_num_threads())

    try:
        for limit in (1, 2, None):
            set_limit(limit)
            worker = threading.Thread(target=look)
            worker.start()
            worker.join()
        with pytest.raises(ValueError, match="at least one"):
            set_limit(0)
    finally:
        set_limit(None)
    assert seen == [1, 2, numba.config.NUMBA_NUM_THREADS]


def test_the_key_follows_a_constant_that_kernels_import(monkeypatch, tmp_path):
    """SUPPORT stands in a file without a kernel, and the kernels' files stay as they are."""
    for name in ("render", "codec"):
        (tmp_path / name).mkdir()
    (tmp_path / "render/gaussians.py").write_text("SUPPORT = 9.0\n")
    (tmp_path / "render/kernels.py").write_text("from daub.render.gaussians import SUPPORT\n\n\n@njit\ndef k(): ...\n")
    (tmp_path / "codec/other.py").write_text("A = 1\n")
    monkeypatch.setattr(jit, "_ROOT", tmp_path)
    assert [path.name for path in jit.kernel_sources()] == ["gaussians.py", "kernels.py"]
    keys = {jit.source_key()}
    (tmp_path / "codec/other.py").write_text("A = 2\n")
    keys.add(jit.source_key())
    assert len(keys) == 1
    (tmp_path / "render/gaussians.py").write_text("SUPPORT = 8.0\n")
    assert jit.source_key() not in keys
