# Every target builds what it needs. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
export CONSULAR_HOME ?= $(CURDIR)/.local
export UV_PYTHON_DOWNLOADS = never
export UV_COMPILE_BYTECODE = 1
export PIP_ROOT_USER_ACTION = ignore
# dozens of processes are started by the tests; none of them need compile the service again
unexport PYTHONDONTWRITEBYTECODE
UV := .local/bootstrap/bin/uv
BIN := .venv/bin
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGUES:.po=.mo)

.PHONY: help setup run test test-all check bench lock format clean packages browser

help: ## list the targets
	@grep -hE "^[a-z-]+:.*\#\#" $(MAKEFILE_LIST) | sed -E "s|:[^\#]*\#\# |\t|" | expand -t 12

setup: .venv/.installed packages .local/checkout $(COMPILED) ## create the environment from the hash-pinned locks

run: setup ## run the whole service with demo data on PORT (8000)
	@exec $(BIN)/consular up

# one process more than two cores have: some tests wait for the services they start
test: setup browser ## run the tests on a private PostgreSQL, with a real browser
	@$(BIN)/pytest -n 3 --dist loadgroup -m "not slow"

test-all: setup browser ## run all tests, also the slow ones, with examples nobody has tried
	@$(BIN)/pytest -n 3 --dist loadgroup --hypothesis-profile exploring

check: setup ## linters, types, import contracts, migrations, translations, forms
	@sh .ci/check

bench: setup ## measure; one JSON line per figure
	@$(BIN)/python -m tests.benchmarks

lock: .local/bootstrap/bin/uv ## resolve the requirements anew into the hash-pinned locks
	@for name in uv base dev; do $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/$$name.in -o requirements/$$name.lock; done

format: setup ## put the code into the house's form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix-only --quiet .

clean: ## remove the environment and all local state
	rm -rf .venv .local

packages: ## Debian packages for which no wheel serves (as root; says what is missing otherwise)
	@sh .ci/packages pango

browser: packages ## Debian's browser and PDF tools for the tests (as root; says what is left out otherwise)
	@sh .ci/packages browser

$(UV): requirements/uv.lock
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade --target .local/bootstrap -r requirements/uv.lock
	@touch $(UV)

.venv/.installed: $(UV) requirements/dev.lock pyproject.toml
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --python .venv --require-hashes requirements/dev.lock
	@$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --config-setting editable_mode=compat --editable .
	@rm -rf consular.egg-info build
	@touch .venv/.installed

# Marks a checkout: here commands need no environment (see consular/ops/local.py).
.local/checkout:
	@mkdir -p .local && touch .local/checkout

$(COMPILED) &: $(CATALOGUES) .venv/.installed
	@$(BIN)/consular messages compile
	@touch $(COMPILED)
