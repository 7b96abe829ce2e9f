# Two commands do everything on a fresh machine: make demo, make test. They need python3 (3.11-3.13) and make.
PYTHON ?= $(shell sh tools/find-python)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: help demo app test check lint study bench lock clean refresh first evidence

help: ## Show this help
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(STAMP) ## Set up and compare three policies for Nedre Glomma
	"$(BIN)/sim" demo

app: $(STAMP) ## Open the app in a browser
	"$(BIN)/sim" app

test: $(STAMP) ## Set up and run the tests
	"$(BIN)/python" -m pytest -n 2 --dist worksteal

lint: $(STAMP) ## Style and types
	"$(BIN)/ruff" check .
	"$(BIN)/mypy"

check: lint test ## Style, types and tests

study: $(STAMP) ## Slow studies (see docs/studies.md); prints its cost first
	"$(BIN)/python" -m pages.studies

bench: $(STAMP) ## Measure every goal for speed side by side (docs/speed.md); needs a C compiler
	"$(BIN)/python" -m bench.limits

refresh: $(STAMP) ## Write the generated tables of docs/odd.md anew
	"$(BIN)/python" -m tests.documents.refresh

evidence: $(STAMP) ## Make all evidence and the pages that show it anew; prints its cost first, goes on where it stopped
	"$(BIN)/python" -m pages.evidence

first: $(STAMP) ## Measure the figures in README.md anew (make evidence does all)
	"$(BIN)/python" -m pages.first_result

lock: ## Pin every dependency anew (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --output-file requirements.lock

clean: ## Remove the environment and every cache
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests bench pages -name __pycache__ -prune -exec rm -rf {} +

$(STAMP): requirements.lock pyproject.toml tools/set-up
	sh tools/set-up "$(PYTHON)" "$(VENV)"
	@touch "$(STAMP)"
