"""An incoming message that cannot be dealt with stops no other."""

from outbox.models import InboundMessage
from outbox.tasks import read_inbound
from tests.failing import Scene, endures, noon

MESSAGE = b"From: Aino <aino@example.org>\r\nSubject: Hei %d\r\nMessage-ID: <%d@example.org>\r\n\r\nKiitos.\r\n"


def test_messages_that_came_in(client, world, broken):
    for number in range(3):
        InboundMessage.objects.receive(MESSAGE % (number, number), "test", noon(0))
    row = InboundMessage.objects.order_by("pk").first()
    scene = Scene(
        task=read_inbound,
        left=lambda now: set(InboundMessage.objects.waiting().values_list("pk", flat=True)),
        bad={row.pk},
        row=lambda: row,
        mend=broken(row),
        at=noon(),
    )
    assert endures(scene, client, world.ulla).what == "Saapuneen viestin lukeminen"
    assert set(InboundMessage.objects.values_list("kind", flat=True)) == {"person"}
