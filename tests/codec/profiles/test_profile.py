"""Profiles by name and from TOML: what they choose, and how they refuse."""

from dataclasses import replace

import pytest

from daub.codec.effort import EFFORTS
from daub.codec.errors import DaubError
from daub.codec.fit.densifiers import DistortionDriven
from daub.codec.fit.filters import LowPass
from daub.codec.fit.optimisers import Adam
from daub.codec.goal import Goal
from daub.codec.parameters.parametrisations import RotationScale
from daub.codec.profiles.profile import PARTS, PROFILES, Profile
from daub.codec.profiles.profile_file import load_profile, profile_text
from daub.codec.recipe import recipe_of
from daub.codec.settings import EncodeSettings


@pytest.fixture
def toml(tmp_path):
    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        return str(path)

    return write


def test_a_file_changes_single_parts_of_its_base(toml):
    profile = load_profile(
        toml(
            """
            base = "gaussianimage-rs"
            filter = "low-pass-0.3"
            loss = { part = "l2-ssim", ssim = 0.2 }
            optimiser = { rate = 2e-3, rates = { scale = 0.5 } }
            densifier = { part = "distortion-driven", most = 1000 }
            parametrisation = { position = "linear" }
            """
        )
    )
    base = PROFILES["gaussianimage-rs"]
    assert profile.name == "mine" and profile.initialiser == base.initialiser and profile.schedule == base.schedule
    assert profile.filter == LowPass(0.3) and profile.densifier == DistortionDriven(most=1000)
    assert (profile.loss.l2, profile.loss.ssim) == (0.7, 0.2)
    assert profile.optimiser == type(base.optimiser)(rate=2e-3, rates={"scale": 0.5})
    assert profile.parametrisation == RotationScale(position="linear")
    assert load_profile(toml("optimiser = 'adam'")).parametrisation == PARTS["parametrisation"]["native"]
    assert load_profile(toml("")) == Profile("mine")


def test_steps_come_from_the_command_line_the_profile_or_the_effort(toml):
    profile, goal = load_profile(toml("base = 'gaussianimage-rs'\nsteps = 700")), Goal("gaussians", 10)
    assert recipe_of(EncodeSettings(goal, profile=profile)).steps == 700
    assert recipe_of(EncodeSettings(goal, profile=profile, steps=20)).steps == 20
    assert recipe_of(EncodeSettings(goal, profile=PROFILES["native"], effort=3)).steps == EFFORTS[3].steps
    assert PROFILES["gaussianimage-rs"].steps == PROFILES["gaussianimage++"].steps == 50_000


def test_parts_can_be_changed_one_by_one():
    base = PROFILES["gaussianimage++"]
    assert base.part_names == {
        "parametrisation": "covariance", "filter": "content-aware", "initialiser": "uniform-random",
        "densifier": "distortion-driven", "loss": "l2", "optimiser": "adam", "schedule": "step-decay",
        "quantiser": "gaussianimage++", "coder": "adaptive",
    }  # fmt: skip
    varied = base.varied({"optimiser": "adam", "filter": "none"})
    assert varied == replace(base, name="gaussianimage++, filter none", filter=LowPass())
    assert varied.part_names == {**base.part_names, "filter": "none"}
    assert PROFILES["smartsplat"].part_names["parametrisation"] == "rotation-scale"
    assert PROFILES["smartsplat"].part_names["loss"] == "l1-ssim"
    assert replace(base, quantiser=replace(base.quantiser, shape_bits=8)).part_names == base.part_names
    with pytest.raises(DaubError, match="logarithms of variances"):
        base.varied({"parametrisation": "cholesky"})


def test_a_part_with_settings_of_its_own_can_be_changed_for_a_registered_one_of_its_type(toml):
    base = load_profile(toml("base = 'smartsplat'\nloss = { l1 = 0.8, ssim = 0.2 }"))
    assert base.settled_name("loss") is None and base.settled_name("optimiser") == "adam"
    assert base.varied({"loss": "l2"}).loss == PARTS["loss"]["l2"]
    assert base.varied({"optimiser": "adam"}) == base


@pytest.mark.parametrize("base", [None, "native", "gaussianimage++"])
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_profile_written_as_a_file_is_the_same(toml, profile, base):
    assert load_profile(toml(profile_text(profile, 70, base))) == replace(profile, name="mine", steps=70)


