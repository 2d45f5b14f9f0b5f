"""What stands in a project, section by section: each knows how to write its part of it, and how to bring it back.

    window's thread                     a thread beside                      window's thread
    Section.gather ---- Write --------> writes entries, gives JSON
                                        Section.read ------- Restored -----> begin ... the picture is open ... finish

A section that a later Daub adds is one more of these, in `project.sections_of`: nothing else has to know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from daub.app.model.project.fields import Fields

if TYPE_CHECKING:
    from daub.app.model.editing.population import Population
    from daub.app.model.picture.picture import PictureKey
    from daub.app.model.project.archive import ArchiveReader, ArchiveWriter
    from daub.app.model.project.copies import Copies
    from daub.app.model.project.source_files import Found


@dataclass
class Writing:
    """A project that is being written, on a thread beside the window.

    Args:
        archive: takes the entries.
        folder: that the project will lie in: paths are relative to it where that is possible.
        embeds: up to so many bytes of a source are put into it; what is in no file of the person's own always is.
        embedded, linked, changed: names of the sources that are in it, that are named by their paths alone, and that
            are others by now than those that were opened, as they are found.
    """

    archive: ArchiveWriter
    folder: Path
    embeds: int
    embedded: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """A project that is being read, on a thread beside the window.

    Args:
        archive: has the entries.
        path: of the project.
        copies: takes copies of files that only the project holds.
        located: paths of sources that a person has shown, by their keys in the project.
        lost: what cannot be had of it, a line each.
        pictures: of the sources as they are now, by their keys in the project.
        found: what has become of each source, likewise.
        methods: paths of the files of methods as they are now, by those that they had.
        keys: of rows, by those in the project; known once the rows are there.
        data: files of results, by the tickets that they have got.
        edits: populations of edited rows, by their keys in the project.
        open_file, shown: keys in the project, "" for none: of what was open, and of the result that was shown of it.
    """

    archive: ArchiveReader
    path: Path
    copies: Copies
    located: Mapping[str, Path]
    lost: list[str] = field(default_factory=list)
    pictures: dict[str, PictureKey] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)
    edits: dict[str, Population] = field(default_factory=dict)
    open_file: str = ""
    shown: str = ""


Write = Callable[[Writing], dict[str, Any]]  # called beside the window; gives what JSON can hold


@dataclass(frozen=True)
class Restored:
    """What brings a section back, on the window's thread.

    Args:
        begin: before anything is open.
        finish: when the picture is.
    """

    begin: Callable[[], None] = lambda: None
    finish: Callable[[], None] = lambda: None


class Section(Protocol):
    """See above.

    Attributes:
        name: of its part in project.json.
        counts: a change of it is a change of the work, which a person is asked about; otherwise it is merely kept.
    """

    name: str
    counts: bool

    def state(self) -> Hashable:
        """Equal while there is nothing new to keep. On the window's thread, and quick."""

    def gather(self) -> Write:
        """Takes note of all that is to be written; quick, as well."""

    def read(self, fields: Fields, reading: Reading) -> Restored:
        """Reads its part, beside the window; what is missing in it is as usual.

        Raises:
            DaubError: nothing of it can be had.
        """
