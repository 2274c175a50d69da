"""Who gets what answer from which page: a table, checked in, for every address of the portal."""

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from lib.tokens import sign, sign_row
from newsletters.notices import stop_links
from newsletters.subscriptions import signed_links
from tests.permissions.scene import build
from tests.test_conventions import views

pytestmark = pytest.mark.long

TABLE = Path(__file__).parent / "pages.txt"
# Nelli belongs to a group of young people only, which is no professional network; the group is in the scene too.
ROLES = ["anonymous", "niilo", "nelli", "eetu", "aino", "matti", "kaisa", "kerttu", "ulla", "vaino"]


MEETINGS = ["meeting", "meeting_members", "meeting_closed", "meeting_draft", "meeting_group"]
OUTINGS = ["visit", "visit_own", "external"]
# Pages of the papers of one meeting, and of one row of them.
PAPERS = [
    *("agenda-edit", "agenda-fill", "material-edit", "minutes-detail", "minutes-pdf", "minutes-comment"),
    *("minutes-write", "note-save", "decision-add", "task-add", "minutes-keeping", "minutes-send", "minutes-approve"),
    "minutes-short",
    "minutes-open",
]
ROWS_OF_PAPERS = [
    *(("item-edit", "item"), ("item-move", "item"), ("item-remove", "item_members"), ("item-put-back", "item")),
    *(("material-change", "material"), ("task-done", "task"), ("task-drop", "task"), ("task-reopen", "task")),
    *(("proposal-answer", "proposal"), ("proposal-withdraw", "proposal")),
    *(("wish-detail", "wish"), ("wish-support", "wish"), ("wish-withdraw", "wish")),
    *(("wish-detail", "wish_closed"), ("wish-support", "wish_closed")),
    *(("wish-edit", "wish"), ("wish-edit", "wish_held"), ("wish-detail", "wish_held"), ("wish-support", "wish_held")),
]


