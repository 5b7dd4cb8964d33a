# All targets build what they need; `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
export CONSULAR_HOME ?= $(CURDIR)/.local
export UV_PYTHON_DOWNLOADS = never
export UV_COMPILE_BYTECODE = 1
UV := .local/bootstrap/bin/uv
BIN := .venv/bin

.PHONY: help setup
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: .venv/.installed ## create the environment from the hash-pinned lock

$(UV): requirements/uv.lock
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade --target .local/bootstrap -r requirements/uv.lock
	@touch $(UV)

.venv/.installed: $(UV) requirements/dev.lock pyproject.toml
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip sync --quiet --python .venv --require-hashes requirements/dev.lock
	$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --config-setting editable_mode=compat --editable .
	@touch .venv/.installed
