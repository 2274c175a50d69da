"""House rules that can be checked are tests: the stairs, the access marks, the drawers, the letters."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ["contacts", "networks", "meetings", "methods", "newsletters", "plans", "outbox", "search"]

# Which rooms each room may import and point foreign keys at: down the stairs only.
BELOW = {
    "outbox": set(),
    "search": set(),
    "contacts": {"outbox", "search"},
    "networks": {"contacts", "outbox", "search"},
    "meetings": {"networks", "contacts", "outbox", "search"},
    "methods": {"networks", "contacts", "outbox", "search"},
    "newsletters": {"meetings", "methods", "networks", "contacts", "outbox", "search"},
    "plans": {"meetings", "methods", "networks", "contacts", "outbox", "search"},
}
# The tools of the house that every room may use, as `lib/` is; the rest of the house is above them all.
TOOLS = {
    "access", "desk", "flood", "forms", "frames", "languages", "lines", "links", "mail", "pdf", "qr",
    "richtext", "tokens", "uploads", "when",
}  # fmt: skip
FOUNDATION = "lib"
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


def wrong_imports(room, source):
    """What a module of `room` imports against the stairs."""
    wrong = []
    for module, names in imports(ast.parse(source)):
        top, _dot, rest = module.partition(".")
        if top in ROOMS and top != room and top not in BELOW[room]:
            wrong.append(module)
        if top == "youthnet":
            used = {rest.split(".")[0]} if rest else set(names)
            wrong += [f"youthnet.{name}" for name in sorted(used - TOOLS)]
    return wrong


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_down_the_stairs_only(room):
    found = {
        str(path.relative_to(HOUSE)): wrong
        for path in python_files(room)
        if (wrong := wrong_imports(room, path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_one_upward_import_is_noticed():
    assert wrong_imports("networks", "from meetings.models import Meeting") == ["meetings.models"]
    assert wrong_imports("methods", "import meetings") == ["meetings"]
    assert wrong_imports("contacts", "from youthnet import views") == ["youthnet.pages.views"]
    assert wrong_imports("outbox", "from contacts.models import User") == ["contacts.models"]


def test_the_foundation_stands_on_no_room_and_points_at_none():
    ours = {FOUNDATION, "youthnet", *ROOMS}
    found = [
        f"{path.relative_to(HOUSE)}: {module}"
        for path in python_files(FOUNDATION)
        for module, _names in imports(ast.parse(path.read_text(encoding="utf-8")))
        if (top := module.partition(".")[0]) in ours and top != FOUNDATION
    ]
    models = apps.get_app_config(FOUNDATION).get_models(include_auto_created=True)
    assert found + [str(field) for model in models for field in model._meta.get_fields() if field.is_relation] == []


@pytest.mark.parametrize("room", ROOMS)
def test_foreign_keys_go_down_the_stairs_only(room):
    upward = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if (other := field.related_model._meta.app_label) in ROOMS and other != room and other not in BELOW[room]
    ]
    assert upward == []


def test_every_module_opens_with_a_sentence():
    bare = [
        str(path.relative_to(HOUSE))
        for path in python_files("youthnet", FOUNDATION, *ROOMS)
        if (source := path.read_text(encoding="utf-8")).strip() and not ast.get_docstring(ast.parse(source))
    ]
    assert bare == []


def test_no_drawer_without_a_noun():
    assert [str(p) for p in python_files("youthnet", FOUNDATION, *ROOMS) if p.stem in FORBIDDEN_NAMES] == []


def test_no_signals_and_no_save_overrides_in_our_rooms():
    found = []
    for path in python_files("youthnet", FOUNDATION, *ROOMS):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(module.startswith("django.db.models.signals") for module, _names in imports(tree)):
            found.append(f"{path.name}: signals")
        found += [
            f"{path.name}: {cls.name}.save"
            for cls in ast.walk(tree)
            if isinstance(cls, ast.ClassDef) and not cls.name.endswith("Form")
            for item in cls.body
            if isinstance(item, ast.FunctionDef) and item.name == "save"
        ]
    assert found == []


def test_no_model_orders_itself():
    models = [model for room in [FOUNDATION, *ROOMS] for model in apps.get_app_config(room).get_models()]
    assert [model.__name__ for model in models if model._meta.ordering] == []


def views(resolver=None, prefix=""):
    """Every view of the site with the name of its address, without the admin and allauth."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin" and not str(entry.urlconf_name).count("allauth"):
                yield from views(entry, f"{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and not entry.callback.__module__.startswith("allauth"):
            yield f"{prefix}{entry.name}", entry.callback


def test_every_view_carries_exactly_one_access_mark():
    marks = {"public", "signed_in_only", "members_only", "coordinators_only", "by_token"}
    unmarked = [name for name, view in views() if getattr(view, "access", None) not in marks]
    assert unmarked == []


def test_every_view_has_a_name_of_its_own():
    names = [name for name, _view in views()]
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if name.endswith("None")] == []


def test_every_letter_is_three_files():
    folders = sorted((HOUSE / "templates").glob("*/emails"))
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
    for path in python_files(*ROOMS):
        if path.name == "tasks.py":
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and node.decorator_list and node.args.args:
                    wrong.append(f"{path.parent.name}.{node.name}")
    assert wrong == []


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
