# make run   the app with synthetic people, in a browser
# make test  everything that is checked, in parallel
PYTHON ?= python3
PY     := .venv/bin/python
HEALTHBOARD_HOME ?= $(CURDIR)/.healthboard
export HEALTHBOARD_HOME
RUN_ARGS  ?= --demo --open --worker
TEST_ARGS ?= -n 2 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help install install-dev run test lint bench samples shots clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: ## the app's environment in .venv (instant when nothing changed)
	@$(PYTHON) .ci/install.py --set app

install-dev: ## the same with tests and linters
	@$(PYTHON) .ci/install.py --set app && $(PYTHON) .ci/install.py --set dev

run: install ## start with synthetic people and open a browser
	@$(PY) -m core.cli serve $(RUN_ARGS)

test: install-dev ## every test (TEST_ARGS="-k words" to choose)
	@$(PY) -m pytest -q $(TEST_ARGS)

lint: install-dev ## style, types, and who may import whom
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@PYTHONPATH=. .venv/bin/lint-imports --no-cache

bench: install-dev ## the measured claims: imports, store, equations and pages
	@$(PY) -m benchmarks.import_fhir
	@$(PY) -m benchmarks.import_apple
	@$(PY) -m benchmarks.series
	@$(PY) -m benchmarks.store
	@$(PY) -m benchmarks.risk
	@$(PY) -m benchmarks.schedule
	@$(PY) -m benchmarks.checks
	@$(PY) -m benchmarks.alarms
	@$(PY) -m benchmarks.worklist
	@$(PY) -m benchmarks.kiosk
	@$(PY) -m benchmarks.pages

samples: install ## make fhir_samples/ anew from its seed
	@$(PY) -m core.samples

shots: install-dev ## a picture of every page in artifacts/
	@$(PY) -m tests.browser.shots --out artifacts/shots

clean: ## remove what was made here (not your data in .healthboard)
	@rm -rf .venv .venv-triton artifacts build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
