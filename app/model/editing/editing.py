"""What a hand does to the Gaussians on side B: it begins an edit where there is none, and everything can be undone.

commands, tools, panels --- select, apply, move ---> Editing --- BeginEdit, Edit ---> History of the workspace
                                                       |
                                                       +--- Session, one for each row that is edited ---> Sources
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

import numpy as np

from daub.app.model.editing.change import Change
from daub.app.model.editing.drawn import Drawn
from daub.app.model.editing.operations import BeginEdit, Edit
from daub.app.model.editing.population import Population
from daub.app.model.editing.session import Around, Origin, Session
from daub.app.model.fit.device import open_device
from daub.app.model.gaussians.file_bits import FilesBits
from daub.app.model.picture.picture import PictureKey, has_other_stages, has_restoration
from daub.app.model.sources.sides import CompareSource
from daub.app.model.sources.sources import Sources
from daub.app.model.work.failure import failure_of_work
from daub.app.model.work.signal import Signal
from daub.app.model.workspace.workspace import Workspace
from daub.codec.editing.drawing import Drawing, inherited
from daub.codec.editing.properties import energy
from daub.codec.editing.selection import Mode, by_shape
from daub.codec.editing.shapes import Shape
from daub.codec.errors import DaubError
from daub.render.devices import Failover

_RESTORED = "Edited as rendered, without the restoration of its file; the edited file has one where that pays"
_TRANSPARENT = "The colours are edited; the transparency goes along with crops, flips, turns and sizes alone"
_REMEMBERED = 4  # selections whose shapes are: their pixels may be as many as the canvas has


class Editing:
    """See above.

    Args:
        workspace: its history keeps what is done.
        sources: what is on side B is edited.
        files_bits: know what each Gaussian of a file has cost.

    Attributes:
        hides_marks: nothing lies over what is selected, as somebody tries colours.
    """

    def __init__(self, workspace: Workspace, sources: Sources, files_bits: FilesBits):
        self.changed = Signal()
        self.hides_marks = False
        self._workspace, self._sources, self._files_bits = workspace, sources, files_bits
        self._sessions: dict[str, Session] = {}  # by key of the row
        background = workspace.background
        self._around = Around(
            sources, background, self._source_of, self.open_device, lambda: workspace.state.phase.running
        )  # fmt: skip
        self._shown: Session | None = None
        self._drawn: dict[object, Drawn] = {}  # by the place of the selections that they have made
        sources.pair.changed.connect(self._follow)
        files_bits.changed.connect(self._tell)

    # What is edited.

    @property
    def session(self) -> Session | None:
        """That of the row on side B, None where that is not edited yet."""
        key = self._sources.pair.on("b")
        return self._sessions.get(key) if self._sources.has_edited(key) else None

    @property
    def population(self) -> Population | None:
        """What is edited, None where nothing is."""
        return None if self.session is None else self.session.population

    @property
    def seen(self) -> Population | None:
        """The same as it is drawn, while a hand moves something."""
        return None if self.session is None else self.session.seen

    @property
    def marked(self) -> Population | None:
        """Whose selection is marked in the picture."""
        return None if self.hides_marks else self.seen

    @property
    def why_not(self) -> str:
        """Why nothing can be edited now, "" where it can."""
        side = self._sources.pair.own_b
        if side is None or side.gaussians is None:
            return "there are no Gaussians on side B"
        if side.is_live:
            return "the fit still changes them: let it end, or stop it"
        if side.has_stages and has_other_stages(side.document):
            return "its picture is more than the sum of its Gaussians"
        return ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the canvas that is edited, or would be, pixels."""
        return self._sources.pair.canvas_of(self._sources.pair.on("b")).size

    @property
    def count(self) -> int:
        """How many Gaussians are selected."""
        return 0 if self.population is None else self.population.count

    @property
    def last(self) -> np.ndarray | None:
        """(N,) bool: what was selected before what is selected now; None where nothing was, or nobody knows."""
        last, population = None if self.session is None else self.session.last, self.population
        return last if last is not None and len(last) == len(population) else None

    @property
    def summary(self) -> str:
        """How many are selected, about their bytes, and their energy, in words; "" where nothing is edited."""
        population = self.population
        if population is None:
            return ""
        words = [f"{self.count:,} of {len(population):,} selected"]
        size = self._selected_bytes(population) if self.count else None
        if size is not None:
            words.append(f"~{size:,.0f} bytes")
        if self.count:
            words.append(f"{100 * _energy_share(population):.3g} % of the energy")
        return " · ".join(words)

    def _selected_bytes(self, population: Population) -> float | None:
        """About the bytes of what is selected: what it has cost in the file where it is as there, otherwise its part by
        number; None until that is known."""
        account = self._files_bits.account(self.session.document) if self.session.is_as_it_was else None
        if account is not None and len(account) == len(population):
            return float(account.total[population.selected].sum()) / 8
        return None if self.session.bytes is None else self.session.bytes * population.count / len(population)

    @property
    def drawn(self) -> Drawn | None:
        """The shapes by which the selection was made; None where it was made otherwise."""
        return None if self.population is None else self._drawn.get(_place(self.population))

    @drawn.setter
    def drawn(self, drawn: Drawn) -> None:
        self._remember(self.population, drawn)

    def _remember(self, population: Population, drawn: Drawn) -> None:
        place = _place(population)
        self._drawn.pop(place, None)
        if not drawn.box.is_empty:
            self._drawn[place] = drawn
        while len(self._drawn) > _REMEMBERED:
            del self._drawn[next(iter(self._drawn))]
        self.changed.emit()

    def keep_drawn(self, session: Session, drawn: Drawn) -> None:
        """These are still the shapes of the selection of a row, of which others are now."""
        population = session.population
        if (population.width, population.height) == drawn.size:
            self._remember(population, drawn)

    @property
    def unwritten(self) -> tuple[str, ...]:
        """Names of the rows that somebody has changed, and not exported as they are."""
        return tuple(session.name for session in self.sessions if session.is_unwritten)

    def session_of(self, key: str) -> Session | None:
        """The edit of that row, None where it is none."""
        return self._sessions.get(key)

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All edits whose rows are there."""
        return tuple(session for key, session in self._sessions.items() if self._sources.has_edited(key))

    # What is done.

    def begin(self) -> Population | None:
        """What is edited; where side B is not edited yet, an edit of it begins. None where it cannot be, as is told."""
        session = self.session
        if session is not None:
            return session.population
        why = self.why_not
        if why:
            error = DaubError("nothing can be edited now", why, "put a result or a .daub file on side B")
            self._workspace.failed.emit(failure_of_work(error))
            return None
        side = self._sources.pair.own_b
        drawing, row = self._drawing(side), side.row
        population = Population.of(drawing)
        origin = Origin(row.key, row.picture, side.document, population.look, drawing, row.bytes, row.figures)
        session = self.add(origin, population, f"{row.name}, edited")
        self._workspace.history.do(BeginEdit(session, f"beginning to edit {side.row.name}"))
        if side.has_stages and has_restoration(side.document):
            self._workspace.noticed.emit(_RESTORED)
        if side.document is not None and side.document.alpha is not None:
            self._workspace.noticed.emit(_TRANSPARENT)
        return session.population

    def add(self, origin: Origin, population: Population, name: str) -> Session:
        """A session, whose row is not there yet. Args: as of it."""
        session = Session(self._around, origin, population, name)
        session.changed.connect(self._tell)
        self._sessions[session.key] = session
        return session

    def apply(
        self,
        label: str,
        after: Population,
        origin: np.ndarray | None = None,
        kind: str = "",
        session: Session | None = None,
    ) -> None:
        """Makes that of what is edited.

        Args:
            label: what is undone, as in "Undo deleting 132 Gaussians".
            origin: as of `Change.between`.
            kind: as of `Edit`.
            session: of what is edited; None: that on side B.
        """
        session = self.session if session is None else session
        change = Change.between(session.population, after, origin)
        if change.is_nothing:
            session.move(None)
        else:
            session.last = _remembered(session.last, session.population, after, origin)
            self._workspace.history.do(Edit(session, label, change, kind))

    def move(self, after: Population | None) -> None:
        """Shows that while a hand holds something; None: as it was. `apply` ends it."""
        if self.session is not None:
            self.session.move(after)

    def select(self, found: np.ndarray, mode: Mode = Mode.REPLACE) -> None:
        """Selects those. Args: found: (N,) bool, by `population`."""
        population = self.begin()
        if population is None:
            return
        after = population.selecting(mode.join(population.selected, found, population.editable))
        count = int(after.selected.sum())
        self.apply(f"selecting {gaussian_words(count)}" if count else "selecting none", after)

    def select_shape(self, shape: Shape, mode: Mode = Mode.REPLACE) -> None:
        """Selects those whose centres lie in a shape, which is remembered as a region, too."""
        population = self.begin()
        if population is None:
            return
        drawn = (self.drawn or Drawn((population.width, population.height))).then(shape, mode)
        self.select(by_shape(population.gaussians, shape), mode)
        self.drawn = drawn

    def open_device(self) -> Failover:
        """The device that is chosen for fits, for the thread that calls it."""
        workspace = self._workspace
        return open_device(
            workspace.device,
            lambda device: workspace.background.tell(partial(workspace.device_known.emit, device)),
        )  # fmt: skip

    def close(self) -> None:
        """No file follows any more."""
        for session in self._sessions.values():
            session.close()

    # Inside.

    def _source_of(self, picture: PictureKey, population: Population) -> np.ndarray | None:
        opened, reference = self._workspace.picture, self._sources.reference.picture
        if opened is None or opened.key != picture or reference is None or reference.pixels is None:
            return None
        return population.registration.pixels(reference.pixels, (population.width, population.height))

    def _drawing(self, side: CompareSource) -> Drawing:
        if side.document is not None:
            return replace(Drawing.of(side.document), gaussians=side.gaussians)
        picture = self._workspace.picture
        return Drawing(side.gaussians, picture.width, picture.height)

    def _follow(self) -> None:
        if self.session is not self._shown:
            self._shown = self.session
            self.changed.emit()

    def _tell(self) -> None:
        self.changed.emit()


def gaussian_words(count: int) -> str:
    """ "1 Gaussian", "1,320 Gaussians"."""
    return f"{count:,} Gaussian{'' if count == 1 else 's'}"


@lru_cache(maxsize=2)  # every frame on the screen asks for it
def _energy_share(population: Population) -> float:
    """Of what is selected, 0 to 1."""
    each = energy(population.gaussians)
    return float(each[population.selected].sum() / max(each.sum(), 1e-30))


@lru_cache(maxsize=4)
def _place(population: Population) -> object:
    """Where what is selected lies: another colour changes nothing about it; without any, that is this one alone."""
    if not population.selected.any():
        return population
    return population.width, population.height, hash(population.gaussians.mean[population.selected].tobytes())


def _remembered(
    last: np.ndarray | None, before: Population, after: Population, origin: np.ndarray | None
) -> np.ndarray | None:
    """(M,) bool: the selection before that of `after`. Args: last: (N,), the one before that of `before`."""

    def followed(selected: np.ndarray) -> np.ndarray:
        return selected if origin is None else inherited(selected, origin, False)

    selected = followed(before.selected)
    if selected.any() and not np.array_equal(selected, after.selected):
        return selected
    return followed(last) if last is not None and len(last) == len(before) else None
