"""The page on which an author writes: the form, the rows of steps, and the sections they are shown in."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Term
from methods.forms import MOST_STEPS, MethodForm, StepFormSet
from methods.models import Method
from methods.models.refusals import Lack
from methods.privacy import holds_identity_code, holds_telephone

STEPS = "steps"
FEWEST_ROWS = 3
MORE_ROWS = 3
FREE_LICENCE = "cc-by-4.0"  # what a new method is offered under unless its author chooses otherwise

# heading, hint, fields; STEPS stands for the rows of steps
LAYOUT: list[tuple[Any, Any, list[str]]] = [
    (gettext_lazy("What it is"), "", ["title", "summary", "language"]),
    (
        gettext_lazy("For whom and where"),
        gettext_lazy("These are what others narrow the bank by."),
        ["topics", "target_groups", "settings", "languages", "age_min", "age_max", "keywords", "competences"],
    ),
    (
        gettext_lazy("At a glance"),
        "",
        ["goal", "group_min", "group_max", "duration_min", "duration_max", "facilitators", "preparation"],
    ),
    (
        gettext_lazy("The model"),
        gettext_lazy("The headings are those of Innokylä, so that the text can be used there too."),
        ["stage", "basic_idea", "environment", "target_understanding", "conditions", "results", "tips_for_adopters"],
    ),
    (gettext_lazy("Materials"), "", ["materials"]),
    (gettext_lazy("Steps"), gettext_lazy("Two to twelve steps in order. Leave a row empty to remove it."), [STEPS]),
    (gettext_lazy("Afterwards"), "", ["debrief", "variations", "tips"]),
    (gettext_lazy("Resources and partners"), "", ["resources", "partners", "indicators", "funder", "place"]),
    (gettext_lazy("Safety and evaluation"), "", ["safety", "evaluation"]),
    (
        gettext_lazy("Author and sources"),
        gettext_lazy("Stored as they are now: a change of job does not rewrite them."),
        ["author_role", "organisation", "municipality", "credits", "source_url"],
    ),
    (gettext_lazy("Who may see and use it"), "", ["licence", "visibility", "network"]),
]


class Section(NamedTuple):
    """A stretch of the page. `holds_steps` says that the rows of steps are shown here."""

    title: str
    hint: str
    fields: list[Any]
    holds_steps: bool


class Sheet:
    """A method being written by a person: blank, stored, as typed, or as sent."""

    def __init__(self, method: Method, person: Any, data: QueryDict | None = None, more_rows: bool = False) -> None:
        self.method = method
        if data is not None and not more_rows:
            self.form = MethodForm(data, instance=method, author=person)
            self.steps = StepFormSet(data, prefix=STEPS, form_kwargs=self._row)
            return
        typed = _typed_fields(MethodForm(instance=method, author=person), data) if data else _defaults(method, person)
        rows = _typed_rows(data, self._row) if data else _stored_rows(method)
        self.form = MethodForm(instance=method, author=person, initial=typed)
        self.steps = StepFormSet(initial=_with_room(rows, more_rows), prefix=STEPS, form_kwargs=self._row)

    @property
    def _row(self) -> dict[str, Any]:
        return {"is_model": self.method.is_model}

    @property
    def has_room(self) -> bool:
        """Whether more rows of steps may be asked for."""
        return len(self.steps.forms) < MOST_STEPS

    def is_valid(self) -> bool:
        """Both are judged, so that all errors are shown at once."""
        return all([self.form.is_valid(), self.steps.is_valid()])

    def keep(self, person: Any, now: datetime) -> Method:
        """Store what was sent. Raises Incomplete when a published method would lose something it needs."""
        method = self.form.save(commit=False)
        if method.pk is None:
            method.begin(person, now)
        self.form.save_m2m()
        method.keep(now, [row.save(commit=False) for row in self.steps if not row.is_empty])
        return method

    def show(self, lacks: Iterable[Lack]) -> None:
        """Put what is missing at its field."""
        for lack in lacks:
            self.form.add_error(lack.field if lack.field in self.form.fields else None, lack.words)

    @property
    def sections(self) -> list[Section]:
        found = [
            Section(
                str(title), str(hint), [self.form[name] for name in names if name in self.form.fields], STEPS in names
            )
            for title, hint, names in LAYOUT
        ]
        return [section for section in found if section.fields or section.holds_steps]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(address of the field, words) of all that was refused, fields and rows alike."""
        found = [("#content", str(words)) for words in self.form.non_field_errors()]
        found += [(_address(field), f"{field.label}: {words}") for field in self.form for words in field.errors]
        found += [("#steps", str(words)) for words in self.steps.non_form_errors()]
        for number, row in enumerate(self.steps, start=1):
            step = _("Step %(number)s") % {"number": number}
            for field in row:
                found += [(_address(field), f"{step}, {field.label}: {words}") for words in field.errors]
        return found

    def address_of(self, name: str) -> str:
        """Where on the page a field begins."""
        return _address(self.form[name]) if name in self.form.fields else f"#{name}"

    def warnings(self) -> list[str]:
        """What was stored but should be looked at again: personal data, steps that do not fit the time."""
        found = [
            _("“%(field)s” seems to hold a personal identity code. The bank holds no personal data: remove it.")
            % {"field": label}
            for label, text in self._texts()
            if holds_identity_code(text)
        ]
        found += [
            _("“%(field)s” seems to hold a telephone number. If it is somebody's own, remove it.") % {"field": label}
            for label, text in self._texts()
            if holds_telephone(text)
        ]
        minutes = self._minutes()
        low, high = self.method.duration_min, self.method.duration_max
        if minutes and low and high and not low <= minutes <= high:
            found.append(
                _("The steps take %(minutes)d minutes together, which is outside %(low)d–%(high)d minutes.")
                % {"minutes": minutes, "low": low, "high": high}
            )
        return found

    def _texts(self) -> list[tuple[str, str]]:
        fields = [(field.label, self.form.cleaned_data.get(name)) for name, field in self.form.fields.items()]
        texts = [(str(label), "\n".join(text) if isinstance(text, list) else text) for label, text in fields]
        rows = "\n".join(f"{row.cleaned_data.get('title')}\n{row.cleaned_data.get('text')}" for row in self.steps)
        return [(label, text) for label, text in texts if isinstance(text, str)] + [(_("Steps"), rows)]

    def _minutes(self) -> int:
        rows = [row.cleaned_data for row in self.steps]
        return sum(row.get("minutes") or 0 for row in rows if not row.get("is_in_advance"))


