"""The log: what is told, with times, and as text."""

from __future__ import annotations

import time

import PIL.Image
from PIL.ExifTags import Base

from daub.app.model.output.log import Kind, Log
from daub.app.model.picture.origin import FileOrigin
from daub.codec.goal import Goal


def test_entries_have_times_kinds_and_commands():
    log, told = Log(lambda: time.mktime((2026, 3, 1, 14, 5, 9, 0, 0, -1))), []
    log.told.connect(told.append)
    log.notice("saved it")
    log.error("x.png cannot be read, it ends early, get it again", "Traceback\n  line 3")
    log.done("Finished a.png", "daub encode a.png a.daub")
    assert [entry.kind for entry in log] == [Kind.NOTICE, Kind.ERROR, Kind.DONE] and told == list(log)
    assert log.text.splitlines() == [
        "14:05:09  Saved it",
        "14:05:09  Error: x.png cannot be read, it ends early, get it again",
        "          Traceback",
        "            line 3",
        "14:05:09  Finished a.png",
        "          daub encode a.png a.daub",
    ]


def test_it_does_not_grow_for_ever():
    log = Log()
    for number in range(2100):
        log.notice(f"{number}")
    assert len(log) == 2000 and list(log)[-1].line == "2099"


def test_notices_failures_and_results_of_a_workspace_are_in_it(desk, photo, tmp_path):
    desk.open(photo)
    encoded = desk.finish()
    desk.workspace.open(FileOrigin(tmp_path / "missing.png"))
    desk.until(lambda: desk.heard["failed"])
    desk.exports.daub(tmp_path / "out.daub")
    desk.until(lambda: desk.heard["noticed"])
    entries = list(desk.bench.log)
    assert [entry.kind for entry in entries] == [Kind.DONE, Kind.ERROR, Kind.NOTICE]
    assert f"Finished photo.png: {len(encoded.data):,} bytes" in entries[0].line
    assert entries[0].command.startswith(f"daub encode {photo} ")
    assert "missing.png" in entries[1].line and "Saved out.daub" in entries[2].line
    desk.workspace.results.measured(desk.state.ticket, ms_ssim=0.5)
    assert len(desk.bench.log) == 3, "figures that come later are no news"


def test_what_a_file_leaves_out_of_what_its_photo_says_is_told(desk, tmp_path):
    exif = PIL.Image.Exif()
    exif[Base.Copyright] = "a person"
    PIL.Image.new("RGB", (32, 24), (90, 120, 30)).save(tmp_path / "photo.jpg", exif=exif)
    desk.workspace.change(goal=Goal("bytes", 300), steps=20)
    desk.open(tmp_path / "photo.jpg")
    desk.finish()
    assert not desk.encoder.metadata[-1]
    (notice,) = (entry for entry in desk.bench.log if entry.kind is Kind.NOTICE)
    assert notice.line.startswith("photo.jpg: its metadata are left out: ") and notice.line.endswith(" of 300")
