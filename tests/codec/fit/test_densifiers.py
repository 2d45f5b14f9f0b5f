"""Growth and relocation: how many, which, and where."""

import numpy as np
import pytest

from daub.codec.fit.densifiers import ErrorDriven
from daub.render.cpu.backend import CpuRasteriser
from daub.render.cpu.binned import Binned
from daub.render.gaussians import Gaussians
from daub.render.weighting import Weighting


def random_gaussians(count, width, height, rng):
    mean = rng.uniform(0, (width, height), (count, 2))
    return Gaussians.build(mean, np.tile(2 * np.eye(2), (count, 1, 1)), rng.uniform(0.1, 1, (count, 3)))


def surface_of(target, gaussians):
    """A surface that holds the residual of `gaussians`."""
    surface = CpuRasteriser().surface(np.float32(target))
    surface.error(gaussians)
    return surface


@pytest.mark.parametrize("goal,steps,growths", [(1, 30, 8), (97, 12, 8), (97, 50, 8), (1000, 200, 12), (1000, 300, 16)])
def test_growth_goes_by_one_factor_to_the_goal(goal, steps, growths):
    rng = np.random.default_rng(0)
    policy = ErrorDriven()
    gaussians = random_gaussians(policy.initial_count(goal, steps), 32, 24, rng)
    sizes, last = [len(gaussians)], 0
    surface = surface_of(np.full((24, 32, 3), 0.5), gaussians)
    for step in range(steps):
        change = policy.update(step, steps, goal, gaussians, surface, rng)
        if change and change.event == "grown":
            assert np.array_equal(change.kept, np.arange(len(gaussians)))
            assert np.array_equal(change.gaussians.parameters[: len(gaussians)], gaussians.parameters)
            sizes.append(len(change.gaussians))
            gaussians, last = change.gaussians, step
        assert len(gaussians) <= goal
    assert len(gaussians) == goal
    assert sizes[0] == max(1, round(0.001 ** (growths / 16) * goal))
    expected = sizes[0] * (goal / sizes[0]) ** (np.arange(growths + 1) / growths)
    assert sizes == list(dict.fromkeys(np.floor(expected + 0.5)))  # a growth that adds none is left out
    assert last <= max(policy.grown_by * steps + 1, growths)


def test_relocation_moves_the_weakest_and_keeps_the_count():
    rng = np.random.default_rng(0)
    gaussians = random_gaussians(50, 32, 32, rng)
    change = ErrorDriven(relocate_share=0.1).update(
        20, 100, 50, gaussians, surface_of(np.full((32, 32, 3), 0.5), gaussians), rng
    )
    assert change.event == "relocated" and len(change.gaussians) == 50
    assert set(range(50)) - set(change.kept.tolist()) == set(np.argsort(gaussians.strength)[:5].tolist())
    assert np.array_equal(change.gaussians.parameters[:45], gaussians.parameters[change.kept])


def test_relocation_waits_for_the_goal_comes_every_twenty_steps_and_ends_early():
    rng = np.random.default_rng(0)
    gaussians = random_gaussians(50, 32, 32, rng)
    surface = surface_of(np.full((32, 32, 3), 0.5), gaussians)

    def moved_at(goal):
        changes = {step: ErrorDriven().update(step, 200, goal, gaussians, surface, rng) for step in range(200)}
        return [step for step, change in changes.items() if change and change.event == "relocated"]

    assert moved_at(50) == list(range(20, 170, 20))
    assert moved_at(60) == []


def spots(values, width=60, height=40):
    """A black image with a bright pixel of each value, far from each other, and where they are."""
    at = np.array([(x, y) for y in range(6, height, 14) for x in range(6, width, 12)])[: len(values)]
    image = np.zeros((height, width, 3))
    image[at[:, 1], at[:, 0]] = np.reshape(values, (-1, 1))
    return image, at


def test_births_sit_where_most_error_can_be_removed_and_remove_it():
    rng = np.random.default_rng(1)
    values = rng.permutation(np.linspace(0.2, 1, 12)) * rng.choice([-1, 1], 12)
    target, at = spots(values)
    nothing = random_gaussians(100, 60, 40, rng)
    nothing.coefficient[:] = 0
    policy = ErrorDriven(relocate_share=0.06)
    change = policy.update(20, 100, 100, nothing, surface_of(target, nothing), rng)
    newborn = Gaussians(change.gaussians.parameters[94:])
    strongest = np.argsort(-np.abs(values))[:6]
    assert np.array_equal(newborn.mean, at[strongest])
    assert np.array_equal(np.sign(newborn.coefficient), np.sign(values[strongest, None]) * np.ones(3))
    black = surface_of(target, Gaussians.empty())
    removed = [(values**2).sum() * 3 - black.error(Gaussians(newborn.parameters[:n])) for n in range(7)]
    gain = np.diff(removed)
    # A share s of the best coefficient p leaves (1 - s)^2 |p|^2 of what it could remove; the atoms are far apart.
    share = 1 - (1 - policy.birth_colour) ** 2
    projected = (newborn.strength / policy.birth_colour) ** 2
    assert np.allclose(gain, share * projected, rtol=0.3) and (gain > 0).all()
    assert np.allclose(gain, gain[0] * (values[strongest] / values[strongest[0]]) ** 2, rtol=1e-3)


