# Needs Python 3.11 or newer, a C++ compiler and make; everything else goes into .venv.
#
#   make demo       install, build one activation, say where to look
#   make test       everything that must hold before a change lands
#   make generated  build the whole catalogue again
#   make certify    hold generated/, as it is, against the exact mathematics in every mode; takes long, can be interrupted;
#                   the kernels at all 2^32 inputs of float32; with EXHAUSTIVE=1 the files too
#   make bench      time the files against what people write and what frameworks ship, and hold the figures against the
#                   goals: benchmarks/SPEED.md; DEVICE=cuda on a GPU; QUICK=1 for a look, into build/speed
#   make clean      remove what was made here

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
KEY := $(shell { cat pyproject.toml constraints.txt; pwd; } | cksum)
JOBS ?= 2
WORKERS ?= 2
DEVICE ?= cpu

.DEFAULT_GOAL := help
.PHONY: help demo test lint unit current generated certify bench clean environment install

help:
	@sed -n 's/^#   //p' Makefile

demo: environment
	$(BIN)/actgen build specs/selu_variation.yaml
	@echo
	@echo "Look at generated/selu_variation/README.md: formula, gradients, plots, and how to use each file beside it."
	@echo "Open generated/selu_variation/selu_variation.html in a browser to play with it; generated/index.html is the gallery."

test: lint unit current

lint: environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

unit current: export ACTGEN_CACHE ?= $(CURDIR)/build/cache

unit: environment
	$(BIN)/python -m pytest --durations=15 -n $(WORKERS) --dist loadfile

current: environment
	$(BIN)/actgen build --check --jobs $(JOBS) specs

generated: environment
	$(BIN)/actgen build --jobs $(JOBS) --require torch --require keras --require jax --require javascript specs

certify: environment
	$(BIN)/python benchmarks/certify_kernels.py
	$(BIN)/python benchmarks/certify.py $(if $(EXHAUSTIVE),--exhaustive)

bench: environment
	$(BIN)/python benchmarks/speed.py --device $(DEVICE) $(if $(QUICK),--quick,--readme README.md)

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache generated/.actgen

# The stamp says for which requirements, and where, the environment was made. It is written last, so an interrupted
# installation is done again; an environment without it, or one that does not run, is mended.
environment:
	@if [ "$$(cat $(STAMP) 2>/dev/null)" != "$(KEY)" ] || ! $(BIN)/python -m actgen --version >/dev/null 2>&1; then \
	  $(MAKE) --no-print-directory install; fi

install:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "actgen needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing)."; \
	  echo "Name another one: make PYTHON=python3.12"; exit 1; }
	@echo "Installing actgen and the three frameworks into $(VENV); the first time takes some minutes."
	@rm -f $(STAMP)
	@$(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@echo "$(KEY)" > $(STAMP)
