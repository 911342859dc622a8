# Two commands do everything: `make dashboard` and `make test`. The rest is for those who build.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8866
VENV := .venv
BIN := $(VENV)/bin
# What the dashboard runs with; and with what builds and tests, too.
RUNS := dashboard,reports,database,pdf
READY := $(VENV)/.ready
TOOLS := $(VENV)/.ready-tools
SAMPLE := data/sample/tracking_data.csv
# One more than there are processors: much of the tests is waiting for servers and browsers.
WORKERS = $$($(BIN)/python -c 'import os; print(min((os.cpu_count() or 1) + 1, 4))')
# Where a machine forbids compiled modules, each of hundreds of kernels would compile all it imports.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: docs listed readme help dashboard test long lint fuzz bench bench-scale validate screenshots lab environment browser lowest try constraints clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

dashboard: $(READY) $(SAMPLE)  ## environment, sample data, and the dashboard at a printed URL
	@$(BIN)/hk-metrics serve --data data/sample --port $(PORT)

test: $(TOOLS) browser  ## environment and every test, browser tests included
	@.ci/system-package postgres
	@.ci/system-package nginx
	@.ci/system-package java || echo "Without Java the tests on Spark are skipped."
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

long: export HK_METRICS_LONG := 1
long: test  ## every test at its full length: more random tables, kills, files and looks

lint: $(TOOLS)  ## formatting, style and types, of Python and of JavaScript
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/deno fmt --quiet --check
	@$(BIN)/deno lint --quiet
	@$(BIN)/deno check --quiet hk_metrics/ui/static

fuzz: $(TOOLS)  ## ten thousand spoilt files of every format, each to a dataset or to words
	@$(BIN)/python -m tests.fuzz_import 10000

bench: $(TOOLS) browser  ## every figure, with its peer and its bound in the same run
	@$(BIN)/python -m benchmarks

EVENTS ?= 10000000
bench-scale: $(TOOLS)  ## events beyond memory, size after size: make bench-scale EVENTS=100000000
	@$(BIN)/python -m benchmarks.scale $(EVENTS)

lowest: $(TOOLS)  ## every test but the browser's, on the lowest versions that are admitted
	@.ci/lowest $(TESTS)

try: $(TOOLS) browser  ## a way to serve, for real: make try WAY=nginx|jupyterhub|systemd|spark|airflow|jupyter-scheduler|wheel|dockerfile|two-commands
	@recipes/serving/try $(WAY)

constraints: $(TOOLS)  ## write constraints.txt anew: the newest versions within the bounds
	@.ci/constraints

validate: $(TOOLS)  ## coverage, bias, power and refusals of every estimator
	@.ci/environment $(PYTHON) $(VENV) validate
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.validate

screenshots: $(TOOLS) browser $(SAMPLE)  ## pictures of every page, both widths, light and dark
	@$(BIN)/python -m benchmarks.screenshots

readme: $(TOOLS)  ## write the documents' generated tables from the code
	@$(BIN)/python -m benchmarks.readme

docs: $(TOOLS)  ## the documents as a site in docs/_build, without a warning, offline
	@$(BIN)/python docs/draw.py
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build
	@echo "docs/_build/index.html"

listed: $(TOOLS)  ## an environment of exactly what environment.yml lists, and the sample through it
	@.ci/listed

lab: $(TOOLS) $(SAMPLE)  ## JupyterLab with the notebooks
	@$(BIN)/jupyter lab --notebook-dir=notebooks

environment: $(TOOLS)  ## the environment alone

$(READY): pyproject.toml constraints.txt
	@.ci/environment $(PYTHON) $(VENV) $(RUNS)
	@touch $@

$(TOOLS): $(READY)
	@.ci/environment $(PYTHON) $(VENV) $(RUNS),spark,lab,docs,dev
	@touch $@

$(SAMPLE): | $(READY)
	@echo "Generating the sample data in data/sample ..."
	@$(BIN)/hk-metrics generate data/sample --seed 7

browser:
	@.ci/system-package browser

clean:  ## remove the environment and everything generated
	rm -rf $(VENV) .lowest docs/_build data/sample data/store reports .pytest_cache .mypy_cache .ruff_cache .hypothesis
