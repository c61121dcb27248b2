# Everything a newcomer types. The environment lies in .venv and is made when it is missing or its locks changed.
#   make demo     the bundled newsroom, a real crawl of it, and its archive in the browser until Ctrl-C
#   make test     lint, types and all tests, the system's browser included
#   make setup    only the environment
#   make crawl    look for new articles into HOME_DIR (made when missing)      make serve   show its archive
#   make accuracy how right it reads, beside its peers; WRITE=1 puts the tables into docs/accuracy.md
#   make bench-site how long the site takes over 100,000 articles, beside stock Datasette
#   make demo PORT=8002 where 8001 is in use

PYTHON ?= python3
HOME_DIR ?= home
PORT ?= 8001
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: setup setup-test demo test check crawl serve lock schema bench bench-site accuracy system clean

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

setup-test: $(VENV)/.installed-test

$(VENV)/.installed-test: $(VENV)/.installed requirements-test.lock
	$(PIP) --require-hashes --requirement requirements-test.lock
	touch $@

demo: setup
	$(BIN)/tamdan demo --port $(PORT)

test: setup-test system check

# One script of checks, the same for everybody.
check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadgroup

crawl: setup $(HOME_DIR)/sources.toml
	$(BIN)/tamdan --home $(HOME_DIR) crawl

serve: setup $(HOME_DIR)/sources.toml
	$(BIN)/tamdan --home $(HOME_DIR) serve --port $(PORT)

$(HOME_DIR)/sources.toml: | setup
	$(BIN)/tamdan init $(HOME_DIR)

# The browser, Khmer fonts and the spreadsheet program that tests open files with: Debian's own when root, else Playwright's browser.
system:
	@sh tests/system.sh $(BIN)

schema: setup
	$(BIN)/python -m archive.migrate > archive/schema.sql

bench: setup-test
	@for each in benchmarks/bench_*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

# The archive it measures on is made once below the folder for temporary files, which takes some minutes.
bench-site: setup-test
	$(BIN)/python benchmarks/bench_site.py

# The peers are installed once, each into an environment of its own below TAMDAN_PEERS, else ~/.cache/tamdan-peers.
accuracy: setup-test
	$(BIN)/python -m benchmarks.accuracy $(if $(WRITE),--write)

# Both locks pin versions and hashes only; no address of an index may be in them.
lock: setup-test
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra build --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra build --extra test --constraint requirements.lock \
	  --output-file requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) demo
