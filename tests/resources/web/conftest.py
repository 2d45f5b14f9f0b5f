"""Debian's Chromium without a window, and a server on this machine for what is no single file."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading

import pytest
from browser import Browser, Site


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("no Chromium here: apt-get install chromium chromium-driver")
    selenium = pytest.importorskip("selenium.webdriver", reason="no selenium here: pip install -e '.[dev]'")
    folder = tmp_path_factory.mktemp("site")
    (folder / "empty.html").write_text("<!doctype html><title>empty</title>")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Site, directory=str(folder)))
    threading.Thread(target=server.serve_forever, name="site", daemon=True).start()

    options = selenium.ChromeOptions()
    options.binary_location = chromium
    # OpenGL without a graphics card, and no more shared memory than a container has.
    words = ["headless=new", "use-angle=swiftshader", "enable-unsafe-swiftshader", "disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("no-sandbox")  # in which root cannot be
    for word in [*words, "hide-scrollbars", "force-device-scale-factor=1", "window-size=1000,700"]:
        options.add_argument(f"--{word}")
    driver = selenium.Chrome(options=options, service=selenium.ChromeService(chromedriver))
    driver.set_script_timeout(60)
    browser = Browser(driver, f"http://127.0.0.1:{server.server_port}", folder)
    browser.open("empty.html")
    yield browser
    driver.quit()
    server.shutdown()
    server.server_close()
