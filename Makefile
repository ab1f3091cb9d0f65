# Two commands do everything on a fresh machine with python3 (3.11 or newer) and make:
#   make demo   set up, then take a sample district all the way
#   make test   set up, then run all tests
PYTHON ?= python3
BIN := .venv/bin
CORPUS ?= ../shared/corpus
MINUTES ?= 120
SECONDS ?= 1200
SAMPLE ?= 300
SOURCES := src tests benchmarks

.PHONY: setup demo test unit lint types stale bench corpus soak fuzz mutants templates docs pictures messages requirements office spark clean

# What the program says in other languages; compiled beside each .po, and not committed.
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard src/ledgersync/messages/*/LC_MESSAGES/*.po))

# The package's own ledgers as JSON, which opens faster; not committed either.
COMPILED := src/ledgersync/schema/ledgers/compiled.json

# The checked SQL of their indicators; neither.
STATEMENTS := src/ledgersync/rollup/sql/statements.json

setup: .venv/.ready $(CATALOGUES) $(COMPILED) $(STATEMENTS)
	@$(BIN)/python -m compileall -q src tests

.venv/.ready: requirements-dev.txt requirements-setup.txt pyproject.toml .ci/setup
	@.ci/setup $(PYTHON)
	@touch $@

%.mo: %.po .venv/.ready
	$(BIN)/python -c "from ledgersync.messages.build import compile_catalogues; compile_catalogues()"

$(COMPILED): $(wildcard src/ledgersync/schema/ledgers/*.toml) .venv/.ready
	$(BIN)/python -m ledgersync.schema.compiled

$(STATEMENTS): $(wildcard src/ledgersync/rollup/*.* src/ledgersync/rollup/sql/*.py) \
		$(wildcard src/ledgersync/schema/*.py src/ledgersync/declared/*.py) $(COMPILED)
	$(BIN)/python -m ledgersync.rollup.sql.compiled

demo: setup
	$(BIN)/ledgersync demo ./demo

# All tests; LibreOffice, Chromium, Java and Spark are installed first where that is possible.
test: setup office spark
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not spark"
	$(BIN)/pytest -m "spark and not slow" tests/spark

unit: setup
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not office and not browser" tests/unit tests/property

lint: setup
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports

types: setup
	$(BIN)/mypy

# Generated files that are committed must be what their sources make.
stale: setup
	$(BIN)/python tests/stale.py

office:
	@sh tests/install_office.sh

# Where there is no Java, the tests that need Spark are skipped, and say so.
spark: setup office
	@if command -v java >/dev/null; then $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-spark.txt; fi

bench: setup
	for b in benchmarks/bench_*.py; do $(BIN)/python $$b || exit 1; done

corpus: setup
	$(BIN)/python benchmarks/patch_corpus.py $(CORPUS)
	$(BIN)/python benchmarks/read_corpus.py $(CORPUS)

# Hours: killed at every point and a thousand times at random, every disk fault, long histories,
# and twenty people at one watcher (MINUTES of it).
soak: setup
	$(BIN)/pytest -m slow
	$(BIN)/python -m tests.soak --minutes $(MINUTES)

# Mutated files in child processes, then atheris over bytes and over the XML of a sheet.
fuzz: setup
	$(BIN)/python tests/fuzz/run.py --seconds $(SECONDS)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-fuzz.txt
	for mode in bytes sheet; do $(BIN)/python -m tests.fuzz.target $$mode -max_total_time=$(SECONDS) -timeout=60 -rss_limit_mb=3000 || exit 1; done

# Faults put into merge, values, checks and the patcher one by one: does a test notice?
mutants: setup
	PYTHONPATH=. $(BIN)/python -m tests.mutants --sample $(SAMPLE) --seconds $(SECONDS)

templates: setup
	$(BIN)/python -m ledgersync.workbook.build workbooks
	$(BIN)/python -m ledgersync.plugin.excel.build workbooks

docs: setup
	$(BIN)/python -m ledgersync.cli.reference docs/commands.md
	$(BIN)/ledgersync functions --markdown > docs/functions.md
	$(BIN)/python -m ledgersync.checks.rules.reference > docs/rules.md
	$(BIN)/python -m ledgersync.api.reference docs/api.md
	$(BIN)/python -m tests.word_page docs/words.md
	$(BIN)/python -m tests.doc_pages docs/analysis.md
	$(BIN)/python -m tests.checklist_book docs/windows-checklist.xlsx
	LEDGERSYNC_TODAY=2022-06-30 $(BIN)/python -m ledgersync.plugin.vectors tests/vectors

# Of the demo's reports, for README and docs; with Chromium, LibreOffice and pdftoppm.
pictures: office demo
	$(BIN)/python -m tests.pictures demo docs/images

# Texts of the code into the .po files (then translate what it names), and these into .mo.
messages: setup
	$(BIN)/python -m ledgersync.messages.build

requirements:
	$(BIN)/uv pip compile pyproject.toml --group dev --extra fast --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --extra fast --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.txt
	echo pyspark | $(BIN)/uv pip compile - --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-spark.txt
	echo atheris | $(BIN)/uv pip compile - --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-fuzz.txt
	echo uv | $(BIN)/uv pip compile - --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-setup.txt

clean:
	rm -rf .venv demo demo-旧* build dist
