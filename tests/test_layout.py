"""The layout of the code, checked from its imports, paths and definitions: docs/rooms.md tells it in words."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from pghistory.models import Event

ROOT = Path(__file__).resolve().parent.parent

# What each top-level package may import beside itself: down the stairs only.
STAIRS = {
    "lib": set(),
    "servers": set(),
    "search": {"lib"},
    "outbox": {"lib"},
    "contacts": {"lib", "search", "outbox"},
    "networks": {"lib", "search", "outbox", "contacts"},
    "meetings": {"lib", "search", "outbox", "contacts", "networks"},
    "methods": {"lib", "search", "outbox", "contacts", "networks"},
    "plans": {"lib", "search", "outbox", "contacts", "networks", "meetings", "methods"},
    "newsletters": {"lib", "search", "outbox", "contacts", "networks", "meetings", "methods"},
}
BELOW_THE_PROJECT = set(STAIRS)
STAIRS["youthnet"] = BELOW_THE_PROJECT
STAIRS["benchmarks"] = BELOW_THE_PROJECT | {"youthnet"}
PACKAGES = list(STAIRS)
APPS = [name for name in PACKAGES if name not in ("lib", "servers", "youthnet", "benchmarks")]

# Imports inside functions, each with its reason. Everything else stands at the top of its module.
FUNCTION_LEVEL = {
    # Django is set up first, by the process that is measured.
    ("benchmarks.mail.worker_process", "benchmarks.mail.sample_messages"),
    ("benchmarks.mail.worker_process", "newsletters.subscriptions.signed_links"),
    ("benchmarks.mail.worker_process", "outbox.message.merge_fields"),
    ("benchmarks.mail.worker_process", "outbox.models"),
    ("benchmarks.mail.worker_process", "outbox.sending.worker"),
}

MOST_FLAT, MOST_IN_PACKAGE, MOST_MODELS = 12, 16, 40


def modules(*packages):
    """Every module of ours as (path, dotted name), without migrations."""
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                parts = path.relative_to(ROOT).with_suffix("").parts
                yield path, ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


NAMES = {name for _path, name in modules()}


def targets(node):
    """The modules of ours that an import statement loads: `from a import b` loads a.b when that is a module."""
    if isinstance(node, ast.Import):
        found = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        found = [f"{node.module}.{alias.name}" for alias in node.names]
        found = [name if name in NAMES else node.module for name in found]
    else:
        return set()
    return {name for name in found if name in NAMES}


def is_for_types_only(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def import_nodes(tree):
    """Every import statement of a tree with whether it stands inside a function; those for type checkers left out."""

    def walk(node, inside):
        for child in ast.iter_child_nodes(node):
            if is_for_types_only(child):
                continue
            if isinstance(child, ast.Import | ast.ImportFrom):
                yield child, inside
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, inside or is_function)

    yield from walk(tree, False)


def imported(tree):
    return set().union(*(targets(node) for node, _inside in import_nodes(tree)))


def upward(package, tree):
    """What a module of `package` imports against the stairs."""
    return sorted(
        name for name in imported(tree) if (top := name.split(".")[0]) != package and top not in STAIRS[package]
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_down_the_stairs_only(package):
    wrong = {
        str(path.relative_to(ROOT)): up for path, _name in modules(package) if (up := upward(package, tree_of(path)))
    }
    assert wrong == {}


def test_one_upward_import_is_noticed():
    assert upward("networks", ast.parse("from meetings.models import Meeting")) == ["meetings.models"]
    assert upward("methods", ast.parse("import meetings")) == ["meetings"]
    assert upward("lib", ast.parse("def act():\n    from outbox import compose")) == ["outbox.compose"]
    assert upward("outbox", ast.parse("from youthnet import settings")) == ["youthnet.settings"]
    assert upward("youthnet", ast.parse("from benchmarks import report")) == ["benchmarks.report"]
    assert upward("contacts", ast.parse("if TYPE_CHECKING:\n    from meetings.models import Meeting")) == []


@pytest.mark.parametrize("room", APPS)
def test_foreign_keys_go_down_the_stairs_only(room):
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if (other := field.related_model._meta.app_label) in APPS and other != room and other not in STAIRS[room]
    ]
    assert wrong == []


def inner_imports(tree):
    """Modules of ours that functions import for themselves, `AppConfig.ready` excepted."""
    ready = {
        id(node)
        for cls in ast.walk(tree)
        if isinstance(cls, ast.ClassDef)
        for function in cls.body
        if isinstance(function, ast.FunctionDef) and function.name == "ready"
        for node in ast.walk(function)
    }
    found = [targets(node) for node, inside in import_nodes(tree) if inside and id(node) not in ready]
    return sorted(set().union(*found))


def test_functions_import_no_modules_of_ours_but_the_named_ones():
    found = {(name, wanted) for path, name in modules() for wanted in inner_imports(tree_of(path))}
    assert found == set(FUNCTION_LEVEL)
    assert len(FUNCTION_LEVEL) <= 8


def test_one_inner_import_is_noticed():
    assert inner_imports(ast.parse("def act():\n    from lib.text import dates")) == ["lib.text.dates"]
    assert inner_imports(ast.parse("class A:\n    def ready(self):\n        from lib.text import dates")) == []


def knots(arrows):
    """Strongly connected groups of more than one node (Tarjan 1972), of a graph as {node: successors}."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []

    def visit(root):
        work = [(root, iter(sorted(arrows.get(root, ()))))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(arrows.get(other, ())))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = []
                    while True:
                        one = stack.pop()
                        on_stack.discard(one)
                        group.append(one)
                        if one == node:
                            break
                    if len(group) > 1:
                        found.append(sorted(group))

    for node in sorted(arrows):
        if node not in index:
            visit(node)
    return found


