"""Puts every payload into every column of words of a portal, past all forms; runs inside `manage.py shell`."""

import json
from datetime import timedelta
from io import BytesIO

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from contacts.models import CoordinationArea, Municipality, Organisation, Term, User
from lib.uploads import storage
from lib.uploads.validation import validate
from meetings.models import Meeting
from methods import emails as method_letters
from methods.models import Attachment, Method, MethodStep, Review
from networks.models import Network, NewsItem, Page, Question
from newsletters.models import Block, Issue, MailingList
from tests.browser.payloads import payloads

COORDINATOR = "koordinaattori.keski-suomi@example.org"
MANY = 8  # payloads in one column that has room for them
# Columns that hold no words of people.
PLAIN = {"slug", "code", "language", "email", "uid", "time_zone", "kind", "join_url", "source_url", "website", "token"}
PLAIN |= {"search_backend", "sender_email", "password", "visibility", "mode", "joining", "verdict", "accent"}


def words(model, number, every):
    """A payload for each column of words of a model; as many as fit where there is room."""
    found = {}
    several = [every[(number + step) % len(every)] for step in range(MANY)]
    for field in model._meta.concrete_fields:
        if field.name in PLAIN or field.choices or field.primary_key or field.is_relation:
            continue
        if isinstance(field, models.JSONField):
            found[field.name] = several
        elif isinstance(field, models.TextField):
            found[field.name] = "\n".join(several)
        elif isinstance(field, models.CharField):
            found[field.name] = every[number][: field.max_length]
    return found


def put():
    """Everything, in one stroke; prints where it can be seen."""
    every, now = payloads(), timezone.now()
    area = CoordinationArea.objects.order_by("pk").first()
    with transaction.atomic():
        people = _people(every, area)
        methods = _methods(every, area, people, now)
        told = {"every": every, "session": _session()}
        told["methods"] = [method.get_absolute_url() for method in methods]
        told["news"] = [row.get_absolute_url() for row in _rows(NewsItem, every, area, published_at=now)]
        told["meetings"] = [row.get_absolute_url() for row in _meetings(every, area, now)]
        kind = Term.objects.filter(list="network_types").first()
        told["networks"] = [row.get_absolute_url() for row in _rows(Network, every, area, kind=kind)]
        told["pages"] = [_page(every, area).get_absolute_url()]
        _questions(every, area)
        told["desk"] = _desk(methods[0], every, area)
        told["letters"] = _letters(methods, people, now)
    print("POISON " + json.dumps(told))


def _rows(model, every, area, **more):
    rows = [
        model(**{**words(model, number, every), "area": area, "slug": f"paha-{number}", **more})
        for number in range(len(every))
    ]
    return model.objects.bulk_create(rows)


def _people(every, area):
    region = area.municipalities.first().region
    taken = set(Municipality.objects.values_list("code", flat=True))
    codes = sorted({f"{number:03d}" for number in range(1000)} - taken)
    towns = Municipality.objects.bulk_create(
        Municipality(**words(Municipality, n, every) | {"code": codes[n], "slug": f"paha-{n}", "region": region})
        for n in range(len(every))
    )
    kinds = {"type": Term.objects.filter(list="organisation_types").first()}
    kinds["sector"] = Term.objects.filter(list="sectors").first()
    employers = Organisation.objects.bulk_create(
        Organisation(**words(Organisation, n, every) | {"slug": f"paha-{n}", "municipality": towns[n], **kinds})
        for n in range(len(every))
    )
    return User.objects.bulk_create(
        User(
            **words(User, n, every)
            | {"email": f"paha{n}@example.org", "organisation": employers[n], "municipality": towns[n]}
        )
        for n in range(len(every))
    )


