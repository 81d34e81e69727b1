# The one door for people. `make` alone lists what there is.
#
#   make scan                              scan a real package on a fresh clone
#   make scan TARGET=path/to/your/code     scan your own
#   make test                              everything that must pass before a commit
#
# PYTHON names the interpreter (3.11 or newer) from which .venv is made.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

TARGET ?= pypi:deepface==0.0.103
ARGS ?=
STRICT ?=
PYTEST ?=
FUZZ_SECONDS ?= 60

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile
	@echo "  variables: PYTHON=$(PYTHON) TARGET=$(TARGET) ARGS= STRICT= PYTEST= FUZZ_SECONDS=$(FUZZ_SECONDS)"

# --- environments ---------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "untag needs Python 3.11 or newer, and $(PYTHON) is not: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "python -m venv failed: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }

$(VENV)/.base: pyproject.toml | $(BIN)/python
	$(PIP) install --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.base

$(VENV)/.%: $(VENV)/.base
	$(PIP) install --editable '.[$*]'
	@touch $@

# --- what people do -------------------------------------------------------------------------------

# A scan that blocks is a result and no failure of make: the exit code is printed as UNTAG_EXIT with
# its meaning, and make fails only when the scan could not be done. STRICT=1 passes every code on.
.PHONY: scan
scan: $(VENV)/.base ## scan TARGET (default: a real package); STRICT=1 makes findings fail
	@code=0; $(BIN)/untag scan $(ARGS) $(TARGET) || code=$$?; \
	case $$code in \
	  0) meaning="clean: no finding that blocks in what was read";; \
	  1) meaning="blocked: findings stand above, which is what a scan is for; make itself did not fail";; \
	  2) meaning="the call, the target or the configuration is wrong: see the message above";; \
	  3) meaning="incomplete: something was not read, the list stands above";; \
	  *) meaning="the scan was interrupted or crashed";; \
	esac; \
	echo "UNTAG_EXIT=$$code  $$meaning"; \
	if [ -n "$(STRICT)" ]; then exit $$code; fi; \
	case $$code in 0|1|3) exit 0;; *) exit $$code;; esac

.PHONY: test
test: lint docs-check pytest ## lint, types, docs in step with the code, and all tests

.PHONY: pytest
pytest: $(VENV)/.dev ## the tests alone; PYTEST="-k waiver" chooses
	$(BIN)/python -m pytest $(PYTEST)

.PHONY: snapshots
snapshots: $(VENV)/.dev ## write tests/cli/snapshots anew, after a change that is meant
	UPDATE_SNAPSHOTS=1 $(BIN)/python -m pytest tests/cli/test_program.py tests/cli/test_scan.py -k "help or formats"

.PHONY: lint
lint: $(VENV)/.dev ## ruff (rules and format) and mypy
	$(BIN)/ruff check src tests tools bench
	$(BIN)/ruff format --check src tests tools bench
	$(BIN)/mypy

.PHONY: format
format: $(VENV)/.dev ## put the format right
	$(BIN)/ruff check --fix-only --quiet src tests tools bench
	$(BIN)/ruff format src tests tools bench

.PHONY: docs
docs: $(VENV)/.base ## write docs/rules, docs/readers.md and docs/policies.md from the code
	$(BIN)/python tools/docs.py

.PHONY: example
example: $(VENV)/.base ## scan a real package and paste two of its findings into README.md
	$(BIN)/python tools/docs.py --example

.PHONY: docs-check
docs-check: $(VENV)/.base ## fail when those files are out of step
	$(BIN)/python tools/docs.py --check

WRITTEN := code prose code_2 prose_2 code_3 prose_3 mix pairs_code pairs_prose pairs_code_2 pairs_prose_2

.PHONY: corpus
corpus: $(VENV)/.base ## score the labelled files, and those of public packages if a registry answers
	$(BIN)/python tools/score_corpus.py $(WRITTEN:%=tests/corpus/%)
	@for set in real real_2 real_3; do \
	  $(BIN)/python tools/fetch_corpus.py tests/corpus/$$set.jsonl tests/corpus/.$$set && \
	  $(BIN)/python tools/score_corpus.py tests/corpus/.$$set --labels tests/corpus/$$set.jsonl || exit 1; \
	done

.PHONY: fit
fit: $(VENV)/.fit ## fit the points of evidence to the labelled files, held close to hand-set priors
	$(BIN)/python tools/fit_weights.py $(foreach set,$(WRITTEN) held,tests/corpus/$(set)/labels.jsonl=tests/corpus/$(set)/files) \
	  --cases $(VENV)/.cases $(ARGS)
	$(BIN)/python tools/fit_wording.py --cases $(VENV)/.cases $(ARGS)

.PHONY: bench
bench: $(VENV)/.bench ## speed and memory beside other tools
	$(BIN)/python bench/run.py $(ARGS)

.PHONY: fuzz
fuzz: $(VENV)/.fuzz ## run each fuzz target for FUZZ_SECONDS
	@found=; for file in tests/fuzz/fuzz_*.py; do \
	  [ -e "$$file" ] || continue; found=1; \
	  name=$$(basename "$$file" .py); \
	  echo "$$name for $(FUZZ_SECONDS) s"; \
	  mkdir -p .cache/fuzz/$$name; \
	  seeds="tests/fuzz/corpus/$${name#fuzz_}"; [ -d "$$seeds" ] || seeds=; \
	  $(BIN)/python "$$file" -max_total_time=$(FUZZ_SECONDS) -timeout=30 -rss_limit_mb=4096 \
	    -print_final_stats=1 -artifact_prefix=.cache/fuzz/crash- .cache/fuzz/$$name $$seeds; \
	done; [ -n "$$found" ] || { echo "no tests/fuzz/fuzz_*.py to run" >&2; exit 1; }

.PHONY: fuzz-long
fuzz-long: $(VENV)/.fuzz ## give every reader its own ten minutes of fuzzing, over as many sittings as it takes
	$(BIN)/python tools/fuzz_long.py $(ARGS)

.PHONY: build
build: $(VENV)/.base ## a wheel in dist/
	$(PIP) wheel --no-deps --wheel-dir dist .

.PHONY: clean
clean: ## remove the environment and all that was made
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
