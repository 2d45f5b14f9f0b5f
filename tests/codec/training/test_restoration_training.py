"""Training of the restoration network on tiny data: pairs are kept, resumed is uninterrupted, and it learns."""

from __future__ import annotations

import json

import numpy as np
import PIL.Image
import pytest
import torch
from restoration_networks import SMALL

from daub.codec import container
from daub.codec.decoder import render
from daub.codec.errors import DaubError
from daub.codec.restoration.layer import layer_of
from daub.codec.restoration.weights import from_bytes
from daub.codec.training.examples import batch_of, examples_of, whole
from daub.codec.training.losses import learned_distance
from daub.codec.training.pairs import PUBLISHED_EVERY, PairSettings, images_of, is_held_out, make_pairs, read_pairs
from daub.codec.training.restoration import Trainer, TrainingSettings, loss_of, main, train
from daub.render.cpu.backend import CpuRasteriser

CPU = CpuRasteriser()
TINY = PairSettings(side=64, effort=0)
SHORT = TrainingSettings(steps=6, batch=2, side=32, warm_up=1, validate_every=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Eleven pictures of 80x72 pixels, one of them held out."""
    folder = tmp_path_factory.mktemp("photos")
    draw = np.random.default_rng(0)
    for number in range(11):
        coarse = PIL.Image.fromarray(draw.integers(0, 256, (6, 7, 3)).astype(np.uint8))
        coarse.resize((80, 72), PIL.Image.Resampling.BICUBIC).save(folder / f"{number}.png")
    assert 0 < sum(is_held_out(path.stem) for path in images_of([folder])) < 6
    return folder


@pytest.fixture(scope="module")
def cache(folder, tmp_path_factory):
    """One pair of each."""
    cache = tmp_path_factory.mktemp("pairs")
    assert make_pairs([folder], cache, 1, CPU, TINY) == 11
    return cache


@pytest.fixture(scope="module")
def examples(cache):
    examples = examples_of(read_pairs(cache), CPU)
    assert any(example.residual is not None for example in examples)
    learnt = [example for example in examples if not is_held_out(example.name)]
    return learnt, [example for example in examples if is_held_out(example.name)]


def test_pairs_that_are_there_are_not_made_again_and_a_missing_one_comes_back_the_same(folder, cache):
    kept = sorted(cache.iterdir())[3]
    before = kept.read_bytes()
    assert make_pairs([folder], cache, 1, CPU, TINY) == 0
    kept.unlink()
    assert make_pairs([folder], cache, 1, CPU, TINY) == 1 and kept.read_bytes() == before


def test_a_pair_is_a_crop_and_its_file(cache):
    for pair in read_pairs(cache):
        document = container.read(pair.file)
        assert pair.source.shape == (document.height, document.width, 3) == (64, 64, 3)


def test_a_batch_follows_from_its_step_alone(examples):
    one, again, other = (batch_of(examples[0], step, 0, 3, 32) for step in (5, 5, 6))
    assert all(torch.equal(a, b) for a, b in zip(vars(one).values(), vars(again).values(), strict=True))
    assert one.base.shape == (3, 3, 32, 32) and one.maps.shape == (3, 3, 16, 16)
    assert not torch.equal(one.base, other.base)
    # Crops of picture and source are turned and mirrored alike.
    assert (one.base - one.source).square().mean() < 0.5 * (one.base.flip(3) - one.source).square().mean()


def exported_distance(folder):
    """A stand-in of LPIPS: an exported program of two batches in [-1, 1] that returns (B, 1, 1, 1), for any size."""

    class SquaredDistance(torch.nn.Module):
        def forward(self, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
            return (one - other).square().mean((1, 2, 3), keepdim=True)

    path, any_size = folder / "distance.pt2", {axis: torch.export.Dim.DYNAMIC for axis in (0, 2, 3)}
    pictures = torch.zeros(2, 3, 16, 24), torch.ones(2, 3, 16, 24)
    torch.export.save(torch.export.export(SquaredDistance(), pictures, dynamic_shapes=(any_size, any_size)), path)
    return path


def weights_after(examples, folder, *lengths: int) -> bytes:
    """Of a training that is taken up again after each of these steps."""
    for steps in lengths:
        trainer = Trainer(*examples, SHORT, SMALL)
        if (folder / "checkpoint.pt").exists():
            trainer.resume(folder / "checkpoint.pt")
        while trainer.step < steps:
            trainer.take_step()
        (folder / "checkpoint.pt").write_bytes(trainer.checkpoint())
    return trainer.weights()


def test_a_training_that_was_stopped_comes_to_the_same(examples, tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
    at_once, in_parts = weights_after(examples, tmp_path / "a", 6), weights_after(examples, tmp_path / "b", 1, 4, 6)
    assert at_once == in_parts and from_bytes(at_once).shape == SMALL


def test_a_pair_that_was_fitted_with_foresight_is_learnt_from_as_it_is_without_its_network(folder, tmp_path):
    assert make_pairs([folder], tmp_path, 2, CPU, TINY) == 22
    files = [pair for pair in read_pairs(tmp_path) if layer_of(container.read(pair.file)) is not None]
    if not files:
        pytest.skip("no file of these pictures is better with a network")
    example = examples_of(files[:1], CPU)[0]
    plain = render(container.read(files[0].file), CPU, restore=False)
    assert np.array_equal(example.base, plain[: len(example.base), : len(example.base[0])].astype(np.float16))


def test_one_pair_in_so_many_is_of_a_published_method(folder, tmp_path):
    published = PairSettings(side=64, effort=0, published_side=48, published_steps=3)
    assert make_pairs([folder], tmp_path, PUBLISHED_EVERY, CPU, published) == 11 * PUBLISHED_EVERY
    pairs = list(read_pairs(tmp_path))
    made = {type(container.read(pair.file).payload).__name__ for pair in pairs if pair.source.shape == (48, 48, 3)}
    assert made == {"MethodPayload"} and sum(pair.source.shape == (48, 48, 3) for pair in pairs) == 11


def test_a_crop_counts_by_its_share_of_the_error_of_its_picture(examples):
    example = max(examples[0], key=lambda example: example.error)
    batch, settings = whole(example), TrainingSettings(floor=0, structure=0)
    assert loss_of(batch.base, batch, settings).item() == pytest.approx(1, rel=1e-2)
    halfway = (batch.base + batch.source) / 2
    assert loss_of(halfway, batch, settings).item() == pytest.approx(0.25, rel=1e-2)
    crops = batch_of([example], 0, 0, 4, 32)
    expected = ((crops.base - crops.source) ** 2).mean().item() / example.error
    assert loss_of(crops.base, crops, settings).item() == pytest.approx(expected, rel=1e-2)
    both = TrainingSettings(floor=0, structure=0.5, structure_floor=0)
    assert loss_of(batch.base, batch, both).item() == pytest.approx(1.5, rel=1e-2)
    assert loss_of(batch.source, batch, both).item() == pytest.approx(0, abs=1e-5)


def test_a_learned_distance_is_added_to_the_loss(examples, tmp_path):
    distance = exported_distance(tmp_path)
    batch, settings = whole(examples[0][0]), TrainingSettings(perceived=3)
    without = loss_of(batch.base, batch, settings).item()
    expected = without + 3 * 4 * (batch.base - batch.source).square().mean().item()  # of ranges of 2, not 1
    assert loss_of(batch.base, batch, settings, learned_distance(distance)).item() == pytest.approx(expected, rel=1e-4)
    before = Trainer(*examples, SHORT, SMALL, distance=learned_distance(distance))
    other = Trainer(*examples, SHORT, SMALL)
    assert before.take_step() > other.take_step()


def test_it_learns(examples):
    settings = TrainingSettings(steps=120, batch=2, side=64, warm_up=5, rate=1e-2)
    few, held_out = [example for example in examples[0] if example.residual is None][:2], examples[1]
    trainer = Trainer(few, held_out, settings, SMALL)

    def loss() -> float:
        batches = [whole(example) for example in few]
        pictures = [one.base + trainer.network(one.base, one.residual, one.maps, one.conditions) for one in batches]
        return sum(loss_of(*pair, settings).item() for pair in zip(pictures, batches, strict=True))

    before = loss()
    for _ in range(settings.steps):
        trainer.take_step()
    assert loss() < 0.95 * before
    assert {"all dB", "all MS-SSIM"} <= trainer.validate().keys()


def test_a_run_writes_weights_and_a_log_and_goes_on(examples, tmp_path):
    weights = tmp_path / "weights.bin"
    train(Trainer(*examples, SHORT, SMALL), tmp_path, weights, minutes=0)
    assert not (tmp_path / "log.jsonl").exists()
    train(Trainer(*examples, SHORT, SMALL), tmp_path, weights)
    assert [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").read_text().splitlines()] == [3, 6]
    trainer = Trainer(*examples, SHORT, SMALL)
    trainer.resume(tmp_path / "checkpoint.pt")
    assert trainer.step == 6 and trainer.weights() == weights.read_bytes()


def test_a_checkpoint_that_is_none_is_refused_in_one_line(examples, tmp_path):
    (tmp_path / "bad.pt").write_bytes(b"nothing of the kind")
    with pytest.raises(DaubError, match="it is damaged"):
        Trainer(*examples, SHORT, SMALL).resume(tmp_path / "bad.pt")


def test_the_command_makes_pairs_trains_and_goes_on(folder, tmp_path, capsys):
    arguments = [str(folder), "--work", str(tmp_path), "--rounds", "1", "--out", str(tmp_path / "w.bin")]
    arguments += ["--side", "64", "--effort", "0", "--widths", "4", "6", "8", "--blocks", "1", "1", "1", "1", "1"]
    assert main([*arguments, "--steps", "2"]) == 0
    assert from_bytes((tmp_path / "w.bin").read_bytes()).shape == SMALL
    assert main([*arguments, "--steps", "3"]) == 0
    assert "going on from step 2" in capsys.readouterr().err
    anew = [*arguments[:2], str(tmp_path / "anew"), *arguments[3:]]  # keeps the shape of what it begins with
    begun = [*anew[:6], str(tmp_path / "again.bin"), *anew[7:11], "--start", str(tmp_path / "w.bin")]
    assert main([*begun, "--steps", "1", "--rate", "0"]) == 0
    first, again = (from_bytes((tmp_path / name).read_bytes()).tensors for name in ("w.bin", "again.bin"))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert main([*begun, "--steps", "2", "--lpips", str(exported_distance(tmp_path))]) == 0
    assert main([*begun, "--steps", "2", "--lpips", str(tmp_path / "w.bin")]) == 1
    assert "no exported program" in capsys.readouterr().err
    assert main([*begun[:-1], str(tmp_path / "none.bin")]) == 1
    assert "cannot start from" in capsys.readouterr().err
    assert main([str(tmp_path / "pairs"), "--work", str(tmp_path)]) == 1
    assert "no image is in there" in capsys.readouterr().err
