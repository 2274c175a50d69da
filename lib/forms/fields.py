"""Boxes of several rooms: lists of short texts, written one item on each line; e-mail addresses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.text.addresses import address_of, normal, readable

# How static/js/paste.js treats a box: marks such as "## " are laid out by the page, or all is read by a program.
LAID_OUT = {"data-marks": ""}
AS_IS = {"data-paste-as-is": ""}


class LinesField(forms.CharField):
    """A box where each line is one item; the value is a list of texts. For a JSON column that holds such a list."""

    widget = forms.Textarea

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("One item on each line."))
        if not kwargs["help_text"]:
            kwargs["help_text"] = _("One item on each line.")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "rows": 6}

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return split_lines(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return split_lines(data or "") != (initial or [])


def split_lines(text: str) -> list[str]:
    """The lines that hold something, without the bullets people paste along."""
    stripped = (line.strip().lstrip("•-–*").strip() for line in text.splitlines())
    return [line for line in stripped if line]


class AddressField(forms.EmailField):
    """A box for one e-mail address. It shows the domain in its owner's letters and gives the one spelling."""

    default_validators: list[Any] = []

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return address_of(text) if text else ""

    def prepare_value(self, value: Any) -> Any:
        return readable(value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(normal(initial or ""), normal(data or ""))
