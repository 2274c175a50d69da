# Two commands for a newcomer: `make run` and `make test`. `make` alone lists them all.

TARGETS := help run demo manage test check bench faults messages lock
.PHONY: $(TARGETS)
.DEFAULT_GOAL := help

UNKNOWN := $(filter-out $(TARGETS),$(MAKECMDGOALS))
ifneq ($(UNKNOWN),)
$(error There is no target $(UNKNOWN). The targets are: $(TARGETS))
endif

PYTHON ?=
ARGS ?=
PART ?= all
SIZE ?= small
VENV := .venv/bin/python
MANAGE := DEBUG=1 $(VENV) manage.py
SERVERS := $(VENV) -m servers --
# The same with a database to copy, where all migrations are applied: made once under var/, anew when a migration changes.
TEST_SERVERS := $(VENV) -m servers --migrated --

# What production reads from its environment, with values that protect nothing.
PRODUCTION := DEBUG=0 SECRET_KEY=only-for-the-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG \
	SITE_URL=https://portal.example.org ALLOWED_HOSTS=portal.example.org BEHIND_TLS_PROXY=1 \
	EMAIL_URL=smtp+tls://user:password@relay.example.org:587

# $(call install,NAME): the virtual environment with the packages of requirements/NAME.txt, only when that file changed.
define install
@set -e; \
if ! $(VENV) -m pip --version >/dev/null 2>&1; then \
	python=; \
	for each in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; \
	done; \
	[ -n "$$python" ] || { echo "Python 3.11 or newer was not found: install it, or say make PYTHON=/path/to/python3." >&2; exit 1; }; \
	echo "Making .venv with $$($$python --version)."; \
	$$python -m venv --clear .venv || { echo "The virtual environment could not be made (on Debian: apt install python3-venv)." >&2; exit 1; }; \
fi; \
if ! cmp -s requirements/$(1).txt .venv/$(1).txt; then \
	$(VENV) -m servers.packages $(1); \
	cp requirements/$(1).txt .venv/$(1).txt; \
fi
endef

help:
	@echo "make run       start the portal with demo content (ARGS='--port 8001', --check, --fresh, --no-demo)"
	@echo "make demo      throw the local data away and start with fresh demo content"
	@echo "make manage    one command of the portal (ARGS='createsuperuser --noinput --email you@example.org', ARGS=help)"
	@echo "make test      run all tests on a real PostgreSQL and Redis (ARGS='tests/meetings -k publish')"
	@echo "make check     lint, types, migrations, production settings, catalogues"
	@echo "make bench     how fast it is, on this machine (PART=outbox|search|calendar|pages|report|all SIZE=small|full)"
	@echo "make faults    what it survives: programs are killed while they work (PART and SIZE as for bench)"
	@echo "make messages  collect the texts of the product into locale/ and compile them"
	@echo "make lock      write requirements/ anew from pyproject.toml"

run:
	$(call install,local)
	@exec env DEBUG=1 $(VENV) manage.py run $(ARGS)

demo:
	$(call install,local)
	@exec env DEBUG=1 $(VENV) manage.py run --fresh $(ARGS)

# Any command of manage.py; while the portal runs, it finds its database by itself.
manage:
	$(call install,local)
	@exec env DEBUG=1 $(VENV) manage.py $(ARGS)

# The whole suite: on two cores what needs no browser, then the browser's tests, which have a portal to themselves.
test:
	$(call install,test)
ifeq ($(ARGS),)
	@DEBUG=1 $(TEST_SERVERS) $(VENV) -m pytest --ignore tests/browser -n 2 --dist loadfile --no-loadscope-reorder --durations=10
	@DEBUG=1 $(VENV) -m pytest tests/browser
else
	@exec env DEBUG=1 $(TEST_SERVERS) $(VENV) -m pytest --durations=10 $(ARGS)
endif

check:
	$(call install,test)
	$(VENV) -m ruff check .
	DEBUG=1 $(VENV) -m mypy .
	DEBUG=1 $(SERVERS) $(VENV) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(VENV) manage.py check --deploy --fail-level WARNING
	@if command -v msgfmt >/dev/null; then \
		for each in locale/*/LC_MESSAGES/*.po; do msgfmt --check --output-file=/dev/null $$each || exit 1; done; \
		echo "The message catalogues compile."; \
	else echo "gettext is not installed: the message catalogues were not compiled."; fi

# Figures, on servers of their own; a goal that is not reached is no error.
MEASURE = exec $(VENV) -m benchmarks $@ --part $(PART) --size $(SIZE)

bench:
	$(call install,local)
	@$(MEASURE)

faults:
	$(call install,local)
	@$(MEASURE)

EN := locale/en/LC_MESSAGES/django.po

# English is its own translation; fi and sv wait for a translator (tests/test_messages.py tells what is missing).
messages:
	$(call install,test)
	@command -v msgen >/dev/null || { echo "gettext was not found (on Debian: apt install gettext)." >&2; exit 1; }
	$(MANAGE) makemessages -l fi -l sv -l en --add-location file --no-wrap --no-obsolete \
		$(foreach each,.venv var tests docs staticfiles,--ignore $(each))
	msgattrib --empty --clear-fuzzy --clear-previous --no-wrap $(EN) --output-file=$(EN).new
	msgen --no-wrap $(EN).new --output-file=$(EN) && rm $(EN).new
	$(MANAGE) compilemessages --ignore .venv

# uv writes the locks: with hashes, for every platform, without the address of any index.
UV := $(VENV) -m uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade --quiet \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header
NOTE := \# Written by make lock from pyproject.toml; do not edit.

lock:
	$(call install,test)
	$(VENV) -m pip install --quiet uv
	$(UV) --output-file requirements/base.txt
	$(UV) --extra esp --extra doctor --output-file requirements/mail.txt
	$(UV) --extra esp --extra doctor --extra embedded --output-file requirements/local.txt
	$(UV) --extra embedded --extra test --output-file requirements/test.txt
	@for each in base mail local test; do \
		{ echo "$(NOTE)"; cat requirements/$$each.txt; } > .venv/lock && cp .venv/lock requirements/$$each.txt; \
	done
