# Commands for developers. They need python3 (3.11 or later) with venv, make and git; the rest is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test faults lint format lock dist clean

# Show a report: the main job on the example, which has two problems on purpose.
demo: $(READY)
	@$(BIN)/python entrypoint.py examples/bookstore --python $(BIN)/python --fail-on never

# Run all tests; `make test ARGS="-k drift"` runs some.
test: $(READY)
	@$(BIN)/python -m pytest -n auto $(ARGS)

# Run the whole table of faults; `make test` runs the rows that stand for their kind. It needs root, for namespaces.
faults: $(READY)
	@ALEMBIC_CHECKS_FAULTS=all $(BIN)/python -m pytest -n auto tests/faults $(ARGS)

# Check style and types; changes nothing.
lint: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

format: $(READY)
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

# Write both locks from pyproject.toml; `make lock UPGRADE=--upgrade` also takes newer versions.
COMPILE = $(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --annotation-style line $(UPGRADE)

lock: $(READY)
	$(COMPILE) -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock

# Build the wheel and the sdist of PyPI into dist/.
dist: $(READY)
	@rm -rf dist
	@$(BIN)/python -m hatchling build

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment: created once, and again when the lock changes.
$(READY): requirements-dev.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("alembic-checks needs Python 3.11 or later, and $(PYTHON) is %d.%d. Run it with a newer one: make PYTHON=python3.13 $(MAKECMDGOALS)" % v[:2])'
	@echo "Setting up .venv (once, and when the lock changes)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
