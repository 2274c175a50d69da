"""How forms are drawn: Bootstrap fields with words for what is optional and what is wrong; inputs that phones know."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


def error_summary(form: Any) -> str:
    """What is wrong with a form, in one line for a message."""
    labels = {name: field.label for name, field in form.fields.items()}
    told = [(labels.get(name, ""), error) for name, errors in form.errors.items() for error in errors]
    return " ".join(f"{label}: {error}" if label else str(error) for label, error in told)


class FormRenderer(TemplatesSetting):
    """Draws `{{ form }}` with templates/django/forms/house_*.html. The admin keeps drawing its own."""

    form_template_name = "lib/forms/form.html"
    formset_template_name = "lib/forms/formset.html"
    field_template_name = "lib/forms/field.html"


class DateInput(forms.DateInput):
    """A day, picked from the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """A day and a time in one box."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TimeInput(forms.TimeInput):
    """A time of day."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")
