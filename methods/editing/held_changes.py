"""Changes of published methods that wait for the coordinator: what they would change, and storing one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from methods.editing.diff import differences
from methods.editing.editor import MethodEditor
from methods.exceptions import ChangeOutdated
from methods.models import Incomplete, Method, WorkingCopy


def texts_of(copy: WorkingCopy) -> list[tuple[str, str]]:
    """(label, text) of the boxes that the change makes anew."""
    method: Any = copy.method
    return differences(MethodEditor(method, copy.person), MethodEditor(method, copy.person, copy.data, judged=False))


def store(copy: WorkingCopy, now: datetime) -> Method:
    """Store the change in its writer's name. Raises ChangeOutdated when it does not fit the method any more."""
    with transaction.atomic():
        method = Method.objects.select_for_update(of=("self",)).get(pk=copy.method_id)
        editor = MethodEditor(method, copy.person, copy.data)
        if copy.based_on != method.changed_at or not editor.is_valid():
            raise ChangeOutdated
        try:
            stored = editor.save_method(copy.person, now)
        except Incomplete as refusal:
            raise ChangeOutdated from refusal
        copy.delete()
        return stored
