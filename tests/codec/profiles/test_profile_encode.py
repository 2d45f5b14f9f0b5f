"""A profile's own file: what the fit scored is what it holds, and what cannot be had is refused before the fit."""

import numpy as np
import pytest

from daub.codec import container
from daub.codec.decoder import decode
from daub.codec.encoder import encode
from daub.codec.errors import DaubError
from daub.codec.evaluation.metrics import psnr
from daub.codec.fit import FitProgress
from daub.codec.goal import Goal
from daub.codec.parameters.attributes import to_rendered
from daub.codec.profiles.first_order import ProfileFit, Trained, fit_profile
from daub.codec.profiles.profile import PROFILES
from daub.codec.profiles.profile_file import load_profile
from daub.codec.progress import drive
from daub.codec.rate.estimate import estimate_bytes
from daub.codec.recipe import Recipe
from daub.render.cpu.backend import CpuRasteriser
from daub.render.gaussians import Gaussians

WIDTH, HEIGHT, COUNT, STEPS = 40, 28, 60, 50
WITH_METHOD_FILES = [name for name, profile in PROFILES.items() if profile.writes_method_file]


def a_picture():
    y, x = np.mgrid[:HEIGHT, :WIDTH] / WIDTH
    return np.stack([0.5 + 0.4 * np.sin(20 * x), np.clip(1.2 * x, 0, 1), (x + y > 0.8) * 0.7 + 0.1], -1).astype("f4")


def settings(profile, steps=STEPS, goal=None):
    return Recipe(goal or Goal("gaussians", COUNT), steps, profile=profile)


def encoded(profile, steps=STEPS):
    return drive(encode(a_picture(), settings(profile, steps), CpuRasteriser()))


