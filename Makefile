# `make` lists what there is. Every target is a script below scripts/, which says what it does and takes options.

.DEFAULT_GOAL := help
.PHONY: help run clock test check proofs fmt bench lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: ## Set up what is missing and start the demonstration site on 127.0.0.1 (PORT=8000)
	@scripts/run

clock: ## What time it is on the demonstration site; FORWARD=6d (3h, 30m) or SET=2026-10-01T09:00 moves it, SPEED=1440 (1) sets its pace
	@scripts/clock $(if $(FORWARD),--forward '$(FORWARD)') $(if $(SET),--set '$(SET)') $(if $(SPEED),--speed '$(SPEED)')

test: ## Set up what is missing and run the tests on SQLite (ARGS="tests/cases -k sweep")
	@scripts/test sqlite $(ARGS)

check: ## Everything that a change must pass: linters, types, tests on SQLite, PostgreSQL and in a browser
	@scripts/check

proofs: ## Change every row of the rulebooks in every way: does a rehearsal notice? (a part of it is in make test)
	@EVERY_CHANGE=1 scripts/test sqlite tests/portal/rehearsals/test_proofs.py

fmt: ## Format the code and mend what can be mended by itself
	@scripts/setup dev
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

bench: ## Measure the second start, the memory, the lists and the sweep
	@scripts/bench

lock: ## Compile requirements/*.in again; `make lock ARGS=--upgrade` takes newer releases
	@scripts/lock $(ARGS)

clean: ## Remove caches and the virtual environment; var/ (data) stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
