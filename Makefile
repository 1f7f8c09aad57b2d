# make demo   fit a photograph with Standard, Uniform, NINT and our two fits, and say what each took (out/demo/)
# make quick   the tests of tests/, in under 40 seconds
# make test   everything: sync, style of the site, all notebooks, the site in a browser, the wheel in empty environments; NB=3_selection/05_nint for one page
# make attack   random words, files and damage on the commands and the readers, from a SEED; N cases
# make versions TORCH=2.11.0   what depends most on PyTorch, with another version of it
# make experiments ONLY=main_table SCALE=128 BUDGET=540   run experiments, or what is left of them, into results/; SEEDS, IMAGES and STEPS for a part
# make bench BUDGET=540   what a training step costs on this machine, in pairs, into results/
# make nbs    execute all notebooks in place, store their outputs, write README.md
# make lab    open the notebooks          make docs   render the site into _docs/
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SHELL  := /bin/bash

.DEFAULT_GOAL := help
.PHONY: help env demo quick test attack versions experiments bench nbs lab docs clean

help:
	@sed -n '/^$$/q; s/^# //p' Makefile

# The environment is rebuilt when what it is made of changes.
env: $(VENV)/.ready
$(VENV)/.ready: constraints.txt settings.ini setup.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "nint needs Python 3.11 or later, found $$($(PYTHON) --version); set PYTHON=..."; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV) || { echo "could not make a virtual environment; on Debian: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: env
	$(BIN)/python -c "from nint.cli.compare import demo; demo()" --out out/demo

quick: env
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -x -n 2 tests

test: $(VENV)/.site
	@$(BIN)/python .ci/check.py $(NB)

attack: env
	$(BIN)/python .ci/attack.py --n $(or $(N),400) --seed $(or $(SEED),0)

versions: env
	@$(BIN)/python .ci/versions.py $(TORCH)

# One thread, so that a run gives the same bits wherever it is resumed; called again it goes on after a BUDGET [s] or a kill.
experiments: env
	OMP_NUM_THREADS=1 $(BIN)/python -m nint.evidence.runs --scale $(or $(SCALE),128) $(if $(ONLY),--only $(ONLY)) $(if $(BUDGET),--budget $(BUDGET)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(IMAGES),--images $(IMAGES)) $(if $(STEPS),--steps $(STEPS))

bench: env
	OMP_NUM_THREADS=1 $(BIN)/python -m nint.evidence.bench --scale $(or $(SCALE),128) $(if $(BUDGET),--budget $(BUDGET))

nbs: env
	$(BIN)/nbdev_export
	$(BIN)/python .ci/execute.py
	$(BIN)/python .ci/readme.py

lab: env
	$(BIN)/jupyter lab --notebook-dir nbs

docs: $(VENV)/.site
	$(BIN)/python .ci/docs.py

# What renders the site where there is no Quarto, draws its formulas, and drives the browser that checks it.
$(VENV)/.site: $(VENV)/.ready
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt smalldocs pypandoc-binary playwright
	@touch $@

clean:
	rm -rf $(VENV) out build dist *.egg-info _proc _docs
