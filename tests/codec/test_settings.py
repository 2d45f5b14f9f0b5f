"""What is asked of an encode: ranges, JSON and back, and what follows from it."""

import dataclasses
import json

import pytest

from daub.codec.effort import EFFORTS
from daub.codec.errors import DaubError
from daub.codec.goal import Goal
from daub.codec.options import check, option, option_of
from daub.codec.profiles.profile import PROFILES
from daub.codec.recipe import Recipe, recipe_of
from daub.codec.settings import EncodeSettings


@pytest.mark.parametrize(
    "settings",
    [
        EncodeSettings(),
        EncodeSettings(Goal("ms-ssim", 0.95)),
        EncodeSettings(Goal("bytes", 900), 8, 120, 7, "gaussianimage++", (("filter", "none"),), False),
    ],
)
def test_settings_travel_through_json(settings):
    assert EncodeSettings.from_dict(json.loads(json.dumps(settings.as_dict()))) == settings


@pytest.mark.parametrize(
    "values,said",
    [
        ({"sharpness": 3}, "the setting 'sharpness' is unknown"),
        ({"effort": 10}, "effort 10 is out of range"),
        ({"effort": -1}, "effort -1 is out of range"),
        ({"effort": 2.5}, "effort 2.5 is no whole number"),
        ({"steps": 0}, "steps 0 is out of range"),
        ({"steps": "many"}, "steps 'many' is no number"),
        ({"seed": -1}, "seed -1 is out of range"),
        ({"goal": {"bytes": 3}}, "bytes 3 is out of range"),
        ({"goal": {"sharpness": 3}}, "sharpness 3 is no goal"),
        ({"goal": {"bytes": 900, "psnr": 30}}, "is none, it must be one kind and its value"),
        ({"goal": 50}, "the goal 50 is none"),
    ],
)
def test_what_cannot_be_is_one_line_that_names_it(values, said):
    with pytest.raises(DaubError, match=said.replace("(", r"\(")) as error:
        EncodeSettings.from_dict(values)
    assert "\n" not in str(error.value)


def test_a_profile_that_is_an_object_cannot_be_written():
    with pytest.raises(DaubError, match="save it as a"):
        EncodeSettings(profile=PROFILES["smartsplat"]).as_dict()


def test_steps_follow_from_what_is_asked_then_from_the_method_then_from_the_effort():
    goal = Goal("gaussians", 50)
    assert recipe_of(EncodeSettings(goal, 3, steps=7, profile="smartsplat")).steps == 7
    assert recipe_of(EncodeSettings(goal, 3, profile="smartsplat")).steps == 5000
    assert recipe_of(EncodeSettings(goal, 3)).steps == EFFORTS[3].steps
    assert recipe_of(EncodeSettings(tune="psnr")) == Recipe()


def test_parts_change_a_profile_by_name():
    recipe = recipe_of(EncodeSettings(Goal("gaussians", 50), profile="gaussianimage++", parts=(("filter", "none"),)))
    assert recipe.profile.filter == PROFILES["native"].filter != PROFILES["gaussianimage++"].filter


def test_a_method_that_cannot_be_steered_refuses_other_goals():
    with pytest.raises(DaubError, match=r"gaussianimage\+\+ cannot be steered to 900 bytes"):
        recipe_of(EncodeSettings(Goal("bytes", 900), profile="gaussianimage++"))


def test_a_record_holds_its_options_against_their_ranges():
    @dataclasses.dataclass(frozen=True)
    class Blur:
        radius: float = option(1.5, 0, 50, "how far the blur reaches", " px")
        passes: int = option(1, 1, 9, "how often")
        name: str = "box"

    check(Blur())
    assert option_of(Blur, "radius").unit == " px" and option_of(Blur, "passes").decimals == 0
    for wrong, said in (
        ({"radius": 51}, "radius 51"),
        ({"passes": 1.5}, "passes 1.5"),
        ({"radius": float("nan")}, "nan"),
    ):
        with pytest.raises(DaubError, match=said):
            check(Blur(**wrong))
