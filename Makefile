# Beredd. `make demo` shows it, `make test` proves it; the rest are parts of these two.
.POSIX:
.PHONY: help setup frontend demo tour test test-packages test-sqlite test-postgresql test-browser test-long races \
	check-letters lint types format bench clean

PY = .venv/bin/python
READY = .venv/beredd-ready
NODE_ENV_PATH = PATH="$(CURDIR)/.venv/bin:$$PATH" NODE_OPTIONS=--use-system-ca
BUNDLE = workflow_app/web/static/dist/diagram.js
# Two workers suit the smallest machine that runs the whole suite.
WORKERS = 2
PYTEST = $(PY) -m pytest -q
PARALLEL = -n $(WORKERS) --dist loadfile

help:
	@echo "make setup      make .venv with the locked dependencies"
	@echo "make demo       start Beredd with a demo authority, and print where and who"
	@echo "make tour       play one case in the terminal, act by act"
	@echo "make test       everything: lint, types, contracts, both databases, browser"
	@echo "make test-long  the slow searches: more random models, requests and faults"
	@echo "make races      ten thousand decisions race with as many revocations on PostgreSQL"
	@echo "make check-letters  ask veraPDF whether the letters are PDF/A-3a and PDF/UA-1 (needs Java and Maven)"
	@echo "make bench      measure commands, verdicts and the net (docs/performance.md)"
	@echo "make lint types format test-sqlite test-postgresql test-browser   one part at a time"

setup: $(READY)

$(READY): pyproject.toml uv.lock .ci/setup
	@.ci/setup

frontend: $(BUNDLE)

# The bundle is built with the Node of the virtual environment, so the machine needs none of its own.
$(BUNDLE): $(READY) frontend/package.json frontend/package-lock.json frontend/build.mjs frontend/src/*
	@echo "Building the diagram viewer"
	@cd frontend && $(NODE_ENV_PATH) npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@cd frontend && $(NODE_ENV_PATH) node build.mjs
	@touch $(BUNDLE)

demo: setup frontend
	@$(PY) manage.py demo

tour: setup
	@$(PY) manage.py tour

test: setup frontend test-packages lint types test-sqlite test-postgresql test-browser

test-packages:
	@.ci/packages

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports --no-cache

types: setup
	$(PY) -m mypy

format: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

test-sqlite: setup frontend
	$(PYTEST) $(PARALLEL) -m "not browser and not long"

test-postgresql: setup frontend
	$(PY) -m tests.postgresql $(PYTEST) $(PARALLEL) -m "database and not browser and not long"

test-browser: setup frontend
	$(PYTEST) $(PARALLEL) -m "browser and not long"

test-long: setup frontend test-packages
	$(PYTEST) $(PARALLEL) -m long
	$(PY) -m tests.postgresql $(PYTEST) $(PARALLEL) -m "long and database"

races: setup
	BEREDD_RACES=10000 $(PY) -m tests.postgresql $(PYTEST) tests/workflow_app/cases/test_races.py -k r28

check-letters: setup
	$(PY) -m tests.verapdf

bench: setup
	$(PY) -m benchmarks.rules
	$(PY) -m benchmarks.staffing
	$(PY) -m benchmarks.rehearsal
	$(PY) -m benchmarks.commands

clean:
	rm -rf .venv var frontend/node_modules workflow_app/web/static/dist .mypy_cache .ruff_cache .pytest_cache
