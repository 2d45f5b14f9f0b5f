"""The window: joins session, viewport and panels. Every command is a method named in actions.py."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMessageBox

from daub.app.model import writer
from daub.app.model.device import Device
from daub.app.model.exports import Exports
from daub.app.model.fit_state import Failure, FitState
from daub.app.model.origin import FileOrigin
from daub.app.model.picture import Picture, has_stages
from daub.app.model.workspace import Workspace
from daub.app.window.actions import ENTRIES, build_actions, hint
from daub.app.window.dialogs.cheat_sheet import CheatSheet
from daub.app.window.dialogs.clipboard import origin_of, to_qimage
from daub.app.window.dialogs.export_dialog import ExportDialog
from daub.app.window.dialogs.file_dialogs import FileDialogs
from daub.app.window.dialogs.recent import RecentFiles
from daub.app.window.event_loop import EventLoop
from daub.app.window.layout import PANEL_WIDTH, SidePanel, build_menus, build_tool_bar
from daub.app.window.look.icons import application_icon, icon
from daub.app.window.look.theme import Appearance, Theme
from daub.app.window.panels.goal_panel import GoalPanel
from daub.app.window.panels.profile_panel import ProfilePanel
from daub.app.window.panels.result_panel import ResultPanel
from daub.app.window.panels.status import StatusBar
from daub.app.window.panels.toast import Toasts
from daub.app.window.panels.transport import Transport
from daub.app.window.panels.welcome import Welcome
from daub.app.window.viewport.screen_decode import ScreenDecode
from daub.app.window.viewport.viewport import Viewport
from daub.codec.files import SUFFIX
from daub.render.gl.display import View
from daub.resources import ROOT

_GAINS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class Window(QMainWindow):
    """Args: settings: where recent files and the layout are kept; tests give their own."""

    def __init__(self, settings: QSettings):
        super().__init__()
        self._settings = settings
        self._files = FileDialogs(settings, self)
        self._loop = EventLoop(self)
        self.workspace = Workspace(self._loop.post, self._loop.soon)
        self._loop.refresh_by(self.workspace.refresh)
        self.exports = Exports(self.workspace, self._loop.post)
        self.appearance = Appearance(self)
        self.viewport = Viewport(self)
        self.setCentralWidget(self.viewport)
        self.setWindowTitle("Daub")
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.resize(1240, 800)
        self._pixel: tuple[int, int] | None = None
        self._closed = False
        self._device: Device | None = None

        self.actions_by_name = build_actions(self, {e.name: getattr(self, e.name) for e in ENTRIES})
        self.transport = Transport(self.actions_by_name)
        self.method = ProfilePanel(self.workspace)
        self.goals = GoalPanel(self.workspace)
        self.result = ResultPanel(self.workspace)
        self.toasts = Toasts(self.viewport)
        self.welcome = Welcome(self.actions_by_name, self.viewport)
        self.status = StatusBar()
        self.setStatusBar(self.status)
        self.recent = RecentFiles(build_menus(self, self.actions_by_name), settings, self.open_path)
        self.addToolBar(build_tool_bar(self.actions_by_name))
        self.panel = SidePanel(self.actions_by_name, self.transport, self.method, self.goals, self.result)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
        self.resizeDocks([self.panel], [PANEL_WIDTH], Qt.Orientation.Horizontal)
        self._screen_decode = ScreenDecode(self.workspace.background, self.viewport, self.workspace.failed.emit)
        self._connect()
        self._restore()
        self._show_theme(self.appearance.theme)
        self._show_state(self.workspace.state)
        self.viewport.setFocus()

    def _connect(self) -> None:
        workspace, viewport = self.workspace, self.viewport
        workspace.opened.connect(self._show_picture)
        workspace.changed.connect(self._show_state)
        workspace.device_known.connect(self._show_device)
        workspace.failed.connect(self._show_failure)
        workspace.noticed.connect(self.toasts.notice)
        workspace.loading.connect(self.status.show_loading)
        workspace.history.changed.connect(self._show_history)
        viewport.hovered.connect(self._show_pixel)
        viewport.zoomed.connect(self.status.show_zoom)
        viewport.tapped.connect(self.play)
        viewport.broken.connect(self.toasts.error)
        viewport.framed.connect(workspace.look_at)
        viewport.drawn_otherwise.connect(self._show_drawing)
        viewport.timeline_toggled.connect(self.actions_by_name["show_timeline"].setChecked)
        self.method.saved.connect(self.exports.method)
        self.appearance.changed.connect(self._show_theme)
        self.panel.visibilityChanged.connect(lambda _: self._mark("show_panel", not self.panel.isHidden()))

    def _restore(self) -> None:
        for name, kind in (("geometry", self.restoreGeometry), ("layout", self.restoreState)):
            stored = self._settings.value(name)
            if isinstance(stored, QByteArray):
                kind(stored)
        for name in ("view_decoded", "show_timeline"):
            self.actions_by_name[name].setChecked(True)
        self._mark("show_panel", not self.panel.isHidden())
        for name, known in (("appearance", ("system", "light", "dark")), ("device", ("auto", "cpu", "cuda"))):
            stored = self._settings.value(name)
            self.actions_by_name[f"{name}_{stored if stored in known else known[0]}"].setChecked(True)

    # Showing.

    def _show_picture(self, picture: Picture) -> None:
        self.welcome.hide()
        self.viewport.show_picture(picture.width, picture.height, picture.texels)
        self.setWindowTitle(f"{picture.name} - Daub")
        self.status.show_picture(picture)
        if picture.path is not None and picture.path.parent != ROOT:
            self.recent.add(picture.path)
        for name in ("view_source", "view_split", "view_difference"):
            self.actions_by_name[name].setEnabled(picture.pixels is not None)
        if picture.pixels is None:
            self.actions_by_name["view_decoded"].setChecked(True)
        self.panel.show_settings(picture.pixels is not None)

    def _show_state(self, state: FitState) -> None:
        self.viewport.show_state(state)
        self.transport.show_state(state)
        self._enable(state)
        self._show_pixel(self._pixel)
        document, scene = self.exports.document, self.viewport.scene
        scene.has_stages = document is not None and has_stages(document)
        if document is not None and (scene.has_stages or not scene.blends):
            self._screen_decode.show(document)

    def _enable(self, state: FitState) -> None:
        can_fit, running = self.workspace.can_fit, state.phase.running
        fitting, history = self.workspace.is_fitting, self.workspace.history
        enabled = {
            "play": can_fit, "step": can_fit, "stop": fitting, "cancel": fitting, "restart": can_fit,
            "export_daub": self.exports.possible, "export_png": self.exports.possible,
            "copy_decoded": self.exports.possible, "undo": bool(history.undo_label), "redo": bool(history.redo_label),
        }  # fmt: skip
        for name, on in enabled.items():
            self.actions_by_name[name].setEnabled(on)
        note = writer.note(state)
        for entry in ENTRIES:
            if entry.name in ("stop", "export_daub"):
                self.actions_by_name[entry.name].setToolTip("\n".join(filter(None, (hint(entry), note))))
        play = self.actions_by_name["play"]
        if play.data() != running:
            play.setData(running)
            self._set_icon("play", "pause" if running else "play")

    def _show_history(self) -> None:
        history = self.workspace.history
        self.actions_by_name["undo"].setText(f"Undo {history.undo_label}".rstrip())
        self.actions_by_name["redo"].setText(f"Redo {history.redo_label}".rstrip())
        self._enable(self.workspace.state)

    def _show_failure(self, failure: Failure) -> None:
        self.toasts.error(failure.line, failure.details)

    def _show_device(self, device: Device) -> None:
        lost = self._device is not None and self._device.name == "cuda" and device.wanted != "cpu"
        self._device = device
        self._show_drawing()
        if device.name == "cpu" and (lost or device.wanted == "cuda"):
            self.toasts.notice(f"The fit runs on the CPU: {device.reason}")

    def _show_drawing(self) -> None:
        if self._device is not None:
            self.status.show_device(self._device, self.viewport.scene.reason)

    def _show_pixel(self, pixel: tuple[int, int] | None) -> None:
        self._pixel = pixel
        gaussians = self.workspace.gaussians
        if self.viewport.scene.has_stages:
            decoded_at = self._screen_decode.colour_at
        else:
            decoded_at = None if gaussians is None else gaussians.value_at
        self.status.show_pixel(pixel, self.workspace.picture, decoded_at)

    def _show_theme(self, theme: Theme) -> None:
        self.viewport.show_theme(theme)
        for entry in ENTRIES:
            if entry.icon:
                self._set_icon(entry.name, entry.icon)
        self.actions_by_name["play"].setData(None)
        self._enable(self.workspace.state)

    def _set_icon(self, action: str, name: str) -> None:
        theme = self.appearance.theme
        self.actions_by_name[action].setIcon(icon(name, theme.text, theme.faint))

    def _mark(self, name: str, on: bool) -> None:
        """Shows a state in the menu that came about otherwise."""
        action = self.actions_by_name[name]
        action.blockSignals(True)
        action.setChecked(on)
        action.blockSignals(False)
        action.changed.emit()

    # File.

    def open_file(self) -> None:
        if path := self._files.to_open():
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        self.workspace.open(FileOrigin(path.absolute()))

    def open_sample(self) -> None:
        self.open_path(ROOT / "sample.png")

    def export_daub(self) -> None:
        title = writer.title(self.workspace.state)
        if path := self._files.to_save(title, self._stem, SUFFIX, f"Daub files (*{SUFFIX})"):
            self.exports.daub(path)

    def export_png(self) -> None:
        picture = self.workspace.picture
        dialog = ExportDialog(picture.width, picture.height, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            scale = dialog.chosen()
            if path := self._files.to_save("Export PNG", self._stem, ".png", "PNG (*.png)"):
                self.exports.png(path, scale)
        dialog.deleteLater()

    @property
    def _stem(self) -> str:
        return Path(self.workspace.picture.name).stem

    def quit(self) -> None:
        QApplication.closeAllWindows()

    # Edit.

    def undo(self) -> None:
        self.workspace.undo()

    def redo(self) -> None:
        self.workspace.redo()

    def paste(self) -> None:
        origin = origin_of(QGuiApplication.clipboard().mimeData(), "pasted picture")
        if origin is None:
            self.toasts.notice("There is no picture on the clipboard")
        else:
            self.workspace.open(origin)

    def copy_decoded(self) -> None:
        def deliver(pixels8: np.ndarray) -> None:
            QGuiApplication.clipboard().setImage(to_qimage(pixels8))
            self.toasts.notice("Copied the decoded picture")

        self.exports.decoded(deliver)

    def dragEnterEvent(self, event) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        origin = origin_of(event.mimeData(), "dropped picture")
        if origin is not None:
            event.acceptProposedAction()
            self.workspace.open(origin)

    # Fit.

    def play(self) -> None:
        self.workspace.play_or_pause()

    def step(self) -> None:
        self.workspace.step()

    def stop(self) -> None:
        self.workspace.stop()

    def cancel(self) -> None:
        self.workspace.cancel()

    def restart(self) -> None:
        self.workspace.restart()

    def device_auto(self, on: bool) -> None:
        self._choose_device("auto", on)

    def device_cuda(self, on: bool) -> None:
        self._choose_device("cuda", on)

    def device_cpu(self, on: bool) -> None:
        self._choose_device("cpu", on)

    def _choose_device(self, name: str, on: bool) -> None:
        if on:
            self._settings.setValue("device", name)
            self.workspace.use_device(name)

    # View.

    def view_source(self, on: bool) -> None:
        self._choose_view(View.SOURCE, on)

    def view_split(self, on: bool) -> None:
        self._choose_view(View.SPLIT, on)

    def view_decoded(self, on: bool) -> None:
        self._choose_view(View.DECODED, on)

    def view_difference(self, on: bool) -> None:
        self._choose_view(View.DIFFERENCE, on)

    def _choose_view(self, view: View, on: bool) -> None:
        if on:
            self._look(view=view)

    def split_left(self) -> None:
        self._jump_split(0.0)

    def split_middle(self) -> None:
        self._jump_split(0.5)

    def split_right(self) -> None:
        self._jump_split(1.0)

    def _jump_split(self, where: float) -> None:
        if self.actions_by_name["view_split"].isEnabled():
            self.actions_by_name["view_split"].setChecked(True)
            self.viewport.jump_split(where)

    def gain_up(self) -> None:
        self._look(gain=_GAINS[min(_GAINS.index(self.viewport.look.gain) + 1, len(_GAINS) - 1)])

    def gain_down(self) -> None:
        self._look(gain=_GAINS[max(_GAINS.index(self.viewport.look.gain) - 1, 0)])

    def show_centres(self, on: bool) -> None:
        self._look(centres=on)

    def show_ellipses(self, on: bool) -> None:
        self._look(ellipses=on)

    def show_pixels(self, on: bool) -> None:
        self._look(pixels=on)

    def _look(self, **changes) -> None:
        self.viewport.show_look(replace(self.viewport.look, **changes))

    def zoom_fit(self) -> None:
        self.viewport.fit()

    def zoom_actual(self) -> None:
        self.viewport.zoom_to(1.0)

    def zoom_in(self) -> None:
        self.viewport.zoom_to(self.viewport.camera.zoom * 1.5)

    def zoom_out(self) -> None:
        self.viewport.zoom_to(self.viewport.camera.zoom / 1.5)

    # Window and help.

    def show_timeline(self, on: bool) -> None:
        self.viewport.show_timeline(on)

    def show_panel(self, on: bool) -> None:
        self.panel.setVisible(on)

    def full_screen(self, on: bool) -> None:
        if on != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def appearance_system(self, on: bool) -> None:
        self._choose_appearance("system", on)

    def appearance_light(self, on: bool) -> None:
        self._choose_appearance("light", on)

    def appearance_dark(self, on: bool) -> None:
        self._choose_appearance("dark", on)

    def _choose_appearance(self, name: str, on: bool) -> None:
        if on:
            self._settings.setValue("appearance", name)
            self.appearance.want(name)

    def cheat_sheet(self) -> None:
        CheatSheet(self).show()

    def about(self) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("daub")
        except PackageNotFoundError:  # run from a checkout that was never installed
            number = "(not installed)"
        said = f"<b>Daub {number}</b><p>Turns images into 2D Gaussians and Gaussians into small files.</p>"
        QMessageBox.about(self, "About Daub", said)

    # Life.

    def start(self) -> None:
        """Shows the window, and wakes the worker once the first frame is on the screen."""
        self.show()
        QTimer.singleShot(0, self._wait_for_first_frame)

    def _wait_for_first_frame(self) -> None:
        if self._closed:
            return
        if self.viewport.frames:
            self.workspace.wake()
        else:
            QTimer.singleShot(5, self._wait_for_first_frame)

    def closeEvent(self, event) -> None:
        if not self._closed:
            self._closed = True
            self._settings.setValue("geometry", self.saveGeometry())
            self._settings.setValue("layout", self.saveState())
            self._settings.sync()
            self.hide()  # at once, though a kernel may still be compiling
            self._loop.close()
            self.workspace.close()
            self.viewport.close_gl()
        event.accept()
