# Wardline. `make` lists what there is to do; every target prepares what it needs.
SHELL := /bin/bash
PYTHON ?= $(shell for each in python3.13 python3.12 python3.11 python3; do \
	if command -v $$each >/dev/null 2>&1 && $$each -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then echo $$each; break; fi; done)
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup core demo test check bench coverage lock sbom audit docs clean

help: ## What there is to do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: ## Prepare .venv with everything and build the user interface
	@scripts/prepare $(PYTHON) dev

core: # what running needs, without the tools of development
	@scripts/prepare $(PYTHON) core

demo: core ## A synthetic hospital, alive, in the browser (ARGS="--beds 30 --speed 120")
	@$(VENV)/wardline demo $(ARGS)

test: setup ## Every test, in random order and in parallel (ARGS="-k potassium")
	@scripts/test $(ARGS)

check: setup ## Formatting, lint, types, import rules
	@$(VENV)/ruff format --check -q . && $(VENV)/ruff check -q .
	@$(VENV)/mypy
	@$(VENV)/lint-imports
	@$(VENV)/wardline verify

bench: setup ## Speed and memory as ratios measured in one run, written to bench/results.json
	@$(VENV)/python -m bench $(ARGS)

coverage: setup ## The tests again, saying which lines they reach
	@scripts/test --cov --cov-report=term $(ARGS)

docs: setup ## Write the generated pages: capabilities, settings, command line
	@$(VENV)/python -m wardline.app.documents

lock: setup ## Choose versions anew and write them to requirements/
	@scripts/lock

sbom: setup ## What this rests on, as CycloneDX, in dist/sbom
	@scripts/supply-chain sbom

audit: setup ## Ask for known vulnerabilities of what this rests on (needs the network)
	@scripts/supply-chain audit

clean: ## Remove what was built here
	rm -rf .venv web/node_modules src/wardline/web/static dist .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov .coverage*
