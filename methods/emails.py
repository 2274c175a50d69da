"""The room's letters: a method waits for review, is published or returned; somebody is taken in as an author."""

from uuid import uuid4

from django.utils import timezone

from contacts.models import User
from methods.models import Method, Review
from outbox.models import Delivery
from youthnet.links import absolute_url
from youthnet.mail import letter


def submitted(method: Method) -> list[Delivery]:
    """Tells the area's coordinators that a method waits; one who wrote it is not told."""
    current = method.area.coordinators.current(timezone.localdate(method.submitted_at)).values("user")
    readers = User.objects.active().filter(pk__in=current).exclude(pk=method.author_id).order_by("pk")
    return [_to(reader, "submitted", method, f"{method.pk}/{method.submitted_at:%Y%m%d%H%M%S%f}") for reader in readers]


def reviewed(review: Review) -> list[Delivery]:
    """Tells the authors what became of their method, with the coordinator's own words."""
    name = "returned" if review.is_return else "accepted"
    authors = User.objects.active().filter(pk__in=review.method.author_pks()).order_by("pk")
    return [_to(author, name, review.method, str(review.pk), review=review) for author in authors]


def taken_in(method: Method, person: User, by: User) -> Delivery:
    """Tells somebody that they may write a method together with its authors."""
    return _to(person, "coauthor", method, f"{method.pk}/{person.pk}/{uuid4()}", by=by)


def _to(
    reader: User, name: str, method: Method, reference: str, review: Review | None = None, by: User | None = None
) -> Delivery:
    page = "methods:method-edit" if name in ("returned", "coauthor") else "methods:method-detail"
    sender = by or (review.reviewer if review else None)
    return letter(
        f"methods/emails/{name}",
        to=reader.email,
        language=reader.language,
        context={
            "method": method,
            "review": review,
            "by": by,
            "reader": reader,
            "area": method.area,
            "page_url": absolute_url(page, method.slug, language=reader.language),
            "list_url": absolute_url("methods:review-list", language=reader.language),
        },
        kind=f"method-{name}",
        reference=reference,
        reply_to=[sender.email] if sender else None,
    )
