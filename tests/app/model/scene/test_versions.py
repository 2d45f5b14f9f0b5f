"""Which versions of a scene there are, and which two are compared."""

from __future__ import annotations

from random_splats import scene

from daub.app.model.scene.version import ORIGINAL, Version
from daub.app.model.scene.versions import Versions
from daub.render.splats.cpu.scene import CpuScene

DRAWN = CpuScene(scene(n=3))


def version(key: str) -> Version:
    return Version(key, key, "PLY", 1000, 0, DRAWN)


def on_sides(versions: Versions) -> list[str | None]:
    return [None if (on := versions.on(side)) is None else on.key for side in "ab"]


def test_the_original_is_alone_until_there_is_another():
    versions = Versions()
    assert on_sides(versions) == [None, None]
    versions.start_anew(version(ORIGINAL))
    assert on_sides(versions) == [None, ORIGINAL] and not versions.compares
    versions.add(version("one"))
    assert on_sides(versions) == [ORIGINAL, "one"] and versions.compares
    versions.add(version("two"))
    assert on_sides(versions) == [ORIGINAL, "two"]
    versions.put("one", "a")
    assert on_sides(versions) == ["one", "two"]
    versions.put("one", "b")
    assert on_sides(versions) == ["two", "one"]
    versions.swap()
    assert on_sides(versions) == ["one", "two"]


def test_what_is_removed_leaves_its_side_to_the_original():
    versions = Versions()
    versions.start_anew(version(ORIGINAL))
    versions.add(version("one"))
    versions.remove(ORIGINAL)
    assert on_sides(versions) == [ORIGINAL, "one"]
    versions.remove("one")
    assert on_sides(versions) == [None, ORIGINAL] and len(versions.rows) == 1


def test_one_goes_through_them_on_b():
    versions = Versions()
    versions.start_anew(version(ORIGINAL))
    versions.step(1)
    assert on_sides(versions) == [None, ORIGINAL]
    for key in ("one", "two"):
        versions.add(version(key))
    versions.step(1)
    assert on_sides(versions) == [ORIGINAL, "one"]
    versions.step(-1)
    assert on_sides(versions) == [ORIGINAL, "two"]
