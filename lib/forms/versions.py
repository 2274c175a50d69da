"""Optimistic locking of forms: two tabs, or two people, save the same row, and no change is undone unseen.

A form carries a digest of each value it was opened with. When it comes back it is compared with the row as it is now
(a three-way merge, field by field): what only the other changed is taken over, what both changed is shown with both
values, and the person keeps one of them. Nothing is stored for it, and no model has a column for it (ADR 16).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2s
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.forms.params import int_or_none

FIELD = "form_version"
CONFLICT = "form_conflict"  # the names of the fields that a page has asked about
MINE, THEIRS = "mine", "theirs"
CHANGED = gettext_lazy(
    "Somebody else, or you in another tab, has changed this after you opened it. Nothing is saved yet, and nothing you "
    "typed is lost. Choose below what stays, and save again."
)


@dataclass(frozen=True)
class Conflict:
    """One field that both changed: its two values in words, and the name under which the answer is sent."""

    name: str
    label: str
    mine: str
    theirs: str

    @property
    def choice(self) -> str:
        return choice_of(self.name)


@dataclass
class Merge:
    """What was sent, with what the other changed; what is to be asked; rows that the other removed meanwhile."""

    data: QueryDict
    conflicts: list[Conflict]
    removed: list[str]

    @property
    def must_ask(self) -> bool:
        return bool(self.conflicts or self.removed)


def choice_of(name: str) -> str:
    return f"keep-{name}"


# what a form carries


def version_input(form: Any) -> SafeString:
    """The hidden field of a form, or of a row of a formset, that says which values it was opened with."""
    written = json.dumps({name: _digest(form, name, _untouched(form, name)) for name in _fields(form)})
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', form.add_prefix(FIELD), written)


def _fields(form: Any) -> list[str]:
    """The fields whose values come from the row: no files, no keys, nothing that cannot be typed."""
    of_row = form.fields if getattr(form, "is_all_versioned", False) else form.initial
    skipped = forms.FileField | forms.models.InlineForeignKeyField
    key = form._meta.model._meta.pk.name if hasattr(form, "_meta") else ""
    typed = {name for name, field in form.fields.items() if not field.disabled and not isinstance(field, skipped)}
    return [name for name in form.fields if name in typed and name in of_row and name not in (key, DELETION_FIELD_NAME)]


def _carried(form: Any, data: QueryDict) -> dict[str, str]:
    try:
        found = json.loads(data.get(form.add_prefix(FIELD), ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# what has changed


def merge(data: QueryDict, form: Any, formsets: Iterable[Any] = ()) -> Merge:
    """Compare what was sent with the rows as they are now; forms that carry no version are left as they are."""
    merged = Merge(data.copy(), [], [])
    _merge_form(merged, form)
    for formset in formsets:
        gone = []
        for index, row in enumerate(formset.initial_forms):
            if _is_gone(row):
                gone.append((index, row))
            else:
                _merge_row(merged, row)
        if gone:
            _drop_gone_rows(merged, formset, gone)
    return merged


def _merge_form(merged: Merge, form: Any, label: str = "") -> None:
    opened_with, asked = _carried(form, merged.data), merged.data.getlist(CONFLICT)
    for name in _fields(form):
        before, full = opened_with.get(name), form.add_prefix(name)
        if before is None:
            continue
        theirs, mine = (_digest(form, name, data) for data in (_untouched(form, name), merged.data))
        answer = merged.data.get(choice_of(full)) if full in asked and theirs == before else None
        if mine == theirs or answer == MINE:
            continue
        if answer == THEIRS or (mine == before and full not in asked):
            _take(merged.data, form, name)
        elif theirs != before or full in asked:
            merged.conflicts.append(_conflict(form, name, merged.data, label))


def _merge_row(merged: Merge, row: Any) -> None:
    """A row that one removes and the other changes is asked about as a whole."""
    deletion = row.add_prefix(DELETION_FIELD_NAME)
    if deletion not in merged.data:
        return _merge_form(merged, row, str(row.instance))
    opened_with = _carried(row, merged.data)
    now = {name: _digest(row, name, _untouched(row, name)) for name in _fields(row)}
    is_asked = deletion in merged.data.getlist(CONFLICT)
    changed = [name for name in now if opened_with.get(name, now[name]) != now[name]]
    if not changed and not (is_asked and choice_of(deletion) not in merged.data):
        if is_asked and merged.data.get(choice_of(deletion)) == THEIRS:
            del merged.data[deletion]
        return None
    told = "; ".join(f"{row.fields[name].label}: {_in_words(row, name, _untouched(row, name))}" for name in changed)
    label = f"{row.instance._meta.verbose_name}: {row.instance}"
    merged.conflicts.append(Conflict(deletion, label, _("removed"), told or str(row.instance)))
    return None


def _conflict(form: Any, name: str, data: QueryDict, label: str) -> Conflict:
    field = str(form.fields[name].label or name)
    mine, theirs = (_in_words(form, name, each) for each in (data, _untouched(form, name)))
    return Conflict(form.add_prefix(name), f"{label}: {field}" if label else field, mine, theirs)


def _is_gone(row: Any) -> bool:
    """Whether the other has removed a row that this form still shows."""
    return row.instance.pk is None and bool(row.data.get(row.add_prefix(_key(row))))


def _drop_gone_rows(merged: Merge, formset: Any, gone: list[tuple[int, Any]]) -> None:
    """Rows that are gone leave the form; one that was changed here comes back as a new row, and is told of."""
    prefix, first_new = formset.prefix, formset.initial_form_count()
    rows = [_row_data(merged.data, f"{prefix}-{index}-") for index in range(formset.total_form_count())]
    kept = [row for index, row in enumerate(rows[:first_new]) if index not in dict(gone)]
    back = []
    for index, form in gone:
        if _is_touched(form, merged.data):
            back.append({name: value for name, value in rows[index].items() if name not in (FIELD, _key(form))})
            merged.removed.append(_said(form, merged.data))
    for name in [name for name in merged.data if re.match(rf"{re.escape(prefix)}-\d+-", name)]:
        del merged.data[name]
    for index, values in enumerate([*kept, *back, *rows[first_new:]]):
        for name, value in values.items():
            merged.data.setlist(f"{prefix}-{index}-{name}", value)
    merged.data[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(len(kept))
    merged.data[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(len(kept) + len(back) + len(rows[first_new:]))


def _row_data(data: QueryDict, prefix: str) -> dict[str, list[str]]:
    return {name.removeprefix(prefix): data.getlist(name) for name in data if name.startswith(prefix)}


def _key(form: Any) -> str:
    return form._meta.model._meta.pk.name


def _is_touched(form: Any, data: QueryDict) -> bool:
    if form.add_prefix(DELETION_FIELD_NAME) in data:
        return False
    before = _carried(form, data)
    return any(_digest(form, name, data) != before[name] for name in form.fields if name in before)


def _said(form: Any, data: QueryDict) -> str:
    """The first words that a row holds, by which a person knows it."""
    texts = (
        data.get(form.add_prefix(name), "") for name, field in form.fields.items() if isinstance(_widget(field), TEXTS)
    )
    return next((text for text in texts if text and not text.isdigit()), str(form.instance._meta.verbose_name))


TEXTS = (forms.TextInput, forms.Textarea)


# a value as a browser sends it, as a digest, and in words


def _widget(field: forms.Field) -> Any:
    return getattr(field.widget, "widget", field.widget)  # the admin wraps the boxes of relations


def _untouched(form: Any, name: str) -> QueryDict:
    """What a browser sends for a field whose value is still that of the row."""
    data = QueryDict(mutable=True)
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    for full, sent in _sent(_widget(field), form.add_prefix(name), value):
        data.setlist(full, sent)
    return data


def _sent(widget: Any, name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(widget, forms.MultiWidget):
        values: Any = value if isinstance(value, list | tuple) else widget.decompress(value)
        ends: Any = widget.widgets_names  # type: ignore[attr-defined]
        for inner, end, part in zip(widget.widgets, ends, values, strict=True):
            yield from _sent(inner, name + end, part)
    elif isinstance(widget, forms.CheckboxInput):
        yield name, ["on"] if widget.check_test(value) else []
    elif isinstance(widget, forms.widgets.ChoiceWidget):
        chosen = widget.format_value(value)
        keys = [chosen] if isinstance(chosen, str) else [str(each) for each in chosen]
        yield name, keys if widget.allow_multiple_selected else (keys or [""])[:1]
    else:
        formatted = widget.format_value(value)
        yield name, ["" if formatted is None else str(formatted)]


def _take(data: QueryDict, form: Any, name: str) -> None:
    """What was sent for a field becomes what the row holds now."""
    theirs = _untouched(form, name)
    for full in {form.add_prefix(name), *theirs}:
        data.pop(full, None)
        if theirs.getlist(full):
            data.setlist(full, theirs.getlist(full))


def _value(form: Any, name: str, data: QueryDict) -> Any:
    """What a field means, without asking the database: keys of rows stay keys."""
    field = form.fields[name]
    raw = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return sorted(str(each) for each in raw or [])
    if isinstance(field, forms.ModelChoiceField):
        return str(raw or "")
    try:
        value = field.to_python(raw)
    except ValidationError:
        value = raw
    return value.normalize() if isinstance(value, Decimal) else value


def _digest(form: Any, name: str, data: QueryDict) -> str:
    value = _value(form, name, data)
    if value in (None, "", []):
        written = ""
    elif isinstance(value, str):
        written = value.replace("\r", "").strip()
    else:
        written = json.dumps(value, default=str, sort_keys=True)
    return blake2s(written.encode(), digest_size=8).hexdigest()


def _in_words(form: Any, name: str, data: QueryDict) -> str:
    """A value as a person reads it."""
    field, value = form.fields[name], _value(form, name, data)
    if isinstance(field, forms.ModelChoiceField):
        keys = value if isinstance(value, list) else [value] if value else []
        return ", ".join(_names(field, keys)) or _("(empty)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(field, "choices"):
        labels = {str(key): str(label) for key, label in _flat(field.choices)}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(each), str(each)) for each in chosen if each not in (None, "")) or _("(empty)")
    if isinstance(value, datetime):
        return str(localize(localtime(value)))
    if isinstance(value, date | time | int | float | Decimal):
        return str(localize(value))
    if isinstance(value, list):
        return "\n".join(str(each) for each in value) or _("(empty)")
    return _plain(str(value or "")) or _("(empty)")


def _names(field: Any, keys: list[str]) -> list[str]:
    """Rows by their names, those that this person may choose; others stay numbers."""
    numbers = [number for key in keys if (number := int_or_none(key)) is not None]
    names = {row.pk: str(field.label_from_instance(row)) for row in field.queryset.filter(pk__in=numbers)}
    return [names.get(number, str(number)) for number in numbers]


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _plain(text: str) -> str:
    """Rich text without its tags, with its paragraphs."""
    if "<" not in text:
        return text.strip()
    for end in ("</p>", "</li>", "</h2>", "</h3>", "<br>"):
        text = text.replace(end, f"{end}\n")
    return strip_tags(text).strip()


class Asks:
    """Mixed into a form class of which the values of another are to be chosen first: it is not valid."""

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        self.add_error(None, str(CHANGED))  # type: ignore[attr-defined]


class VersionedForm:
    """Mixed into the form of a page that changes a row; its template shows `version_input` and `conflicts`."""

    is_all_versioned = True  # also fields that are no columns: all their values come from the row
    merged: Merge | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        sent = args[0] if args else kwargs.get("data")
        instance = kwargs.get("instance")
        is_row = "use_required_attribute" in kwargs  # of a formset, which has read all its rows at once
        if sent is not None and instance is not None and instance.pk and not is_row:
            lock(instance)
        super().__init__(*args, **kwargs)

    @property
    def version_input(self) -> SafeString:
        instance: Any = getattr(self, "instance", None)
        is_new = instance is not None and instance.pk is None
        return SafeString("") if is_new else version_input(self)

    @property
    def conflicts(self) -> list[Conflict]:
        return self.merged.conflicts if self.merged else []

    def full_clean(self) -> None:
        form: Any = self
        if form.is_bound and self.merged is None and isinstance(form.data, QueryDict):
            self.merged = merge(form.data, form)
            form.data = self.merged.data
        super().full_clean()  # type: ignore[misc]
        if self.conflicts:
            form.add_error(None, str(CHANGED))


def lock(instance: Model) -> None:
    """Read a row anew and keep others from saving it until this request is answered."""
    instance.refresh_from_db(from_queryset=instance._meta.model._base_manager.select_for_update(no_key=True))
