# check · run · lab · slides · bundle · test · quick-test · notebooks · exercises · bench · study · model ·
# links · audit · soak · clean · clean-cache
# DATASET and PROFILE choose other data and more or less work; NOTEBOOK says what lab and slides open.
ifneq ($(wildcard wheels/python),) # unpacked from `make bundle`: nothing comes from the network
PYTHON ?= $(shell cat wheels/python)
export PIP_NO_INDEX = 1
export PIP_FIND_LINKS = wheels
export VIT_CACHE ?= $(CURDIR)/cache
endif
PYTHON ?= python3
BIN = .venv/bin
DATASET ?= shapes100
PROFILE ?= quick
LAB_OPTIONS ?=
TIMES ?= 20
NOTEBOOK ?= 00_start_here
OTHERS = $(filter-out tests/platforms tests/training tests/__pycache__ %.txt,$(sort $(wildcard tests/*)))
TEST = VIT_DATASET=shapes100 VIT_PROFILE=smoke $(BIN)/python -m pytest
COMPILE = uv pip compile --universal --python-version 3.11 --no-header --no-annotate --quiet pyproject.toml

# What a process must find in its environment before it starts; the kernel gets the same.
include environment.env
export $(shell sed 's/=.*//' environment.env)
export VIT_DATASET = $(DATASET)
export VIT_PROFILE = $(PROFILE)

.PHONY: check run lab slides bundle test quick-test lint notebooks exercises bench study model links requirements audit soak clean clean-cache

check: .venv/ready
	$(BIN)/python -m vit_check

run: .venv/ready
	$(BIN)/python tools/run_series.py

lab: PAGE = /lab/tree/notebooks/$(NOTEBOOK).ipynb
slides: PAGE = /rise/notebooks/$(NOTEBOOK).ipynb
lab slides: .venv/ready
	env -u VIT_DATASET -u VIT_PROFILE $(BIN)/jupyter lab --ServerApp.root_dir=. \
		--LabApp.default_url=$(PAGE) $(LAB_OPTIONS)

# Everything. Three processes at once, for each waits now and then; the longest files first; the
# cells of a notebook stay together.
test: .venv/ready-to-test .venv-torch/ready .venv-oldest/ready lint
	$(TEST) --numprocesses 3 --dist loadscope --no-loadscope-reorder tests/platforms tests/training \
		notebooks $(OTHERS) --nbval-lax --nbval-current-env --nbval-cell-timeout=600

# For every commit: no second environment, no browser, no notebook is run.
quick-test: .venv/ready-to-test lint
	$(TEST) --numprocesses 2 -m "not slow" tests \
		--ignore-glob "tests/platforms/test_[bcl]*.py"

lint: .venv/ready-to-test
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

exercises: .venv/ready
	$(BIN)/jupytext --quiet --sync notebooks/solutions/*.py
	$(BIN)/python tools/run_series.py --in-place notebooks/solutions/*.ipynb
	$(BIN)/python tools/make_exercises.py

notebooks: .venv/ready exercises
	$(BIN)/jupytext --quiet --sync notebooks/*.py
	$(BIN)/python tools/run_series.py --in-place
	$(BIN)/jupytext --quiet --sync notebooks/*.py
	$(BIN)/python tools/readme_picture.py

# PARTS: speed growth augmentation start memory accuracy (default: all); PHOTOS: a folder of photographs.
bench: .venv/ready .venv-torch/ready
	$(BIN)/python -m benchmarks --photos "$(PHOTOS)" $(PARTS)

# The study that notebooks 09 and 10 show: trains what is missing, one run a core, in hours; goes on
# where it was stopped. SHOW=1: print the tables only; ONLY: questions, MINUTES: begin no run later.
study: .venv/ready
	$(BIN)/python -m benchmarks.study --photos "$(PHOTOS)" --only "$(ONLY)" \
		$(if $(SHOW),--show) $(if $(MINUTES),--minutes $(MINUTES))

# One file with everything, for this platform and this Python: a room without network.
bundle: .venv/ready
	$(BIN)/python tools/make_bundle.py

model: .venv/ready .venv-oldest/ready
	$(BIN)/python tools/train_shipped_model.py
	.venv-oldest/bin/python -m tools.save_shipped_model

# Writes the address of the repository wherever it is needed.
links: .venv/ready
	$(BIN)/python tools/links.py $(REPO)

# Needs uv; run it after a change of the dependencies in pyproject.toml.
requirements:
	$(COMPILE) --extra notebooks --upgrade -o requirements.txt
	$(COMPILE) --all-extras --constraint requirements.txt --upgrade -o tests/requirements.txt
	$(COMPILE) --group colab --resolution lowest-direct --upgrade -o tests/oldest.txt

.venv/ready: requirements.txt pyproject.toml environment.env $(wildcard lab/*.json)
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m ipykernel install --sys-prefix --name python3 --display-name "Python 3 (ipykernel)" \
		$(shell sed 's/^\([^=]*\)=/--env \1 /' environment.env)
	mkdir -p .venv/share/jupyter/lab/settings && cp lab/overrides.json .venv/share/jupyter/lab/settings
	cp lab/server.json .venv/etc/jupyter/jupyter_server_config.json
	touch $@

.venv/ready-to-test: .venv/ready tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@

.venv-torch/ready: benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

.venv-oldest/ready: tests/oldest.txt
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

clean:
	rm -rf build .venv .venv-torch .venv-oldest

# Needs the network: known vulnerabilities of what is pinned.
audit: .venv/ready
	$(BIN)/python -m venv build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	build/audit/bin/pip-audit --no-deps --disable-pip --requirement requirements.txt

# The series and the solutions at `smoke`, TIMES over, two kernels at once, in random order.
soak: .venv/ready-to-test
	VIT_DATASET=shapes100 VIT_PROFILE=smoke $(BIN)/python -m tools.soak $(TIMES)

# The datasets, compiled programs and runs that are kept between starts (VIT_CACHE, ~/.cache/vit_helpers).
clean-cache:
	$(PYTHON) -c "import shutil; from vit_check import hardware; shutil.rmtree(hardware.cache_folder(), True)"
