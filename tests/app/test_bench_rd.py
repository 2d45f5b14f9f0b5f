"""`bench rd` on rows whose answers are known, and what it takes from earlier measurements."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PIL import Image

from app import bench_rd
from app.bench_rd import RdRow
from codec.errors import DaubError
from codec.peers import peer


def row(codec: str, setting: float, bpp: float, psnr: float, image: str = "a.png") -> RdRow:
    return RdRow(codec, image, setting, round(bpp * 48), bpp, psnr, 0.9, 1.5, 0.001)


def ours() -> list[RdRow]:
    return [row("Daub", i, 2**i / 10, 26.0 + 3 * i) for i in range(4)]


def test_a_csv_reads_back_as_it_was(tmp_path):
    rows = [*ours(), replace(row("JPEG 2000", 37.5, 1 / 3, math.inf), image='odd, "name".png')]
    bench_rd.write_csv(rows, tmp_path / "rd.csv")
    assert bench_rd.read_csv(tmp_path / "rd.csv") == rows


@pytest.mark.parametrize(
    "change, why",
    [
        (lambda text: "", "first line"), (lambda text: text.replace(b"psnr", b"snr"), "first line"),
        (lambda text: text.splitlines()[0], "no measurements"), (lambda text: text + b"Daub,a.png,1", "line 6"),
        (lambda text: text.replace(b"1.5", b"fast"), "line 2"), (lambda text: text + b"\xff", "plain text"),
        (lambda text: text.replace(b"1.5", b"1.5,1.5"), "line 2"),
    ],
)  # fmt: skip
def test_a_bad_csv_is_refused_in_one_line(tmp_path, change, why):
    file = tmp_path / "rd.csv"
    bench_rd.write_csv(ours(), file)
    changed = change(file.read_bytes())
    file.write_bytes(changed or b"")
    with pytest.raises(DaubError, match=why) as refusal:
        bench_rd.read_csv(file)
    assert str(refusal.value).startswith(f"cannot reuse {file}, ") and "bench rd --csv" in str(refusal.value)
    with pytest.raises(DaubError, match="no such file"):
        bench_rd.read_csv(tmp_path / "none.csv")


@pytest.fixture
def folder(tmp_path):
    Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(tmp_path / "a.png")
    return str(tmp_path)


def test_earlier_rows_stand_in_for_measuring(folder):
    sweep = peer("JPEG").sweep
    # The last setting is missing; another codec and another image are of no use.
    earlier = [row("JPEG", setting, 8 * 50 / 384, 99.0) for setting in sweep[:-1]]
    earlier = [replace(one, bytes=50) for one in earlier]
    useless = [row("WebP", 1, 1, 99.0), row("Daub", 20000, 1, 99.0), row("JPEG", sweep[-1], 1, 99.0, "b.png")]
    done = bench_rd.bench_rd(folder, [20000], 2, ["JPEG"], [*earlier, *useless])
    assert done[1:-1] == earlier
    assert [one.codec for one in done] == ["Daub", *["JPEG"] * len(sweep)]
    assert done[0].psnr < 99 and done[-1].psnr < 99 and done[-1].setting == sweep[-1]
    assert f"{len(sweep) - 1} of {len(sweep) + 1} files were measured earlier" in bench_rd.rd_text(done, earlier)
    assert bench_rd.rd_json(done, earlier)["reused_rows"] == len(sweep) - 1

    with pytest.raises(DaubError, match="another size"):
        bench_rd.bench_rd(folder, [20000], 2, ["JPEG"], [replace(one, bytes=51) for one in earlier])
    with pytest.raises(DaubError, match="none is of these images and codecs"):
        bench_rd.bench_rd(folder, [20000], 2, ["JPEG"], useless)
