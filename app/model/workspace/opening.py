"""How pictures come into a workspace: read beside it, put on its shelf, and placed by operations that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from daub.app.model.picture.gathering import Gathering
from daub.app.model.picture.image_reader import ImageReader
from daub.app.model.picture.origin import Origin
from daub.app.model.picture.picture import Colour, Picture, PictureKey, Preview, open_picture
from daub.app.model.picture.shelf import Shelf
from daub.app.model.work.failure import Failure, by_name, failure_of_work
from daub.app.model.workspace.operations import ChangeBackground, OpenPicture, pictures_of
from daub.codec.errors import DaubError
from daub.codec.importance import BACKGROUND, Importance
from daub.render.interruption import GivenUp

if TYPE_CHECKING:
    from pathlib import Path

    from daub.app.model.picture.image_reader import ReadImage
    from daub.app.model.workspace.workspace import Workspace

T = TypeVar("T")


class Usual(Enum):
    """Says of a background that it is that of the workspace, whatever that is."""

    USUAL = 0


USUAL = Usual.USUAL


class Opening:
    """Reads pictures for a workspace; of several that are asked for, the newest counts, and the others are given up.

    Args:
        shelf: where the workspace finds them.
    """

    def __init__(self, workspace: Workspace, shelf: Shelf):
        self._workspace, self._shelf = workspace, shelf
        self._reader = ImageReader()
        self._load = 0  # number of the newest load: an older one that ends later is dropped
        self._reading = ""  # name of what was asked for and has not come
        self._otherwise: Callable[[], object] | None = None  # told when it does not
        self._beside = Gathering(workspace.background, self._say, workspace.failed.emit)

    @property
    def is_reading(self) -> bool:
        """A picture was asked for and has not come, or a file to compare with."""
        return bool(self._reading or self._beside.name)

    def start(self) -> None:
        """Makes ready to read, so that the first picture comes sooner."""
        self._reader.start()

    def cancel(self) -> None:
        """Gives up what is being read; what is open stays."""
        self.cancel_beside()
        if self._reading:
            self._load += 1
            self._end_of_reading()
            self._pass_over()
            workspace = self._workspace
            workspace.background_changed.emit(workspace.background_colour)  # another one may have been asked for

    def cancel_beside(self) -> None:
        """Gives up the files that are read beside what is open, or wait for it."""
        self._beside.cancel()

    def close(self) -> None:
        """Gives everything up, for good. Returns at once."""
        self._load += 1
        self._reader.close()
        self._beside.close()

    def open(self, origin: Origin) -> None:
        """Reads it and has it shown; what was open before can be gone back to."""
        self._read(origin, self._workspace.background_colour, self._take_opened, previewed=True)

    def open_again(self, key: PictureKey) -> None:
        """Shows a picture that was read before; reads it again where it is not at hand as it would be now."""
        picture = self._shelf.get(key)
        if picture is not None and key.background == self._workspace.background_colour:
            self._show(picture)
        else:
            self.open(key.origin)

    def read_beside(
        self, origin: Origin, deliver: Callable[[Picture], None], colour: Colour | Usual | None = USUAL
    ) -> None:
        """Reads a file that is not to be opened. Args: colour: as of a picture, by default that of the workspace."""

        def take(picture: Picture) -> None:
            self._shelf.put(picture)
            deliver(picture)

        self._beside.read(origin, self._workspace.background_colour if colour is USUAL else colour, take)

    def lay_on(self, colour: Colour | None) -> None:
        """Reads the picture that is open on another background; None: transparent as it is."""
        workspace = self._workspace
        if colour == workspace.background_colour:
            return
        if workspace.can_fit:
            self._read(workspace.picture.key.origin, colour, self._take_on_background)
        else:
            workspace.history.do(ChangeBackground(workspace.background_colour, colour, None))

    def load_map(self, path: Path, deliver: Callable[[Importance], None]) -> None:
        """Reads a map of importance for the picture that is open."""
        picture = self._workspace.picture

        def read(load: Callable[..., ReadImage]) -> Importance:
            with by_name(path):
                pixels = load(path, BACKGROUND, managed=False).pixels
                return Importance.from_pixels(pixels, (picture.width, picture.height), path.name)

        self._read_newest(path.name, read, deliver)

    def read_other(
        self, name: str, read: Callable[[], T], deliver: Callable[[T], None], otherwise: Callable[[], object]
    ) -> None:
        """Reads something else that is to be opened, such as a project: the newest counts, and Esc gives it up.

        Args:
            otherwise: called when it is given up, or cannot be read.
        """
        self._read_newest(name, lambda _: read(), deliver, otherwise=otherwise)

    def read_told(
        self,
        name: str,
        read: Callable[[Callable[[float], None]], T],
        deliver: Callable[[T], None],
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        """As `read_other`, of what takes long.

        Args:
            read: gets what is to be told the share that is done, 0 to 1, and raises where it is given up.
        """
        load = self._load + 1  # as it will be
        told = self._telling(lambda: load == self._load)
        self._read_newest(name, lambda _: read(told), deliver, otherwise=otherwise)

    def read_beside_told(
        self, name: str, read: Callable[[Callable[[float], None]], T], deliver: Callable[[T], None]
    ) -> None:
        """As `read_beside`, of what is no picture. Args: read: as of `read_told`."""

        def read_while(is_wanted: Callable[[], bool]) -> T:
            return read(self._telling(is_wanted, lambda: not self._reading))

        self._beside.read_other(name, read_while, deliver)

    def _telling(
        self, is_wanted: Callable[[], bool], is_named: Callable[[], bool] = lambda: True
    ) -> Callable[[float], None]:
        """What is told the share of a file that is read, on any thread. Args: is_named: it is what people are told is
        being read."""
        shown, workspace = 0, self._workspace

        def tell(share: float) -> None:
            nonlocal shown
            if not is_wanted():
                raise GivenUp
            if int(100 * share) > shown:
                shown = int(100 * share)
                workspace.background.tell(lambda: is_wanted() and is_named() and workspace.read_share.emit(share))

        return tell

    def open_kept(self, key: PictureKey, deliver: Callable[[], object], otherwise: Callable[[], object]) -> None:
        """Reads the picture of a project, on whatever background it was, and shows it; no fit begins.

        Args:
            deliver: called when it is there.
            otherwise: as of `read_other`.
        """

        def take(picture: Picture) -> None:
            self._shelf.put(picture)
            self._workspace.place(picture.key, begins=False)
            deliver()

        self._read(key.origin, key.background, take, previewed=True, otherwise=otherwise)

    def undo(self, then: Callable[[], object] = lambda: None) -> None:
        """Goes back over an operation, once the picture that it needs is at hand.

        Args:
            then: called where a picture had to be read, and it has been undone.
        """
        history = self._workspace.history
        self._travel(lambda: history.next_undo, 0, history.undo, then)

    def redo(self, then: Callable[[], object] = lambda: None) -> None:
        """Goes forth over one, likewise."""
        history = self._workspace.history
        self._travel(lambda: history.next_redo, 1, history.redo, then)

    def go_to(self, position: int) -> None:
        """Undoes or redoes until so many operations are done, as far as the pictures for it can be had."""
        history = self._workspace.history
        while position != (before := history.position):
            (self.undo if position < before else self.redo)(partial(self.go_to, position))
            if history.position == before:  # a picture is read first, or there is no way
                return

    def _read(
        self,
        origin: Origin,
        colour: Colour,
        deliver: Callable[[Picture], None],
        previewed: bool = False,
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        def read(load: Callable[..., ReadImage]) -> Picture:
            return open_picture(origin, colour, load)

        self._read_newest(origin.name, read, deliver, previewed, otherwise)

    def _read_newest(
        self,
        name: str,
        read: Callable[[Callable[..., ReadImage]], T],
        deliver: Callable[[T], None],
        previewed: bool = False,
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        """Args: read: gets what reads the file of an image. previewed: a small copy of a large one is shown first.
        otherwise: called when it is given up, or cannot be read."""
        self._load += 1
        load, workspace = self._load, self._workspace
        self._pass_over()
        self._otherwise = otherwise
        self._reading = name
        self._say()

        def if_newest(act: Callable) -> Callable:
            def delivered(outcome: object) -> None:
                if load == self._load:
                    self._end_of_reading()
                    if act is deliver:
                        self._otherwise = None
                    self._pass_over()
                    act(outcome)

            return delivered

        def preview(pixels: np.ndarray) -> None:
            small = Preview.of(name, pixels)
            workspace.background.tell(lambda: load == self._load and workspace.previewed.emit(small))

        load_image = partial(self._reader.load, is_wanted=lambda: load == self._load)
        if previewed:
            load_image = partial(load_image, on_preview=preview)
        workspace.background.run_alone(lambda: read(load_image), if_newest(deliver), if_newest(self._refuse))

    def _pass_over(self) -> None:
        """Nothing comes of what was to be read."""
        otherwise, self._otherwise = self._otherwise, None
        if otherwise is not None:
            otherwise()

    def _end_of_reading(self) -> None:
        self._reading = ""
        if self._reader.is_busy:  # with what nobody waits for any more
            self._reader.give_up()
        self._say()

    def _say(self) -> None:
        self._workspace.loading.emit(self._reading or self._beside.name)

    def _take_opened(self, picture: Picture) -> None:
        self._show(picture)
        for notice in picture.notices:
            self._workspace.noticed.emit(f"{picture.name}: {notice}")

    def _show(self, picture: Picture) -> None:
        workspace = self._workspace
        self._shelf.put(picture)
        if workspace.picture is None:  # there is nothing to go back to
            workspace.place(picture.key)
        else:
            workspace.history.do(OpenPicture(f"opening {picture.name}", workspace.picture.key, picture.key))

    def _take_on_background(self, picture: Picture) -> None:
        workspace = self._workspace
        keys = workspace.picture.key, picture.key
        if np.array_equal(picture.fitted, workspace.picture.fitted):  # it is opaque: the fit goes on
            keys = None
        else:
            self._shelf.put(picture)
        workspace.history.do(ChangeBackground(workspace.background_colour, picture.key.background, keys))

    def _refuse(self, failure: Failure) -> None:
        workspace = self._workspace
        workspace.background_changed.emit(workspace.background_colour)  # another one may have been asked for
        workspace.failed.emit(failure)

    def _travel(
        self, upcoming: Callable[[], object], which: int, move: Callable[[], None], then: Callable[[], object]
    ) -> None:
        """Args: which: of the two pictures of the operation must be at hand."""
        operation = upcoming()
        pictures = pictures_of(operation)
        if pictures is None or self._shelf.get(pictures[which]) is not None:
            self._move(move)
            return

        def take(picture: Picture) -> None:
            if picture.key != pictures[which]:
                line = f"There is no way back to {picture.name}: it has changed on the disk since"
                self._workspace.noticed.emit(line)
            elif operation is upcoming():
                self._shelf.put(picture)
                self._move(move)
                then()

        self._read(pictures[which].origin, pictures[which].background, take)

    def _move(self, move: Callable[[], None]) -> None:
        try:
            move()
        except DaubError as error:  # the file of a method is gone
            self._workspace.failed.emit(failure_of_work(error))