@pytest.mark.parametrize("degrees", [0, 45, 90, 135])
@pytest.mark.parametrize("scale", [0.7, 1.4])
def test_births_take_the_shape_of_the_error(degrees, scale):
    policy = ErrorDriven(relocate_share=0.01, smallest_birth=2.0)
    spread = scale * policy.smallest_birth  # no axis so short that pixels alias it
    direction = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    long = np.outer(direction, direction)
    covariance = spread**2 * (long * policy.birth_elongation + (np.eye(2) - long) / policy.birth_elongation)
    alone = Gaussians.build([[48.0, 50.0]], covariance[None], [[0.3, -0.2, 0.1]])
    target = CpuRasteriser().forward(alone, 96, 96)
    nothing = Gaussians.empty(100)
    change = policy.update(20, 100, 100, nothing, surface_of(target, nothing), np.random.default_rng(0))
    newborn = Gaussians(change.gaussians.parameters[99:])
    assert np.array_equal(newborn.mean, alone.mean)
    assert np.allclose(newborn.covariance, alone.covariance, rtol=1e-4, atol=1e-4)
    assert np.allclose(newborn.coefficient, policy.birth_colour * alone.coefficient, rtol=0.1)


@pytest.mark.parametrize("spot", [0.0, 1.0])
def test_births_on_a_plateau_are_spread(spot):
    target = np.full((80, 120, 3), 0.5)
    target[61, 83] += spot
    nothing = Gaussians.empty(600)
    change = ErrorDriven(relocate_share=0.1).update(
        20, 100, 600, nothing, surface_of(target, nothing), np.random.default_rng(2)
    )
    mean = change.gaussians.mean[540:]
    if spot:
        assert np.array_equal(mean[0], (83, 61))  # chance decides among equals only
    quadrants, _, _ = np.histogram2d(*mean.T, bins=2, range=[(0, 120), (0, 80)])
    assert quadrants.min() >= 60 / 8  # a quarter each, give or take
    assert len(np.unique(mean, axis=0)) == 60


@pytest.mark.parametrize("width,height", [(1, 1), (3, 2)])
def test_there_are_births_enough_on_the_smallest_images(width, height):
    nothing = Gaussians.empty(50)
    surface = surface_of(np.full((height, width, 3), 0.5), nothing)
    change = ErrorDriven(relocate_share=0.4).update(20, 100, 50, nothing, surface, np.random.default_rng(3))
    assert len(change.gaussians) == 50
    born = change.gaussians.mean[30:]
    assert (born >= 0).all() and (born < (width, height)).all()


@pytest.mark.parametrize("weighted", [False, True])
def test_births_take_one_backward_pass(weighted, monkeypatch):
    passes, gather = [], Binned.gather
    monkeypatch.setattr(Binned, "gather", lambda binned, *given: passes.append(binned) or gather(binned, *given))
    rng = np.random.default_rng(0)
    gaussians, target = random_gaussians(10, 32, 24, rng), rng.random((24, 32, 3), np.float32)
    weights = Weighting(np.ones((24, 32), np.float32), 0.5) if weighted else None
    surface = CpuRasteriser().surface(target, weights)
    surface.error(gaussians)
    change = ErrorDriven().update(50, 100, 100, gaussians, surface, rng)
    assert change.event == "grown" and len(change.gaussians) > 10
    assert len(passes) == 1


@pytest.mark.parametrize("weighted", [False, True])
def test_births_projected_in_parts_are_those_projected_at_once(weighted, monkeypatch):
    target = np.random.default_rng(0).random((24, 32, 3), np.float32)
    surface = CpuRasteriser().surface(target, Weighting(1 + target[..., 0], 0.5) if weighted else None)
    gaussians = random_gaussians(10, 32, 24, np.random.default_rng(1))
    surface.error(gaussians)

    def grown() -> np.ndarray:
        change = ErrorDriven().update(50, 100, 100, gaussians, surface, np.random.default_rng(2))
        return change.gaussians.parameters

    at_once = grown()
    monkeypatch.setattr("daub.codec.fit.densifiers.PROJECTED_AT_ONCE", 1)
    assert np.array_equal(grown(), at_once)
