"""In what two states of the form differ, in words that a person may read."""

from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from methods.editing.editor import MethodEditor


def differences(mine: MethodEditor, theirs: MethodEditor) -> list[tuple[str, str]]:
    """(label, their words) of every field that is not the same in both; the rows of steps count as one."""
    found = [
        (str(field.label), words)
        for field in theirs.form
        if not field.is_hidden and (words := _shown(field)) != _shown(mine.form[field.name])
    ]
    steps = _step_lines(theirs)
    return [*found, (_("Steps"), steps)] if steps != _step_lines(mine) else found


def _shown(field: BoundField) -> str:
    """What a reader of the form sees in a field."""
    value = field.value()
    if hasattr(field.field, "choices"):
        chosen = {str(getattr(each, "pk", each)) for each in (value if isinstance(value, list | tuple) else [value])}
        return ", ".join(str(label) for code, label in field.field.choices if str(code) in chosen and str(code))
    return _plain(field.field.prepare_value(value))


def _step_lines(editor: MethodEditor) -> str:
    rows = [[_plain(row[name].value()) for name in row.fields] for row in editor.steps]
    return "\n".join(" – ".join(cell for cell in row if cell) for row in rows if any(row))


def _plain(value: Any) -> str:
    return "" if value in (None, False, "False") else str(value).replace("\r\n", "\n").strip()
