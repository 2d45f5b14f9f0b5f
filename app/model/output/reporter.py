"""Writes into the log what a workspace does: notices, failures, finished jobs, and fits that have come to a file."""

from __future__ import annotations

from daub.app.model.output.command_line import decode_command, encode_command, unlike
from daub.app.model.output.log import Log
from daub.app.model.picture.picture import Picture, PictureKey
from daub.app.model.work.failure import Failure
from daub.app.model.work.jobs import Jobs
from daub.app.model.workspace.result import Result
from daub.app.model.workspace.workspace import Workspace
from daub.codec.errors import DaubError


class Reporter:
    """Args: log: which gets it all."""

    def __init__(self, workspace: Workspace, jobs: Jobs, log: Log):
        self._workspace, self._log = workspace, log
        self._opened: set[PictureKey] = set()  # .daub files that have been told; undoing opens them again
        self._newest = 0  # ticket of the newest result that has been told
        workspace.noticed.connect(log.notice)
        workspace.failed.connect(self._fail)
        jobs.finished.connect(lambda job: log.done(f"Finished {job.name}"))
        workspace.results.changed.connect(self._report)
        workspace.opened.connect(self._note_opened)

    def _fail(self, failure: Failure) -> None:
        self._log.error(failure.line, failure.details)

    def _note_opened(self, picture: Picture) -> None:
        """A file that was opened is a result, too: the command is that which decodes it."""
        if picture.document is None or picture.key in self._opened:
            return
        self._opened.add(picture.key)
        command = "" if picture.path is None else decode_command(picture.path)
        size = "" if picture.source_bytes is None else f"{picture.source_bytes:,} bytes, "
        self._log.done(f"Opened {picture.name}: {size}{len(picture.gaussians):,} Gaussians", command)

    def _report(self) -> None:
        """Tells of results that are new."""
        for result in tuple(self._workspace.results):
            ticket = result.state.ticket
            if ticket > self._newest and not self._workspace.results.is_restored(ticket):
                self._newest = ticket
                self._log.done(*_told(result, self._workspace.device))
                for left_out in result.state.unsaid:
                    self._log.notice(f"{result.picture.origin.name}: {left_out}")


def _told(result: Result, device: str) -> tuple[str, str]:
    """What is said of a result, and the command that makes it or comes nearest, "" where none does."""
    encoded, file, name = result.encoded, result.file, result.picture.origin.name
    how = "Finished" if result.state.whole else "Stopped"
    line = f"{how} {name}: {file.bytes:,} bytes, {file.psnr:.2f} dB"
    if encoded is not None:  # it does not lie on the disk already
        line += f", {len(encoded.gaussians):,} Gaussians, in {encoded.encode_seconds:.1f} s"
    try:
        command = encode_command(result, device)
    except DaubError as error:
        return f"{line}; {error}", ""
    return "; ".join(filter(None, (line, unlike(result)))), command
