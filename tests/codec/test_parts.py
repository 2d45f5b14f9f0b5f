"""What a part knows of itself: its registered name, and the range of each of its settings."""

from dataclasses import dataclass, fields, replace

import pytest

from daub.codec.errors import DaubError
from daub.codec.fit.filters import FILTERS, LowPass
from daub.codec.options import option
from daub.codec.parts import Part, by_name, options_of, preset
from daub.codec.profiles.profile import PARTS, PROFILES

REGISTERED = [(kind, name) for kind, parts in PARTS.items() for name in parts]


@pytest.mark.parametrize(("kind", "name"), REGISTERED)
def test_a_part_knows_the_name_it_is_registered_under(kind, name):
    assert PARTS[kind][name].name == name


@pytest.mark.parametrize(("kind", "name"), REGISTERED)
def test_every_number_of_a_part_has_a_range_and_lies_in_it(kind, name):
    part = PARTS[kind][name]
    options = options_of(part)
    for field in fields(part):
        value = getattr(part, field.name)
        if not isinstance(value, str):
            options[field.name].check(field.name, value)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_part_of_a_profile_has_a_registered_name(profile):
    assert all(name in PARTS[kind] for kind, name in profile.part_names.items())


def test_a_preset_with_other_settings_keeps_its_name_and_differs():
    wide = replace(FILTERS["low-pass-0.3"], variance=0.4)
    assert wide.name == "low-pass-0.3" and wide != FILTERS["low-pass-0.3"]
    assert wide == LowPass(0.4)  # whatever either is called
    profile = replace(PROFILES["gaussianimage-rs"], filter=wide)
    assert profile.part_names["filter"] == "low-pass-0.3" and profile.settled_name("filter") is None


@dataclass(frozen=True)
class Sized(Part):
    size: float = option(0.5, 0, 1, "size of one thing")
    name: str = preset("small")


@dataclass(frozen=True)
class SizedOtherwise(Part):
    name = "large"
    size: float = option(50.0, 10, 100, "size of quite another")
    weights: tuple[float, ...] = option((1.0, 2.0), 0, 5, "weights")


def test_two_parts_may_have_settings_of_one_name_and_ranges_of_their_own():
    assert by_name(Sized(), SizedOtherwise()).keys() == {"small", "large"}
    assert (options_of(Sized())["size"].largest, options_of(SizedOtherwise())["size"].largest) == (1, 100)
    with pytest.raises(DaubError, match=r"size 2 is out of range, it must lie in 0\.\.1"):
        Sized(2.0)
    with pytest.raises(DaubError, match=r"size 2 is out of range, it must lie in 10\.\.100"):
        SizedOtherwise(2.0)


@pytest.mark.parametrize("weights", [(1.0, 6.0), (float("nan"),), ("1",)])
def test_every_number_of_a_tuple_must_be_in_range(weights):
    with pytest.raises(DaubError, match="weights"):
        SizedOtherwise(weights=weights)
