# Every target first runs .ci/setup, which installs what is missing and is done in a second when nothing is.

.DEFAULT_GOAL := help
.PHONY: help setup demo test slow check rcheck docs bench measure results lock wheel clean distclean
PYTHON_BIN := .venv/bin/python
# What `make bench` does not run, and needs neither torch nor the recordings in ../shared.
MEASURED = $(addprefix benchmarks/,book_pipeline.py stored_book.py ten_million.py window_memory.py larger_than_memory.py \
  large_model.py checkpoint.py walk_forward.py workers.py simulated_book.py)
export MPLBACKEND ?= Agg

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup:  ## install R, the Python environment and the R package, where missing
	@.ci/setup

demo: setup  ## the main job: train, report, picture and bundle, then the same bundle in R, both ways in
	$(PYTHON_BIN) -m zoo.cli demo --out demo
	Rscript examples/demo.R demo
	$(PYTHON_BIN) -m r_bridge examples/demo.R demo

test: setup  ## the Python tests and the R package's tests
	$(PYTHON_BIN) -m pytest -n 2 --dist loadfile -m "not slow"
	Rscript -e 'testthat::test_dir("r_bridge/speczoo/tests/testthat", package = "speczoo", load_package = "installed")'

slow: setup  ## the long tests, outside CI
	$(PYTHON_BIN) -m pytest -m slow

check: setup  ## format, lint, types, contracts, generated files
	$(PYTHON_BIN) -m ruff format --check .
	$(PYTHON_BIN) -m ruff check .
	$(PYTHON_BIN) -m mypy
	.venv/bin/lint-imports
	$(PYTHON_BIN) -m zoo.build.signatures --check
	$(PYTHON_BIN) -m zoo.spec.tools.schema --check
	$(PYTHON_BIN) -m zoo.spec.tools.catalogue --check
	$(PYTHON_BIN) -m zoo.spec.tools.index --check
	$(PYTHON_BIN) -m zoo.spec.tools.models --check
	$(PYTHON_BIN) -m zoo.cli fmt --check 'specs/**/*.yaml'

rcheck: setup  ## the R package as R's own tools see it: built with its vignettes, checked with its examples
	@.ci/r-check

docs: setup  ## write everything that is made from the specs and the rules: index, pages, schema, gallery
	$(PYTHON_BIN) -m zoo.spec.tools.schema --write
	$(PYTHON_BIN) -m zoo.spec.tools.catalogue --write
	$(PYTHON_BIN) -m zoo.spec.tools.index --write
	$(PYTHON_BIN) -m zoo.spec.tools.models --write
	rm -rf build/gallery
	$(PYTHON_BIN) -m zoo.build.gallery --out build/gallery

bench: setup  ## speed beside Keras, PyTorch and ONNX Runtime; start-up; R: benchmarks/RESULTS.md
	@[ -n "$(TORCH)" ] || .ci/torch
	$(PYTHON_BIN) -m benchmarks --torch $(or $(TORCH),.venv-bench/bin/python) $(if $(NUMPY1),--numpy1 $(NUMPY1))

measure: setup  ## time and memory of the rest, one after the other; what simple models reach
	@for script in $(MEASURED); do echo "== $$script"; $(PYTHON_BIN) $$script || exit 1; done

results: setup  ## the order-book models on the recordings in ../shared, an hour: docs/results.md
	$(PYTHON_BIN) benchmarks/recorded_books.py ../shared/data/orderbook

lock: setup  ## write requirements.lock anew from pyproject.toml
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command "make lock" --extra r --extra dev pyproject.toml -o requirements.lock

wheel: setup  ## dist/speczoo-*.whl
	$(PYTHON_BIN) -m hatchling build -t wheel

clean:  ## remove what runs and tools left behind
	rm -rf demo build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache Rplots.pdf
	find . -path './.venv*' -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf

distclean: clean  ## clean, and remove the environment
	rm -rf .venv .venv-bench
