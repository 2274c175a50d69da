"""Rounds: files that nobody needs any more are thrown away."""

import logging

from celery import shared_task
from django.utils import timezone

from methods.models import Attachment
from methods.models.attachment import ROOM
from youthnet.uploads import shelf

log = logging.getLogger(__name__)


@shared_task(name="methods.tasks.sweep_files")
def sweep_files() -> None:
    """Throw away what was removed a week ago, and folders that no row speaks of."""
    now = timezone.now()
    Attachment.objects.past_putting_back(now).discard()
    lost = shelf.orphans(ROOM, Attachment.objects.values_list("token", flat=True), now)
    shelf.discard(ROOM, lost)
    if lost:
        log.warning("%s folders of uploaded files belonged to nothing and are removed", len(lost))
