# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

# make demo            an OpenStack with the product in it, on this machine, until Ctrl-C
# make test            every test; `make test ARGS=tests/unit` for some
# make lint            what a change must pass besides
# make docs            the documentation as web pages, in build/docs
# make fuzz            odd input against the engine: `make fuzz MINUTES=5`
# make mutants         whether the engine's tests notice small changes of its code; half an hour
# make bench           what the filters cost a Swift proxy; `make bench ARGS=scheduler` what the
#                      scheduler's cost Nova (so do placement and panel, of tests/bench)
# make upstream        OpenStack's own tests, without and with the filters
# make audit           known vulnerabilities of the versions of the newest release
# make dist            wheel, sdist and SBOM of what is committed, in dist/
# make releasenotes    check the release notes, and write them to build/CHANGELOG.rst
# make test-releases   every test on every release, and on the newest with every Python
# make constraints     refresh the versions of a release: `make constraints RELEASE=2025.1`
#
# demo, test, unit, upstream: on the newest release of OpenStack, or `make demo RELEASE=2025.1`.

PYTHON ?= python3
# One file a release; the newest is the last.
NEWEST := $(lastword $(sort $(basename $(notdir $(wildcard constraints/20*.txt)))))
RELEASE ?= $(NEWEST)
ifeq ($(RELEASE),$(NEWEST))
VENV := .venv
EXTRAS := test,lint,dist
else
VENV := .venv-$(RELEASE)
EXTRAS := test
endif
BIN := $(VENV)/bin
ARGS ?=
MINUTES ?= 1
# A file's tests stay together, for they share a cloud; four clouds at once are enough.
SIDE_BY_SIDE := --numprocesses logical --maxprocesses 4 --dist loadfile
UPPER ?=

.DEFAULT_GOAL := help
.PHONY: help env demo docs test unit test-releases fuzz mutants bench upstream constraints audit \
	lint format dist releasenotes programs clean

help:
	@sed -n 's/^# make /make /p' Makefile

env: $(VENV)/.complete

# The environment is made anew where what it is made from has changed.
$(VENV)/.complete: pyproject.toml setup.py ipcontrol/__init__.py \
		tools/make-environment constraints/build.txt constraints/$(RELEASE).txt
	@PYTHON="$(PYTHON)" tools/make-environment $(VENV) $(EXTRAS) $(RELEASE)
	@touch $@

# An environment of its own, for it needs no service and so is there in seconds.
.venv-docs/.complete: pyproject.toml setup.py tools/make-environment \
		constraints/build.txt constraints/$(NEWEST).txt
	@PYTHON="$(PYTHON)" tools/make-environment .venv-docs docs $(NEWEST)
	@touch $@

# As for the documentation: the engine and its tests need no service.
.venv-mutants/.complete: pyproject.toml setup.py tools/make-environment \
		constraints/build.txt constraints/$(NEWEST).txt
	@PYTHON="$(PYTHON)" tools/make-environment .venv-mutants mutants $(NEWEST)
	@touch $@

constraints/20%.txt:
	@echo "ipcontrol: there is no $@: choose of $(basename $(notdir $(wildcard constraints/20*.txt)))" >&2
	@false

demo: env
	@$(BIN)/python -m devcloud $(ARGS)

# The theme warns where there is no git, as in an unpacked release.
docs: STRICT := $(if $(wildcard .git),--fail-on-warning)
docs: releasenotes
	@rm -rf build/docs
	@.venv-docs/bin/sphinx-build --quiet --keep-going --nitpicky $(STRICT) docs build/docs
	@echo "Open build/docs/index.html."

test: env programs
	@$(BIN)/pytest $(SIDE_BY_SIDE) $(ARGS)

unit: env
	@$(BIN)/pytest $(SIDE_BY_SIDE) tests/unit $(ARGS)

test-releases: programs
	@$(PYTHON) tools/releases.py $(ARGS)

fuzz: env
	@tools/make-environment $(VENV) fuzz $(RELEASE)
	@mkdir -p artifacts
	@$(BIN)/python -m tests.fuzz -max_total_time=$$(($(MINUTES) * 60)) -max_len=600 \
		-dict=tests/fuzz/dictionary.txt -artifact_prefix=artifacts/ -print_final_stats=1

mutants: .venv-mutants/.complete
	@.venv-mutants/bin/python tools/mutants.py

bench: env
	@for name in $(or $(ARGS),swift_filters swift_share); do \
		$(BIN)/python -W ignore -m tests.bench.bench_$$name || exit; \
	done

upstream: env
	@tools/make-environment $(VENV) upstream $(RELEASE)
	@$(BIN)/python -m tests.upstream

constraints:
	@$(PYTHON) tools/constraints.py $(RELEASE) $(UPPER)

audit: env
	@$(BIN)/python tools/audit.py

dist: env
	@$(BIN)/python tools/dist.py

releasenotes: .venv-docs/.complete
	@.venv-docs/bin/python tools/release_notes.py

programs:
	@tools/find-programs

lint: env
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/codespell
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo

format: env
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

clean:
	@rm -rf .venv .venv-* build dist artifacts mutants *.egg-info