def test_a_written_profile_says_what_differs_from_its_base():
    varied = PROFILES["gaussianimage++"].varied({"filter": "none"})
    assert profile_text(varied, 900) == 'base = "gaussianimage++"\nfilter = "none"\nsteps = 900\n'
    text = profile_text(replace(varied, densifier=DistortionDriven(most=1000)), 900, "gaussianimage++")
    assert 'densifier = { part = "distortion-driven", most = 1000 }' in text


@pytest.mark.parametrize(
    "text,expected",
    [
        ("base = 'nonsense'", "choose one of native, gaussianimage-cholesky"),
        ("base = 3", "its base 3 is unknown"),
        ("loss = 'nonsense'", "the loss 'nonsense' is unknown, choose one of l2, l1, ssim, l1-ssim, l2-ssim"),
        ("loss = { part = ['l2'] }", "is unknown, choose one of"),
        ("loss = 3", "its loss is 3, give a name"),
        ("lose = 'l2'", "no kind of part called 'lose', choose from base, steps, parametrisation"),
        ("loss = { l3 = 1 }", "no setting 'l3', choose from l2, l1, ssim"),
        ("loss = { l2 = 'much' }", "l2 of the loss"),
        ("loss = { l2 = -1.0 }", "give something like 1.0"),
        ("loss = { l2 = true }", "give something like 1.0"),
        ("loss = { l2 = 0 }", "all its weights are 0"),
        ("loss = { part = 'l2', l2 = nan }", "give something like"),
        ("optimiser = { part = 'adam', betas = [0.9] }", "betas of the optimiser"),
        ("optimiser = { part = 'adam', betas = [0.9, 1.0] }", "from 0 to 0.999999"),
        ("optimiser = { part = 'adam', rates = { scale = 'x' } }", "rates of the optimiser"),
        ("optimiser = { part = 'adam', rates = { size = 1.0 } }", "choose from position, scale, shear, colour"),
        ("base = 'smartsplat'\nparametrisation = 'cholesky'", "no attribute"),
        ("parametrisation = 'cholesky'", "gauss-newton goes with the parametrisation native alone"),
        ("base = 'gaussianimage-rs'\ninitialiser = { shape = 'square' }", "choose one of cholesky, rotation-scale"),
        ("base = 'gaussianimage-rs'\nparametrisation = { position = 'polar' }", "choose one of tanh, linear"),
        ("base = 'gaussianimage++'\ndensifier = { every = 0 }", "every"),
        ("base = 'gaussianimage++'\ndensifier = { start_share = 2.0 }", "start_share"),
        ("base = 'gaussianimage++'\ndensifier = { most = 2.5 }", "most of the densifier"),
        ("base = 'gaussianimage++'\nschedule = { every = 0 }", "every"),
        ("base = 'smartsplat'\ninitialiser = { guided_share = 1.5 }", "guided_share"),
        ("base = 'smartsplat'\ninitialiser = { tile = 0 }", "tile"),
        ("base = 'gaussianimage-rs'\nquantiser = { colour = 'log-uniform' }", "choose one of fp16, uniform, residual"),
        ("base = 'gaussianimage-rs'\nquantiser = { shape = 'log-uniform' }", "logarithms of variances"),
        ("steps = 0", "its steps are 0, give a whole number from 1"),
        ("steps = 2.5", "its steps are 2.5"),
        ("loss = ", "it is not TOML"),
    ],
)
def test_refusals_are_one_line_with_what_there_is(toml, text, expected):
    with pytest.raises(DaubError) as refusal:
        load_profile(toml(text))
    assert expected in str(refusal.value) and "\n" not in str(refusal.value)


def test_files_and_names_that_are_not_there(tmp_path):
    with pytest.raises(DaubError, match="choose one of native, gaussianimage-cholesky, gaussianimage-rs"):
        load_profile("gaussian-image")
    with pytest.raises(DaubError, match="no such file"):
        load_profile(str(tmp_path / "none.toml"))
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\x00")
    with pytest.raises(DaubError, match="it is not TOML"):
        load_profile(str(binary))


def test_the_rates_of_a_profile_name_its_own_attributes():
    with pytest.raises(DaubError, match="choose from position, covariance, colour"):
        Profile("x", parametrisation=PARTS["parametrisation"]["cholesky"], optimiser=Adam(rates={"scale": 1.0}))
