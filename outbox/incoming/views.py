"""The door for mail that another server hands over: a relay's webhook, or a pipe of the local mail server."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lib.access import by_token
from lib.tasks import wake
from outbox.models import InboundMessage
from outbox.models.inbound import KEPT
from outbox.tasks import read_inbound

BIGGEST = 10 * 1024 * 1024
PIECE = 64 * 1024


@by_token
@require_POST
def inbound(request: HttpRequest, secret: str) -> HttpResponse:
    """One message (message/rfc822) as the body. It is stored when the answer is 200; the same twice does no harm."""
    if not _is_ours(secret):
        raise Http404
    raw, size = _read(request)
    if not size:
        return HttpResponse("empty\n", status=400, content_type="text/plain")
    if size > BIGGEST:
        return HttpResponse("too big\n", status=413, content_type="text/plain")
    InboundMessage.objects.receive(raw, "webhook", timezone.now(), size)
    wake(read_inbound)
    return HttpResponse("ok\n", content_type="text/plain")


def _is_ours(secret: str) -> bool:
    own = settings.INBOUND_SECRET
    return bool(own) and hmac.compare_digest(secret.encode(), own.encode())


def _read(request: HttpRequest) -> tuple[bytes, int]:
    """The beginning of the body, and how long it is as far as we count: never more than the door is wide."""
    kept, size = bytearray(), 0
    while size <= BIGGEST and (piece := request.read(PIECE)):
        size += len(piece)
        kept += piece[: max(0, KEPT + 1 - len(kept))]
    return bytes(kept), size
