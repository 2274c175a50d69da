"""Bringing files to methods, as a person does and past the form."""

from django.urls import reverse
from django.utils import timezone

from lib.uploads.validation import validate
from methods.models import Attachment
from tests.lib.uploading import pdf, upload


def page_of(method):
    return reverse("methods:method-files", args=[method.slug])


def typed(data=None, place="attachment", name="kuva.png", **other):
    """What a person sends from one of the two forms."""
    prefix = "cover" if place == "cover" else "file"
    words = {"alt": "Kello seinällä", "caption": "Kello", "agrees": "on", **other}
    sent = {f"{prefix}-{key}": value for key, value in words.items() if value is not None}
    return sent | {"place": place} | ({f"{prefix}-file": upload(data, name)} if data is not None else {})


def bring(client, method, *args, **kwargs):
    return client.post(page_of(method), typed(*args, **kwargs))


def change(client, row, action, **words):
    path = reverse("methods:attachment-change", args=[row.method.slug, row.pk])
    return client.post(path, {"action": action} | {f"row{row.pk}-{key}": value for key, value in words.items()})


def stored(method, world, data=None, **words):
    """A file brought past the form."""
    judged = validate(upload(data or pdf(), "Ohje.pdf"))
    words = {"is_cover": False, "alt": "Kuva" if judged.is_picture else "", "caption": "", **words}
    return Attachment.objects.store_upload(method, judged, world.aino, timezone.now(), **words)