def addresses(world, scene):
    """Every page with each kind of thing it can show: (address name, variant) → path."""
    of = {
        "meetings:meeting-detail": [*MEETINGS, *OUTINGS],
        "meetings:meeting-ics": [*MEETINGS, *OUTINGS],
        "meetings:meeting-answer": ["meeting", "meeting_members", "meeting_closed", "meeting_draft"],
        "meetings:signup": ["training", "training_closed"],
        "meetings:signup-sent": ["training", "training_closed"],
        "meetings:attendance": ["meeting", "meeting_draft"],
        "meetings:attendance-code": ["meeting", "meeting_draft"],
        "meetings:attendance-report": ["meeting", "meeting_draft"],
        "meetings:feedback-summary": ["training", "meeting_draft"],
        "meetings:network-feed": ["network", "network_members", "network_closed"],
        "methods:method-detail": ["method", "method_members", "method_waiting", "method_draft"],
        "methods:method-card": ["method", "method_members", "method_draft"],
        "methods:method-card-pdf": ["method_members", "method_draft"],
        "methods:method-files": ["method", "method_draft"],
        "methods:method-edit": ["method", "method_waiting", "method_draft"],
        "methods:method-archive": ["method", "method_draft"],
        "methods:method-review": ["method_waiting", "method_draft"],
        "methods:method-versions": ["method", "method_draft"],
        "methods:method-authors": ["method", "method_draft"],
        "methods:method-links": ["method", "method_draft"],
        "methods:method-innokyla": ["model", "model_draft"],
        "methods:favourite": ["method", "method_members", "method_draft"],
        "methods:trial-new": ["method", "method_members", "method_draft"],
        "methods:collect": ["method", "method_members", "method_draft"],
        "methods:session-plan-add": ["method", "method_members", "method_draft"],
        "methods:action-new": ["model", "method"],
        "methods:method-check": ["method", "method_draft"],
        "networks:network-detail": ["network", "network_members", "network_closed", "network_group"],
        "networks:network-join": ["network", "network_members", "network_closed"],
        "networks:network-leave": ["network", "network_closed"],
        "networks:news-detail": ["news", "news_members", "news_draft"],
        "newsletters:issue-detail": ["issue", "issue_draft"],
        "plans:plan-detail": ["plan", "plan_draft"],
    }
    paths = {
        (name, which): reverse(name, args=[getattr(scene, which).slug])
        for name, whiches in of.items()
        for which in whiches
    }
    for which in ("method", "method_draft"):
        method = getattr(scene, which)
        restore = reverse("methods:version-restore", args=[method.slug, method.versions.newest()[0].pk])
        paths["methods:version-restore", which] = restore
    for which in ("file", "file_members"):
        row = getattr(scene, which)
        paths["methods:attachment-download", which] = row.download_url
        paths["methods:attachment-change", which] = reverse("methods:attachment-change", args=[row.method.slug, row.pk])
    for which in ("picture", "picture_members"):
        paths["methods:attachment-picture", which] = getattr(scene, which).url
    for which in ("paper", "paper_members", "image", "image_members"):
        row = getattr(scene, which)
        paths[f"meetings:material-{'picture' if row.is_picture else 'download'}", which] = row.address
    meetings = ["meeting", "meeting_members", "meeting_closed", "meeting_draft"]
    for name in PAPERS:
        paths |= {(f"meetings:{name}", w): reverse(f"meetings:{name}", args=[getattr(scene, w).slug]) for w in meetings}
    for which in meetings:
        paths["meetings:minutes-version", which] = reverse(
            "meetings:minutes-version", args=[getattr(scene, which).slug, 1]
        )
    for name, which in ROWS_OF_PAPERS:
        paths[f"meetings:{name}", which] = reverse(f"meetings:{name}", args=[getattr(scene, which).pk])
    for kind, which in (("decision", "decision_draft"), ("task", "task")):
        args = [scene.meeting.slug, getattr(scene, which).pk]
        paths[f"meetings:{kind}-remove", which] = reverse(f"meetings:{kind}-remove", args=args)
    request = scene.request.pk
    paths |= {
        ("networks:request-approve", "-"): reverse("networks:request-approve", args=[request]),
        ("networks:request-refuse", "-"): reverse("networks:request-refuse", args=[request]),
        ("networks:page", "-"): reverse("networks:page", args=[world.area.slug, scene.page.slug]),
        ("area", "-"): reverse("area", args=[world.area.slug]),
        ("area-about", "-"): reverse("area-about", args=[world.area.slug]),
        ("meetings:month", "-"): reverse("meetings:month", args=[2027, 1]),
        ("meetings:year", "-"): reverse("meetings:year", args=[2027]),
        ("meetings:area-feed", "-"): reverse("meetings:area-feed", args=[world.area.slug]),
        ("meetings:own-feed", "good"): reverse("meetings:own-feed", args=[scene.calendar_secret]),
        ("meetings:own-feed", "foreign"): reverse("meetings:own-feed", args=[scene.calendar_secret[:-1]]),
        ("meetings:answer", "good"): reverse("meetings:answer", args=[sign("answer", scene.participation.pk)]),
        ("meetings:answer", "foreign"): reverse("meetings:answer", args=[sign("other", scene.participation.pk)]),
    }
    for name, purpose, pk in [
        ("signup-own", "meetings.signup", scene.place.pk),
        ("signup-confirm", "meetings.confirm", scene.signup_request.pk),
        ("here", "meetings.here", scene.meeting.pk),
        ("feedback", "meetings.feedback", scene.place.pk),
        ("no-invitations", "meetings.no_invitations", scene.guest.pk),
        ("certificate-pdf", "meetings.certificate", scene.certificate.pk),
    ]:
        paths["meetings:" + name, "good"] = reverse("meetings:" + name, args=[sign(purpose, pk)])
        paths["meetings:" + name, "foreign"] = reverse("meetings:" + name, args=[sign("other", pk)])
    paths["meetings:certificate-verify", "good"] = scene.certificate.get_absolute_url()
    paths["meetings:certificate-verify", "foreign"] = reverse("meetings:certificate-verify", args=["2222-2222"])
    subscription = scene.subscription.pk
    for name, purpose, value, signed in [
        ("confirm", signed_links.CONFIRM, [subscription], sign),
        ("confirmed", signed_links.CONFIRM, [subscription], sign),
        ("new-address", signed_links.NEW_ADDRESS, scene.address_change.pk, sign),
        ("preferences", signed_links.SETTINGS, subscription, sign_row),
        ("leave-one-click", signed_links.LEAVE, subscription, sign_row),
        ("notices-by-link", stop_links.SETTINGS, world.aino.pk, sign_row),
        ("notices-stop", stop_links.STOP, world.aino.pk, sign_row),
    ]:
        paths["newsletters:" + name, "good"] = reverse("newsletters:" + name, args=[signed(purpose, value)])
        paths["newsletters:" + name, "foreign"] = reverse("newsletters:" + name, args=[signed("other", value)])
    saved, purpose = scene.saved_search.pk, "methods.saved-search.stop"
    for name in ("saved-change", "saved-delete", "saved-back"):
        paths["methods:" + name, "saved_search"] = reverse("methods:" + name, args=[saved])
    paths["methods:saved-stop", "good"] = reverse("methods:saved-stop", args=[sign_row(purpose, saved)])
    paths["methods:saved-stop", "foreign"] = reverse("methods:saved-stop", args=[sign_row("other", saved)])
    for which, names in {
        "trial": ["trial-edit", "trial-remove"],
        "collection": ["collection-detail", "collection-edit", "collection-share", "collection-remove"],
        "session_plan": ["session-plan-detail", "session-plan-edit", "session-plan-copy", "session-plan-remove"],
        "action": ["action-edit", "action-remove"],
        "offer": ["question-new", "offer-edit", "offer-pause", "offer-remove"],
        "offer_question": ["question-detail"],
    }.items():
        for name in names:
            paths["methods:" + name, which] = reverse("methods:" + name, args=[getattr(scene, which).pk])
    paths["methods:collection-shared", "good"] = reverse("methods:collection-shared", args=[scene.collection.token])
    paths["methods:collection-shared", "foreign"] = reverse("methods:collection-shared", args=[sign("other", [1, 1])])
    for which in ("list", "list_network", "list_closed", "list_outside"):
        chosen = getattr(scene, which)
        paths["newsletters:list-issues", which] = chosen.get_absolute_url()
        paths["newsletters:list-feed", which] = reverse("newsletters:list-feed", args=[world.area.slug, chosen.code])
        paths["newsletters:list-join", which] = reverse("newsletters:list-join", args=[chosen.pk])
    for name in ("area-issues", "area-feed"):
        paths["newsletters:" + name, "-"] = reverse("newsletters:" + name, args=[world.area.slug])
    paths["outbox:inbound", "foreign"] = reverse("outbox:inbound", args=["a-secret-that-nobody-set"])
    for kind, which in (("wish", "wish_held"), ("trial", "trial_held"), ("trial", "trial")):
        paths["held-text-answer", which] = reverse("held-text-answer", args=[kind, getattr(scene, which).pk])
    paths["methods:trial-edit", "trial_held"] = reverse("methods:trial-edit", args=[scene.trial_held.pk])
    area, invitation = world.area.slug, scene.invitation
    for step in ("name", "municipalities", "look", "mail"):
        paths["setup-step", step] = reverse("setup-step", args=[area, step])
    for name in ("setup-coordinator", "setup-mail-test"):
        paths[name, "-"] = reverse(name, args=[area])
    told = {"invitation": invitation.pk, "sent": invitation.sent_at.isoformat()}
    paths["setup-invitation", "good"] = reverse("setup-invitation", args=[sign("coordinator-invitation", told)])
    paths["setup-invitation", "foreign"] = reverse("setup-invitation", args=[sign("other", told)])
    paths["contacts:logo-picture", "-"] = scene.logo.small_url
    known = {name for name, _which in paths}
    for name, _view in views():
        if name not in known and not name.startswith("dev-"):
            paths[name, "-"] = reverse(name)
    return paths


