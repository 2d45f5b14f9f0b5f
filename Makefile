# Everything from an empty clone: needs make and a Python from 3.11 on with venv. `make help` lists the targets.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# Processes that share the tests: two cores are kept busy by two, and each has an X server of its own.
WORKERS ?= 2

# How many times as many examples `make fuzz` tries as `make test`.
TIMES ?= 20

# A window with OpenGL under X, an X server without a screen for the tests, and the OpenMP that numba prefers.
DEBIAN := xvfb xauth libegl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon-x11-0 libxcb-cursor0 \
          libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libgomp1

# A browser for the tests of the page. Debian's alone: elsewhere these names mean other things, and the tests are skipped.
BROWSER := chromium chromium-driver

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz gui bench gpu install-desktop uninstall-desktop clean system browser

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 26

demo: $(STAMP) system ## set up, encode the bundled photo, decode it, leave out/report.png
	@$(BIN)/python main.py demo

test: $(STAMP) system browser ## set up, check the style and run all tests, those of the window included; WORKERS=2
	@$(BIN)/ruff check .
	@if command -v xvfb-run >/dev/null; then \
	  xvfb-run -a -s "-screen 0 1280x900x24" $(BIN)/python -m pytest -n $(WORKERS); \
	else \
	  echo "daub: xvfb-run is missing, so without a display the tests of the window are skipped"; \
	  $(BIN)/python -m pytest -n $(WORKERS); \
	fi

fuzz: $(STAMP) ## try many other examples in the tests that hypothesis makes them for; TIMES=20 as many as `make test`
	@DAUB_FUZZ=$(TIMES) $(BIN)/python -m pytest -m hypothesis -n $(WORKERS) -o timeout=0 -o faulthandler_timeout=0

gui: $(STAMP) system ## set up and open the window; FILE=photo.jpg opens a photo
	@$(BIN)/python main.py $(if $(FILE),"$(FILE)")

bench: $(STAMP) ## set up and measure the bundled photo; IMAGES=folder measures that
	@$(BIN)/python main.py bench fit $(if $(IMAGES),--images "$(IMAGES)")
	@$(BIN)/python main.py bench rd $(if $(IMAGES),--images "$(IMAGES)")

gpu: $(STAMP) ## with an NVIDIA GPU: run the tests that need it, measure, write tests/gpu/RESULTS.md; IMAGES=folder
	@$(BIN)/python tests/gpu/run.py $(if $(IMAGES),--images "$(IMAGES)")

install-desktop: $(STAMP) ## make .daub known to your desktop: file type, thumbnails, menu entry, icons
	@$(BIN)/python main.py desktop install

uninstall-desktop: $(STAMP) ## remove that again
	@$(BIN)/python main.py desktop uninstall

clean: ## remove what was made: .venv, out/ and caches
	rm -rf $(VENV) out build *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find app codec render resources tests -name __pycache__ -prune -exec rm -rf {} +

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "daub: cannot set up, $(PYTHON) is missing or older than 3.11, give a newer one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "daub: cannot set up, $(PYTHON) has no venv, install it: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

# Renamed packages (Ubuntu's t64) count as installed. A failure is told and not fatal: much works without them.
define install
	missing=; \
	for name in $(1); do \
	  dpkg-query -W -f '$${Status}\n' $$name $${name}t64 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$name"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ]; then as=; \
	elif sudo -n true 2>/dev/null; then as=sudo; \
	else echo "daub: these packages are missing, please run: sudo apt-get install$$missing"; exit 0; fi; \
	install="$$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends$$missing"; \
	$$install >/dev/null 2>&1 || { $$as apt-get update -qq && $$install >/dev/null; } || \
	  echo "daub: apt could not install them, please run: sudo apt-get install$$missing"
endef

system:
	@if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then \
	  echo "daub: no apt here, so the libraries of the window are left to you: Qt's xcb libraries, OpenGL, Xvfb"; \
	  exit 0; \
	fi; \
	$(call install,$(DEBIAN))

browser:
	@grep -qx ID=debian /etc/os-release 2>/dev/null || exit 0; \
	$(call install,$(BROWSER))
