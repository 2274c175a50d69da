"""How the portal feels, for machines that ask: the process, and whether the database answers and letters leave."""

from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lib.access import public
from lib.models import FailedRow
from outbox.health import status

# Longer than this without an emptied ledger, and nobody can say that letters leave.
PATIENCE = timedelta(minutes=10)


@require_safe
@public
@never_cache
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. A balancer asks this."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@public
@never_cache
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and letters leave. A watchman asks this; 503 when something needs a person.

    Rows that rounds fail with are counted, but make nothing unready: they stop nothing else.
    """
    try:
        now = timezone.now()
        facts = outbox_facts(now) | {"failing_rows": FailedRow.objects.stuck(now).count()}
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    return JsonResponse(facts, status=200 if facts["ready"] else 503)


def outbox_facts(now: datetime) -> dict[str, Any]:
    """Ages in seconds: of the last round that emptied the ledger, of the longest wait, of the relay's absence, of the
    clock's last tick. How long the clock has run tells a silent worker from one that nobody has woken yet."""
    stands = status(now)
    ages = {
        "last_round_age": _age(stands["last_round_at"], now),
        "oldest_waiting_age": stands["oldest_waiting_seconds"] if stands["waiting"] else None,
        "relay_lost_age": _age(stands["relay_lost_at"], now),
    }
    up = _age(stands["clock_started_at"], now)
    if up is not None:
        ages["clock_age"] = _age(stands["clock_ticked_at"], now)
    late = any(age is not None and age > PATIENCE.total_seconds() for age in ages.values())
    return {"ready": not late, "database": True, **ages, **({} if up is None else {"clock_up": up})}


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else int((now - moment).total_seconds())
