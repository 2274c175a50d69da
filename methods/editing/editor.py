"""The editor of a method: the form, the rows of steps, the reviewer's remarks, and how far it has come."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from contacts.models import Term
from contacts.personal_data.detection import Match, find, warnings_about
from lib.forms.params import int_or_none
from methods.editing.forms import MOST_STEPS, MethodForm, RemarkForm, StepFormSet
from methods.editing.sections import SECTIONS, STEPS, STEPS_OF_MODELS
from methods.exceptions import Lack
from methods.models import Method, Remark
from methods.models.completeness import CHOICES, CODES, LISTS, NUMBERS, TEXTS, Need, needs
from methods.models.method_fields import FREE_LICENCE

FEWEST_ROWS = 3
MORE_ROWS = 3


class Section(NamedTuple):
    """A stretch of the page. `missing` names what is needed here and not there; `needed` counts all that is needed."""

    code: str
    title: str
    hint: str
    fields: list[Any]
    holds_steps: bool
    remarks: list[Any]
    needed: int
    missing: list[tuple[str, str]]

    @property
    def anchor(self) -> str:
        return STEPS if self.holds_steps else f"section-{self.code}"


class MethodEditor:
    """A method being written by a person: blank, stored, sent to be judged, or as it stands in the boxes (unjudged)."""

    def __init__(
        self, method: Method, person: Any, data: QueryDict | None = None, judged: bool = True, more_rows: bool = False
    ) -> None:
        self.method, self.person = method, person
        typed = None if judged else data
        self.remarks = _remarks(method, data)
        if data is not None and judged:
            self.form = MethodForm(data, instance=method, author=person)
            self.steps = StepFormSet(data, prefix=STEPS, form_kwargs=self._row)
            return
        form = MethodForm(instance=method, author=person)
        begun = _typed_fields(form, typed) if typed is not None else _defaults(method, person)
        rows = _typed_rows(typed, self._row) if typed is not None else _stored_rows(method)
        self.form = MethodForm(instance=method, author=person, initial=begun)
        self.steps = StepFormSet(initial=_with_room(rows, more_rows), prefix=STEPS, form_kwargs=self._row)

    @property
    def _row(self) -> dict[str, Any]:
        return {"is_model": self.method.is_model}

    @property
    def _answered(self) -> list[RemarkForm]:
        """A remark that came after the form was opened has no answer in it."""
        return [form for form in self.remarks if form.is_bound]

    @property
    def has_room(self) -> bool:
        """Whether more rows of steps may be asked for."""
        return len(self.steps.forms) < MOST_STEPS

    def is_valid(self) -> bool:
        """All are judged, so that all errors are shown at once."""
        return all([self.form.is_valid(), self.steps.is_valid(), *(form.is_valid() for form in self._answered)])

    def save_method(self, person: Any, now: datetime) -> Method:
        """Store what was sent. Raises Incomplete when a published method would lose something it needs."""
        method = self.form.save(commit=False)
        if method.pk is None:
            method.start(person, now)
        self.form.save_m2m()
        method.save_changes(now, [row.save(commit=False) for row in self.steps if not row.is_empty])
        for form in self._answered:
            form.remark.settle(form.cleaned_data["answer"], form.cleaned_data["is_done"], now)
        return method

    def show(self, lacks: Iterable[Lack]) -> None:
        """Put what is missing at its field."""
        for lack in lacks:
            self.form.add_error(lack.field if lack.field in self.form.fields else None, lack.words)

    def as_typed(self) -> dict[str, list[str]]:
        """What stands in the boxes, as a browser would send it."""
        found = {}
        for field in self.form:
            value = field.value()
            values = value if isinstance(value, list | tuple) else [] if value is None else [value]
            found[field.html_name] = [str(getattr(each, "pk", each)) for each in values]
        return found

    # how far it has come

    @cached_property
    def needs(self) -> list[Need]:
        """What the method needs, judged by what stands in the boxes now."""
        value = {name: self.form[name].value() for name in self.form.fields}
        given: dict[str, Any] = {"is_model": self.method.is_model, "visibility": value["visibility"]}
        given |= {name: len(value.get(name) or []) for name in LISTS}
        given |= {name: _stripped(value.get(name)) for name in [*TEXTS, *CHOICES]}
        given |= {name: None if value.get(name) in ("", None) else value[name] for name in NUMBERS}
        codes = {str(term.pk): term.code for term in Term.objects.filter(list__in=["development_stages", "licences"])}
        given |= {name: codes.get(str(getattr(value.get(name), "pk", value.get(name))), "") for name in CODES}
        return needs(given | {STEPS: sum(bool(_stripped(row["title"].value())) for row in self.steps)})

    @property
    def needed(self) -> int:
        return len(self.needs)

    @property
    def done(self) -> int:
        return sum(need.is_met for need in self.needs)

    @cached_property
    def sections(self) -> list[Section]:
        """The stretches of the page that hold something for this kind."""
        shown = self.form.fields.keys() | {STEPS}
        return [
            self._section(code, str(title), str(hint), [name for name in names if name in shown])
            for code, title, hint, names in SECTIONS
            if shown & set(names) and (code != "other" or self.form["other"].value())
        ]

    def _section(self, code: str, title: str, hint: str, names: list[str]) -> Section:
        here = [need for need in self.needs if need.field in names]
        missing = [(self.address_of(need.field), need.words) for need in here if not need.is_met]
        fields = [self.form[name] for name in names if name != STEPS]
        remarks = [form for form in self.remarks if form.remark.section == code]
        if STEPS in names and self.method.is_model:
            hint = str(STEPS_OF_MODELS)
        return Section(code, title, hint, fields, STEPS in names, remarks, len(here), missing)

    # what is to be mended

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
        """What should be looked at again: personal data, steps that do not fit the time."""
        found = warnings_about(self._texts())
        low, high = (int_or_none(self.form[name].value()) or 0 if name in self.form.fields else 0 for name in TIMES)
        minutes = sum(int_or_none(row["minutes"].value()) or 0 for row in self.steps if _takes_time(row))
        if minutes and low and high and not low <= minutes <= high:
            found.append(
                _("The steps take %(minutes)d minutes together, which is outside %(low)d–%(high)d minutes.")
                % {"minutes": minutes, "low": low, "high": high}
            )
        return found

    def findings(self) -> list[Match]:
        """The personal data that stands in the boxes and does not stand in the method yet."""
        as_stored = Method.objects.filter(pk=self.method.pk).first()
        stored = MethodEditor(as_stored, self.person)._texts() if as_stored else []
        known = {finding[1:] for finding in find(stored)}
        return [finding for finding in find(self._texts()) if finding[1:] not in known]

    def _texts(self) -> list[tuple[str, str]]:
        """(label, words) of everything that is typed freely."""
        texts = [(str(field.label), value) for field in self.form if isinstance(value := field.value(), str)]
        rows = "\n".join(f"{row['title'].value()}\n{row['text'].value()}" for row in self.steps)
        return [*texts, (_("Steps"), rows)]


TIMES = ["duration_min", "duration_max"]


def _takes_time(row: Any) -> bool:
    return "minutes" in row.fields and not row["is_in_advance"].value()


def _stripped(typed: Any) -> Any:
    return typed.strip() if isinstance(typed, str) else typed


def _address(field: Any) -> str:
    return f"#{field.id_for_label or field.auto_id + '_0'}"


def _defaults(method: Method, person: Any) -> dict[str, Any]:
    """A new method begins with what the portal knows of its author."""
    if method.pk:
        return {"derived_from": method.derived_from.slug} if method.derived_from else {}
    municipality = person.municipality_of_work()
    return {
        "author_role": person.title,
        "organisation": person.organisation_id,
        "municipality": municipality.pk if municipality else None,
        "language": person.language,
        "languages": list(Term.objects.in_list("languages").filter(code=person.language)),
        "licence": Term.objects.in_list("licences").filter(code=FREE_LICENCE).first(),
        "facilitators": 1,
        "derived_from": method.derived_from.slug if method.derived_from else None,
    }


def _remarks(method: Method, data: QueryDict | None) -> list[RemarkForm]:
    """The remarks of the last review, each with its answer; as typed when something was typed."""
    if method.pk is None or method.is_published:
        return []
    remarks = Remark.objects.of_the_last_review(method).in_order()
    return [RemarkForm(data if data and f"remark-{each.pk}-answer" in data else None, remark=each) for each in remarks]


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
