"""`--restore` of encode and decode, and what info says of the layer."""

from __future__ import annotations

import json

import numpy as np
import PIL.Image
import pytest
from restoration_networks import add_network, network_file, with_layer

from daub.app.cli import main as cli
from daub.codec.restoration import choosing, weights
from daub.codec.restoration.layer import Layer


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """photo.png, plain.daub and a network at hand."""
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    draw = np.random.default_rng(0)
    PIL.Image.fromarray(draw.integers(0, 256, (48, 72, 3)).astype(np.uint8)).save(tmp_path / "photo.png")
    assert (
        cli.main(["encode", f"{tmp_path}/photo.png", f"{tmp_path}/plain.daub", "--gaussians", "40", "--effort", "0"])
        == 0
    )
    return tmp_path


def run(capsys, *arguments) -> tuple[str, str]:
    """stdout and stderr of a command that succeeds, progress left out."""
    capsys.readouterr()
    assert cli.main([*map(str, arguments)]) == 0
    out, err = capsys.readouterr()
    return out, "\n".join(line for line in err.splitlines() if line.startswith(("daub:", "/")))


def restored(folder, network: int):
    """A file with a layer for a network."""
    file = folder / "restored.daub"
    file.write_bytes(with_layer((folder / "plain.daub").read_bytes(), Layer(network)).to_bytes())
    return file


def test_decode_restores_unless_it_is_told_off_and_says_so_in_one_line(folder, capsys):
    file = restored(folder, add_network(folder))
    pictures = {}
    for name, options in {"on": [], "auto": ["--restore", "auto"], "off": ["--restore", "off"]}.items():
        out, err = run(capsys, "decode", file, folder / f"{name}.png", "--json", *options)
        expected = (
            "shown as rendered, without what its file adds: --restore off asks for that" if name == "off" else None
        )
        assert json.loads(out)["plain"] == expected and (f"{file}: {expected}" in err) == (name == "off")
        pictures[name] = np.asarray(PIL.Image.open(folder / f"{name}.png"))
    run(capsys, "decode", folder / "plain.daub", folder / "plain.png")
    assert np.array_equal(pictures["off"], np.asarray(PIL.Image.open(folder / "plain.png")))
    assert np.array_equal(pictures["on"], pictures["auto"]) and not np.array_equal(pictures["on"], pictures["off"])


def test_decode_without_the_network_says_so_in_one_line(folder, capsys):
    out, err = run(capsys, "decode", restored(folder, 0x12345678), folder / "out.png", "--json")
    assert "does not have the restoration network 12345678" in json.loads(out)["plain"] and "12345678" in err


def test_decode_refines_on_the_restored_picture_at_any_size(folder, capsys):
    file = restored(folder, add_network(folder, network_file(size=0.1)))
    weights._files_in.cache_clear()
    pictures = {}
    for name, options in {
        "plain": ["--restore", "off"], "restored": [], "refined": ["--refine", 30],
        "neither": ["--restore", "off", "--refine", 30], "larger": ["--refine", 2, "--scale", 2],
    }.items():  # fmt: skip
        run(capsys, "decode", file, folder / f"{name}.png", *options)
        pictures[name] = np.asarray(PIL.Image.open(folder / f"{name}.png")).astype(float)
    off = {name: np.mean((pictures[name] - pictures["restored"]) ** 2) for name in ("plain", "refined")}
    assert 0 < off["refined"] < off["plain"] and np.array_equal(pictures["plain"], pictures["neither"])
    assert pictures["larger"].shape == (96, 144, 3)


def test_decode_says_where_there_is_nothing_to_refine(folder, capsys):
    _, err = run(capsys, "decode", folder / "plain.daub", folder / "out.png", "--refine", 5)
    assert err.endswith("nothing is refined: the file has no restoration layer")
    assert cli.main(["decode", "a.daub", "a.png", "--refine", "-1"]) == 2


def test_a_file_without_a_layer_is_decoded_without_a_word(folder, capsys):
    for options in ([], ["--restore", "off"]):
        out, err = run(capsys, "decode", folder / "plain.daub", folder / "out.png", "--json", *options)
        assert json.loads(out)["plain"] is None and err == ""


def test_info_names_the_layer(folder, capsys):
    file = restored(folder, 0x0000BEEF)
    about = json.loads(run(capsys, "info", file, "--json")[0])
    assert about["restoration"] == {
        "bytes": 6, "network": "0000beef", "strength": 1.0, "blocks": 2, "of": 2, "residual_bytes": 0,
    }  # fmt: skip
    assert "network 0000beef everywhere, strength 1.00" in run(capsys, "info", file)[0]
    assert json.loads(run(capsys, "info", folder / "plain.daub", "--json")[0])["restoration"] is None


def test_encode_tells_both_figures_or_why_there_is_no_layer(folder, capsys, monkeypatch):
    arguments = ["encode", folder / "photo.png", folder / "out.daub", "--gaussians", 40, "--effort", 0]
    out, err = run(capsys, *arguments, "--restore", "auto", "--json")
    assert json.loads(out)["plain_psnr"] is None and "no restoration layer: this Daub has no network for it" in err
    monkeypatch.setattr(choosing, "RATE_SLOPE", 0.0)  # whatever helps at all is kept
    add_network(folder, network_file(size=0.1))
    weights._files_in.cache_clear()
    out, err = run(capsys, *arguments, "--restore", "auto", "--json")
    done = json.loads(out)
    assert done["plain_psnr"] < done["psnr"] and err == ""
    assert "unrestored" in run(capsys, *arguments, "--restore", "auto")[0]
    assert "unrestored" not in run(capsys, *arguments)[0]


def test_anything_else_is_wrong_usage(folder, capsys):
    assert cli.main(["decode", "a.daub", "a.png", "--restore", "maybe"]) == 2
    assert "'maybe' is neither auto nor off" in capsys.readouterr().err
