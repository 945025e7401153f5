# `make notes` is the main job, `make test` passes the tests; both set everything up themselves.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	&& echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: notes test lint clean

notes: $(VENV)/.installed
	@mkdir -p build
	@if command -v pdflatex >/dev/null 2>&1 || command -v lualatex >/dev/null 2>&1; \
	then pdf="-o build/notes.pdf"; \
	else pdf=""; echo "no LaTeX is installed, so build/notes.pdf is left out"; fi; \
	$(BIN)/symnet notes proofs -o build/notes.html -o build/notes.tex $$pdf --standalone

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "symnet needs Python 3.11, 3.12 or 3.13; none was found. Say which: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[plot]"
	@touch $@

$(VENV)/.installed-test: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build
