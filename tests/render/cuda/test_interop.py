"""The painter of the backend, and the CUDA runtime as far as it can be asked without a GPU."""

import numpy as np
import pytest
from fake_cuda import FakeCuda, FakeRuntime
from scenes import random_gaussians

from daub.render.cpu.backend import CpuRasteriser
from daub.render.cuda.interop import CudaPainter, CudaRuntime
from daub.render.device_image import InteropError, as_array


def test_a_painted_frame_is_the_render_and_says_when_it_may_be_read():
    runtime, cpu = FakeRuntime(), CpuRasteriser()
    painter = FakeCuda(cpu, runtime).painter()
    gaussians = random_gaussians(np.random.default_rng(0), 20, 17, 9)
    frame = painter.paint(gaussians, 17, 9)
    pixels = as_array(frame.pointer, frame)
    assert np.array_equal(pixels[..., :3], cpu.forward(gaussians, 17, 9)) and (pixels[..., 3] == 1).all()
    assert frame.ready in runtime.recorded and frame.runtime is runtime and frame.size == pixels.nbytes
    assert painter.paint(gaussians, 5, 4).ready == frame.ready, "one event serves all frames"


def test_a_runtime_that_refuses_gives_no_painter():
    with pytest.raises(InteropError, match="event"):
        CudaPainter(None, FakeRuntime("event"), 7)


def test_the_runtime_of_cuda_says_what_failed():
    pytest.importorskip("cuda.bindings.runtime")
    with pytest.raises(InteropError, match=r"cudaGraphicsUnregisterResource says .+ \(\d+\)"):
        CudaRuntime(0).unregister(0)
