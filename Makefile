# Two commands matter: `make demo` and `make test`. `make help` lists the others.

BIN := .venv/bin
PYTHON_IN := $(BIN)/python
STAMP := .venv/.requirements-installed
WORKERS ?= 2
# Where nobody writes what Python compiled, each of the hundreds of programs that the tests start compiles Django again.
export PYTHONDONTWRITEBYTECODE :=
ARGS ?=

# Production settings for `check --deploy`: throwaway values, no server is contacted.
DEPLOY_ENV = DJANGO_SETTINGS_MODULE=mespoints.settings.base ALLOWED_HOSTS=permis.example \
	DATABASE_URL=postgres://x@/x REDIS_URL=redis://localhost \
	EMAIL_URL=smtp+tls://x:x@courriel.example:587 DEFAULT_FROM_EMAIL=ne-pas-repondre@permis.example \
	SECRET_KEY=$$($(PYTHON_IN) -c 'import secrets; print(secrets.token_urlsafe(64))')

COMPILE = $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help install demo test quick timing check fmt bench chaos load attaques production restore-drill audit sbom weight html a11y \
	pictures compare services services-stop clean lock
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## the environment and the system's libraries
	@sh scripts/system.sh pango

$(STAMP): requirements/base.txt requirements/dev.txt
	sh scripts/install.sh
	@touch $@

demo: install ## the demonstration on http://localhost:8000 (PORT=… moves it)
	@exec $(PYTHON_IN) -m mespoints.local.launcher demo

test: install ## the tests (ARGS="-k mot" chooses, WORKERS=0 runs them one by one)
	@sh scripts/system.sh navigateur
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

quick: install ## the tests that need neither PostgreSQL, nor Redis, nor a browser: the law, the architecture, what is pure
	MESPOINTS_HYPOTHESIS=$(or $(MESPOINTS_HYPOTHESIS),bref) $(BIN)/pytest -n $(WORKERS) -q --sans-base $(ARGS)

timing: install ## that an answer takes the same time for all: 200 tries of each case (MESPOINTS_TIMING=…), on an idle machine
	$(BIN)/pytest -n 0 -s tests/bancs/temps.py $(ARGS)

check: install ## style, types, imports, migrations, settings, requirements
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(PYTHON_IN) scripts/check_requirements.py
	$(BIN)/deptry .
	@echo makemigrations --check
	@$(PYTHON_IN) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@echo check --deploy
	@$(DEPLOY_ENV) $(PYTHON_IN) manage.py check --deploy --fail-level WARNING

fmt: install ## write the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install services ## the figures of docs/mesures.md
	$(PYTHON_IN) -m tests.bancs.bench $(ARGS)

chaos: install ## the law over 100,000 histories, the night under a long storm (MESPOINTS_SEED=… plays one again)
	MESPOINTS_HYPOTHESIS=complet $(BIN)/pytest -n $(WORKERS) -q $$(grep -rl --include="test_*.py" "tirages(" tests)
	$(PYTHON_IN) -m tests.bancs.chaos $(ARGS)

load: install ## what the site bears, and what visitors see when something dies (five minutes)
	$(PYTHON_IN) -m tests.bancs.load $(ARGS)

attaques: install ## the whole site attacked as each kind of visitor, 200,000 requests (ARGS="--graine N" plays one again)
	$(PYTHON_IN) -m tests.bancs.attaques $(ARGS)

production: install ## the whole of docker-compose.yml without Docker: the journey over TLS, then during a deployment
	$(PYTHON_IN) -m tests.bancs.production $(ARGS)

audit: install ## known faults of what is installed in production; exit 1 too when nobody could be asked
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off --timeout 10 \
		--requirement $(or $(AUDITED),requirements/base.txt) $(ARGS)

sbom: install ## what is installed in production, as CycloneDX: var/sbom.json
	@mkdir -p var
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON --output-file var/sbom.json \
		requirements/base.txt
	@$(PYTHON_IN) -c "import json; print(len(json.load(open('var/sbom.json'))['components']), 'composants : var/sbom.json')"

restore-drill: install services ## dump, restore, verify the ledger: of COMBIEN=20000 invented drivers
	@sh scripts/restore_drill.sh $(ARGS)

weight: install services ## what each page weighs, and its notes by Lighthouse
	@sh scripts/system.sh chromium node
	$(PYTHON_IN) -m tests.bancs.mesures poids phare

html: install services ## every page and its states, by the Nu HTML checker
	@sh scripts/system.sh node java
	$(PYTHON_IN) -m tests.bancs.mesures html

a11y: install services ## every page and its states: axe, keyboard, 320 px, 200 %, forced colours, without JavaScript
	@sh scripts/system.sh navigateur
	$(PYTHON_IN) -m tests.bancs.mesures a11y

pictures: install services ## make docs/images: « Mes points » in its fourteen states
	@sh scripts/system.sh navigateur
	$(PYTHON_IN) -m tests.bancs.mesures images

compare: install ## the site of AVANT=<commit> and of HEAD (APRES=…): replay, addresses, pages, mails, PDFs; exit 1 if one differs
	@sh scripts/system.sh poppler-utils
	$(PYTHON_IN) -m tests.bancs.comparaison $(AVANT) $(APRES)

services: install ## start the private PostgreSQL and Redis
	@$(PYTHON_IN) -m mespoints.local.launcher services

services-stop: install ## stop them
	@$(PYTHON_IN) -m mespoints.local.launcher stop

clean: install ## stop the services and forget their data and the demonstration's
	@$(PYTHON_IN) -m mespoints.local.launcher clean

lock: install ## pin again what pyproject.toml asks for (ARGS=--upgrade takes newer versions)
	$(COMPILE) $(ARGS) pyproject.toml --output-file requirements/base.txt
	$(COMPILE) $(ARGS) pyproject.toml --extra dev --constraint requirements/base.txt --output-file requirements/dev.txt
	$(COMPILE) $(ARGS) pyproject.toml --extra demo --constraint requirements/dev.txt --output-file requirements/demo.txt
