"""Rules that can be checked are tests: access marks, names of files, letters. See also tests/test_layout.py."""

import ast
import re
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.forms import BaseInlineFormSet, BaseModelFormSet
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from lib.forms.versions import VersionedForm
from tests import clock

HOUSE = Path(__file__).resolve().parent.parent
PACKAGES = ["lib", "servers", "youthnet", "benchmarks"]
ROOMS = ["contacts", "networks", "meetings", "methods", "newsletters", "plans", "outbox", "search"]

UNTRACKED = {".git", ".venv", "var", "staticfiles", ".ruff_cache", ".mypy_cache", ".pytest_cache", ".hypothesis"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers", "signals", "constants", "selectors"}


def python_files(*folders):
    for folder in folders:
        for path in sorted((HOUSE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def imports(tree):
    """Every module that a syntax tree imports, as a dotted name with the names taken from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, [alias.name for alias in node.names]


def test_every_module_opens_with_a_sentence():
    bare = [
        str(path.relative_to(HOUSE))
        for path in python_files(*PACKAGES, *ROOMS)
        if (source := path.read_text(encoding="utf-8")).strip() and not ast.get_docstring(ast.parse(source))
    ]
    assert bare == []


def test_no_drawer_without_a_noun():
    assert [str(p) for p in python_files(*PACKAGES, *ROOMS) if p.stem in FORBIDDEN_NAMES] == []


def test_no_signals_and_no_save_overrides_in_our_rooms():
    found = []
    for path in python_files(*PACKAGES, *ROOMS):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(module.startswith("django.db.models.signals") for module, _names in imports(tree)):
            found.append(f"{path.name}: signals")
        found += [
            f"{path.name}: {cls.name}.save"
            for cls in ast.walk(tree)
            if isinstance(cls, ast.ClassDef) and "models" in (path.parent.name, path.stem)
            for item in cls.body
            if isinstance(item, ast.FunctionDef) and item.name == "save"
        ]
    assert found == []


def test_no_model_orders_itself():
    assert [m.__name__ for room in ROOMS for m in apps.get_app_config(room).get_models() if m._meta.ordering] == []


def views(resolver=None, prefix=""):
    """Every view of the site with the name of its address, without the admin and allauth."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin" and not str(entry.urlconf_name).count("allauth"):
                yield from views(entry, f"{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and not entry.callback.__module__.startswith("allauth"):
            yield f"{prefix}{entry.name}", entry.callback


def test_every_view_carries_exactly_one_access_mark():
    marks = {"public", "signed_in_only", "members_only", "of_a_network_only", "coordinators_only", "by_token"}
    unmarked = [name for name, view in views() if getattr(view, "access", None) not in marks]
    assert unmarked == []


def test_every_view_has_a_name_of_its_own():
    names = [name for name, _view in views()]
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if name.endswith("None")] == []


# Forms: what is sent twice is done once (lib/forms/once.py).


def test_every_view_does_once_what_one_form_sends_twice():
    """Real use 6: the access mark brings it, the pages of the desk get it from `DeskSite.admin_view`."""
    assert [name for name, view in views() if not getattr(view, "is_done_once", False)] == []


def test_every_page_of_the_desk_does_once_what_one_form_sends_twice():
    """Real use 6: also pages that a room adds to its registers by itself."""
    assert admin.site.admin_view(lambda request: None).is_done_once
    desk = [(entry.name, entry.callback) for entry in patterns_of_the_desk(admin.site.urls[0])]
    assert len(desk) > 100
    bare = [name for name, view in desk if not goes_through_the_desk(view) and name not in ("login", "logout")]
    assert bare == []


def goes_through_the_desk(view):
    """Whether Django wraps a view in `admin_view` when it is called, or a room has done so itself."""
    return any(hasattr(view, mark) for mark in ("is_done_once", "model_admin", "admin_site"))


def patterns_of_the_desk(patterns):
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from patterns_of_the_desk(entry.url_patterns)
        elif entry.name:
            yield entry


# Where addresses have their one spelling, and a name and an address are written for a header.
DOORS = {
    "formataddr": {"lib/text/mailboxes.py"},
    "EmailField": {"lib/text/model_fields.py", "lib/forms/fields.py", "outbox/models/delivery.py"},
    "validate_email": {"lib/text/addresses.py", "newsletters/issues/link_check.py"},
}


@pytest.mark.parametrize("name", DOORS)
def test_addresses_have_one_door(name):
    """Real use 1: a column, a box or a header of its own would not know the rules of addresses."""
    trees = {
        str(path.relative_to(HOUSE)): ast.parse(path.read_text("utf-8"))
        for path in python_files("youthnet", "lib", *ROOMS)
    }
    users = {path for path, tree in trees.items() if "/migrations/" not in path and names(tree, name)}
    assert users == DOORS[name]


def names(tree, name):
    """Whether the code of a syntax tree speaks of this name."""
    return any(name in (getattr(node, "id", ""), getattr(node, "attr", "")) for node in ast.walk(tree))


POSTED = re.compile(r"<form\b(?=[^>]*method=\"post\").*?</form>", re.DOTALL | re.IGNORECASE)
SOMETIMES = re.compile(r"{% if [^%]*%}{% csrf_token %}{% endif %}")
TOKENS = ("{% csrf_token %}", "{% form_token %}")


def forms_without_a_token(source):
    """The first line of each form that may be sent twice; a page by a link of a letter has the second tag."""
    forms = [each.group() for each in POSTED.finditer(source)]
    return [form.splitlines()[0] for form in forms if not any(token in SOMETIMES.sub("", form) for token in TOKENS)]


def test_every_form_that_is_posted_has_a_token():
    """Real use 6: a form without one makes two rows on a double click."""
    pages = [(path, path.read_text(encoding="utf-8")) for path in (HOUSE / "templates").rglob("*.html")]
    found = {str(path.relative_to(HOUSE)): forms for path, text in pages if (forms := forms_without_a_token(text))}
    assert found == {}
    scripts = [
        path.name
        for path in (HOUSE / "static/js").rglob("*.js")
        if re.search(r"""createElement\(["']form""", path.read_text("utf-8"))
    ]
    assert scripts == []


def test_a_form_without_a_token_is_noticed():
    assert forms_without_a_token('<form class="x"\n method="post">\n<button></form>') == ['<form class="x"']
    assert forms_without_a_token('<form method="get"><button></form><form method="post">{% form_token %}</form>') == []
    half = '<form method="post">{% if own %}{% csrf_token %}{% endif %}</form>'
    assert forms_without_a_token(half) == ['<form method="post">{% if own %}{% csrf_token %}{% endif %}</form>']


# Forms that change a row and carry no version, each with its reason.
UNVERSIONED = {
    "MethodForm": "editing/editor.py: a working copy with a version of its own, saved while it is typed",
    "SeriesForm": "it makes meetings of a series; nothing of the series is changed by it",
}


def forms_with_a_row(tree):
    """The classes of forms that are called with a row to change: `TrialForm(…, instance=trial)`."""
    for node in ast.walk(tree):
        is_of_row = isinstance(node, ast.Call) and any(word.arg == "instance" for word in node.keywords)
        if is_of_row and isinstance(node.func, ast.Name) and node.func.id.endswith("Form"):
            yield node.func.id


def test_every_form_that_changes_a_row_knows_what_others_changed_meanwhile():
    """Real use 7: the desk's own pages have it from `DeskAdmin`, all others from `VersionedForm`."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in python_files("youthnet", "lib", *ROOMS)]
    used = {name for tree in trees for name in forms_with_a_row(tree)}
    assert len(used) > 10
    assert used - {each.__name__ for each in kinds_of(VersionedForm)} == set(UNVERSIONED)


def test_every_row_of_a_formset_knows_what_others_changed_meanwhile():
    assert list(views())  # all pages are imported
    formsets = [each for each in kinds_of(BaseModelFormSet) if not issubclass(each, BaseInlineFormSet) and each.model]
    own = [each.form for each in formsets if each.model._meta.app_label in ROOMS]
    assert own
    assert [row.__name__ for row in own if not issubclass(row, VersionedForm)] == []


def kinds_of(base):
    return {kind for each in base.__subclasses__() for kind in {each, *kinds_of(each)}}


def test_every_letter_is_three_files():
    folders = sorted((HOUSE / "templates").rglob("emails"))
    lonely = []
    for folder in folders:
        stems = {path.name.split(".")[0] for path in folder.iterdir() if not path.name.startswith("_")}
        for stem in stems:
            lonely += [
                f"{folder.parent.name}/{stem}{end}"
                for end in (".subject.txt", ".txt", ".html")
                if not (folder / f"{stem}{end}").exists()
            ]
    assert lonely == []


def test_no_letter_holds_a_picture_without_words():
    pictures = [
        tag for path in HOUSE.glob("templates/**/emails/*.html") for tag in re.findall("<img[^>]*>", path.read_text())
    ]
    assert [tag for tag in pictures if ' alt="' not in tag] == []


def test_tasks_are_rounds_without_arguments():
    wrong = []
    for path in python_files("lib", *ROOMS):
        if path.name == "tasks.py":
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and node.decorator_list and node.args.args:
                    wrong.append(f"{path.parent.name}.{node.name}")
    assert wrong == []


# Where rows are locked without lib/tasks.py, and why.
LOCKED_ELSEWHERE = {
    "meetings/models/dispatch.py": "one statement lets everything go that was held long enough; nothing is done by row",
    "outbox/sending/claim.py": "a worker takes letters by the hundred, for as long as a lease lasts",
}
# Rounds that do not go through rows by `for_each_locked`, and why.
BULK_ROUNDS = {
    "meetings.send_invitations": "invitations/dispatch.py: the letters of a person are one attempt",
    "meetings.sweep_files": "lib/uploads/models.py does it for both rooms",
    "methods.sweep_files": "lib/uploads/models.py does it for both rooms",
    "newsletters.forget_unconfirmed": "one statement for each table",
    "newsletters.send_digests": "notices/digest.py: a batch of people is written in one stroke, failures singly",
    "outbox.send_queued": "claim.py: letters are taken by the hundred and have attempts of their own",
    "outbox.poll_inbox": "messages in the box are no rows yet",
    "outbox.forget_inbound": "one statement",
    "search.keep_fresh": "reindexing.py: a batch is one statement, and its rows are taken one by one when it fails",
}
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def skips_locked(tree):
    """Whether a syntax tree locks rows that no second worker waits for, by the ORM or in SQL of its own."""
    return any(
        (isinstance(node, ast.keyword) and node.arg == "skip_locked")
        or (isinstance(node, ast.Constant) and "SKIP LOCKED" in str(node.value))
        for node in ast.walk(tree)
    )


def goes_through_rows(node):
    return any(isinstance(each, ast.Name) and each.id == "for_each_locked" for each in ast.walk(node))


def wrong_rounds(room, source):
    """Rounds of a tasks.py that act on rows by themselves: without `for_each_locked`, in a loop, or with a guard."""
    tree = ast.parse(source)
    rounds = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    wrong = [f"{room}.{each.name}" for each in rounds if not goes_through_rows(each)]
    wrong += [f"{room}: loop" for node in ast.walk(tree) if isinstance(node, LOOPS) and not goes_through_rows(node)]
    return wrong + [f"{room}: guard" for node in ast.walk(tree) if isinstance(node, ast.Try)]


def test_rows_are_locked_for_one_worker_by_the_foundation_only():
    files = python_files("youthnet", "lib", *ROOMS)
    found = {str(path.relative_to(HOUSE)) for path in files if skips_locked(ast.parse(path.read_text("utf-8")))}
    assert found == {"lib/tasks.py", *LOCKED_ELSEWHERE}


def test_every_round_goes_through_its_rows_so_that_one_that_fails_stops_no_other():
    files = [path for path in python_files(*ROOMS) if path.name == "tasks.py"]
    found = [wrong for path in files for wrong in wrong_rounds(path.parent.name, path.read_text(encoding="utf-8"))]
    assert sorted(found) == sorted(BULK_ROUNDS)


def test_a_round_with_a_loop_of_its_own_is_noticed():
    task = "@shared_task\ndef round():\n    "
    assert wrong_rounds("x", f"{task}for row in Row.objects.due():\n        row.act()") == ["x.round", "x: loop"]
    assert wrong_rounds("x", f"{task}for_each_locked(due, act)\n    [row.act() for row in due()]") == ["x: loop"]
    assert wrong_rounds("x", f"{task}for_each_locked(due, act)\n    try: act()\n    except OSError: pass") == [
        "x: guard"
    ]
    assert wrong_rounds("x", f"{task}for model in models:\n        for_each_locked(model.objects.due, act)") == []


def names_of_rounds(tree):
    """The names by which failures are kept, up to a slash; `*` where a part is not known before it runs."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        named = [keyword.value for keyword in node.keywords if keyword.arg == "round"]
        if isinstance(node.func, ast.Name) and node.func.id == "Attempts":
            named.append(node.args[0])
        for name in named:
            parts = name.values if isinstance(name, ast.JoinedStr) else [name]
            if all(isinstance(part, ast.Constant | ast.FormattedValue) for part in parts):
                yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in parts).split("/")[0]


def test_every_round_has_words_for_the_desk():
    from youthnet.desk.failed_rows import ROUNDS

    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in python_files("youthnet", "lib", *ROOMS)]
    found = {name for tree in trees for name in names_of_rounds(tree)}
    stored = {"meetings.files", "methods.files"}  # "*.files": the rooms that keep files
    assert (found - {"*.files"}) | stored == set(ROUNDS)
    assert "*.files" in found


def test_every_clock_names_a_task_that_exists():
    from youthnet.celery import app

    app.loader.import_default_modules()
    assert [e["task"] for e in app.conf.beat_schedule.values() if e["task"] not in app.tasks] == []


def test_templates_hold_no_inline_script_or_style():
    found = [
        str(path.relative_to(HOUSE))
        for path in (HOUSE / "templates").rglob("*.html")
        if "emails" not in path.parts and "email" not in path.parts
        if any(bad in path.read_text(encoding="utf-8") for bad in ('style="', "<style", "onclick=", "javascript:"))
    ]
    assert found == []


def test_no_file_names_a_place_outside_the_product():
    hosts = [
        "pypi" + ".org",
        "registry.npm" + "js.org",
        "files.python" + "hosted.org",
        "deb.deb" + "ian.org",
        "/wo" + "rk/",
    ]
    found = []
    for path in HOUSE.rglob("*"):
        parts = path.relative_to(HOUSE).parts
        if not path.is_file() or "__pycache__" in parts or parts[0] in UNTRACKED:
            continue
        if path.suffix in {".py", ".html", ".md", ".txt", ".toml", ".yml", ".yaml", ".css", ".js", ".po", ""}:
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [f"{'/'.join(parts)}: {host}" for host in hosts if host in text]
    assert found == []


def test_a_round_in_a_test_without_a_fixed_hour_is_refused(db):
    """Else the suite would be red at night. This module imports no round, so its tests may begin at any hour."""
    from meetings.tasks import send_thanks

    with pytest.raises(clock.HourByChance, match=r"meetings\.tasks\.send_thanks"):
        send_thanks()
    with time_machine.travel(datetime(2027, 1, 20, 21, 30, tzinfo=clock.HELSINKI)):
        assert send_thanks() is None


def test_a_test_of_a_round_begins_at_noon(noon, db):
    from newsletters.tasks import send_digests

    assert f"{timezone.localtime():%H:%M}" == "12:00"
    assert send_digests() is None


def test_a_module_that_imports_a_round_has_tests_of_rounds():
    from tests.meetings import test_desk
    from tests.meetings.reminders import test_reminders
    from tests.outbox.incoming import test_imap

    assert [clock.imports_round(module) for module in (test_reminders, test_desk, test_imap)] == [True, False, False]


@pytest.mark.parametrize(
    ("asked", "by_day", "begins"),
    [
        (None, False, "2026-12-02 12:00"),
        (None, True, "2026-12-02 12:00"),
        ("2026-12-31 23:30", False, "2026-12-31 23:30"),
        ("2026-12-31 23:30", True, "2026-12-31 12:00"),
        ("machine", False, None),
        ("machine", True, "2028-02-29 12:00"),
    ],
)
def test_another_clock_can_be_asked_for(asked, by_day, begins):
    with time_machine.travel(datetime(2028, 2, 29, 0, 30, tzinfo=clock.HELSINKI)):
        found = clock.begins_at(asked, by_day)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == begins


# A secret in tests: by its name, or an address, a host or a word that tests use for one.
NAME_OF_A_SECRET = re.compile(r"(?i:canary|leak|secret|join_|_join)|^LINK$")
A_SECRET = re.compile(r"@\w|\w@|^@$|kokous\.example|salai|kanari", re.IGNORECASE)
# An address that pages write in entities, against harvesters, is there for people: only its plain form must not be.
PLAIN_FORM = {"test_the_address_stands_nowhere_in_the_page_as_plain_text"}


def is_named_secret(node):
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(NAME_OF_A_SECRET.search(name))


def is_secret(node):
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes) and bool(A_SECRET.search(str(node.value)))
    return is_named_secret(node) or (isinstance(node, ast.Attribute) and node.attr == "email")


