# The whole vocabulary: make run · make test · make check · make bench · make lock

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BROWSER := /usr/bin/chromium
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check tools bench lock browser
.DEFAULT_GOAL := run

run: $(VENV)/.for-running
	@exec $(BIN)/gongzhi run

# Files side by side, each runner with a PostgreSQL and a browser of its own; more than four only fight over the disk.
test: tools browser
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

check: tools
	@$(BIN)/python -m pytest tests/repository

tools: $(VENV)/.for-work
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@GONGZHI_DATA=$(VENV)/cell-of-mypy $(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/.for-work
	@$(BIN)/python -m bench

lock: $(VENV)/.for-running
	$(BIN)/uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 -c requirements.txt requirements-dev.in -o requirements-dev.txt

# A real browser and a Chinese font, for the tests that look at pages.
browser:
	@if [ -x $(BROWSER) ] && [ -n "$$(fc-list :lang=zh 2>/dev/null)" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
		echo "The tests need Chromium and a Chinese font: sudo apt-get install chromium fonts-noto-cjk" >&2; exit 2; fi; \
	echo "Installing Chromium and a Chinese font for the tests …"; \
	export DEBIAN_FRONTEND=noninteractive; apt-get -qq update >/dev/null && \
	apt-get -qq install -y --no-install-recommends chromium fontconfig fonts-noto-cjk >/dev/null

# The environment: made once, and again only when a lock file changes. Every package is checked by its hash.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Gongzhi needs Python 3.11 or newer: apt-get install python3 python3-venv, or make PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python can't make environments: apt-get install python3-venv" >&2; exit 2; }
	@echo "Making the environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.for-running: requirements.txt | $(BIN)/python
	$(call install,requirements.txt)
	@touch $@

$(VENV)/.for-work: requirements-dev.txt | $(BIN)/python
	$(call install,requirements-dev.txt)
	@touch $@

# uv is quicker than pip; where it can't be had, or fails, pip does the same.
define install
	@echo "Installing what $(1) locks …"
	@awk '/^uv==/ {on=1} /^[a-z]/ && !/^uv==/ {on=0} on' requirements.txt > $(VENV)/uv.txt
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/uv.txt || true
	@{ [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); } || \
		$(BIN)/python -m pip install --quiet --require-hashes -r $(1)
	@echo '$(CURDIR)/src' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/gongzhi.pth"
	@printf '#!/bin/sh\nexec "$$(dirname "$$(readlink -f "$$0")")/python" -m gongzhi "$$@"\n' > $(BIN)/gongzhi
	@chmod +x $(BIN)/gongzhi
endef
