"""Where compiled kernels are kept."""

import sys

import pytest

from daub.render.cache_folder import cache_folder


def test_the_variable_goes_first_and_without_either_it_is_said_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("DAUB_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("DAUB_CACHE_DIR")
    assert "daub" in cache_folder().parts
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    with pytest.raises(OSError, match="install platformdirs or set DAUB_CACHE_DIR"):
        cache_folder()
