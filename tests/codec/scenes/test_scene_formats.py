"""Every format there and back, to the steps of its numbers; and against an independent reader."""

from __future__ import annotations

import itertools
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from gaussian_scenes import covariances, ksplat_file, old_spz_file, some_splats, splat_file

from daub.codec.errors import DaubError
from daub.codec.scenes.axes import Y_UP, reflected
from daub.codec.scenes.formats import compressed_ply, compressed_ply_writer, gltf, ply, sog, sog_writer, spz
from daub.codec.scenes.formats.morton import morton_order
from daub.codec.scenes.scene_files import WRITTEN, format_to_write, read_scene, write_scene
from daub.render.splats.splats import C0, Splats

NUMBERS = ("means", "log_scales", "rotations", "logits", "dc", "sh")


def assert_same(splats: Splats, wanted: Splats):
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(splats, name), getattr(wanted, name), name)
    assert splats.antialiased == wanted.antialiased


def assert_close(
    splats: Splats, wanted: Splats, *, means: float, scales: float, turn: float, opacity: float, dc: float, sh: float
):
    """Within half a step of each kind of number; `turn` is of a unit quaternion."""
    assert splats.degree == wanted.degree and len(splats) == len(wanted)
    assert np.abs(splats.means - wanted.means).max() <= means
    assert np.abs(splats.log_scales - wanted.log_scales).max() <= scales
    q, r = (s.rotations / np.linalg.norm(s.rotations, axis=1, keepdims=True) for s in (splats, wanted))
    assert np.minimum(np.abs(q - r).max(axis=1), np.abs(q + r).max(axis=1)).max() <= turn
    assert np.abs(splats.opacity - wanted.opacity).max() <= opacity
    assert np.abs(splats.dc - wanted.dc).max() <= dc
    assert not splats.degree or np.abs(splats.sh - wanted.sh).max() <= sh


@pytest.mark.parametrize("degree", range(5))
def test_ply_keeps_every_bit(degree, tmp_path):
    splats = replace(some_splats(degree=degree), antialiased=degree % 2 == 1)
    size = write_scene(splats, tmp_path / "a.ply")
    scene = read_scene(tmp_path / "a.ply")
    assert_same(scene.splats, splats)
    assert scene.format == "PLY" and scene.bytes == size == (tmp_path / "a.ply").stat().st_size


