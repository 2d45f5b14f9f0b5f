"""Files of every format, damaged in every way that chance finds: one line of `DaubError`, or a scene.

DAUB_DAMAGED_FILES says how many of each format there are; 500 take half a minute.
"""

from __future__ import annotations

import base64
import copy
import io
import json
import os
import struct
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from gaussian_scenes import ksplat_file, some_splats, splat_file

from daub.codec.errors import DaubError
from daub.codec.scenes.cameras.beside import read_cameras
from daub.codec.scenes.formats import compressed_ply_writer, gltf_writer, ply, sog_writer, spz
from daub.codec.scenes.formats.sog import META
from daub.codec.scenes.scene_files import read_scene

pytestmark = pytest.mark.filterwarnings("error")  # which a person would see on the terminal

FILES = int(os.environ.get("DAUB_DAMAGED_FILES", "120"))  # of each format
MEMORY = 64 << 20  # bytes, of which the largest of these files has a thousandth
SECONDS = 20  # of a file, on a machine that does much else; usual is a hundredth of one


def _joined(pieces) -> bytes:
    return b"".join(pieces)


def whole_files() -> dict[str, bytes]:
    """One file of each kind, small, by name."""
    splats = some_splats(90, degree=1)
    return {
        "inria.ply": _joined(ply.pieces(splats)),
        "packed.ply": _joined(compressed_ply_writer.pieces(some_splats(300, degree=1))),
        "v3.spz": _joined(spz.pieces(splats, 3)),
        "v4.spz": _joined(spz.pieces(splats)),
        "raw.spz": zlib.decompress(_joined(spz.pieces(splats, 3)), wbits=31),
        "bundle.sog": _joined(sog_writer.pieces(splats)),
        "cloud.glb": _joined(gltf_writer.pieces(splats)),
        "cloud.splat": splat_file(splats),
        "level0.ksplat": ksplat_file(splats, 0, sections=2),
        "level2.ksplat": ksplat_file(splats, 2, sections=2),
    }


WHOLE = whole_files()


def damaged(data: bytes, rng: np.random.Generator) -> bytes:
    """Bytes changed, cut off, inserted, repeated, or numbers made extreme; most often near the beginning."""
    data = bytearray(data)
    for _ in range(rng.integers(1, 4)):
        near = min(len(data), 2000) if rng.random() < 0.7 else len(data)
        at = int(rng.integers(max(1, near)))
        match rng.integers(7):
            case 0:
                data[at : at + 1] = bytes([rng.integers(256)])
            case 1:
                del data[at:]
            case 2:
                data[at:at] = rng.bytes(int(rng.integers(1, 20)))
            case 3:
                del data[at : at + int(rng.integers(1, 20))]
            case 4:
                extreme = int(rng.choice([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FC00000, 0x7F800000]))
                data[at : at + 4] = struct.pack("<I", extreme)
            case 5:
                data[at:at] = data[at : at + int(rng.integers(1, 200))]
            case 6:  # a digit of a header or of JSON
                digits = [place for place in range(min(len(data), 4000)) if 48 <= data[place] <= 57]
                if digits:
                    data[digits[rng.integers(len(digits))]] = int(rng.integers(45, 58))
    return bytes(data)


@pytest.mark.parametrize("name", WHOLE)
def test_damage_of_any_kind_is_one_line_or_a_scene(name, tmp_path):
    rng = np.random.default_rng(19)
    path = tmp_path / name
    refused = 0
    for number in range(FILES):
        data = _rezipped(WHOLE[name], rng) if name == "bundle.sog" and number % 2 else damaged(WHOLE[name], rng)
        path.write_bytes(data)
        refused += _opened(path, number)
    assert refused >= FILES // 8  # or nothing was damaged at all


def _opened(path: Path, number: int) -> int:
    """1 where it was refused."""
    begin = time.monotonic()
    tracemalloc.start()
    try:
        scene = read_scene(path)
        return _check(scene.splats)
    except DaubError as error:
        assert str(error).startswith("cannot open ") and "\n" not in str(error)
        return 1
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MEMORY, f"file {number} took {peak:,} bytes"
        assert time.monotonic() - begin < SECONDS, f"file {number}"


def _check(splats) -> int:
    assert np.isfinite(splats.means).all() and np.isfinite(splats.dc).all() and np.isfinite(splats.sh).all()
    assert not np.isnan(splats.log_scales).any() and not np.isnan(splats.logits).any()
    assert len(splats) > 0
    return 0


