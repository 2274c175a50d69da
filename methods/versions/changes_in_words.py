"""The versions of a method in words: who changed what and when, and two of them word by word."""

import re
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contacts.models import Term, User
from methods.editing.sections import SECTIONS, STEPS
from methods.models import Method, MethodVersion
from methods.models.method_facts import VOCABULARY
from methods.models.version import people_of

MOST_SHOWN = 100
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
ORDER = [name for _code, _title, _hint, names in SECTIONS for name in names]


class Entry(NamedTuple):
    """One version in a list: who made it, and the names of what differs from the one before."""

    version: MethodVersion
    before: MethodVersion | None
    person: User | None
    changed: list[str]


def history(method: Method) -> list[Entry]:
    """The versions of a method, the newest first; of very many the newest hundred."""
    found = list(MethodVersion.objects.filter(pgh_obj=method).final().newest().with_people()[: MOST_SHOWN + 1])
    people = people_of(found)
    pairs = zip(found, [*found[1:], None], strict=True)
    return [
        Entry(version, before, people.get(version.user_id), _labels(version.differs_from(before)) if before else [])
        for version, before in pairs
    ][:MOST_SHOWN]


def difference(old: MethodVersion, new: MethodVersion) -> list[tuple[str, SafeString]]:
    """(label, text with what went and what came) of every field in which two versions differ."""
    terms = {term.pk: str(term) for term in Term.objects.filter(pk__in=_term_pks(old) | _term_pks(new))}
    names = sorted(new.differs_from(old), key=ORDER.index)
    return [(_label(name), words_changed(_text(old, name, terms), _text(new, name, terms))) for name in names]


def words_changed(old: str, new: str) -> SafeString:
    """The new text with the words that came marked, and those that went shown struck through, for every reader."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, came = "".join(before[i:j]), "".join(after[k:m])
        if kind == "equal":
            pieces.append(("{}", came))
            continue
        pieces += [(_marked("del", _("removed:")), gone)] if gone else []
        pieces += [(_marked("ins", _("added:")), came)] if came else []
    return format_html_join("", "{}", ((format_html(pattern, words),) for pattern, words in pieces))


def _marked(tag: str, words: str) -> str:
    """Colour alone tells nothing to those who do not see it."""
    return f'<{tag}><span class="visually-hidden">{words} </span>{{}}</{tag}>'


def _labels(names: list[str]) -> list[str]:
    return [_label(name) for name in sorted(names, key=ORDER.index)]


def _label(name: str) -> str:
    field: Any = None if name == STEPS else Method._meta.get_field(name)
    return str(capfirst(field.verbose_name)) if field else _("Steps")


def _term_pks(version: MethodVersion) -> set[int]:
    return {pk for name in VOCABULARY for pk in version.kept.get(name, [])}


def _text(version: MethodVersion, name: str, terms: dict[int, str]) -> str:
    """What a version says in one field, as a reader would see it."""
    if name == STEPS:
        return "\n\n".join(f"{n}. {_step_text(row)}" for n, row in enumerate(version.kept.get(STEPS, []), start=1))
    if name in VOCABULARY:
        return ", ".join(sorted(terms[pk] for pk in version.kept.get(name, []) if pk in terms))
    value: Any = getattr(version, name)
    if isinstance(value, list):
        return "\n".join(value)
    if name == "language":
        return str(version.get_language_display())
    return "" if value is None else str(value)


def _step_text(row: dict[str, Any]) -> str:
    minutes = f" ({row['minutes']} min)" if row["minutes"] else ""
    return f"{row['title']}{minutes}\n{row['text']}".strip()
