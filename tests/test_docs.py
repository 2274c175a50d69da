"""The documents speak of the product as it is: names, settings, clocks and commands are looked up in it."""

import ast
import re
from argparse import _SubParsersAction
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

HOUSE = Path(__file__).resolve().parent.parent
DOCS = HOUSE / "docs"


def read(*parts):
    return HOUSE.joinpath(*parts).read_text(encoding="utf-8")


def settings_read_from_the_environment():
    return re.findall(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)\"""", read("youthnet", "settings.py"))


@pytest.mark.parametrize("setting", sorted(set(settings_read_from_the_environment())))
def test_every_setting_is_explained(setting):
    assert re.search(rf"^#?\s?{setting}=", read(".env.example"), re.MULTILINE), f"{setting} is not in .env.example"
    assert f"`{setting}`" in read("docs", "operations.md"), f"{setting} is not in docs/operations.md"


def test_every_room_is_on_the_map():
    text = read("docs", "rooms.md")
    rooms = ["lib", "contacts", "networks", "meetings", "methods", "newsletters", "plans", "outbox", "search"]
    assert [room for room in [*rooms, "youthnet"] if f"`{room}/`" not in text] == []


def test_every_clock_and_command_is_told():
    from youthnet.celery import app

    text = read("docs", "operations.md")
    commands = [path.stem for path in HOUSE.glob("*/management/commands/*.py") if path.stem != "__init__"]
    assert [name for name in [*app.conf.beat_schedule, *commands] if f"`{name}`" not in text] == []


def test_the_way_of_the_data_names_real_places():
    """`room/file.py:Name.part` in the text must exist in that file."""
    named = re.findall(r"`([\w/]+\.py):([\w.]+)`", read("docs", "way-of-data.md"))
    assert len(named) >= 20
    assert [f"{path}:{name}" for path, name in named if name not in defined_in(path)] == []


def defined_in(path):
    """Functions, classes and methods of a file as `Name` or `Class.method`."""
    names = set()
    for node in ast.parse(read(path)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return names


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [*HOUSE.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def printed_commands():
    """Every command of manage.py that a document prints, with the document."""
    pages = [HOUSE / "README.md", HOUSE / "CONTRIBUTING.md", DOCS / "operations.md", DOCS / "search.md"]
    for page in pages:
        for command in re.findall(r"`[^`\n]*?manage(?:\.py| ARGS=.)([^`\n\"]*)", page.read_text(encoding="utf-8")):
            if command.strip(" …"):
                yield page.name, command.strip()


def options_of(parser):
    """Its own, and those of its parts (`doctor mail`)."""
    for action in parser._actions:
        yield from action.option_strings
        if isinstance(action, _SubParsersAction):
            for part in action.choices.values():
                yield from options_of(part)


@pytest.mark.parametrize(("document", "command"), list(printed_commands()))
def test_a_printed_command_is_one(document, command):
    """Real use 36: what the documents print can be typed: the command is there and knows its options."""
    name, *arguments = command.split()
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    assert {each for each in arguments if each.startswith("--")} - set(options_of(parser)) == set()


@pytest.mark.parametrize("document", ["README.md", "docs/operations.md"])
def test_no_command_is_printed_that_the_shell_would_not_find(document):
    """Real use 36: `manage.py …` alone is found by no shell."""
    bare = re.findall(r"`manage\.py [^`]*`|`python manage\.py [^`]*`", read(*document.split("/")))
    assert bare == []


@pytest.mark.parametrize("document", ["README.md", "docs/operations.md", ".env.example"])
def test_people_read_plain_words(document):
    """Real use 36: no words of the workshop where users read."""
    assert re.findall(r"(?i)(?<![\w-])(?:wheels?|pumps?|ledgers?)(?![\w-])", read(*document.split("/"))) == []


def test_make_targets_in_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = set(
        re.findall(r"`make ([a-z-]+)", read("README.md") + read("CONTRIBUTING.md") + read("docs", "operations.md"))
    )
    assert named - targets == set()
