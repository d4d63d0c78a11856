# Thin on purpose: what a target does stands in the code it calls. Needs Python 3.11+, make and git.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCK := requirements-dev.lock
# A release must have been out for so long before it is taken: most poisoned ones are found and pulled within days.
COOLDOWN ?= 7 days
MODEL_VENV ?= .venv-model
MODEL_LOCKS := requirements-model-build.lock requirements-model.lock

.PHONY: setup compiled demo test test-model chaos hosts load check bench lock fmt clean

setup: $(VENV)/.complete

# Tests and storms start hundreds of processes: what these import is kept compiled, whatever the environment says, and
# what only jailed ones import is compiled before, for they can write nothing.
test chaos hosts load: export PYTHONDONTWRITEBYTECODE =
compiled: setup
	@$(BIN)/python -m compileall -q bot config workers

# --no-deps: the lock is complete, and older pips refuse extras of pinned packages under --require-hashes.
$(VENV)/.complete: $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Quorum needs Python 3.11 or newer; set PYTHON=python3.12, say") if sys.version_info < (3, 11) else None'
	@echo "setting up $(VENV) (about a minute, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	@$(BIN)/python -m tests.demo $(if $(REPO),--repo "$(REPO)") $(if $(BASE),--base "$(BASE)") $(if $(HEAD),--head "$(HEAD)")

# Three workers, also on two processors: the tests wait for processes more than they compute.
test: setup compiled
	$(BIN)/python -m pytest -n 3 --dist worksteal -rs $(ARGS)

# A real model of 135 million parameters, on this machine's processor: minutes, so only when asked for.
test-model: setup $(MODEL_VENV)/.complete
	QUORUM_TEST_MODEL_PYTHON=$(abspath $(MODEL_VENV))/bin/python $(BIN)/python -m pytest tests/model $(ARGS)

# The server of llama.cpp comes as source: a C++ compiler builds it, with hashed build tools and without downloading more.
$(MODEL_VENV)/.complete: $(MODEL_LOCKS)
	@echo "setting up $(MODEL_VENV) (some minutes, once: llama.cpp is compiled)"
	@$(PYTHON) -m venv $(MODEL_VENV)
	@$(MODEL_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements-model-build.lock
	@PATH="$(abspath $(MODEL_VENV))/bin:$$PATH" $(MODEL_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-build-isolation --only-binary :all: --no-binary llama-cpp-python -r requirements-model.lock
	@touch $@

CHAOS = $(BIN)/python -m tests.chaos $(if $(SHORT),--short) $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(PULLS),--pulls $(PULLS)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(DATABASE),--database $(DATABASE))

# Every promise of docs/guarantees.md, then one table. ONLY=storm,hosts picks; MINUTES are of storm and of load, PULLS for
# each database, SECONDS of a host's cut; SHORT=1: every blow of the storm once.
chaos: setup compiled
	@$(CHAOS) $(if $(ONLY),--only $(ONLY))

# A host is cut off from the others and comes back. Needs root and iproute2, or says so and is skipped.
hosts: setup compiled
	@$(CHAOS) --only hosts

# Deliveries at four fifths of the receiver's limit.
load: setup compiled
	@$(CHAOS) --only load

# Hostile input for MINUTES, guided by coverage; what is found is shown at its smallest.
fuzz: setup $(VENV)/.fuzz
	@$(BIN)/python -m tests.fuzz $(if $(MINUTES),--minutes $(MINUTES))

$(VENV)/.fuzz: requirements-fuzz.lock $(VENV)/.complete
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements-fuzz.lock
	@touch $@

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet --no-progress .github

# What runs, as CycloneDX: names, versions, hashes, made of the lock alone.
sbom: setup
	@$(BIN)/python -m tests.supply.sbom requirements.lock

bench: setup
	@$(BIN)/python -m tests.bench $(NAME) $(if $(DATA),--data "$(DATA)")

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The locks name no index: whoever installs uses their own.
lock: setup
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-header --no-annotate --exclude-newer "$(COOLDOWN)" pyproject.toml -o requirements.lock
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-header --no-annotate --exclude-newer "$(COOLDOWN)" --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-header --no-annotate --exclude-newer "$(COOLDOWN)" --group pyproject.toml:build -o requirements-build.lock
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-header --no-annotate --exclude-newer "$(COOLDOWN)" --group pyproject.toml:model -o requirements-model.lock
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-header --no-annotate --exclude-newer "$(COOLDOWN)" --group pyproject.toml:model-build -o requirements-model-build.lock
	$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-header --no-annotate --exclude-newer "$(COOLDOWN)" --group pyproject.toml:fuzz -o requirements-fuzz.lock

clean:
	rm -rf $(VENV) $(MODEL_VENV) .quorum build dist
