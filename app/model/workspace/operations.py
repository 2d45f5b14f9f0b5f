"""What can be undone in a workspace: changes of settings, opening, another background, what is painted.

The choice of a device is none of them: it belongs to the machine rather than to the work, and is kept between runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daub.app.model.picture.canvas import Patch
from daub.app.model.picture.origin import PixelOrigin
from daub.app.model.picture.picture import Colour, PictureKey
from daub.codec.goal import GOALS
from daub.codec.settings import EncodeSettings

if TYPE_CHECKING:
    from daub.app.model.workspace.workspace import Workspace

_CHOICES = ("method", "goal")  # labels of changes that are made by one click


@dataclass(frozen=True)
class ChangeSettings:
    """Other values of some settings.

    Args:
        before, after: by name of the field of `EncodeSettings`, those that differ.
    """

    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @staticmethod
    def between(before: EncodeSettings, after: EncodeSettings) -> ChangeSettings:
        """From one to the other."""
        names = [name for name in before.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]
        old, new = ({name: getattr(each, name) for name in names} for each in (before, after))
        return ChangeSettings(_label(old, new), old, new)

    @property
    def title(self) -> str:
        """With what it was changed to."""
        if "goal" in self.after and self.label != "method":
            return str(self.after["goal"])
        if self.label == "method":
            return (
                f"method {Path(str(self.after['profile'])).stem}" if "profile" in self.after else "parts of the method"
            )
        value = self.after.get(self.label)
        return f"{self.label} {'as usual' if value is None else value}"

    def do(self, workspace: Workspace) -> None:
        """Applies the new values."""
        workspace.apply(replace(workspace.settings, **self.after))

    def undo(self, workspace: Workspace) -> None:
        """Applies the old values."""
        workspace.apply(replace(workspace.settings, **self.before))

    def merged(self, later: object) -> ChangeSettings | None:
        """One change of the same thing, as a slider makes many; what is chosen from several is chosen each time."""
        if not isinstance(later, ChangeSettings):
            return None
        if self.label in _CHOICES or (later.label, later.after.keys()) != (self.label, self.after.keys()):
            return None
        return ChangeSettings(self.label, self.before, later.after)


@dataclass(frozen=True)
class GoBack:
    """The settings of an earlier result, and that very result.

    Args:
        settings: the change that it takes.
        before, after: numbers of the fits whose results are shown, None where none is.
    """

    label: str
    settings: ChangeSettings
    before: int | None
    after: int | None

    def do(self, workspace: Workspace) -> None:
        """Goes back."""
        self.settings.do(workspace)
        workspace.show_result_of(self.after)

    def undo(self, workspace: Workspace) -> None:
        """Wants again what was wanted before."""
        self.settings.undo(workspace)
        workspace.show_result_of(self.before)

    def merged(self, later: object) -> None:
        """Never: each is one click."""
        return None


@dataclass(frozen=True)
class OpenPicture:
    """Another picture in the place of one. The pictures themselves are on the shelf of the workspace, or read again."""

    label: str
    before: PictureKey
    after: PictureKey

    @property
    def memory(self) -> int:
        """Bytes of pixels that are in no file; those of files are read again."""
        origins = {each.origin for each in (self.before, self.after) if isinstance(each.origin, PixelOrigin)}
        return sum(origin.pixels.nbytes for origin in origins)

    def do(self, workspace: Workspace) -> None:
        """Shows the new one."""
        workspace.place(self.after)

    def undo(self, workspace: Workspace) -> None:
        """Shows the old one, with its result where there is one."""
        workspace.place(self.before)

    def merged(self, later: object) -> None:
        """Never: each opening is one."""
        return None


@dataclass(frozen=True)
class ChangeBackground:
    """Another colour under transparent parts.

    Args:
        pictures: the picture on the old and on the new one; None where the colour changes none.
    """

    before: Colour | None
    after: Colour | None
    pictures: tuple[PictureKey, PictureKey] | None
    label: str = "background"

    def do(self, workspace: Workspace) -> None:
        """Lays the picture on the new colour."""
        workspace.lay_on(self.after)
        if self.pictures is not None:
            workspace.place(self.pictures[1])

    def undo(self, workspace: Workspace) -> None:
        """Lays the picture on the old colour."""
        workspace.lay_on(self.before)
        if self.pictures is not None:
            workspace.place(self.pictures[0])

    def merged(self, later: object) -> None:
        """Never: a colour is chosen in a dialog."""
        return None


@dataclass(frozen=True, eq=False)
class PaintMap:
    """Another map of importance, of the picture that is open."""

    label: str
    patch: Patch

    @property
    def memory(self) -> int:
        """Bytes of its tiles."""
        return sum(len(tile) for tiles in (self.patch.before, self.patch.after) for tile in tiles.values())

    def do(self, workspace: Workspace) -> None:
        """Puts what is new into its places."""
        workspace.paint(self.patch.after)

    def undo(self, workspace: Workspace) -> None:
        """Puts what was there back."""
        workspace.paint(self.patch.before)

    def merged(self, later: object) -> None:
        """Never: each stroke is one."""
        return None


def pictures_of(operation: object) -> tuple[PictureKey, PictureKey] | None:
    """The pictures that must be at hand to undo an operation and to do it again; None where it needs none."""
    if isinstance(operation, OpenPicture):
        return operation.before, operation.after
    return operation.pictures if isinstance(operation, ChangeBackground) else None


def _label(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if "profile" in after or "parts" in after:
        return "method"
    if "goal" in after:
        if before["goal"].kind is not after["goal"].kind:
            return "goal"
        label = GOALS[after["goal"].kind].label
        return label if label.isupper() else label.lower()
    return next(iter(after), "settings")