@pytest.fixture
def scene(world, term):
    made = build(world, term)
    world.nelli = made.nelli
    return made


@pytest.fixture
def answers(world, scene):
    """Status codes of every page for every role: a row of text per page and method."""
    return "\n".join(observed(world, addresses(world, scene))) + "\n"


def observed(world, paths):
    clients = {role: signed_in(None if role == "anonymous" else getattr(world, role)) for role in ROLES}
    yield f"{'page':34}{'which':17}{'':5}" + "".join(f"{role:>10}" for role in ROLES)
    for (name, which), path in sorted(paths.items()):
        for method in ("get", "post"):
            codes = [status(clients[role], method, path) for role in ROLES]
            yield f"{name:34}{which:17}{method.upper():5}" + "".join(f"{code:>10}" for code in codes)


def signed_in(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def status(client, method, path):
    """The answer to an empty request, whose effects are undone."""
    with transaction.atomic():
        code = getattr(client, method)(path).status_code
        transaction.set_rollback(True)
    return code


def test_every_page_answers_everybody_as_the_table_says(answers):
    assert answers == TABLE.read_text(encoding="utf-8")


def gets():
    """What the table says of GET, by page, which and role."""
    for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        name, which, method, *codes = line.split()
        if method == "GET":
            yield (name, which), dict(zip(ROLES, map(int, codes), strict=True))


def test_no_page_takes_put_or_delete_and_head_is_as_get(world, scene):
    odd, told = [], dict(gets())
    for role in ("anonymous", "aino", "kaisa"):
        client = signed_in(None if role == "anonymous" else getattr(world, role))
        for (name, which), path in addresses(world, scene).items():
            if status(client, "head", path) != told[name, which][role]:
                odd.append((role, name, which, "head"))
            odd += [
                (role, name, which, m) for m in ("put", "delete") if status(client, m, path) not in (302, 403, 404, 405)
            ]
    assert odd == []
