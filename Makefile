# `make demo` and `make test` need Python 3.11 or newer and nothing else: the first run sets up .venv.

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
PROFILE ?= ci
COVERED := 90

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint formatted linted typed layered declared format proof bench notebooks docs constraints clean

help:  ## what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

setup: $(READY)  ## the virtual environment alone

$(READY): pyproject.toml constraints.txt .ci/setup
	@.ci/setup $(VENV)

demo: $(READY)  ## the main job on the shipped example; says where the report is
	@$(BIN)/pairmatch demo --out demo-out

test: $(READY)  ## all tests, with coverage
	@$(BIN)/coverage erase
	HYPOTHESIS_PROFILE=$(PROFILE) $(BIN)/coverage run -m pytest -n $(WORKERS)
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report --fail-under=$(COVERED)

lint: formatted linted typed layered declared  ## formatting, lint, types, layers, declared dependencies

formatted: $(READY)
	$(BIN)/ruff format --check --quiet .

linted: $(READY)
	$(BIN)/ruff check --quiet .

typed: $(READY)
	$(BIN)/mypy

layered: $(READY)
	$(BIN)/lint-imports

declared: $(READY)
	$(BIN)/deptry src

format: $(READY)  ## put the code into the house's shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

proof: $(READY)  ## the long runs: every property test with many more examples, and all tests marked proof
	HYPOTHESIS_PROFILE=proof $(PYTEST) -n $(WORKERS) -m "proof or not proof"

bench: $(READY)  ## measure pairmatch beside its peers, and make docs/quality.md of it
	$(BIN)/python -m benchmarks.measure
	$(BIN)/python -m benchmarks.page

notebooks: $(READY)  ## make and execute notebooks/*.ipynb from the .py beside them
	$(BIN)/python -m tests.notebooks.execute notebooks/[0-9]*.py

docs: $(READY)  ## the documentation as web pages in docs/_build
	$(BIN)/sphinx-build --quiet --fail-on-warning docs docs/_build

constraints: $(READY)  ## pin the versions that are installed now
	@$(BIN)/python -m pip freeze --exclude-editable | grep '==' > constraints.txt
	@touch $(READY)

clean:  ## remove what make made
	rm -rf $(VENV) docs/_build demo-out .coverage .coverage.*
