# make run            start the register on 127.0.0.1:8000, with demo data at the first start
# make test           tests on SQLite          make test-postgres   tests on PostgreSQL
# make check          format, lint, types, Django's checks, migrations, translations
# make bench          the figures of README    make demo            demo data: SIZE=small SEED=1
# make fuzz           damaged workbooks by chance: MINUTES=1 SEED=
# make messages       take the sentences of the code into the catalogue, and compile it

SHELL := /bin/bash
.DEFAULT_GOAL := run
VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
SIZE ?= small
SEED ?= 1
TESTS ?= tests

.PHONY: run demo test test-postgres check bench fuzz messages browser

run: export REGISTRY_DEMO ?= 1
run: $(VENV)/installed
	@$(PYTHON) manage.py migrate --verbosity 0
	@if [ "$$REGISTRY_DEMO" = 1 ]; then $(PYTHON) manage.py demo --if-empty --logins; fi
	@exec $(PYTHON) manage.py serve

demo: export REGISTRY_DEMO ?= 1
demo: $(VENV)/installed
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py demo --size $(SIZE) --seed $(SEED) --logins

test: $(VENV)/installed-dev browser
	@env -u DATABASE_URL $(BIN)/pytest -n 3 --dist worksteal $(TESTS)

test-postgres: $(VENV)/installed-dev browser
	@.ci/postgres $(BIN)/pytest -n 3 --dist worksteal $(TESTS)

check: $(VENV)/installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(PYTHON) manage.py check --settings tests.settings
	@$(PYTHON) manage.py makemigrations --check --dry-run --settings tests.settings
	@$(PYTHON) manage.py messages --check --settings tests.settings

bench: $(VENV)/installed-dev
	@$(BIN)/pytest -m benchmark -s -p no:cacheprovider tests/benchmarks

fuzz: export MINUTES ?= 1
fuzz: $(VENV)/installed-dev
	@$(BIN)/pytest -m fuzz -s -p no:cacheprovider tests/sheets/test_fuzz.py

messages: $(VENV)/installed-dev
	@$(PYTHON) manage.py messages --settings tests.settings

# On Debian, and as root, what the journeys need is installed; elsewhere they say what is missing.
browser:
	@if ! command -v chromium chromium-browser google-chrome >/dev/null \
	    || ! command -v pdftoppm >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
	      --no-install-recommends chromium poppler-utils fonts-noto-cjk >/dev/null || true; \
	  else \
	    echo "Browser journeys need chromium and poppler-utils:" \
	      "sudo apt install chromium poppler-utils"; \
	  fi; \
	fi

$(PYTHON):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or newer is needed. Install it: sudo apt install python3"; exit 1; }
	@python3 -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "Python's venv is missing. Install it: sudo apt install python3-venv"; exit 1; }

# The stamps make a second start a matter of seconds: pip runs only after a change of the lists.
$(VENV)/installed: requirements.txt | $(PYTHON)
	@echo "Installing the packages of requirements.txt …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements.txt requirements-dev.txt | $(PYTHON)
	@echo "Installing the packages of requirements-dev.txt …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/installed
