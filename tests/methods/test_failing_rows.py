"""In every round of the method bank one row that fails stops no other."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from contacts.models import User
from lib.uploads.validation import validate
from methods.models import Attachment, Collection, Method, SavedSearch
from methods.tasks import ask_to_check, forget_removed, notify_saved_searches, sweep_files
from outbox.models import Delivery
from tests.conftest import HELSINKI
from tests.failing import Scene, endures, noon
from tests.lib.uploading import pdf, upload

TUESDAY = datetime(2026, 11, 17, 12, tzinfo=HELSINKI)
TWO_YEARS_ON = datetime(2028, 11, 16, 12, tzinfo=HELSINKI)


@pytest.fixture
def no_address(world):
    """No letter can be written to Aino, until the function that comes is called."""
    User.objects.filter(pk=world.aino.pk).update(email="ei osoite")
    return lambda: User.objects.filter(pk=world.aino.pk).update(email="aino@example.org")


def pks(rows):
    return set(rows.values_list("pk", flat=True))


def told(kind):
    return set(Delivery.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_saved_searches(client, world, method, no_address):
    searches = [
        SavedSearch.objects.save_search(person, "Osallisuus", "topic=osallisuus", "now", TUESDAY)
        for person in (world.aino, world.matti)
    ]
    method(author=world.niilo, at=TUESDAY + timedelta(hours=1))
    scene = Scene(
        task=notify_saved_searches,
        left=lambda now: {"aino@example.org", "matti@example.org"} - told("saved-search"),
        bad={"aino@example.org"},
        row=lambda: searches[0],
        mend=no_address,
        at=TUESDAY + timedelta(hours=4),
    )
    failure = endures(scene, client, world.kaisa)
    assert (failure.name, failure.url) == (f"numero {searches[0].pk}", "")
    assert Delivery.objects.filter(kind="saved-search").count() == 2


def test_methods_to_be_checked(client, world, method, broken):
    first = method()
    method("Tunnekortit")
    scene = Scene(
        task=ask_to_check,
        left=lambda now: pks(Method.objects.to_ask(now)),
        bad={first.pk},
        row=lambda: first,
        mend=broken(first),
        at=TWO_YEARS_ON,
    )
    assert endures(scene, client, world.kaisa).name == str(first)
    assert Delivery.objects.filter(kind="method-check").count() == 2


@pytest.mark.parametrize("again", [False, True])
def test_authors_of_a_method_to_be_checked(client, world, method, no_address, again):
    made = method()
    made.co_authors.add(world.matti)
    if again:
        Method.objects.filter(pk=made.pk).update(check_asked_at=TWO_YEARS_ON - timedelta(days=31))
    scene = Scene(
        task=ask_to_check,
        left=lambda now: {"aino@example.org", "matti@example.org"} - told("method-check"),
        bad={"aino@example.org"},
        row=lambda: world.aino,
        mend=no_address,
        at=TWO_YEARS_ON,
    )
    endures(scene, client, world.kaisa)
    made.refresh_from_db()
    asked, reminded = made.check_asked_at, made.check_reminded_at
    assert (reminded if again else asked) == TWO_YEARS_ON + timedelta(minutes=60)
    assert Delivery.objects.filter(kind="method-check").count() == 2


def test_what_was_removed(client, world, broken):
    moments = dict.fromkeys(["created_at", "changed_at", "removed_at"], noon(-40))
    rows = [Collection.objects.create(owner=world.aino, title=title, **moments) for title in ("Yksi", "Kaksi")]
    scene = Scene(
        task=forget_removed,
        left=lambda now: pks(Collection.objects.all()),
        bad={rows[0].pk},
        row=lambda: rows[0],
        mend=broken(rows[0]),
        at=noon(),
    )
    endures(scene, client, world.kaisa)


def test_files_that_were_removed(client, world, method, broken, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    made, now = method(), timezone.now()
    rows = [
        Attachment.objects.store_upload(
            made, validate(upload(pdf(), "Ohje.pdf")), world.aino, now, is_cover=False, alt="", caption=caption
        )
        for caption in ("Yksi", "Kaksi")
    ]
    Attachment.objects.update(removed_at=now - timedelta(days=8))
    scene = Scene(
        task=sweep_files,
        left=lambda now: pks(Attachment.objects.past_putting_back(now)),
        bad={rows[0].pk},
        row=lambda: rows[0],
        mend=broken(rows[0]),
        at=noon(),
    )
    endures(scene, client, world.kaisa)
