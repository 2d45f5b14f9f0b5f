"""Batches of files that lie in stores and on servers, by their URLs."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from batch_in_process import encoded, states
from batch_of_photos import photos
from PIL import Image

from daub.app.batch import places, run
from daub.app.batch.journal import Journal
from daub.app.batch.report import write_report
from daub.codec.errors import DaubError

pytestmark = pytest.mark.usefixtures("here")


def test_files_by_url_go_through_fsspec(tmp_path):
    pytest.importorskip("fsspec")
    source, out = photos(tmp_path / "in", 3), f"file://{tmp_path}/out"
    (source / "bad.png").write_bytes(b"nonsense")
    first = encoded(f"file://{source}", out)
    assert states(first) == {"0.daub": "done", "2.daub": "done", "sub/1.daub": "done", "bad.daub": "failed"}
    assert first.rows[-2].why.startswith(f"cannot open file://{source}/bad.png, ")
    assert sorted(states(encoded(f"file://{source}/**/[0-9].png", out)).values()) == ["done before"] * 3
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {name for name in names if name.endswith(".daub")} == {"0.daub", "2.daub", "sub/1.daub"}
    assert len(names) == 4  # and one object of the journal: nothing is left of uploads
    assert encoded(source, tmp_path / "plain").rows[0].figures["bytes"] == first.rows[0].figures["bytes"]


def test_a_store_that_nobody_knows_is_one_line(tmp_path):
    pytest.importorskip("fsspec")
    with pytest.raises(DaubError, match=r"cannot look at nosuch://bucket/a\.png"):
        encoded("nosuch://bucket/a.png", tmp_path)


@pytest.fixture
def web(tmp_path, monkeypatch):
    """Files below tmp_path as https://host/..., whatever their signature, where `tag` is what tells them apart."""
    pytest.importorskip("fsspec")
    from fsspec.implementations.local import LocalFileSystem

    class Web(LocalFileSystem):
        protocol, tag = "https", "7"

        @classmethod
        def _strip_protocol(cls, path):
            if "denied" in path:
                raise PermissionError(f"403, url='https://host/{path.rpartition('/')[2]}&more'")
            return str(tmp_path / path.partition("?")[0].rpartition("/")[2]) if "://" in path else path

        def info(self, path, **_):
            return {"name": path, "size": Path(path).stat().st_size, "type": "file", "ETag": self.tag}

    monkeypatch.setitem(importlib.import_module("fsspec.registry")._registry, "https", Web)
    return Web


def test_signatures_and_passwords_are_told_nowhere_and_another_one_changes_nothing(tmp_path, web):
    photos(tmp_path, 1)
    out = tmp_path / "out"

    def batch(signature: str) -> run.Outcome:
        names = (f"https://me:pw@host/{name}.png?{signature}\n" for name in ("0", "denied"))
        (tmp_path / "list").write_text("".join(names))
        return encoded(f"@{tmp_path}/list", out)

    first = batch("secret=1")
    assert [(row.file, str(row.state)) for row in first.rows] == [
        ("https://host/0.png", "done"), ("https://host/denied.png", "failed"),
    ]  # fmt: skip
    assert "403" in first.rows[1].why
    write_report(tmp_path / "report.json", first)
    for text in ((out / "daub-batch.jsonl").read_text(), (tmp_path / "report.json").read_text()):
        assert "https://host/0.png" in text and "secret" not in text and "pw@" not in text
    assert str(batch("secret=2").rows[0].state) == "done before"


def test_urls_that_differ_in_their_query_alone_are_told_apart_by_their_content(tmp_path, web):
    web.tag = ""  # a server that says nothing but the size
    photos(tmp_path, 1)
    (tmp_path / "list").write_text("https://host/0.png?id=1\n")
    encoded(f"@{tmp_path}/list", tmp_path / "out")
    content = bytearray((tmp_path / "0.png").read_bytes())
    Image.new("RGB", (40, 30), "red").save(tmp_path / "0.png")
    shorter = (tmp_path / "0.png").read_bytes()
    (tmp_path / "0.png").write_bytes(shorter + bytes(len(content) - len(shorter)))  # as many bytes
    (tmp_path / "list").write_text("https://host/0.png?id=2\n")
    assert states(encoded(f"@{tmp_path}/list", tmp_path / "out")) == {"0.daub": "done"}


def test_a_journal_that_cannot_be_read_is_told_rather_than_begun_anew(tmp_path, monkeypatch):
    pytest.importorskip("fsspec")

    def refuse(_):
        raise DaubError("cannot look for it", "503", "wait")

    monkeypatch.setattr(places, "matching", refuse)
    with pytest.raises(DaubError, match="503"):
        Journal(f"file://{tmp_path}")