def _rezipped(data: bytes, rng: np.random.Generator) -> bytes:
    """The bundle with one entry damaged, so that the zip itself is whole: meta.json as often as all others."""
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        entries = {name: bundle.read(name) for name in bundle.namelist()}
    name = META if rng.random() < 0.5 else str(rng.choice(list(entries)))
    entries[name] = damaged(entries[name], rng)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for each, content in entries.items():
            bundle.writestr(each, content)
    return buffer.getvalue()


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_ends_too_early_is_refused(name, tmp_path):
    data = WHOLE[name]
    path = tmp_path / name
    for end in np.unique(np.linspace(0, len(data) - 1, 12).astype(int)):
        if name.endswith(".splat") and end % 32 == 0 and end:
            continue  # that many Gaussians
        path.write_bytes(data[:end])
        with pytest.raises(DaubError, match="cannot open"):
            read_scene(path)


# Files that promise much more than they have.


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(DaubError) as error:
            read_scene(path)
        return str(error.value)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 16 << 20, f"{peak:,} bytes"


@pytest.mark.parametrize("count", [91, 10**6, 10**9, 10**18, 10**30])
def test_a_ply_of_many_rows_that_are_not_there(count, tmp_path):
    data = WHOLE["inria.ply"].replace(b"element vertex 90", b"element vertex %d" % count)
    assert str(count) in refusal(tmp_path / "a.ply", data).replace(",", "")


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("count", [0, 10**5, 10**8, 2**32 - 1])
def test_an_spz_of_many_gaussians(version, count, tmp_path):
    data = bytearray(zlib.decompress(WHOLE["v3.spz"], wbits=31) if version == 3 else WHOLE["v4.spz"])
    data[8:12] = struct.pack("<I", count)
    if version == 3:
        data = zlib.compress(bytes(data), wbits=31)
    refusal(tmp_path / "a.spz", bytes(data))


def test_a_gzip_that_unpacks_to_much_more_than_it_says(tmp_path):
    data = zlib.decompress(WHOLE["v3.spz"], wbits=31) + bytes(200 << 20)
    (tmp_path / "a.spz").write_bytes(zlib.compress(data, wbits=31))
    del data
    tracemalloc.start()
    scene = read_scene(tmp_path / "a.spz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(scene.splats) == 90 and peak < 4 << 20


def test_a_stream_of_zstd_that_unpacks_to_more_than_its_plane(tmp_path):
    import imagecodecs

    data = WHOLE["v4.spz"]
    sizes = struct.unpack_from("<12Q", data, 32)
    stream = bytes(imagecodecs.zstd_encode(bytes(100 << 20)))
    table = struct.pack("<12Q", len(stream), *sizes[1:])
    assert "cannot be decompressed" in refusal(
        tmp_path / "a.spz", data[:32] + table + stream + data[32 + 96 + sizes[0] :]
    )


def _bundle(path: Path, **changes) -> bytes:
    """The bundle with other entries: bytes by name, or changes of meta.json."""
    with zipfile.ZipFile(io.BytesIO(WHOLE["bundle.sog"])) as bundle:
        entries = {name: bundle.read(name) for name in bundle.namelist()}
    meta = json.loads(entries[META])
    for key, value in changes.items():
        if isinstance(value, bytes):
            entries[key.replace("_webp", ".webp")] = value
        else:
            meta[key] = value
    entries[META] = json.dumps(meta).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in entries.items():
            bundle.writestr(name, content)
    return buffer.getvalue()


def test_a_sog_whose_meta_lies(tmp_path):
    path = tmp_path / "a.sog"
    assert "has only" in refusal(path, _bundle(path, count=10**7))
    assert "fewer texels" in refusal(path, _bundle(path, count=5000))
    short = {"codebook": [0.0] * 10, "files": ["scales.webp"]}
    assert "codebook of scales has 10 entries" in refusal(path, _bundle(path, scales=short))
    elsewhere = {"codebook": [0.0] * 256, "files": ["../../scales.webp"]}
    assert "names no file" in refusal(path, _bundle(path, scales=elsewhere))
    assert "version 3" in refusal(path, _bundle(path, version=3))
    assert "no numbers" in refusal(path, _bundle(path, scales={"codebook": [1e999] * 256, "files": ["scales.webp"]}))


def test_a_picture_of_a_sog_that_is_far_too_large(tmp_path):
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGBA", (8000, 8000)).save(buffer, "WEBP", lossless=True)
    path = tmp_path / "a.sog"
    assert "far too many" in refusal(path, _bundle(path, quats_webp=buffer.getvalue()))


# A streamed SOG, whose tree may say anything.


def streamed(folder: Path, **changes) -> Path:
    """Two SOGs of 60 and 30 Gaussians, and a tree of two leaves at two levels."""
    for name, count in (("fine", 60), ("coarse", 30)):
        with zipfile.ZipFile(io.BytesIO(_joined(sog_writer.pieces(some_splats(count, degree=1))))) as bundle:
            bundle.extractall(folder / name)
    leaves = [
        {"lods": {"0": {"file": 0, "offset": 25 * half, "count": 25}, "1": {"file": 1, "offset": 5 * half, "count": 5}}}
        for half in range(2)
    ]
    content = {"filenames": ["fine/meta.json", "coarse/meta.json"], "tree": {"children": leaves}, **changes}
    (folder / "lod-meta.json").write_text(json.dumps(content))
    return folder / "lod-meta.json"


def test_a_streamed_sog_is_read_at_its_finest_level(tmp_path):
    path = streamed(tmp_path, environment="coarse/meta.json")
    scene = read_scene(path)
    fine, coarse = (read_scene(tmp_path / name).splats for name in ("fine", "coarse"))
    np.testing.assert_array_equal(scene.splats.means, np.concatenate([fine.means[:50], coarse.means]))
    assert scene.bytes == sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
    assert len(read_scene(tmp_path).splats) == 80


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"filenames": ["../fine/meta.json"] * 2}, "names no file below it"),
        ({"filenames": ["/etc/meta.json"] * 2}, "names no file below it"),
        ({"filenames": []}, "names a file that is not there"),
        ({"filenames": None}, "names no files"),
        ({"tree": {"lods": {"0": {"file": 0, "offset": 59, "count": 2}}}}, "beyond the end of a file"),
        ({"tree": {"children": [{"lods": {"0": {"file": 0, "offset": 0, "count": 60}}}] * 9}}, "some Gaussians twice"),
        ({"tree": {"lods": {"0": {"file": 0, "offset": -1, "count": 2}}}}, "lacks the place of a part"),
        ({"tree": {"lods": {"0": 7}}}, "lacks the place of a part"),
        ({"tree": 3}, "there is no Gaussian in it"),
    ],
)
def test_a_streamed_sog_that_lies(changes, words, tmp_path):
    with pytest.raises(DaubError, match=words):
        read_scene(streamed(tmp_path, **changes))


