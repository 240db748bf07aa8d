# One word per act: demo, test, lint, bench, soak, clean. VENV=path uses another environment.

VENV ?= .venv
# The first Python that is new enough, whatever it is called here.
PYTHON ?= $(shell for p in python3 python python3.11 python3.12 python3.13 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

BIN := $(VENV)/bin
CORE := $(VENV)/.impasto-core
DEV := $(VENV)/.impasto-dev
# Folders of Python that exist.
CODE := $(wildcard src tests benchmarks scripts)

.PHONY: demo test lint bench soak clean

demo: $(CORE)
	$(BIN)/python scripts/demo.py demo

test: lint
	$(BIN)/python -m pytest -m "not soak"

lint: $(DEV)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy --strict $(CODE)

bench: $(DEV)
	$(BIN)/python -m benchmarks

soak: $(DEV)
	$(BIN)/python -m pytest -m soak

clean:
	rm -rf build dist demo .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Installing is remembered by stamp files; an environment that exists is used as it is.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Impasto needs Python 3.11 or newer; none was found. Name one: make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(CORE): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[train,search,onnx,huge,serve,s3,dev]"
	touch $(CORE) $@
