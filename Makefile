# Everything is installed into .venv and runs from there; `make` alone lists what there is to do.
PYTHON ?= python3
PIP = .venv/bin/python -m pip --quiet --disable-pip-version-check --no-input
LOCK = pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --no-header --quiet $(ARGS)

.PHONY: help serve seed test chaos check coverage format lock clean

help: ## say this
	@echo 'make ... [ARGS="..."]'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "    %-8s %s\n", $$1, $$2 }' Makefile

serve: .venv/installed ## start ChatFlow, with its own Postgres and Valkey unless told of others
	@exec .venv/bin/chatflow serve $(ARGS)

seed: .venv/installed ## make alice and bob, who have begun to chat
	@exec .venv/bin/chatflow seed $(ARGS)

test: .venv/installed ## run the tests
	@exec .venv/bin/pytest $(ARGS)

chaos: .venv/installed ## break one thing after another under load; ARGS="seconds seed"
	@exec .venv/bin/python -m tests.system.chaos $(ARGS)

check: .venv/installed ## judge style, types and floors, and run the tests
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest $(ARGS)

coverage: .venv/installed ## run the tests and say which lines none of them reached; it takes twice as long
	@exec .venv/bin/pytest --cov $(ARGS)

format: .venv/installed ## put imports and layout in order
	.venv/bin/ruff check --select I --fix
	.venv/bin/ruff format

lock: ## pin what pyproject.toml asks for; with ARGS=--upgrade, its newest versions
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	"$(PYTHON)" -m venv "$$tools"; \
	"$$tools/bin/python" -m pip --quiet --disable-pip-version-check install uv; \
	"$$tools/bin/uv" $(LOCK) --output-file requirements.lock; \
	"$$tools/bin/uv" $(LOCK) --extra embedded --group dev --output-file requirements-dev.lock

clean: ## take away what was made here, but not the data
	rm -rf .venv .coverage .coverage.* htmlcov .*_cache
	find app bench migrations tests -name __pycache__ -prune -exec rm -rf {} +

# Made last, so that whatever was interrupted is done again.
.venv/installed: .venv/bin/python requirements-dev.lock requirements.lock pyproject.toml
	@echo "Installing what ChatFlow needs into .venv ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@pwd -P > $@

.venv/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "ChatFlow needs Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || \
		{ echo "This Python lacks its venv module (Debian: apt install python3-venv)" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear .venv

# A folder that was moved, or a Python that was upgraded, leaves a .venv that cannot be used.
USABLE := $(shell exec 2>/dev/null; test "$$(cat .venv/installed)" = "$$(pwd -P)" \
	&& .venv/bin/python -c 'import pip' && echo yes)
ifneq ($(USABLE),yes)
.PHONY: .venv/bin/python
endif
