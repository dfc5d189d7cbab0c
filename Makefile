# Toutes les commandes du projet. « make » ou « make help » les liste.
# Réglages : PORT (8000), PYTHON (le premier Python ≥ 3.11 trouvé), DATABASE_URL (SQLite dans instance/).

PORT ?= 8000
PY := .venv/bin/python
export PORT PYTHON

.DEFAULT_GOAL := help
.PHONY: help run demo test check unites fix types couverture docs docs-etats bench verrous clean pret pret-dev

##@ Utiliser
help: ## Afficher cette aide
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: pret ## Installer au besoin, puis servir sur http://127.0.0.1:8000 (make run PORT=8001)
	@exec .venv/bin/groupement servir

demo: pret ## Remettre la démonstration à neuf (efface la base de instance/)
	@.venv/bin/groupement demo --remettre-a-neuf

##@ Vérifier
test: pret-dev ## Tout vérifier : style, types, architecture, tests sur SQLite, PostgreSQL et Chromium
	@$(PY) -m scripts.verifier

check: pret-dev ## Vérifier vite : style, types, architecture et tests sans base de données
	@$(PY) -m scripts.verifier style types architecture unites

fix: pret-dev ## Mettre en forme et corriger ce qui peut l’être seul
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

couverture: pret-dev ## Mesurer ce que les tests couvrent des règles et de l’argent
	@$(PY) -m pytest -q -n 2 -m "not base and not navigateur" --cov --cov-report=term-missing:skip-covered

bench: pret-dev ## Mesurer : chaque script de benchmarks/ imprime ses rapports
	@for script in regroupement papiers pages factures bordereau catalogue; do echo "== $$script"; $(PY) -m benchmarks.$$script || exit 1; done

##@ Entretenir
docs: pret-dev ## Refaire les captures d’écran du guide
	@$(PY) docs/captures

docs-etats: pret-dev ## Redessiner docs/etats.md d’après les tables de transitions
	@$(PY) docs/dessiner_etats.py

verrous: pret-dev ## Recalculer les versions verrouillées (requirements.lock, dev.lock, construction.lock)
	@.venv/bin/uv pip compile -q --upgrade --universal --generate-hashes --no-header pyproject.toml -o requirements.lock
	@.venv/bin/uv pip compile -q --upgrade --universal --generate-hashes --no-header --extra dev pyproject.toml -o dev.lock
	@.venv/bin/uv pip compile -q --upgrade --universal --generate-hashes --no-header --group construction -o construction.lock

clean: ## Effacer l’environnement et les fichiers produits (garde instance/)
	@rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage *.egg-info

pret:
	@scripts/preparer.sh

pret-dev:
	@scripts/preparer.sh dev
