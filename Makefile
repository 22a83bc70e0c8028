# `make demo` and `make test` do all their own set-up; `make help` lists the rest. Written for GNU make 3.81 (macOS).

PORT ?= 8000
DATA ?=
PYTHON ?=
BIN = .venv/bin
# The tools that only read the settings: no database is asked, and none has to run.
READS = TESTING=1 $(BIN)/python -W ignore::RuntimeWarning manage.py
SOURCES = $(shell find static styles -type f 2>/dev/null) $(wildcard package.json package-lock.json)

# The tests start hundreds of processes: each would compile us anew where a shell has forbidden to keep what is compiled.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo demo-reset install test prove bench-matching bench-desk bench-best-hosts lint types imports migrations deployment pytest browser redis lock clean
.DEFAULT_GOAL = help

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(BIN)/.installed build/.collected ## The demonstration, on this machine alone (PORT=8001, DATA=../shared/data)
	@$(BIN)/python -m config.demonstration --port '$(PORT)' $(if $(DATA),--data '$(DATA)')

demo-reset: $(BIN)/.installed ## Throws away what was entered in the demonstration
	@$(BIN)/python -m config.demonstration --reset

install: $(BIN)/.installed-dev build/.collected ## What the demonstration and the tests need, without running either

test: install lint types imports migrations deployment pytest ## Every gate, and one small round of every proof

prove: install ## The full counts, written to docs/proofs.md; up to an hour
	@$(BIN)/pytest tests -m prove -n 2 --dist worksteal --full-counts=docs/proofs.md

bench-matching: $(BIN)/.installed-bench ## How fast the matching is, beside others (ROWS=--small, ROWS='--only swaps'); kept in var/
	@mkdir -p var
	@$(BIN)/python -m tests.bench.matching --to var/bench-matching.md $(ROWS)

bench-desk: install ## How long a broker waits for each page of a round of 20, 200 and 2,000 people
	@$(BIN)/pytest -q -s --no-header tests/bench/desk.py

bench-best-hosts: install ## How long somebody waits for the hosts that suit them, among 50, 500 and 5,000 offers
	@$(BIN)/pytest -q -s --no-header tests/bench/best_hosts.py

lint types imports migrations deployment pytest: | $(BIN)/.installed-dev build/.collected

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types:
	@TESTING=1 $(BIN)/mypy .

imports:
	@$(BIN)/lint-imports

migrations:
	@$(READS) makemigrations --check --dry-run

# As a deployment is set, with an address where no database has to answer.
deployment:
	@DEMO= TESTING= DEBUG= SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	  DATABASE_URL=postgres://checked@localhost/checked ALLOWED_HOSTS=shoes.example SITE_ADDRESS=https://shoes.example \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

# A third worker has the two cores while the tests of killed processes wait for the leases of the dead; a fourth gained nothing.
pytest:
	@$(BIN)/python -m slipcover --json --out build/coverage.json -m pytest -n 3 --dist worksteal
	@$(BIN)/python -m slipcover --merge build/coverage.json --out build/coverage.json --fail-under 95

browser: ## Installs Chromium for the browser tests, or says how
	@sh scripts/install-tool 'chromium chromium-browser google-chrome' chromium '--cask chromium'

redis: ## Installs redis-server for the tests of Celery and the cache, or says how
	@sh scripts/install-tool redis-server redis-server redis

lock: $(BIN)/.installed-dev ## Pins the newest versions that pyproject.toml allows
	@sh scripts/lock

clean: ## Removes what was installed and built; the demonstration's data stays
	rm -rf .venv node_modules build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Stamps: each step runs again only when what it reads has changed.

$(BIN)/python:
	@sh scripts/make-venv '$(PYTHON)'

$(BIN)/.installed: requirements.txt | $(BIN)/python
	@echo 'Installing the pinned Python packages: the longest step, once.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

$(BIN)/.installed-dev: requirements-dev.txt requirements.txt | $(BIN)/python
	@echo 'Installing the pinned Python packages: the longest step, once.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@ $(BIN)/.installed

$(BIN)/.installed-bench: requirements-bench.txt | $(BIN)/.installed-dev
	@echo 'Installing what the matching is measured beside.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@sh scripts/check-node
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

build/.built: node_modules/.installed $(SOURCES)
	@npm run --silent build
	@mkdir -p build && touch $@

build/.collected: build/.built $(BIN)/.installed
	@DEMO=1 TESTING= $(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@
