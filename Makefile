# Everything a person needs to try, test and check the desk. Python 3.11 and make are enough for demo and test.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
N ?= 10000
PYTEST_ARGS ?= -n auto --dist worksteal
NPM_CI = cd tests/audit && npm ci --ignore-scripts --no-audit --no-fund --silent
MODULES := tests/audit/node_modules
PIP_INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types lock messages browser postgres kill-rounds fuzz mutants faults cluster bench bench-growth bench-profile bench-confidence picture-time audit audit-tools clean

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Newsroom needs Python 3.11 or later: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: install the package python3-venv"; exit 1; }

$(VENV)/run: requirements.lock | $(BIN)/python
	@echo "Installing what the desk needs to run …"
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(VENV)/dev: requirements-dev.lock | $(BIN)/python
	@echo "Installing what the tests need …"
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch $@ $(VENV)/run

demo: $(VENV)/run  ## set up the demo desk, serve it on PORT (8000), run its worker
	@DEBUG=1 $(BIN)/python manage.py migrate --verbosity 0
	@DEBUG=1 $(BIN)/python manage.py demo --port $(PORT)
	@DEBUG=1 NEWSROOM_URL=http://127.0.0.1:$(PORT) $(BIN)/python manage.py worker & worker=$$!; trap "kill $$worker" EXIT; \
	DEBUG=1 $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

test: $(VENV)/dev  ## every test that needs no server; the browser's too where Chromium is
	@$(BIN)/pytest $(PYTEST_ARGS)

check: lint types test postgres  ## what CI runs

lint: $(VENV)/dev  ## format, style, layers, templates, migrations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@$(BIN)/django-upgrade --target-version 5.2 $$(git ls-files '*.py')
	@DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

types: $(VENV)/dev  ## mypy, strict
	@$(BIN)/mypy newsroom articles sources

postgres: $(VENV)/dev  ## the tests that ask the database once more, on the PostgreSQL of DATABASE_URL
	@DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/newsroom} $(BIN)/pytest $(PYTEST_ARGS) -m "database and not browser"

kill-rounds: $(VENV)/dev  ## the worker killed after each step of sending out; PostgreSQL by DATABASE_URL
	@$(BIN)/python -m tests.faults.killed_worker

faults: $(VENV)/dev  ## every fault injected, on SQLite and on the PostgreSQL of DATABASE_URL: FAULTS_ARGS="killed_web disk --rounds 3"
	@$(BIN)/python -m tests.faults $(FAULTS_ARGS)

fuzz: $(VENV)/dev  ## what is made of anybody's words and addresses, against far more of them, for SECONDS (600)
	@SECONDS=$(or $(SECONDS),600) $(BIN)/python -m tests.fuzz

mutants: $(VENV)/dev  ## are small faults in workflow, permissions, sanitiser and fetcher noticed; SAMPLE (100) of each
	@$(BIN)/python -m tests.mutants --sample $(or $(SAMPLE),100) $(MUTANTS_ARGS)

cluster: $(VENV)/dev  ## a national desk on this machine, and what has to hold of it; installs PostgreSQL, Redis, Varnish (Debian)
	@$(BIN)/python -m tests.cluster

bench: $(VENV)/dev  ## every page beside what one would write by hand, with N (10000) articles; PostgreSQL by DATABASE_URL
	@N=$(N) $(BIN)/python -m tests.bench $(BENCH_ARGS)

bench-growth: $(VENV)/dev  ## what the reports of several N say together: a table and a picture, below var/bench
	@$(BIN)/python -m tests.bench.growth

bench-profile: $(VENV)/dev  ## where the time of an article's page goes
	@N=$(N) $(BIN)/python -m tests.bench --profile

bench-confidence: $(VENV)/dev  ## the time of the arithmetic and of a fit, and what a fit is worth on desks of known truth
	@$(BIN)/python -m tests.bench.confidence
	@$(BIN)/python -m tests.articles.synthetic

picture-time: $(VENV)/dev  ## how soon a picture of 12 megapixels is to be seen, from the editor's disk on
	@$(BIN)/python -m tests.bench.pictures

browser: $(VENV)/dev  ## the journeys in Chromium alone; screenshots in var/journeys
	@NEWSROOM_SHOTS=1 $(BIN)/pytest -m browser

$(MODULES)/checkers: tests/audit/package-lock.json
	@command -v npm > /dev/null || { echo "npm is missing: install the package npm"; exit 1; }
	@$(NPM_CI) --omit=dev
	@touch $@

$(MODULES)/lighthouse.ready: tests/audit/package-lock.json
	@command -v npm > /dev/null || { echo "npm is missing: install the package npm"; exit 1; }
	@$(NPM_CI)
	@touch $@ $(MODULES)/checkers

audit-tools: $(MODULES)/checkers  ## the HTML checker and the reader mode that some tests ask; needs npm

audit: $(VENV)/dev $(MODULES)/lighthouse.ready  ## every readers' page of the demo: HTML, Lighthouse, bytes; needs npm, Java, Chromium
	@$(BIN)/python -m tests.audit

messages: $(VENV)/dev  ## collect the strings, compile the catalogue (needs gettext)
	@DEBUG=1 $(BIN)/python manage.py makemessages -l vi --no-location --no-obsolete -e html,py --ignore '.venv' --ignore tests
	@DEBUG=1 $(BIN)/python manage.py compilemessages --ignore '.venv' -v 0

lock: $(VENV)/dev  ## lock the dependencies anew, with hashes and without addresses
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --extra s3 -c requirements.lock pyproject.toml -o requirements-s3.lock
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --group dev --extra s3 -c requirements-s3.lock pyproject.toml -o requirements-dev.lock

sbom: $(VENV)/run  ## what the desk is made of, as CycloneDX, from the lock files: var/sbom.json
	@mkdir -p var && $(BIN)/python -m newsroom.sbom > var/sbom.json && echo "var/sbom.json"

clean:  ## remove what make made; the database too
	@rm -rf $(VENV) var staticfiles $(MODULES)
