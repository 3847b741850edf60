# `make run` and `make test` set up what they need; nothing has to be installed by hand but Python 3.11, git and make.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# Where `make desk` can be opened.
PORT ?= 8000
export PYTHONUTF8 = 1
export DO_NOT_TRACK = 1
# GNU make has only directory time stamps for a virtual environment, so a stamp file stands for "installed from this lock".
STAMP := $(VENV)/.installed

.PHONY: setup run test dev desk bench lint format lock generate clean-data

setup: $(STAMP)

$(STAMP): requirements.lock requirements-setup.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "需要 Python 3.11：apt-get install python3.11 python3.11-venv，或 make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock requirements-setup.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

run: setup
	$(BIN)/wuxing demo

test: setup lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/sqlfmt --check --quiet dbt_project

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfmt --quiet dbt_project

dev: setup
	$(BIN)/wuxing dev

desk: setup
	$(BIN)/wuxing desk --port $(PORT)

bench: setup
	$(BIN)/python -m benchmarks

# After a change of dependencies in pyproject.toml. No index address is written: the lock must install from any mirror.
lock: setup
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml --output-file requirements.lock

# After a change of ingest/reference/items.csv: or a rule: the files of dbt_project and docs that follow from it.
generate: setup
	$(BIN)/python -m orchestration.dbt.generate
	$(BIN)/python -m expectations.catalogue.page
