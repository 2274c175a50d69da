"""The room's letters: reviews, authors, drafts from meetings, checks, saved searches, and questions to people."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone, translation

from contacts.models import User
from lib.absolute_urls import absolute, absolute_url
from lib.tokens import sign_row
from methods.models import CompetenceQuestion, Method, Review, SavedSearch
from outbox.compose import draft, letter, post_each
from outbox.models import Delivery

STOP = "methods.saved-search.stop"  # the purpose of the link that stops the letters of one search
CHECK = "method-check"
MOST = 12  # methods in one letter; the rest is a link away


def submitted(method: Method, by: User | None = None) -> list[Delivery]:
    """Tells the area's coordinators that a method waits; one who wrote it, or sent it, is not told."""
    known = [method.author_id, by.pk if by else None]
    return _to_coordinators("submitted", method, method.submitted_at, known)


def handed_over(method: Method) -> list[Delivery]:
    """Tells the area's coordinators that a quick method waits to be completed."""
    return _to_coordinators("handed_over", method, method.handed_over_at, [method.author_id])


def reviewed(review: Review) -> list[Delivery]:
    """Tells the authors what became of their method, with the coordinator's own words."""
    name = "returned" if review.is_return else "accepted"
    return [_to(author, name, review.method, str(review.pk), review=review) for author in authors_of(review.method)]


def fits_search(search: SavedSearch, methods: list[Method]) -> Delivery:
    """Tells a person what is new in a saved search; the caller has seen that the person may see it."""
    reader, area = search.user, methods[0].area
    stop_url = absolute_url("methods:saved-stop", sign_row(STOP, search.pk), language=reader.language)
    card = area.cards.answering()
    with translation.override(reader.language):
        list_url = absolute(f"{reverse('methods:method-list')}?{search.query}")
        items = [(method, absolute(method.get_absolute_url())) for method in methods[:MOST]]
    return letter(
        "methods/emails/fits_search",
        to=reader.email,
        language=reader.language,
        context={
            "search": search,
            "items": items,
            "count": len(methods),
            "more": max(0, len(methods) - MOST),
            "area": area,
            "list_url": list_url,
            "saved_url": absolute_url("methods:saved", language=reader.language),
            "stop_url": stop_url,
        },
        kind="saved-search",
        reference=f"{search.pk}/{methods[0].pk}/{len(methods)}",
        reply_to=[card.email] if card else None,
        headers={
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def taken_in(method: Method, person: User, by: User) -> Delivery:
    """Tells somebody that they may write a method together with its authors."""
    return _to(person, "coauthor", method, f"{method.pk}/{person.pk}/{uuid4()}", by=by)


def drafted_from_meeting(method: Method, by: User) -> Delivery:
    """Tells a member that the coordinator has begun a draft in the member's name."""
    author: Any = method.author
    words = {"method": method, "by": by, "page_url": _page("methods:method-edit", method.slug, author)}
    return _letter("harvested", author, method, str(method.pk), words, reply_to=[by.email])


def still_right(method: Method, *, again: bool, now: datetime | None = None) -> bool:
    """Asks the authors whether an old method is still right. True when each of them has a letter."""
    turn = f"{method.pk}/{method.verified_on}/{2 if again else 1}"
    return post_each(
        CHECK,
        {author: (turn, author.email) for author in authors_of(method)},
        lambda author: draft(**_still_right(author, method, turn, again)),
        round=f"methods.checks/{method.pk}",
        now=now or timezone.now(),
    )


def authors_of(method: Method) -> list[User]:
    """Those who can be written to."""
    return list(User.objects.active().filter(pk__in=method.author_pks()).order_by("pk"))


def _still_right(author: User, method: Method, turn: str, again: bool) -> dict[str, Any]:
    words = {"method": method, "again": again, "page_url": _page("methods:method-check", method.slug, author)}
    return _facts("check", author, method, turn, words)


def asked(question: CompetenceQuestion) -> Delivery:
    """Carries a question to whoever knows: answering the letter answers the asker."""
    page_url = _page("methods:question-detail", question.pk, question.asked)
    words = {"question": question, "page_url": page_url}
    more = {"kind": "competence-question", "reply_to": [question.asker.email]}
    return _letter("question", question.asked, None, str(question.pk), words, **more)


def answered(question: CompetenceQuestion) -> Delivery:
    """Carries an answer written in the portal; whose address it came from is not told."""
    page_url = _page("methods:question-detail", question.pk, question.asker)
    words = {"question": question, "page_url": page_url}
    return _letter("answer", question.asker, None, str(question.pk), words, kind="competence-answer")


def _page(name: str, key: object, reader: User) -> str:
    return absolute_url(name, key, language=reader.language)


def _letter(
    name: str, reader: User, method: Method | None, reference: str, words: dict[str, Any], **more: Any
) -> Delivery:
    return letter(**_facts(name, reader, method, reference, words, **more))


def _facts(
    name: str, reader: User, method: Method | None, reference: str, words: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """What `letter` and `draft` take."""
    return {
        "template": f"methods/emails/{name}",
        "to": reader.email,
        "language": reader.language,
        "context": {"reader": reader, "area": method.area if method else None, **words},
        "reference": reference,
        "kind": f"method-{name}",
        **more,
    }


def _to_coordinators(name: str, method: Method, at: Any, known: list[int | None]) -> list[Delivery]:
    """Tells those who run the area at that moment, except whoever knows already."""
    current = method.area.coordinators.current(timezone.localdate(at)).values("user")
    readers = User.objects.active().filter(pk__in=current).exclude(pk__in=[pk for pk in known if pk]).order_by("pk")
    return [_to(reader, name, method, f"{method.pk}/{at:%Y%m%d%H%M%S%f}") for reader in readers]


def _to(
    reader: User, name: str, method: Method, reference: str, review: Review | None = None, by: User | None = None
) -> Delivery:
    page = "methods:method-edit" if name in ("returned", "coauthor", "handed_over") else "methods:method-detail"
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
