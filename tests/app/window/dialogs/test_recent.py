"""What recent files are called."""

from __future__ import annotations

from daub.app.window.dialogs.recent import texts


def test_files_of_one_name_are_told_apart_and_long_names_are_short():
    assert texts(["/a/one.png", "/b/one.png", "/b/two.png"]) == ["one.png, in a", "one.png, in b", "two.png"]
    (text,) = texts(["/a/" + 60 * "x" + ".png"])
    assert len(text) == 44 and text.endswith("x.png") and "…" in text
    assert texts(["/one.png", "/b/one.png"])[0] == "one.png, in /"