def test_ply_is_read_by_name_whatever_its_order_types_and_company():
    splats = some_splats(50, degree=1)
    columns = {f"rot_{k}": ("f8", splats.rotations[:, k]) for k in range(4)}
    columns["tag"] = ("u1", np.arange(50))  # a byte, so that what follows is not aligned
    columns |= {f"scale_{k}": ("<f4", splats.log_scales[:, k]) for k in range(3)}
    columns |= {f"f_rest_{k}": ("<f4", splats.sh[:, k % 3, k // 3]) for k in reversed(range(9))}
    columns |= {f"f_dc_{k}": ("<f4", splats.dc[:, k]) for k in range(3)}
    columns |= {"opacity": ("<f4", splats.logits)}
    columns |= {axis: ("<f4", splats.means[:, k]) for k, axis in enumerate("xyz")}
    rows = np.empty(50, [(name, kind) for name, (kind, _) in columns.items()])
    for name, (_, values) in columns.items():
        rows[name] = values
    kinds = {"f8": "double", "u1": "uchar", "<f4": "float"}
    lines = ["ply", "format binary_little_endian 1.0", "comment SplatRenderMode: mip", "element camera 2"]
    lines += ["property int id", "element vertex 50"]
    lines += [f"property {kinds[kind]} {name}" for name, (kind, _) in columns.items()]
    lines += ["element face 1", "property list uchar int vertex_indices", "end_header", ""]
    data = "\r\n".join(lines).encode() + bytes(8) + rows.tobytes() + b"\3" + bytes(12)
    read, _ = ply.read(data)
    assert_same(read, replace(splats, antialiased=True))


def test_ply_of_the_other_byte_order():
    head, rows = ply.pieces(some_splats(20, degree=1))
    swapped = head.replace(b"little", b"big") + np.frombuffer(rows, "<f4").astype(">f4").tobytes()
    assert_same(ply.read(swapped)[0], some_splats(20, degree=1))


def test_ply_of_discs_is_flat():
    data = b"".join(ply.pieces(some_splats(5))).replace(b"property float scale_2", b"property float unknown")
    splats, remarks = ply.read(data)
    assert np.isneginf(splats.log_scales[:, 2]).all() and np.isfinite(splats.log_scales[:, :2]).all()
    assert "discs" in remarks[0]


def test_gaussians_that_are_no_numbers_are_left_out_with_a_word(tmp_path):
    splats = some_splats(9)
    splats.means[0, 1], splats.dc[1, 0], splats.log_scales[2, 2], splats.logits[3] = np.nan, np.inf, np.inf, np.nan
    splats.rotations[4] = 0
    splats.logits[5], splats.log_scales[6] = np.inf, -np.inf  # opaque, and flat: both legal
    write_scene(splats, tmp_path / "a.ply")
    scene = read_scene(tmp_path / "a.ply")
    assert_same(scene.splats, splats.take(np.arange(5, 9)))
    assert scene.remarks == ("5 Gaussians that are not made of numbers left out",)
    splats.means[:] = np.nan
    write_scene(splats, tmp_path / "a.ply")
    with pytest.raises(DaubError, match="none of its Gaussians is made of numbers"):
        read_scene(tmp_path / "a.ply")


@pytest.mark.parametrize("degree", range(4))
def test_compressed_ply(degree, tmp_path):
    splats = some_splats(600, degree)
    write_scene(splats, tmp_path / "a.compressed.ply")
    scene = read_scene(tmp_path / "a.compressed.ply")
    assert scene.format == "compressed PLY"
    assert_close(
        scene.splats, splats.take(morton_order(splats.means)), means=1.01 * 2 / 1023 / 2, scales=8 / 1023 / 2,
        turn=3 * 2**0.5 / 1023 / 2, opacity=0.51 / 255, dc=2.2 * 0.51 / 255 / C0, sh=8 / 512 + 1e-6,
    )  # fmt: skip


def test_compressed_ply_without_limits_of_colours():
    """Then they are between 0 and 1; what the bytes of each Gaussian say stays the same."""
    head, table, words, _ = compressed_ply_writer.pieces(some_splats(256))
    for end, channel in itertools.product(("min", "max"), "rgb"):
        head = head.replace(f"property float {end}_{channel}\n".encode(), b"")
    plain, _ = compressed_ply.read(head + table[: 4 * 12] + words)
    levels = np.frombuffer(words, "<u4").reshape(-1, 4)[:, 3]
    wanted = np.stack([levels >> 24, levels >> 16 & 255, levels >> 8 & 255], axis=1) / 255
    np.testing.assert_allclose(plain.colour, wanted, atol=1e-6)


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("degree", range(5))
def test_spz(version, degree, tmp_path):
    splats = replace(some_splats(degree=degree), antialiased=True)
    write_scene(splats, tmp_path / "a.spz", spz_version=version)
    scene = read_scene(tmp_path / "a.spz")
    assert scene.format == "SPZ" and scene.splats.antialiased
    assert_close(
        scene.splats, splats, means=0.5001 / 4096, scales=0.501 / 16, turn=3 / 511 / 2**0.5 / 2, opacity=0.51 / 255,
        dc=0.51 / 255 / 0.15, sh=8.51 / 128,
    )  # fmt: skip


def test_spz_has_finer_steps_for_the_first_degree():
    splats = some_splats(degree=2)
    read, _ = spz.read(b"".join(spz.pieces(splats)))
    error = np.abs(read.sh - splats.sh).max(axis=(0, 2))
    assert error[:3].max() <= 4.51 / 128 < error[3:].max() <= 8.51 / 128


@pytest.mark.parametrize("version", [1, 2])
def test_old_spz(version):
    splats = some_splats(degree=2)
    read, _ = spz.read(old_spz_file(splats, version))
    # A rotation whose w is small says little of it: one step of the others moves it by much.
    assert_close(
        reflected(read, Y_UP), splats, means=5e-4 if version == 1 else 0.51 / 4096, scales=0.501 / 16, turn=0.12,
        opacity=0.51 / 255, dc=0.51 / 255 / 0.15, sh=0.51 / 128,
    )  # fmt: skip
    a, b = covariances(reflected(read, Y_UP)), covariances(splats)
    assert np.median(np.linalg.norm(a - b, axis=(1, 2)) / np.linalg.norm(b, axis=(1, 2))) < 0.05


def test_a_wide_scene_has_coarser_places_in_spz():
    splats = some_splats(width=20000)
    read, _ = spz.read(b"".join(spz.pieces(splats)))
    assert np.abs(read.means - splats.means).max() <= 0.51 / 512  # 10000 needs 14 bits, and 23 are there


def test_the_axes_that_an_extension_of_spz_names():
    splats = some_splats(40, degree=2)
    stored = b"".join(spz.pieces(splats))
    axes = b"\3\0\xbe\xad\4\0\0\0\6\0\0\0"  # SPZ_ADOBE_coordinate_system: x right, y down, z forward
    start = 32 + len(axes)
    extended = bytearray(stored[:32] + axes + stored[32:])
    extended[14] |= 2
    extended[16:20] = start.to_bytes(4, "little")
    turned, _ = spz.read(bytes(extended))
    plain, _ = spz.read(stored)
    np.testing.assert_array_equal(turned.means, plain.means * np.float32([1, -1, -1]))


def test_splat(tmp_path):
    splats = some_splats()
    (tmp_path / "a.splat").write_bytes(splat_file(splats))
    scene = read_scene(tmp_path / "a.splat")
    wanted = replace(splats, dc=(splats.colour.clip(0, 1) - np.float32(0.5)) / np.float32(C0))
    assert_close(scene.splats, wanted, means=0, scales=1e-6, turn=2 / 128, opacity=1.01 / 255, dc=1.01 / 255 / C0, sh=0)


@pytest.mark.parametrize("level", range(3))
@pytest.mark.parametrize("degree", range(3))
def test_ksplat(level, degree, tmp_path):
    splats = some_splats(333, degree)
    (tmp_path / "a.ksplat").write_bytes(ksplat_file(splats, level, sections=2))
    scene = read_scene(tmp_path / "a.ksplat")
    wanted = replace(splats, dc=(splats.colour.clip(0, 1) - np.float32(0.5)) / np.float32(C0))
    assert_close(
        scene.splats, wanted, means=0 if level == 0 else 2.5 / 32767, scales=1e-6 if level == 0 else 2e-3,
        turn=1e-6 if level == 0 else 2e-3, opacity=1.01 / 255, dc=1.01 / 255 / C0, sh=(1e-6, 1e-3, 1.01 / 127)[level],
    )  # fmt: skip


@pytest.mark.parametrize("degree", range(4))
def test_gltf(degree, tmp_path):
    splats = some_splats(degree=degree)
    write_scene(splats, tmp_path / "a.glb")
    scene = read_scene(tmp_path / "a.glb")
    assert_close(scene.splats, splats, means=0, scales=2e-6, turn=1e-6, opacity=1e-6, dc=0, sh=0)
    data = (tmp_path / "a.glb").read_bytes()
    length = int.from_bytes(data[12:16], "little")
    document = json.loads(data[20 : 20 + length])
    document["buffers"][0]["uri"] = "a.bin"
    (tmp_path / "a.bin").write_bytes(data[28 + length :])
    (tmp_path / "a.gltf").write_text(json.dumps(document))
    assert_same(read_scene(tmp_path / "a.gltf").splats, scene.splats)


def test_a_gltf_names_no_files_elsewhere(tmp_path):
    (tmp_path / "secret.bin").write_bytes(bytes(100))
    (tmp_path / "inner").mkdir()
    document = json.loads(b"".join(gltf_document()))
    document["buffers"][0]["uri"] = "../secret.bin"
    (tmp_path / "inner" / "a.gltf").write_text(json.dumps(document))
    with pytest.raises(DaubError, match="not beside it"):
        read_scene(tmp_path / "inner" / "a.gltf")


def gltf_document():
    from daub.codec.scenes.formats import gltf_writer

    return [gltf_writer.pieces(some_splats(3))[2]]


def test_a_mesh_is_no_scene():
    with pytest.raises(Exception, match="no Gaussians"):
        gltf.read(b'{"asset": {"version": "2.0"}, "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}]}')


@pytest.mark.parametrize("degree", [0, 1, 3])
def test_sog(degree, tmp_path):
    splats = replace(some_splats(1100, degree), antialiased=degree == 3)
    write_scene(splats, tmp_path / "a.sog")
    scene = read_scene(tmp_path / "a.sog")
    sorted_ = splats.take(morton_order(splats.means))
    assert scene.splats.antialiased == sorted_.antialiased and scene.format == "SOG"
    assert_close(
        scene.splats, sorted_, means=2 * 0.51 * np.log(4) / 65535, scales=0.15, turn=3 * 2**0.5 / 255 / 2,
        opacity=0.51 / 255, dc=0.1, sh=1,
    )  # fmt: skip
    assert np.sqrt(np.mean((scene.splats.log_scales - sorted_.log_scales) ** 2)) < 0.012  # of a deviation of 1
    assert np.sqrt(np.mean((scene.splats.dc - sorted_.dc) ** 2)) < 0.007  # of 0.6
    assert not degree or np.sqrt(np.mean((scene.splats.sh - sorted_.sh) ** 2)) < 0.1  # nearly an entry for each


def test_a_sog_that_is_written_again_is_the_same(tmp_path):
    """Its codebooks and its palette are found again."""
    write_scene(some_splats(1100, 1), tmp_path / "a.sog")
    once = read_scene(tmp_path / "a.sog").splats
    write_scene(once, tmp_path / "b.sog")
    twice = read_scene(tmp_path / "b.sog").splats
    once = once.take(morton_order(once.means))  # steps of places move some to other cells
    for name in ("log_scales", "dc", "sh"):
        np.testing.assert_allclose(getattr(twice, name), getattr(once, name), atol=1e-6)


def test_sog_as_a_folder(tmp_path):
    write_scene(some_splats(100, 1), tmp_path / "a.sog")
    with zipfile.ZipFile(tmp_path / "a.sog") as bundle:
        bundle.extractall(tmp_path / "folder")
    bundled = read_scene(tmp_path / "a.sog")
    for path in (tmp_path / "folder", tmp_path / "folder" / "meta.json"):
        scene = read_scene(path)
        assert_same(scene.splats, bundled.splats)
        assert scene.bytes == sum(file.stat().st_size for file in (tmp_path / "folder").iterdir())


@pytest.mark.parametrize("format_", WRITTEN, ids=lambda each: each.name)
def test_each_format_says_how_many_harmonics_it_writes(format_, tmp_path):
    path = tmp_path / f"a{format_.suffixes[0]}"
    assert format_to_write(path, format_.degree) is format_
    write_scene(some_splats(4, degree=format_.degree), path)
    assert read_scene(path).splats.degree == format_.degree
    for degree in range(format_.degree + 1, 5):
        with pytest.raises(DaubError, match=rf"holds harmonics up to degree {format_.degree}, give --degree"):
            format_to_write(path, degree)


def test_what_a_format_cannot_hold_is_refused(tmp_path):
    for name in ("a.sog", "a.glb", "a.compressed.ply"):
        with pytest.raises(DaubError, match="up to degree 3"):
            write_scene(some_splats(4, degree=4), tmp_path / name)
    for name in ("a.splat", "a.gltf", "a.png"):
        with pytest.raises(DaubError, match=r"give it a name in \.compressed\.ply, \.ply, \.spz, \.sog, \.glb"):
            write_scene(some_splats(4), tmp_path / name)


@pytest.mark.parametrize("name", ["a.ply", "a.compressed.ply", "a.spz", "a.sog", "a.glb"])
def test_infinite_numbers_become_what_a_format_can_say(name, tmp_path):
    splats = some_splats(8)
    splats.logits[:2], splats.log_scales[2] = (np.inf, -np.inf), (-np.inf, -3, -3)
    write_scene(splats, tmp_path / name)
    read = read_scene(tmp_path / name).splats
    assert len(read) == 8
    assert (read.opacity > 0.999).any() and (read.opacity < 0.001).any() and read.log_scales.min() <= -10


# Real files.


@pytest.fixture(scope="module")
def scenes(shared_data):
    folder = shared_data / "3d"
    if not folder.is_dir():
        pytest.skip(f"no scenes at {folder}")
    return folder


def test_one_scene_in_two_formats_and_two_kinds_of_axes(scenes):
    """SPZ with y up, and compressed PLY with y down."""
    up, down = (read_scene(scenes / name).splats for name in ("biker.spz", "biker.compressed.ply"))
    assert len(up) == len(down) == 152746
    assert np.abs(up.means - down.means).max() < 0.5 / 4096 + 3e-5
    np.testing.assert_array_equal(up.opacity, down.opacity)
    assert np.abs(up.dc - down.dc).max() < 0.51 / 255 / 0.15
    a, b = covariances(up), covariances(down)
    error = np.linalg.norm(a - b, axis=(1, 2)) / np.linalg.norm(b, axis=(1, 2))
    assert error.max() < np.exp(2 / 32) - 1 + 0.005  # half a step of a scale, and a little for the rotation


def test_real_scenes_hold_what_is_known_of_them(scenes):
    known = {
        "inria_sh3_9k.ply": ("PLY", 9080, 3), "guitar.ply": ("PLY", 90854, 0),
        "guitar.compressed.ply": ("compressed PLY", 90854, 0), "plant.splat": ("splat", 113648, 0),
        "playbot": ("SOG", 500000, 2), "playcanvas-logo": ("SOG", 307128, 0),
        "statues/narcissus.sog": ("SOG", 101275, 0), "format-fixtures/minimal.ksplat": ("ksplat", 4, 0),
        "format-fixtures/minimal.splat": ("splat", 4, 0), "format-fixtures/minimal-raw.spz": ("SPZ", 4, 0),
    }  # fmt: skip
    for name, expected in known.items():
        scene = read_scene(scenes / name)
        assert (scene.format, len(scene.splats), scene.splats.degree) == expected, name
        assert scene.remarks == ()
    plain, packed = (read_scene(scenes / name).splats for name in ("guitar.ply", "guitar.compressed.ply"))
    np.testing.assert_allclose(plain.means, packed.means, atol=1e-6)
    np.testing.assert_allclose(covariances(plain), covariances(packed), rtol=1e-3, atol=5e-9)


def test_the_smallest_files_of_every_version_agree(scenes):
    """Four Gaussians on the axes, of `splat-transform`."""
    folder = scenes / "format-fixtures"
    spz_ = [read_scene(folder / f"minimal-{each}.spz").splats for each in ("v2", "v3", "v4")]
    others = [read_scene(folder / f"minimal.{each}").splats for each in ("splat", "ksplat")]
    for splats in [*spz_, *others]:
        np.testing.assert_allclose(np.exp(splats.log_scales), 0.1, rtol=0.04)
    assert np.abs(others[0].dc - others[1].dc).max() == 0
    np.testing.assert_array_equal(others[0].means, others[1].means)
    np.testing.assert_array_equal(spz_[1].means, spz_[2].means)


def test_a_real_sog_written_anew_has_its_size_and_its_numbers(scenes):
    """What the writer of PlayCanvas had made of it."""
    scene = read_scene(scenes / "playbot/5_0")
    data = b"".join(sog_writer.pieces(scene.splats))
    assert len(data) < 1.01 * scene.bytes
    read, _ = sog.read(data)
    wanted = scene.splats.take(morton_order(scene.splats.means))
    # Where two components of a rotation are equally large, the other may be left out.
    assert_close(read, wanted, means=1e-5, scales=1e-5, turn=3 * 2**0.5 / 255 / 2, opacity=1e-6, dc=1e-5, sh=1e-5)


def test_harmonics_of_a_real_scene_in_each_format(scenes, tmp_path):
    """Some are beyond 1, where SPZ ends."""
    splats = read_scene(scenes / "playbot/4_0").splats
    assert splats.degree == 2 and np.abs(splats.sh).max() > 1.5
    for name, error in (("a.ply", 0), ("a.glb", 0), ("a.spz", 8.51 / 128)):
        write_scene(splats, tmp_path / name)
        read = read_scene(tmp_path / name).splats
        wanted = splats.sh.clip(-1, 127 / 128) if name == "a.spz" else splats.sh
        assert np.abs(read.sh - wanted).max() <= error, name


@pytest.mark.parametrize(
    "name", ["inria_sh3_9k.ply", "guitar.compressed.ply", "biker.spz", "playbot/4_0", "statues/angel.sog",
             "format-fixtures/minimal-v2.spz", "format-fixtures/minimal-v3.spz"]
)  # fmt: skip
def test_another_reader_sees_the_same(scenes, name, tmp_path):
    gsply = pytest.importorskip("gsply")
    path = scenes / name
    if path.is_dir():
        with zipfile.ZipFile(tmp_path / "a.sog", "w") as bundle:
            for file in path.iterdir():
                bundle.write(file, file.name)
        path = tmp_path / "a.sog"
    readers = {".ply": gsply.plyread, ".spz": gsply.read_spz, ".sog": gsply.sogread}
    assert_seen_alike(readers[path.suffix](str(path)), read_scene(path).splats, path.suffix)


@pytest.mark.parametrize("name", ["a.ply", "a.compressed.ply", "a.spz", "a.sog"])
@pytest.mark.parametrize("degree", [0, 3])
def test_another_reader_sees_what_is_written(name, degree, tmp_path):
    gsply = pytest.importorskip("gsply")
    pytest.importorskip("zstandard")
    write_scene(some_splats(600, degree), tmp_path / name)
    readers = {".ply": gsply.plyread, ".spz": gsply.read_spz, ".sog": gsply.sogread}
    path = tmp_path / name
    assert_seen_alike(readers[path.suffix](str(path)), read_scene(path).splats, path.suffix)


def assert_seen_alike(theirs, ours: Splats, suffix: str):
    """gsply leaves the axes of an .spz as they are, and the harmonics then have other signs."""
    signs = np.float32([1, -1, -1]) if suffix == ".spz" else np.ones(3, np.float32)
    np.testing.assert_allclose(theirs.means * signs, ours.means, atol=1e-6)
    np.testing.assert_allclose(theirs.scales, ours.log_scales, atol=2e-6)
    turns = ours.rotations / np.linalg.norm(ours.rotations, axis=1, keepdims=True)
    quats = theirs.quats / np.linalg.norm(theirs.quats, axis=1, keepdims=True) * np.r_[1, 1, signs[1:]]
    np.testing.assert_allclose(np.abs((turns * quats).sum(axis=1)), 1, atol=1e-5)
    np.testing.assert_allclose(1 / (1 + np.exp(-theirs.opacities.reshape(-1))), ours.opacity, atol=3e-4)
    np.testing.assert_allclose(theirs.sh0.reshape(-1, 3), ours.dc, atol=2e-6)
    if ours.degree:
        np.testing.assert_allclose(np.abs(theirs.shN.reshape(ours.sh.shape)), np.abs(ours.sh), atol=2e-6)
