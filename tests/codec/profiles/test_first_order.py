"""The fit of a profile: every named method converges, obeys, repeats itself, and takes a quantiser."""

from functools import partial

import numpy as np
import pytest
from failing_device import GAVE_UP, Lost
from scenes import a_picture

from daub.codec.evaluation.metrics import psnr
from daub.codec.fit import FitSettings, fit
from daub.codec.fit.optimisers import Adam
from daub.codec.parameters.attributes import attributes_of, definite, to_gaussians
from daub.codec.profiles.first_order import ProfileFit, fit_profile
from daub.codec.profiles.profile import PROFILES, Profile
from daub.codec.profiles.profile_file import load_profile
from daub.codec.progress import drive
from daub.render.cpu.backend import CpuRasteriser
from daub.render.devices import Failover
from daub.render.errors import Reason


def run(pixels, profile, count, steps, seed=0, **more):
    return list(fit_profile(pixels, ProfileFit(profile, count, steps, seed, **more), CpuRasteriser()))


@pytest.mark.parametrize("name", PROFILES)
def test_every_method_converges_to_its_count_and_repeats_itself(name):
    pixels = a_picture(48, 32, 20)
    records = run(pixels, PROFILES[name], 150, 300)
    assert [r.step for r in records] == list(range(1, 301)) and records[-1].steps == 300
    assert records[-1].psnr > records[0].psnr + 0.4
    assert 140 <= len(records[-1].gaussians) <= 150
    image = CpuRasteriser().forward(records[-1].gaussians, 48, 32)
    assert psnr(pixels, image) == pytest.approx(records[-1].psnr, abs=0.01)
    again = run(pixels, PROFILES[name], 150, 300)[-1]
    assert np.array_equal(again.gaussians.parameters, records[-1].gaussians.parameters)


def test_the_native_profile_is_our_own_fit():
    pixels = a_picture(48, 32, 20)
    ours = list(fit(pixels, FitSettings(60, 40, 3), CpuRasteriser()))[-1]
    theirs = run(pixels, PROFILES["native"], 60, 40, 3, bit_price=FitSettings().bit_price)[-1]
    assert np.array_equal(ours.gaussians.parameters, theirs.gaussians.parameters)


def test_growth_follows_the_schedule_of_the_paper_or_of_the_code(tmp_path):
    pixels = a_picture(48, 32, 20)
    counts = [len(r.gaussians) for r in run(pixels, PROFILES["gaussianimage++"], 160, 100) if r.event == "grown"]
    assert counts == [120, 140, 150, 155, 157, 158, 159, 160]
    released = tmp_path / "released.toml"
    released.write_text("base = 'gaussianimage++'\ndensifier = { most = 30 }")
    counts = [len(r.gaussians) for r in run(pixels, load_profile(str(released)), 160, 100) if r.event == "grown"]
    assert counts == [110, 140, 160]


def test_what_is_not_definite_is_removed_every_hundred_steps():
    profile = Profile(
        "wild",
        parametrisation=PROFILES["gaussianimage++"].parametrisation,
        densifier=PROFILES["smartsplat"].densifier,
        optimiser=Adam(rate=0.5),
    )
    records = run(a_picture(48, 32, 20), profile, 100, 250)
    pruned = [r.step for r in records if r.event == "pruned"]
    assert pruned and set(pruned) <= {101, 201}
    assert len(records[-1].gaussians) < 100
    assert definite(attributes_of(records[-1].gaussians)).all()


@pytest.mark.parametrize("name", ["native", "gaussianimage++"])
def test_first_order_methods_share_our_densifier(name, tmp_path):
    mixed = tmp_path / "mixed.toml"
    mixed.write_text(f"base = '{name}'\noptimiser = {{ part = 'adam', rate = 0.01 }}\ndensifier = 'error-driven'")
    records = run(a_picture(48, 32, 20), load_profile(str(mixed)), 80, 60)
    assert {"grown", "relocated"} <= {r.event for r in records}
    assert records[-1].psnr > records[0].psnr


class Failing(CpuRasteriser):
    """A device that dies at the given call of a surface or a canvas."""

    failures = (Lost,)

    def __init__(self, call):
        super().__init__()
        self.calls_left = call

    def surface(self, target, weights=None, reduced=False):
        return self._guarded(super().surface(target, weights, reduced), "error", "gradient")

    def canvas(self, width, height):
        return self._guarded(super().canvas(width, height), "forward", "backward")

    def _guarded(self, surface, *methods):
        for method in methods:
            setattr(surface, method, partial(self._counted, getattr(surface, method)))
        return surface

    def _counted(self, work, *arguments):
        self.calls_left -= 1
        if self.calls_left < 0:
            raise Lost("it fell off the bus")
        return work(*arguments)


