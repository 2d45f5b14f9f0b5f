"""The cubin: compiled once, kept, and why it is not where the compiler refuses."""

import pytest

from daub.render.cuda import compiler, source


def test_kernels_are_compiled_once_for_each_source_and_architecture(monkeypatch, tmp_path):
    compiled = []
    monkeypatch.setenv("DAUB_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(
        compiler, "compile_kernels", lambda architecture, of: (compiled.append(architecture) or b"cubin", "")
    )
    first = compiler.cached_cubin(89)
    assert compiler.cached_cubin(89) == first and first.read_bytes() == b"cubin"
    assert [path.name for path in first.parent.iterdir()] == [first.name]
    paths = {first, compiler.cached_cubin(75)}
    text, options = source.read(), source.nvrtc_options
    monkeypatch.setattr(source, "read", lambda: text + "\n")
    paths.add(compiler.cached_cubin(89))
    monkeypatch.setattr(source, "nvrtc_options", lambda architecture: [*options(architecture), "-DX"])
    paths.add(compiler.cached_cubin(89))
    assert len(paths) == 4 and compiled == [89, 75, 89, 89]


def test_a_compile_error_carries_the_log(monkeypatch):
    pytest.importorskip("cuda.bindings.nvrtc", reason="cuda-bindings is not installed")
    text = source.read()
    monkeypatch.setattr(source, "read", lambda: text + "\nint broken = ;")
    with pytest.raises(compiler.CompileError, match="expected an expression"):
        compiler.compile_kernels(75)