def _methods(every, area, people, now):
    def fields(number):
        person, is_model = people[number], number % 2
        return words(Method, number, every) | {
            "keywords": [each[:40] for each in every[number : number + 8]],
            "kind": Method.MODEL if is_model else Method.METHOD,
            "author": person,
            "organisation": person.organisation,
            "municipality": person.municipality,
            "submitted_at": now,
            "published_at": now,
            "area": area,
            "slug": f"paha-{number}",
        }

    made = Method.objects.bulk_create(Method(**fields(number)) for number in range(len(every)))
    MethodStep.objects.bulk_create(
        MethodStep(**words(MethodStep, n, every) | {"method": method, "order": step})
        for n, method in enumerate(made)
        for step in (1, 2)
    )
    Review.objects.bulk_create(
        Review(method=method, reviewer=people[n], verdict="accepted", comment=every[n], at=now)
        for n, method in enumerate(made)
    )
    out = BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")
    judged = validate(SimpleUploadedFile("kuva.png", out.getvalue()))
    picture = {"kind": "picture", "width": judged.width, "height": judged.height, "size": judged.size, "is_cover": True}
    Attachment.objects.bulk_create(
        Attachment(
            **words(Attachment, n, every) | picture | {"method": method, "token": storage.store("methods", judged)},
            agreed_at=now,
            agreed_by=people[n],
        )
        for n, method in enumerate(made)
    )
    Attachment.objects.bulk_create(
        Attachment(
            **words(Attachment, n, every) | {"method": method, "kind": "pdf", "size": 9, "token": f"paha{n:028d}"},
            agreed_at=now,
            agreed_by=people[n],
        )
        for n, method in enumerate(made)
    )
    return made


def _meetings(every, area, now):
    kind, begins = Term.objects.filter(list="event_types").first(), now + timedelta(days=400)
    more = {"kind": kind, "starts_at": begins, "ends_at": begins + timedelta(hours=1), "published_at": now}
    return _rows(Meeting, every, area, **more, town="Jyväskylä")


def _page(every, area):
    body = "\n".join(f"<p>{each}</p>" for each in every)
    return Page.objects.create(area=area, slug="paha", title=every[0], body=body, in_footer=False)


def _questions(every, area):
    category = Term.objects.filter(list="faq_categories").first()
    Question.objects.bulk_create(Question(area=area, category=category, question=each, answer=each) for each in every)


def _desk(method, every, area):
    """Pages of the desk: a history full of payloads, a method, an issue and its letter."""
    person = User.objects.get(email=COORDINATOR)
    content_type = ContentType.objects.get_for_model(Method)
    entry = {"user": person, "content_type": content_type, "object_id": str(method.pk), "action_flag": CHANGE}
    LogEntry.objects.bulk_create(LogEntry(**entry, object_repr=each, change_message=each) for each in every)
    issue = Issue.objects.create(
        list=MailingList.objects.filter(area=area).first(), number=999, slug="paha", subject_fi=every[0]
    )
    Block.objects.bulk_create(
        Block(issue=issue, kind="text", order=n, title_fi=every[n][:100], body_fi="\n".join(every[n::40]))
        for n in range(40)
    )
    names = ["methods_method_change", "methods_method_history"]
    pages = [reverse(f"admin:{name}", args=[method.pk]) for name in names]
    return [*pages, reverse("admin:newsletters_issue_preview", args=[issue.pk])]


def _letters(methods, people, now):
    """The HTML of letters with every payload in a comment and every fourth in a title; none is kept."""
    made = []
    with transaction.atomic():
        for method in methods[::4]:
            made += [letter.html for letter in method_letters.submitted(method)]
        for method in methods[::MANY]:
            review = Review(method=method, reviewer=people[0], verdict="returned", comment=method.safety, at=now)
            review.pk = method.pk
            made += [letter.html for letter in method_letters.reviewed(review)]
        transaction.set_rollback(True)
    return made


def _session():
    person = User.objects.get(email=COORDINATOR)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key


def take_away():
    """The portal is as it was."""
    with transaction.atomic():
        Attachment.objects.filter(method__slug__startswith="paha-").discard()
        for model in (Method, NewsItem, Meeting, Network, Page, Issue):
            model.objects.filter(slug__startswith="paha").delete()
        Question.objects.filter(question__in=payloads()).delete()
        LogEntry.objects.filter(object_repr__in=payloads()).delete()
        for model in (User, Organisation, Municipality):
            key = "email__startswith" if model is User else "slug__startswith"
            model.objects.filter(**{key: "paha"}).delete()