def a_file(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return load_profile(str(path))


@pytest.mark.parametrize("name", WITH_METHOD_FILES)
@pytest.mark.parametrize("steps", [1, 2, STEPS])
def test_the_file_decodes_to_the_reported_psnr(name, steps):
    done = encoded(PROFILES[name], steps)
    decoded = container.read(done.data)
    image = decode(decoded, CpuRasteriser()).astype(np.float32) / 255
    assert psnr(a_picture(), image) == done.psnr and np.isfinite(done.fit_psnr)
    assert np.array_equal(decoded.gaussians.parameters, done.gaussians.parameters)
    assert decoded.payload.parts.coder == PROFILES[name].coder.name and (done.steps, done.seed) == (steps, 0)
    assert encoded(PROFILES[name], steps).data == done.data


@pytest.mark.parametrize("name", WITH_METHOD_FILES)
def test_raw_and_quantiser_are_those_of_the_record_that_scored_best(name):
    profile, records = PROFILES[name], []
    quantiser = profile.quantiser.quantiser()
    fitting = fit_profile(a_picture(), ProfileFit(profile, COUNT, STEPS, 0, quantiser, STEPS // 2), CpuRasteriser())
    trained = drive(fitting, records.append)
    assert trained.quantiser is not quantiser
    decoded = to_rendered(profile.attributes(trained.quantiser(trained.raw), (WIDTH, HEIGHT)))
    assert np.array_equal(decoded.parameters, records[-1].gaussians.parameters)


def test_papers_count_symbols_and_what_was_learned():
    done = encoded(PROFILES["gaussianimage-cholesky"])
    assert done.counted_bits == 56 * len(done.gaussians) + 1728
    done = encoded(PROFILES["gaussianimage++"])
    assert done.counted_bits == 72 * len(done.gaussians) + 512
    assert encoded(PROFILES["native"]).counted_bits is None


@pytest.mark.parametrize("coder", ["raw", "static", "adaptive", "bits-back"])
def test_parts_are_free_to_be_mixed(tmp_path, coder):
    mixed = a_file(
        tmp_path,
        f"""
        base = "gaussianimage-rs"
        filter = "low-pass-0.3"
        quantiser = {{ shape_bits = 8, stages = 3, trained_from = 1.0 }}
        coder = "{coder}"
        """,
    )
    parts = container.read(encoded(mixed).data).payload.parts
    assert (parts.coder, parts.filter_variance) == (coder, np.float32(0.3))
    assert parts.quantisers == ("fp16", "uniform", "residual-vector")


def test_a_published_fit_can_have_our_own_file(tmp_path):
    native = a_file(tmp_path, "base = 'gaussianimage++'\nquantiser = 'native'\ncoder = 'native'")
    assert [chunk.tag for chunk in container.read(encoded(native).data).chunks] == [b"H", b"G"]


@pytest.mark.parametrize(
    "text,words",
    [
        ("base = 'gaussianimage-rs'\ncoder = 'native'", "go with each other alone, choose both native, or a quantiser"),
        ("base = 'gaussianimage-rs'\nquantiser = 'native'", "with a coder of raw, static, adaptive, bits-back"),
        ("coder = 'raw'", "go with each other alone"),
        ("quantiser = 'fp16'\ncoder = 'raw'", "gauss-newton goes with the quantiser native alone"),
        ("base = 'gaussianimage++'\nparametrisation = 'cholesky'", "logarithms of variances, choose the param"),
        ("base = 'gaussianimage-rs'\nquantiser = 'int4'", "choose one of native, gaussianimage, gaussianimage++, fp16"),
        ("base = 'gaussianimage-rs'\nquantiser = { shape_bits = 17 }", "from 1 to 16"),
        ("base = 'gaussianimage-rs'\nquantiser = { stages = 0 }", "from 1 to 8"),
        ("base = 'gaussianimage-rs'\nquantiser = { trained_from = 1.5 }", "from 0 to 1"),
        ("base = 'gaussianimage-rs'\ncoder = { bits = 3 }", "no setting 'bits', choose from none"),
    ],
)
def test_wrong_combinations_are_refused_in_one_line(tmp_path, text, words):
    with pytest.raises(DaubError) as refusal:
        a_file(tmp_path, text)
    assert words in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize("goal", [Goal("quality", 50), Goal("bpp", 1), Goal("bytes", 900), Goal("psnr", 30)])
def test_other_goals_than_a_number_are_refused(goal):
    with pytest.raises(DaubError, match=r"cannot be steered to .*, ask for a number of Gaussians"):
        settings(PROFILES["gaussianimage++"], goal=goal)
    settings(PROFILES["native"], goal=goal)


def test_what_the_format_has_not_is_refused_before_the_fit(tmp_path):
    unbounded = a_file(tmp_path, "base = 'gaussianimage-cholesky'\nparametrisation = { bound = [0.0, 0.0, 0.0] }")
    with pytest.raises(DaubError, match="the format has no Cholesky"):
        next(encode(a_picture(), settings(unbounded), CpuRasteriser()))


def test_a_fit_without_end_is_refused(monkeypatch):
    def diverging(*arguments, **_):
        yield FitProgress(1, 1, Gaussians(np.zeros((1, 8), np.float32)), 0.0, 0.0, 0.0)
        return Trained(np.full((1, 8), np.nan, np.float32))

    monkeypatch.setattr("daub.codec.encoder.fit_profile", diverging)
    with pytest.raises(DaubError, match="its numbers grew without end, lower its rates"):
        encoded(PROFILES["gaussianimage++"])


def test_records_come_as_from_any_encode_and_it_can_be_left_between_two():
    running = encode(a_picture(), settings(PROFILES["gaussianimage++"]), CpuRasteriser())
    records = [next(running) for _ in range(5)]
    assert [(r.stage, r.step, r.steps, r.goal_count) for r in records] == [("fit", n, 50, COUNT) for n in range(1, 6)]
    assert 0.05 < records[-1].fraction < 0.1, "a tenth of the steps, with fewer Gaussians than later"
    running.close()
    with pytest.raises(StopIteration):
        next(running)


@pytest.mark.parametrize("name", WITH_METHOD_FILES)
def test_the_estimate_of_a_snapshot_is_near_the_file(name):
    estimates = []

    def estimate(record):
        if record.stage == "fit":
            asked = settings(PROFILES[name])
            estimates.append(estimate_bytes(record.gaussians, WIDTH, HEIGHT, record.error, asked))

    done = drive(encode(a_picture(), settings(PROFILES[name]), CpuRasteriser()), estimate)
    assert estimates[-1] == pytest.approx(len(done.data), rel=0.1)
    assert None not in estimates
