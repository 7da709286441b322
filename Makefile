# Two commands: `make serve` (the real graph on http://127.0.0.1:8000) and `make test`. Both set everything up.
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: serve test check lint data browser stores bench clean help

help: ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

serve: $(READY) ## build, check and serve the real graph (PORT=8123 for another port)
	$(BIN)/natgraph serve --host $(HOST) --port $(PORT)

test: $(READY) browser ## set everything up and run all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(READY) browser lint data ## lint, types, data checks and tests; warnings are errors
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

data: $(READY)
	$(BIN)/natgraph fmt --check
	$(BIN)/natgraph check

bench: $(READY) ## compare with other servers (some fifteen minutes); wrk is used if it is there
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock --no-build-isolation -e '.[bench]'
	$(BIN)/python benchmarks/run.py --quads 100000 --quads 1000000 --output results.json
	$(BIN)/python benchmarks/report.py results.json

# The page test drives a real browser. It is Debian's; as root we install it, otherwise that test is left out.
browser:
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "chromium is missing: the browser test is skipped (apt-get install chromium)"; fi

# The tests of stores elsewhere run Virtuoso. It is Debian's; as root we install it, otherwise its tests are left out.
stores: $(READY) ## the tests of stores elsewhere with Virtuoso and Fuseki too (some minutes)
	@command -v virtuoso-t >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends virtuoso-opensource-7-bin >/dev/null; } || \
	  echo "Virtuoso is missing: its tests are skipped (apt-get install virtuoso-opensource-7-bin)"
	NATGRAPH_STORES=all $(BIN)/python -m pytest -n 2 --dist loadgroup tests/test_stores.py

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "natgraph needs Python 3.11 or newer; name one with PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	  else echo "python3-venv is missing: apt-get install python3-venv"; exit 1; fi; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean: ## remove what make made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
