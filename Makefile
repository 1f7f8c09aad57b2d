# make demo   fit a photograph with Standard, Uniform and NINT (out/demo/)
# make demo MEDIUM=audio   fit the embedded example of a medium: audio, video, shape, radiance, image or large (out/audio/)
# make attack   random words, files and damage on the commands and the readers, from a SEED; N cases
# make test   notebooks and module in sync and clean, all notebooks, the site in a browser, the wheel in an empty environment
# make versions TORCH=2.11.0   what depends most on PyTorch, with another version of it
# make experiments PROFILE=laptop ONLY=fixed_iterations BUDGET=540   run experiments, or what is left of them, into results/
# make experiments PROFILE=paper ONLY=fixed_iterations STEPS=250 SEEDS=1   the paper's size, on what is there (DEVICE=cpu or cuda); STEPS=1000 later goes on from there
# make experiments ONLY=fixed_iterations RETRY=1   run again what crashed or diverged
# make bench PROFILE=laptop BUDGET=540   what a training step costs, what a score is worth and how long 35 dB takes on this machine, into results/; NEW=1: once more, beside what is there
# make gpu BUDGET=540   on a machine with a graphics card: try everything in three minutes, then measure; results come back in out/gpu/results.tar.gz
# make gpu-pack   what that machine needs beside the repository, into gpu/      make gpu-unpack ARCHIVE=...   what came back, into results/
# make format   wrap the code of all notebooks for a page 100 characters wide
# make nbs    execute all notebooks in place, store their outputs, write README.md
# make lab    open the notebooks          make docs   render the site into _docs/
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SHELL  := /bin/bash

.DEFAULT_GOAL := help
.PHONY: help env demo attack test versions experiments bench gpu gpu-pack gpu-unpack format nbs lab docs results clean

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
	$(BIN)/$(if $(MEDIUM),nint_fit --medium $(MEDIUM) --out out/$(MEDIUM) --overwrite,nint_compare --out out/demo --figure demo.png --overwrite)

attack: env
	$(BIN)/python .ci/attack.py --n $(or $(N),400) --seed $(or $(SEED),0)

test: $(VENV)/.site
	@$(BIN)/python .ci/check.py

versions: env
	@$(BIN)/python .ci/versions.py $(TORCH)

# The demo's table with three seeds, written to results/demo/.
results: env
	$(BIN)/nint_compare --seeds 3 --results results/demo

# All experiments, or ONLY one, in a PROFILE (laptop or paper); BUDGET is seconds after which to stop, SEEDS how many of the seeds; call again to go on.
# The laptop profile runs on one thread, so that a run gives the same bits wherever it is resumed.
experiments: env
	$(if $(filter paper,$(PROFILE)),,OMP_NUM_THREADS=1) $(BIN)/python -c 'import sys; from nint.evidence.experiments import main; sys.exit(main())' --profile $(or $(PROFILE),laptop) $(if $(ONLY),--only $(ONLY)) $(if $(BUDGET),--budget $(BUDGET)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(IMAGES),--images $(IMAGES)) $(if $(STEPS),--steps $(STEPS)) $(if $(DEVICE),--device $(DEVICE)) $(if $(RETRY),--retry 1)

# The laptop profile takes minutes of one quiet core; call again after a BUDGET or a kill to go on.
bench: env
	$(if $(filter paper,$(PROFILE)),,OMP_NUM_THREADS=1) $(BIN)/python -c 'import sys; from nint.evidence.experiments import main_bench; sys.exit(main_bench())' --profile $(or $(PROFILE),laptop) $(if $(BUDGET),--budget $(BUDGET)) $(if $(NEW),--new)

# On a machine with a graphics card: its own Python, no installer, no network. What PACK holds is used, wheels only where the package is missing.
PACK ?= gpu
GPU_PYTHON ?= python3
gpu:
	@rm -rf $(PACK)/site && PYTHONPATH= $(GPU_PYTHON) .ci/wheels.py $(PACK)/wheels $(PACK)/site
	NINT_DATA=$(or $(NINT_DATA),$(PACK)/data) PYTHONPATH=$(CURDIR):$(PACK)/site $(GPU_PYTHON) -c 'import sys; from nint.evidence.lease import main_lease; sys.exit(main_lease())' --budget $(or $(BUDGET),540) $(if $(DEVICE),--device $(DEVICE)) $(if $(TINY),--tiny 1) $(if $(OUT),--out $(OUT))

# Pictures, weights, and what a machine with PyTorch, scikit-image, pandas and matplotlib may lack, for its Python (PY) on Linux. At most 60 MiB in all,
# since machines are often lent with a limit on what travels to them.
gpu-pack: env
	@rm -rf $(PACK)/wheels $(PACK)/site
	$(BIN)/python -c 'import sys; from nint.evidence.lease import pack_data; pack_data(sys.argv[1])' $(PACK)/data
	$(BIN)/python -m pip download -qq --disable-pip-version-check --no-deps --only-binary=:all: --python-version $(or $(PY),3.12) --platform manylinux2014_x86_64 --platform manylinux_2_28_x86_64 -d $(PACK)/wheels -c constraints.txt fastcore lpips tqdm psutil safetensors
	@du -sm $(PACK) | awk '{print $$1 " MiB in $(PACK)/"; exit $$1 > 60}'

gpu-unpack: env
	$(BIN)/python -c 'import sys; from nint.evidence.lease import unpack; print("\n".join(unpack(sys.argv[1], sys.argv[2])))' $(ARCHIVE) $(or $(ROOT),results)

format: env
	$(BIN)/python .ci/format.py

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