def _address(field: Any) -> str:
    return f"#{field.id_for_label or field.auto_id + '_0'}"


def _defaults(method: Method, person: Any) -> dict[str, Any]:
    """A new method begins with what the portal knows of its author."""
    if method.pk:
        return {"derived_from": method.derived_from.slug} if method.derived_from else {}
    return {
        "author_role": person.title,
        "organisation": person.organisation_id,
        "municipality": person.municipality_id,
        "language": person.language,
        "languages": list(Term.objects.in_list("languages").filter(code=person.language)),
        "licence": Term.objects.in_list("licences").filter(code=FREE_LICENCE).first(),
        "facilitators": 1,
        "derived_from": method.derived_from.slug if method.derived_from else None,
    }


def _stored_rows(method: Method) -> list[dict[str, Any]]:
    if method.pk is None:
        return []
    return [dict(row) for row in method.steps.in_order().values("title", "text", "minutes", "is_in_advance")]


def _typed_fields(form: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the boxes, not judged yet: asking for more rows is no reason to complain."""
    return {name: _typed(form, name, data) for name in form.fields}


def _typed_rows(data: QueryDict, row: dict[str, Any]) -> list[dict[str, Any]]:
    return [_typed_fields(form, data) for form in StepFormSet(data, prefix=STEPS, form_kwargs=row)]


def _typed(form: Any, name: str, data: Mapping[str, Any]) -> Any:
    return form.fields[name].widget.value_from_datadict(data, {}, form.add_prefix(name))


def _with_room(rows: list[dict[str, Any]], more: bool) -> list[dict[str, Any]]:
    """Empty rows to write in: three in a new method, one below written steps, three when more were asked for."""
    wanted = len(rows) + MORE_ROWS if more else max(FEWEST_ROWS, len(rows) + 1)
    return [*rows, *({} for _ in range(min(wanted, MOST_STEPS) - len(rows)))]