@pytest.mark.parametrize("name", ["gaussianimage++", "smartsplat"])
@pytest.mark.parametrize("call", [0, 1, 20, 61, 80])
def test_it_goes_on_on_the_cpu_where_the_device_fails(name, call):
    pixels, profile, told = a_picture(48, 32, 20), PROFILES[name], []
    whole = run(pixels, profile, 60, 40)
    rescued = list(fit_profile(pixels, ProfileFit(profile, 60, 40), Failover(Failing(call), told.append)))
    assert told == [GAVE_UP]
    for ours, theirs in zip(whole, rescued, strict=True):
        assert np.array_equal(ours.gaussians.parameters, theirs.gaussians.parameters) and ours.event == theirs.event


class Full(CpuRasteriser):
    """A device on which there is no room for the image."""

    failures = (Lost,)

    def surface(self, target, weights=None, reduced=False):
        raise Lost("it has no room")

    def canvas(self, width, height):
        raise Lost("it has no room")


@pytest.mark.parametrize("name", ["gaussianimage++", "smartsplat"])
def test_it_starts_on_the_cpu_where_the_image_is_too_large_for_the_device(name):
    told = []
    whole = run(a_picture(48, 32, 20), PROFILES[name], 60, 20)
    rescued = list(
        fit_profile(a_picture(48, 32, 20), ProfileFit(PROFILES[name], 60, 20), Failover(Full(), told.append))
    )
    assert told == [Reason("the GPU gave up", "it has no room")]
    assert np.array_equal(whole[-1].gaussians.parameters, rescued[-1].gaussians.parameters)


class Rounded:
    """Everything in steps of 1/64, with the straight-through gradient."""

    def __init__(self):
        self.calls = self.gradients = self.begun = 0

    def begin(self, raw):
        self.begun += 1

    def __call__(self, raw):
        self.calls += 1
        return np.round(raw * 64) / np.float32(64)

    def backward(self, raw, gradient):
        self.gradients += 1
        return gradient


def test_a_quantiser_stands_between_raw_and_what_is_shown():
    quantiser = Rounded()
    profile = PROFILES["gaussianimage-cholesky"]
    records = []
    fitting = fit_profile(
        a_picture(48, 32, 20), ProfileFit(profile, 40, 30, 0, quantiser, quantise_from=10), CpuRasteriser()
    )
    raw = drive(fitting, records.append).raw
    assert quantiser.begun == 1 and quantiser.gradients == 20 and quantiser.calls >= 20
    assert np.abs(64 * raw - np.round(64 * raw)).max() > 0.1
    decoded = to_gaussians(profile.parametrisation.attributes(quantiser(raw), (48, 32)))
    assert np.array_equal(decoded.parameters.astype(np.float32), records[-1].gaussians.parameters)
    with pytest.raises(ValueError, match="takes no quantiser"):
        run(a_picture(48, 32, 20), PROFILES["native"], 5, 3, quantiser=quantiser)


def test_a_single_step_and_a_single_pixel():
    for profile in PROFILES.values():
        for shape in ((1, 1, 3), (1, 9, 3)):
            last = run(np.full(shape, 0.5, np.float32), profile, 5, 1)[-1]
            assert np.isfinite(last.gaussians.parameters).all()


@pytest.mark.parametrize("name", ["gaussianimage-rs", "gaussianimage++", "smartsplat"])
def test_a_fit_goes_on_from_a_checkpoint_as_if_it_had_never_ended(name):
    pixels, profile = a_picture(48, 32, 20), PROFILES[name]

    def settings() -> ProfileFit:
        quantiser = profile.quantiser.quantiser()
        return ProfileFit(profile, 60, 130, 3, quantiser, 90)

    records = fit_profile(pixels, settings(), CpuRasteriser())
    checkpoints, whole = {}, None
    while True:
        try:
            whole = next(records)
        except StopIteration as end:
            trained = end.value
            break
        if whole.step in (1, 40, 90, 91, 100, 129, 130):
            checkpoints[whole.step] = whole.checkpoint()
    for step, checkpoint in checkpoints.items():
        rest = []
        resumed = drive(fit_profile(pixels, settings(), CpuRasteriser(), start=checkpoint), rest.append)
        assert [record.step for record in rest] == list(range(step + 1, 131)) or step == 130 == rest[0].step
        assert np.array_equal(rest[-1].gaussians.parameters, whole.gaussians.parameters), step
        assert np.array_equal(resumed.raw, trained.raw) and resumed.quantiser is not None
        assert checkpoint.nbytes > checkpoint.raw.nbytes


def test_another_method_takes_the_gaussians_of_a_checkpoint_alone():
    pixels = a_picture(48, 32, 20)
    records = list(fit(pixels, FitSettings(60, 40, 3), CpuRasteriser()))
    native = records[-1].checkpoint()
    for count in (60, 20):
        theirs = ProfileFit(PROFILES["gaussianimage-rs"], count, 60, 3)
        rest = list(fit_profile(pixels, theirs, CpuRasteriser(), start=native))
        assert rest[0].step == 41 and len(rest[-1].gaussians) == count
    assert rest[-1].checkpoint().profile is theirs.profile
    ours = list(fit(pixels, FitSettings(60, 80, 3), CpuRasteriser(), start=rest[-1].checkpoint()))
    assert ours[0].step == 61 and ours[-1].psnr > rest[-1].psnr
