"""The window: puts viewport and panels in front of a workbench, and shows what that tells."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from daub.app.model.commands import file as file_commands
from daub.app.model.commands import project as project_commands
from daub.app.model.commands import scene as scene_commands
from daub.app.model.fit.device import DEVICES, Device
from daub.app.model.picture.picture import Picture
from daub.app.model.project.project import EVERY
from daub.app.model.scene.version import SceneDocument
from daub.app.model.view.room import Room
from daub.app.model.workbench import Workbench
from daub.app.window.actions import Actions
from daub.app.window.dialogs.recent import RecentFiles
from daub.app.window.dialogs.recent_projects import remember
from daub.app.window.drops import Drops
from daub.app.window.event_loop import EventLoop
from daub.app.window.host import WindowHost
from daub.app.window.layout import build_menus, build_rail, build_tool_bar, fit_rail, show_choosers, show_menus
from daub.app.window.look.icons import application_icon
from daub.app.window.look.sizes import PANEL_WIDTH, SOURCES_WIDTH
from daub.app.window.look.theme import Colours, Theme
from daub.app.window.page_keys import PageKeys
from daub.app.window.panels.brush_bar import BrushBar
from daub.app.window.panels.compare_bar import CompareBar
from daub.app.window.panels.edit_panel import EditPanel
from daub.app.window.panels.goal_panel import GoalPanel
from daub.app.window.panels.history_panel import HistoryPanel
from daub.app.window.panels.inspect_panel import InspectPanel
from daub.app.window.panels.log_tab import LogTab
from daub.app.window.panels.metrics_page import MetricsPage
from daub.app.window.panels.paint_bar import PaintBar
from daub.app.window.panels.profile_panel import ProfilePanel
from daub.app.window.panels.result_panel import ResultPanel
from daub.app.window.panels.scene_page import ScenePage
from daub.app.window.panels.side_chooser import SideChooser
from daub.app.window.panels.sources_panel import SourcesPanel
from daub.app.window.panels.status import StatusBar
from daub.app.window.panels.toast import Toasts
from daub.app.window.panels.transport import Transport
from daub.app.window.panels.version_chooser import VersionChooser
from daub.app.window.panels.versions_panel import VersionsPanel
from daub.app.window.panels.welcome import Welcome
from daub.app.window.panels.work_line import WorkLine, words_of_jobs
from daub.app.window.remembered import Remembered
from daub.app.window.side_panel import Column, EncodePage, SidePanel
from daub.app.window.viewport.contact_tab import ContactTab
from daub.app.window.viewport.histogram_tab import HistogramTab
from daub.app.window.viewport.rd_tab import RdTab
from daub.app.window.viewport.timeline_tab import TimelineTab
from daub.app.window.viewport.viewport import Viewport

_SIZE = QSize(1440, 900)  # logical pixels, of the first window of all


class Window(QMainWindow):
    """One window, and the workbench that it shows.

    Args:
        settings: where recent files and the layout are kept; tests give their own.
        open_another: shows another window.
    """

    def __init__(self, settings: QSettings, open_another: Callable[[], Window] | None = None):
        super().__init__()
        self._settings = settings
        self._loop = EventLoop(self)
        self.host = WindowHost(settings, self, open_another)
        self.bench = Workbench(self._loop.post, self._loop.soon, self.host)
        self.workspace = self.bench.workspace
        self._loop.refresh_by(self.workspace.fitting.refresh)
        self.colours = Colours(self)
        self.viewport = Viewport(self.bench, self)
        self.setCentralWidget(self.viewport)
        self.setWindowTitle("Daub[*]")
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self._room = Room(self.bench.chrome)
        self._remembered = Remembered(settings, self, self.bench.chrome, self._room, self.bench.brushing)
        self.resize(_SIZE.boundedTo(0.9 * self.screen().availableSize()))
        self._closed = False
        self._device: Device | None = None

        self.actions_by_name = Actions(self, self.bench)
        self.transport = Transport(self.actions_by_name, self.workspace)
        self.method = ProfilePanel(self.workspace, self.host.files.profile_to_open)
        self.goals = GoalPanel(self.workspace, [self.actions_by_name[name] for name in ("start_paused", "leave_core")])
        self.result = ResultPanel(self.bench)
        self.toasts = Toasts(self.viewport, self.viewport.strip, lambda: self.viewport.strip.taken)
        self.welcome = Welcome(self.actions_by_name, self.viewport)
        self.status = StatusBar(self.bench, self.actions_by_name["cancel"])
        jobs, slow = self.bench.jobs, self.bench.exports.slow
        self.jobs = WorkLine(jobs.changed, partial(words_of_jobs, jobs), self.actions_by_name["cancel_jobs"])
        self.writing = WorkLine(slow.changed, lambda: slow.words, self.actions_by_name["cancel_export"])
        unfinished = self.bench.unfinished
        self.waiting = WorkLine(unfinished.changed, lambda: unfinished.words, self.actions_by_name["cancel_export"])
        training = self.bench.training
        self.training = WorkLine(training.advanced, lambda: training.words, self.actions_by_name["stop_training"])
        for line in (self.training, self.jobs, self.waiting, self.writing):
            self.status.addWidget(line)
        self.setStatusBar(self.status)
        self.recent = RecentFiles(build_menus(self, self.actions_by_name), settings, self.open_path)
        self.choosers = {side: SideChooser(self.bench.sources, side) for side in ("a", "b")}
        self.version_choosers = {side: VersionChooser(self.bench.stage.versions, side) for side in ("a", "b")}
        self.tools, self._choosers = build_tool_bar(self.actions_by_name, (self.choosers, self.version_choosers))
        self.addToolBar(self.tools)
        self.addToolBarBreak()
        self.brush = BrushBar(self.actions_by_name, self.bench.painting)
        self.addToolBar(self.brush)
        self.paint = PaintBar(self.actions_by_name, self.bench.brushing)
        self.addToolBar(self.paint)
        self.addToolBarBreak()  # both have no room in one row of a narrow window
        self.compare = CompareBar(self.bench.view)
        self.addToolBar(self.compare)
        self.rail = build_rail(self.actions_by_name)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        self.viewport.strip.add(TimelineTab(self.workspace))
        self.viewport.strip.add(RdTab(self.bench.rd_plot))
        self.viewport.strip.add(ContactTab(self.bench.contact, self.bench.sources))
        self.bench.rd_plot.changed.connect(self.viewport.update)
        self.viewport.strip.add(HistogramTab(self.bench.overlay))
        self.viewport.strip.add(LogTab(self.bench.log, self.actions_by_name))
        self.panel = SidePanel(self.actions_by_name, self.bench.chrome, self.transport, self.result)
        self.scene = ScenePage(self.bench.stage, self.bench.making, self.bench.training, self.actions_by_name)
        self.panel.add_page("Scene", self.scene, lambda: self.bench.stage.is_open)
        self.panel.add_page("Encode", EncodePage(self.method, self.goals), self._has_settings)
        self.inspect = InspectPanel(self.actions_by_name, self.bench.overlay, self.bench.inspector)
        self.panel.add_page("Inspect", self.inspect, self._can_inspect)
        self.edit = EditPanel(self.actions_by_name, self.bench)
        self.panel.add_page("Edit", self.edit, lambda: self.bench.editing.session is not None)
        self.metrics = MetricsPage(self.bench, self.actions_by_name["region"])
        self.panel.add_page("Metrics", self.metrics, lambda: self.workspace.picture is not None)
        self.history = HistoryPanel(self.workspace)
        self.panel.add_page("History", self.history, lambda: self.workspace.picture is not None)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
        self.resizeDocks([self.panel], [PANEL_WIDTH], Qt.Orientation.Horizontal)
        self.source_list = SourcesPanel(self.bench, self.actions_by_name)
        PageKeys(self, self.source_list.list)
        self.versions = VersionsPanel(
            self.bench.stage, self.actions_by_name, partial(scene_commands.remove, self.bench)
        )
        self._lists = QStackedWidget()
        for content in (self.source_list, self.versions):
            self._lists.addWidget(content)
        self.add_sources(self._lists)
        self.drops = Drops(self.bench, self, self.viewport, self.source_list, lambda: self.viewport.strip.taken)
        self._clock = QTimer(self, interval=round(1000 * float(settings.value("autosave_seconds", EVERY))))
        self._clock.timeout.connect(self.bench.project.autosave)
        self._clock.start()
        menu_key = QShortcut(QKeySequence("F10"), self)
        menu_key.activated.connect(self._open_first_menu)
        self._connect()
        self._restore()
        self._show_theme(self.colours.theme)
        self._show_state()
        self.viewport.setFocus()

    def open_path(self, path: Path) -> None:
        """Opens a picture, a .daub, or a scene."""
        file_commands.open_path(self.bench, path)

    def add_sources(self, content: QWidget) -> None:
        """The column to the left."""
        self.sources = Column("Sources", "sources", content, SOURCES_WIDTH, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.sources)
        self.resizeDocks([self.sources], [SOURCES_WIDTH], Qt.Orientation.Horizontal)

    def _has_settings(self) -> bool:
        """Beside a file that was opened, method and goal of a fit would pass for facts about it."""
        picture = self.workspace.picture
        return not self.bench.stage.is_open and (picture is None or picture.can_be_fitted)

    def _can_inspect(self) -> bool:
        """There are Gaussians, of a picture."""
        return self.bench.overlay.subject is not None and not self.bench.stage.is_open

    def _connect(self) -> None:
        workspace, chrome, viewport = self.workspace, self.bench.chrome, self.viewport
        workspace.left.connect(self.toasts.forget_errors)  # they are of before
        workspace.opened.connect(self._show_picture)
        self.bench.stage.opened.connect(self._show_scene)
        self.bench.stage.changed.connect(self._show_state)
        self.bench.stage.versions.changed.connect(self._show_unsaved)
        workspace.previewed.connect(lambda _: self._show_preview())
        workspace.loading.connect(lambda _: self._show_preview())
        self.bench.sources.pair.changed.connect(self._show_state)
        for changed in (self.bench.inspector.changed, self.bench.restoring.changed):
            changed.connect(self._show_state)
        self.bench.overlay.changed.connect(self._show_pages)
        self.bench.editing.changed.connect(self._show_pages)
        workspace.results.changed.connect(self._show_unsaved)
        workspace.history.changed.connect(self._show_unsaved)
        self.bench.project.changed.connect(self._show_title)
        self.bench.project.opened.connect(lambda path: remember(self._settings, path))
        workspace.device_known.connect(self._show_device)
        workspace.device_chosen.connect(lambda device: self._settings.setValue("device", device))
        self.bench.log.told.connect(self.toasts.show_entry)
        chrome.changed.connect(self._show_chrome)
        viewport.tapped.connect(workspace.fitting.play_or_pause)
        viewport.broken.connect(self.bench.log.error)
        viewport.framed.connect(workspace.look_at)
        viewport.drawn_otherwise.connect(self._show_drawing)
        self.method.save.clicked.connect(lambda: file_commands.save_method(self.bench))
        self.colours.changed.connect(self._show_theme)
        for column in (self.panel, self.sources):
            column.visibilityChanged.connect(self._note_panel)

    def _restore(self) -> None:
        self._remembered.restore()
        self.brush.refresh()
        self.paint.refresh()
        self.compare.refresh()
        device = self._settings.value("device")
        if device in DEVICES:
            self.workspace.use_device(device)
        self.workspace.fitting.start_fits_paused(self._settings.value("start_paused", False, bool))
        cores = self.bench.cores
        cores.leave_one(self._settings.value("leave_core", cores.is_usual, bool))

    # Showing.

    def _show_picture(self, picture: Picture) -> None:
        self.welcome.hide()
        self._show_title()
        if picture.path not in (None, file_commands.SAMPLE):
            self.recent.add(picture.path)
        self.panel.refresh()
        self._show_state()

    def _show_scene(self, scene: SceneDocument) -> None:
        """In the place of the picture and of what belongs to a fit."""
        self.welcome.hide()
        self._show_title()
        self.recent.add(scene.path)
        show_menus(self, of_scene=True)
        self._lists.setCurrentWidget(self.versions)
        for pair, on in zip(self._choosers, (False, True), strict=True):
            show_choosers(pair, on)
        self.panel.show_fit(False)
        self.panel.refresh()
        self.bench.chrome.set(page="Scene")
        self._show_state()

    def _show_preview(self) -> None:
        """A small copy of what is being read, or what was there before."""
        self.welcome.setVisible(not self.bench.view.has_picture)
        self._show_state()

    def _show_state(self) -> None:
        self.viewport.show_state(self.workspace.state, self.bench.comparison.sides)

    def _show_title(self) -> None:
        """The project, and what is open of it."""
        path, opened = self.bench.project.path, self.bench.stage.document or self.workspace.picture
        names = [path.stem if path else "", opened.name if opened else ""]
        self.setWindowTitle(f"{' · '.join(filter(None, names))}[*] - Daub" if any(names) else "Daub[*]")
        self._show_unsaved()

    def _show_unsaved(self) -> None:
        """A mark in the title while there is something in no file."""
        self.setWindowModified(self.bench.is_unsaved)

    def _show_pages(self) -> None:
        """There are Gaussians to look into now, or none any more."""
        wanted = {"Inspect": self._can_inspect(), "Edit": self.bench.editing.session is not None}
        if any(there != (name in self.bench.chrome.pages) for name, there in wanted.items()):
            self.panel.refresh()

    def _show_device(self, device: Device) -> None:
        lost = self._device is not None and self._device.name == "cuda" and device.wanted != "cpu"
        self._device = device
        self._show_drawing()
        if device.name == "cpu" and (lost or device.wanted == "cuda"):
            self.bench.log.notice(f"The fit runs on the CPU: {device.reason}")

    def _show_drawing(self) -> None:
        if self._device is not None:
            self.status.show_device(self._device, self.viewport.reason)

    def _show_theme(self, theme: Theme) -> None:
        self.viewport.show_theme(theme)
        self.actions_by_name.show_theme(theme)

    def _show_chrome(self) -> None:
        chrome = self.bench.chrome
        self.panel.setVisible(chrome.panel)
        self.sources.setVisible(chrome.sources)
        if chrome.full_screen != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        if chrome.appearance is not self.colours.wanted:
            self._settings.setValue("appearance", str(chrome.appearance))
            self.colours.want(chrome.appearance)

    def _note_panel(self) -> None:
        """The layout was restored, or the panel closed by the window system."""
        panel, sources = not self.panel.isHidden(), not self.sources.isHidden()
        if (self.bench.chrome.panel, self.bench.chrome.sources) != (panel, sources):
            self.bench.chrome.set(panel=panel, sources=sources)

    def _open_first_menu(self) -> None:
        first = self.menuBar().actions()[0]
        self.menuBar().setActiveAction(first)
        first.menu().setActiveAction(first.menu().actions()[0])

    # Drops.

    def dragEnterEvent(self, event) -> None:
        self.drops.enter(event)

    def dragMoveEvent(self, event) -> None:
        self.drops.move(event)

    def dragLeaveEvent(self, event) -> None:
        self.drops.leave()

    def dropEvent(self, event) -> None:
        self.drops.drop(event)

    # Life.

    def start(self) -> None:
        """Shows the window, and wakes the worker once the first frame is on the screen."""
        self._room.resize(self.width(), self.height())  # before it is shown: else it grows to have room for all
        self.show()
        QTimer.singleShot(0, self._wait_for_first_frame)

    @property
    def is_done(self) -> bool:
        """It is closed, and nothing goes on in it any more."""
        return self._closed and self.workspace.fitting.worker.wait(0) and not self.workspace.background.running

    def _wait_for_first_frame(self) -> None:
        if self._closed:
            return
        if self.viewport.frames:
            self.workspace.wake()
        else:
            QTimer.singleShot(5, self._wait_for_first_frame)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._room.resize(self.width(), self.height())
        for bar in (self.tools, self.brush, self.paint):
            bar.fit(self.width())
        fit_rail(self.rail, self.height())

    def closeEvent(self, event) -> None:
        if not self._closed and not project_commands.may_close(self.bench):
            event.ignore()
            return
        if not self._closed:
            self._closed = True
            self._clock.stop()
            self._settings.setValue("start_paused", self.workspace.fitting.start_paused)
            self._settings.setValue("leave_core", self.bench.cores.leaves_one)
            self._remembered.keep()
            self.hide()
            self._loop.close()
            self.bench.close()  # waits for nothing: a kernel may still be compiling
            self.viewport.close_gl()
        event.accept()
