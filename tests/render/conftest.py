"""What the tests of the CUDA backend share."""

import shutil
import sys

import cuda_harness
import pytest


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The kernels, built for the CPU."""
    if sys.platform != "linux" or shutil.which("g++") is None:
        pytest.skip("running the kernels here takes Linux and g++")
    return cuda_harness.build(tmp_path_factory.mktemp("kernels"))
