# Everything that one types here. The environment (.venv) is made by itself, from the hashed lock,
# and made again only when the lock, the package's metadata or its templates change.

PYTHON ?= python3
CAMPAGNE ?= moselle_2022
PY := .venv/bin/python
UV := .venv/bin/uv
MODELES := $(shell find qualepref_lib/rapport/templates -type f 2>/dev/null)
# An environment survives neither a move nor the removal of its Python: it remembers its folder.
DEPLACE := $(shell test -x $(PY) -a "$$(cat .venv/dossier 2>/dev/null)" = "$$(pwd -P)" || echo FORCE)

# Compiled once, pandas starts four times faster; some servers ask Python to keep nothing compiled,
# which is sound for a shared interpreter and pointless in an environment of our own.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := aide
.PHONY: aide rapport test labo bench outils verrou clean FORCE

aide:
	@echo "make rapport   le rapport de la campagne de démonstration (CAMPAGNE=… pour une autre)"
	@echo "make test      toutes les vérifications : ruff, mypy, pytest"
	@echo "make labo      JupyterLab, prêt à explorer"
	@echo "make bench     ce que cela coûte, à côté des autres manières (docs/performance.md)"
	@echo "               RAPIDE=1 : une version courte, qui n'écrit rien"
	@echo "make outils    les vérificateurs du rapport (axe, html-validate, Nu), avec npm"
	@echo "make verrou    refait requirements.lock (MAJ=--upgrade pour prendre les nouvelles versions)"
	@echo "make clean     enlève l'environnement et les caches ; ni données, ni rapports"
	@echo "Un autre Python : make rapport PYTHON=python3.12"

rapport: .venv/pret
	@.venv/bin/qualepref rapport "$(CAMPAGNE)"

# loadfile: the tests of one file share its browser or its report, so they stay in one process.
test: .venv/pret
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m pytest -n 2 --dist loadfile

labo: .venv/pret
	@.venv/bin/qualepref labo

# The rivals (polars, DuckDB) stay out of the environment: a folder of their own, and PYTHONPATH.
bench: .venv/rivaux/pret
	PYTHONPATH=.venv/rivaux RAPIDE=$(RAPIDE) $(PY) benchmarks

.venv/rivaux/pret: .venv/pret benchmarks/requirements.lock
	@$(UV) pip install --quiet --python $(PY) --target .venv/rivaux --require-hashes \
	  -r benchmarks/requirements.lock || \
	  $(PY) -m pip install --quiet --disable-pip-version-check --target .venv/rivaux --upgrade \
	  --require-hashes -r benchmarks/requirements.lock
	@touch $@

outils:
	npm ci --prefix tests/outils --ignore-scripts --no-audit --no-fund

# pip serves once, to bring uv, whose version and hashes are in the lock like the rest.
$(UV): $(DEPLACE)
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "« $(PYTHON) » est introuvable : sudo apt install python3 python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Il faut Python 3.11 ou plus récent, et « $(PYTHON) » est $$("$(PYTHON)" --version 2>&1)." >&2; \
	  echo "S'il y en a un autre : make rapport PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python ne sait pas créer d'environnement : sudo apt install python3-venv" >&2; exit 1; }
	@echo "Création de l'environnement (.venv), une seule fois…"
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@pwd -P > .venv/dossier

# uv does not read pip's settings (a mirror, a proxy): where it cannot download, pip tries.
.venv/pret: $(UV) pyproject.toml requirements.lock $(MODELES)
	@$(UV) pip sync --quiet --python $(PY) --require-hashes requirements.lock || { \
	  echo "uv n'a pas pu installer ; essai avec pip, plus lent…" >&2; \
	  $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; }
	@$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

# hatchling and editables build the package itself without asking the network again; no index
# address is written. One version for every Python (fewest): the report is the same on all of them.
# What is locked already keeps its version unless MAJ=--upgrade.
verrou: $(UV)
	@printf 'uv\nhatchling\neditables\n' | $(UV) pip compile pyproject.toml - --quiet $(MAJ) \
	  --python $(PY) --universal --python-version 3.11 --fork-strategy fewest \
	  --extra labo --extra cluster --extra test --generate-hashes --no-header --no-annotate \
	  --output-file requirements.lock
	@printf 'duckdb\npolars\n' | $(UV) pip compile - --quiet $(MAJ) --python $(PY) --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --output-file benchmarks/requirements.lock
	@echo "requirements.lock est à jour"

clean:
	rm -rf .venv tests/outils/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