def test_the_import_graph_has_no_cycle():
    arrows = {name: imported(tree_of(path)) - {name} for path, name in modules()}
    assert knots(arrows) == []


def test_one_cycle_is_noticed():
    assert knots({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert knots({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_no_folder_holds_too_many_modules():
    held = Counter(path.parent for path, _name in modules() if not path.stem.startswith("__"))
    tops = {ROOT / package for package in PACKAGES}
    most = {
        folder: MOST_MODELS if folder.name == "models" else MOST_FLAT if folder in tops else MOST_IN_PACKAGE
        for folder in held
    }
    assert {str(f.relative_to(ROOT)): number for f, number in held.items() if number > most[f]} == {}


def snake(name):
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


def our_models():
    return [
        model for room in ["lib", *APPS] if apps.is_installed(room) for model in apps.get_app_config(room).get_models()
    ]


def is_named_after(stem, model):
    """Whether the words of the one stand in the other: `place_offer` for Offer, `agenda` for AgendaItem."""
    words, name = (
        {word.rstrip("s") for word in each.replace("signup", "sign_up").split("_")} for each in (stem, snake(model))
    )
    return words <= name or name <= words


def test_a_file_of_a_model_is_named_after_a_model_in_it():
    homes = {}
    for model in our_models():
        homes.setdefault(model.__module__, []).append(model.__name__)
    wrong = {
        module: names
        for module, names in homes.items()
        if ".models." in module and not any(is_named_after(module.rsplit(".", 1)[1], name) for name in names)
    }
    assert wrong == {}


def abstract_models():
    """Each abstract model of ours with the models that stand on it."""
    found = {}
    for model in our_models():
        for base in model.__mro__[1:]:
            if (
                issubclass(base, Model)
                and base is not Model
                and base._meta.abstract
                and not issubclass(base, Event)  # made by pghistory for one model each
                and base.__module__.split(".")[0] in PACKAGES
            ):
                found.setdefault(base, set()).add(model)
    return found


def test_an_abstract_model_has_at_least_two_children():
    assert {
        base.__name__: [m.__name__ for m in kids] for base, kids in abstract_models().items() if len(kids) < 2
    } == {}


def test_a_model_has_at_most_three_bases():
    assert [model.__name__ for model in our_models() if len(model.__bases__) > 3] == []


# Who writes columns of rows outside the module of their model, each with its reason. None: the call names no model.
WRITES_ELSEWHERE = {
    # A history that moves from a guest to an account: what hangs on the participation goes along, in one transaction.
    ("meetings.models.guest_history", "CalendarAnswer"),
    ("meetings.models.guest_history", "Letter"),
    ("meetings.models.guest_history", "Offer"),
    ("meetings.models.guest_history", "Participation"),
    ("meetings.models.guest_history", "ReminderLetter"),
    ("meetings.models.guest_history", "Reply"),
    # A confirmed request becomes participations, and the letter that confirms it stands for the first of theirs.
    ("meetings.models.signup_request", "Participation"),
    # A series is cut in two: its later meetings go to the new one.
    ("meetings.models.series", "Meeting"),
    # Migrations mend addresses of any model.
    ("lib.text.mended_addresses", None),
    # Two wishes are joined: support goes along.
    ("meetings.models.wish", "WishSupport"),
    # Django's admin hands over the row of a form for its page to save.
    ("meetings.admin.meeting", None),
    ("meetings.signup.admin_views", None),
    # A calendar's answer is built from a message and stored as it came.
    ("meetings.calendar.replies", None),
    # All models that are searched, whichever they are, lose the mark of an older analyser.
    ("search.reindexing", None),
}

# Attributes with an `update(x=…)` that are dictionaries.
DICTIONARIES = {"initial", "attrs"}


def homes_of_models():
    """Where the columns of each model may be written: its own module and that of its QuerySet."""
    return {model.__name__: {model.__module__, type(model._default_manager.all()).__module__} for model in our_models()}


def models_behind_names():
    """The models to which names lead: `offers` of anything to Offer, `part_set` to Part."""
    found = {}
    for model in our_models():
        for field in model._meta.get_fields():
            if field.is_relation and (field.one_to_many or field.many_to_many) and field.related_model:
                name = field.get_accessor_name() if field.auto_created else field.name
                found.setdefault(name, set()).add(field.related_model.__name__)
    return found


def chain(node):
    """The names of `A.objects.filter(…).open()` from the right: open, filter, objects, A."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
        node = node.func if isinstance(node, ast.Call) else node.value
    yield node.id if isinstance(node, ast.Name) else ""


def is_write(call):
    """Whether a call may write columns of rows: `.update(x=…)`, or `.save()` of neither form nor file."""
    if not isinstance(call.func, ast.Attribute):
        return False
    verb, receiver = call.func.attr, next(chain(call.func.value))
    if verb == "save":
        is_form = (
            receiver.endswith("form") or receiver == "super" or any(word.arg == "commit" for word in call.keywords)
        )
        return not call.args and not is_form
    return verb in ("update", "bulk_update") and bool(call.keywords) and receiver not in DICTIONARIES


def written_models(receiver, named):
    """The models that a chain names nearest to its verb; none when it names none."""
    names = list(chain(receiver))
    for at, name in enumerate(names):
        if name in ("objects", "_default_manager"):
            return {names[at + 1]} if at + 1 < len(names) else set()
        if name in named and at < len(names) - 1:
            return named[name]
    return set()


def writes_elsewhere(module, tree, homes, named):
    """(module, model or None) for each write of rows whose columns are another module's."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and is_write(node)):
        models = written_models(call.func.value, named) & set(homes)
        if models and not any(module in homes[model] for model in models):
            yield module, own_first(models, module, homes)
        elif not models and not is_of_models(module):
            yield module, None


def own_first(models, module, homes):
    """Of models that share a name for their rows the one of the same app."""
    app = module.split(".")[0]
    return min(models, key=lambda model: (all(home.split(".")[0] != app for home in homes[model]), model))


def is_of_models(module):
    return ".models" in module or module == "search.searchable"


def test_columns_are_written_in_the_module_of_their_model():
    homes, named = homes_of_models(), models_behind_names()
    found = {
        write
        for path, name in modules()
        if not name.startswith(("youthnet.demo", "benchmarks", "servers"))
        for write in writes_elsewhere(name, tree_of(path), homes, named)
    }
    assert found == WRITES_ELSEWHERE


def test_one_write_elsewhere_is_noticed():
    homes, named = homes_of_models(), models_behind_names()

    def found(code, module="meetings.views"):
        return list(writes_elsewhere(module, ast.parse(code), homes, named))

    assert found("Meeting.objects.published().filter(pk=1).update(title='')") == [("meetings.views", "Meeting")]
    assert found("Meeting.objects.bulk_update(rows, fields=['title'])") == [("meetings.views", "Meeting")]
    assert found("person.offers.open().update(accepted_at=now)") == [("meetings.views", "Offer")]
    assert found("rows.update(**values)\nmeeting.save()") == [("meetings.views", None)] * 2
    assert found("Meeting.objects.update(title='')", "meetings.models.minutes") == [
        ("meetings.models.minutes", "Meeting")
    ]
    assert found("Meeting.objects.update(title='')", "meetings.models.meeting") == []
    assert found("Meeting.objects.update(title='')", "meetings.models.meeting_queryset") == []
    assert found("form.save()\nrow.save(commit=False)\nimage.save(out)\nsuper().save()") == []
    assert found("seen.update({1: 2})\nself.initial.update(went=[1])") == []


# Words that stood for something the field has a name for, as whole names of modules, classes and functions.
OLD_WORDS = {
    "press", "shift", "lane", "lanes", "parcel", "held", "pace", "breathe", "look_around", "refill", "put_off",
    "break_off",
    "wire", "parts", "slots", "word", "words", "pump", "stop_list", "stoplist", "finding", "sheet", "shelf", "manners",
    "heap", "tear", "overtake", "left_the_house", "owe", "owe_again", "line", "lines", "turn", "stand",
    "standing", "hear",
    "take_in", "let_go", "keep", "begin", "tell", "doors", "acts", "steps", "folder", "folder_doors", "stay", "reader",
    "reach", "proof", "rhythm", "keys", "mail_news", "tally", "bonds", "glance", "harvest", "shelf_life", "bits", "use",
    "layout", "heart", "when", "flood", "frames", "web", "front", "desk_index", "heed", "sweep", "lapse", "house",
    "refusals", "hold_on", "go_on", "poisonous", "hurt", "hasten", "turned_away",
}  # fmt: skip
# Names that say what they mean in spite of it, each with its reason.
SPOKEN_RIGHTLY = {
    "search.models.Word": "a word of a text is what it is",
    "methods.models.version.MethodVersion.steps": "a method has steps, on the page as well",
    "benchmarks.sample_methods._Writer.steps": "the steps of a method",
    "meetings.reminders.forms.TimelineForm.steps": "the steps of a timeline, on the page as well",
    "meetings.calendar.ical.line": "a content line (RFC 5545, 3.1)",
    "meetings.models.certificate.Certificate.parts": "the meetings of a series that one certificate is about",
    "meetings.certificates.views._parts": "the same, for the page",
    "meetings.models.participation_queryset.ParticipationQuerySet.held": "places that are taken, offers included",
    "meetings.reminders.timeline._held": "a letter that waits for its dispatch",
    "meetings.models.series._Shift": "how far the meetings of a series are moved",
    "networks.models.membership.MembershipQuerySet.reach": "how many people, municipalities and organisations",
    "networks.models.network.Network.reach": "the same, of one network",
    "networks.models.network.Network.take_in": "a network takes a member in without a request",
}


def old_names(module, tree):
    """The module, and its classes and functions, whose whole name is an old word, as dotted names."""

    def walk(node, above):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                dotted = f"{above}.{child.name}"
                if snake(child.name.strip("_")) in OLD_WORDS:
                    yield dotted
                yield from walk(child, dotted)
            else:
                yield from walk(child, above)

    own = [module] if module.rsplit(".", 1)[-1] in OLD_WORDS else []
    return sorted([*own, *walk(tree, module)])


def test_no_name_speaks_the_old_words():
    found = {name for path, module in modules() for name in old_names(module, tree_of(path))}
    assert found - set(SPOKEN_RIGHTLY) == set()
    assert set(SPOKEN_RIGHTLY) - found == set()


def test_one_old_word_is_noticed():
    planted = "class _Press:\n    def hold_on(self):\n        def keep():\n            pass"
    assert old_names("outbox.x", ast.parse(planted)) == [
        "outbox.x._Press",
        "outbox.x._Press.hold_on",
        "outbox.x._Press.hold_on.keep",
    ]
    assert old_names("methods.shelf", ast.parse("")) == ["methods.shelf"]
    assert old_names("outbox.x", ast.parse("if 1:\n    async def tell(): ...")) == ["outbox.x.tell"]
    assert old_names("outbox.x", ast.parse("def keep_fresh(): ...\nclass Wording: ...\ndef begins(): ...")) == []