# JSON that is whole, and says something else than expected.

_VALUES = (None, -1, 0, 10**20, 3.5, float("inf"), float("nan"), "x", "\0", True, [], {}, [[[]]])


def changed(content, rng: np.random.Generator):
    """The same with one or two values, of any depth, replaced by any other."""
    content = json.loads(json.dumps(content))
    for _ in range(rng.integers(1, 3)):
        holder, key, value = None, None, content
        while isinstance(value, dict | list) and value and rng.random() < 0.85:
            keys = list(value) if isinstance(value, dict) else range(len(value))
            holder, key = value, keys[rng.integers(len(keys))]
            value = holder[key]
        if holder is not None:
            holder[key] = copy.deepcopy(_VALUES[rng.integers(len(_VALUES))])
    return content


def gltf_of_json() -> dict:
    _, _, text, _, binary = gltf_writer.pieces(some_splats(20, degree=1))
    document = json.loads(text)
    document["buffers"][0]["uri"] = f"data:application/octet-stream;base64,{base64.b64encode(binary).decode()}"
    return document


def of_whole_json(kind: str, folder: Path) -> tuple[Path, dict]:
    """Where a scene lies, and the JSON of it."""
    if kind == "gltf":
        return folder / "a.gltf", gltf_of_json()
    path = streamed(folder)
    path = path if kind == "levels" else folder / "fine" / META
    return path, json.loads(path.read_text())


@pytest.mark.parametrize("kind", ["gltf", "sog", "levels"])
def test_json_that_says_anything_is_one_line_or_a_scene(kind, tmp_path):
    path, content = of_whole_json(kind, tmp_path)
    rng = np.random.default_rng(20)
    refused = 0
    for number in range(FILES):
        path.write_text(json.dumps(changed(content, rng)))
        refused += _opened(path, number)
    assert refused >= FILES // 8


def test_cameras_that_say_anything_are_one_line_or_cameras(tmp_path):
    one = np.eye(3).tolist()
    lists = (
        {"w": 64, "h": 48, "fl_x": 50, "k1": 0, "frames": [{"file_path": "a", "transform_matrix": np.eye(4).tolist()}]},
        [{"img_name": "a", "width": 64, "height": 48, "fx": 5, "fy": 5, "position": [0, 0, 1], "rotation": one}],
        {"cameras": [{"K": (np.eye(3) * 50).tolist(), "R": one, "t": [0, 0, 1], "width": 64, "height": 64}]},
    )
    rng = np.random.default_rng(21)
    refused = 0
    for number in range(4 * FILES):
        (tmp_path / "cameras.json").write_text(json.dumps(changed(lists[number % 3], rng)))
        try:
            assert len(read_cameras(tmp_path)) == 1
        except DaubError as error:
            refused += 1
            assert "\n" not in str(error)
    assert refused >= FILES