def bare_looks_for_leaks(source):
    """Where a test looks for a secret with `in` alone, save to say that it is there."""
    nodes = list(ast.walk(ast.parse(source)))
    tests = [node.test for node in nodes if isinstance(node, ast.Assert)]
    said = {part for test in tests for part in (test.values if isinstance(test, ast.BoolOp) else [test])}
    plain = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name in PLAIN_FORM]
    spared = {inner for function in plain for inner in ast.walk(function)}
    for node in nodes:
        if not isinstance(node, ast.Compare) or node in spared:
            continue
        is_denied = isinstance(node.ops[0], ast.NotIn) and is_secret(node.left)
        is_asked = isinstance(node.ops[0], ast.In) and is_named_secret(node.left) and node not in said
        if is_denied or is_asked:
            yield ast.unparse(node)


def test_leaks_are_looked_for_in_every_form():
    """By tests/leaks.py: a bare `not in` misses what is folded, encoded or escaped."""
    found = {
        str(path.relative_to(HOUSE)): bare
        for path in python_files("tests")
        if path.name not in ("leaks.py", "test_leaks.py", "test_conventions.py")
        if (bare := list(bare_looks_for_leaks(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "is_bare"),
    [
        ("assert CANARY not in page.text", True),
        ("assert meeting.join_url not in page.text", True),
        ("assert person.email not in page.text", True),
        ("assert b'aino@example.org' not in page.content", True),
        ("assert 'salainen-linkki' not in caplog.text", True),
        ("assert not SECRET in text", True),
        ("assert (status, LINK in text) == (200, False)", True),
        ("assert [page for page in pages if CANARY in page] == []", True),
        ("assert_not_leaked(CANARY, page)", False),
        ("assert CANARY in page.text", False),
        ("assert page.status == 200 and LINK in page.text", False),
        ("assert [letter for letter in letters if 'aino@' in letter['To']]", False),
        ("assert 'ATTENDEE' not in event", False),
    ],
)
def test_a_bare_look_for_a_leak_is_noticed(source, is_bare):
    assert bool(list(bare_looks_for_leaks(source))) is is_bare


def test_what_is_found_by_words_is_found_by_them_on_the_desk_too():
    from search.admin import SearchableAdmin
    from search.searchable import Searchable

    wrong = [
        model.__name__
        for model, page in admin.site._registry.items()
        if issubclass(model, Searchable) != isinstance(page, SearchableAdmin)
    ]
    assert wrong == []
