"""The first page of the desk: what waits for a hand, and only in the own area."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from meetings.models import AgendaItem, Certificate, CertificateRule, Meeting
from meetings.models.attendance import mark_present
from meetings.models.certificate import entitled, issue_all
from methods.models import Collection, Method
from newsletters.issues.prefill import start_issue
from newsletters.models import MailingList
from outbox.models import Delivery

INDEX = "admin:index"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def meeting(world, term, now):
    def make(slug, hours=24 * 7, published=True, **more):
        fields = {"mode": Meeting.ONSITE, "place_name": "Veturitallit"} | more
        made = Meeting.objects.create(
            area=world.area,
            slug=slug,
            title=slug,
            summary="Kevät.",
            kind=term("event_types", "verkostotapaaminen"),
            starts_at=now + timedelta(hours=hours),
            ends_at=now + timedelta(hours=hours + 2),
            **fields,
        )
        if published:
            made.publish(now)
        return made

    return make


@pytest.fixture
def letter(world, now):
    def make(number=0, **more):
        return Delivery.objects.create(
            kind="meetings.invitation",
            reference=f"kirje-{number}",
            area_id=world.area.pk,
            recipient="aino@example.org",
            subject="Kutsu",
            message_id=f"<{number}@example.org>",
            queued_at=now,
            dated_at=now,
            due_at=now,
            **more,
        )

    return make


def on_desk(client):
    answer = client.get(reverse(INDEX))
    assert answer.status_code == 200
    return answer.context


def lacks(client):
    return {item.meeting.slug: len(item.lacks) for item in on_desk(client)["ahead"]}


@pytest.mark.parametrize("name", ["aino", "matti", "niilo", "eetu", "vaino"])
def test_only_coordinators_have_a_desk(client, sign_in, world, name):
    assert client.get(reverse(INDEX)).status_code == 302
    assert sign_in(getattr(world, name)).get(reverse(INDEX)).status_code == 302


def test_coming_meetings_tell_what_they_lack(sign_in, world, meeting, now):
    ready = meeting("valmis", hours=30)
    ready.invite(now)
    AgendaItem.objects.add(ready, "Teema")
    meeting("kutsumatta", hours=31)
    meeting("paikatta", hours=32, place_name="")
    meeting("linkitta", hours=33, mode=Meeting.ONLINE)
    meeting("molemmitta", hours=34, mode=Meeting.HYBRID, place_name="")
    meeting("vieras", hours=35, is_external=True)
    meeting("ohi", hours=-10)
    client = sign_in(world.kaisa)
    assert lacks(client) == {"valmis": 0, "kutsumatta": 2, "paikatta": 3, "linkitta": 3, "molemmitta": 4, "vieras": 0}


def test_whoever_joined_after_the_invitation_is_pointed_out_until_invited(sign_in, world, meeting, now):
    made = meeting("huomenna", hours=24)
    made.networks.set([world.iso])
    made.publish(now)

    def lacks():
        (item,) = on_desk(sign_in(world.kaisa))["ahead"]
        return [words for words in item.lacks if "liittynyt" in words]

    assert lacks() == []  # nobody has been invited at all: that is said in other words
    made.invite(now)
    assert lacks() == []  # their letters wait
    world.iso.take_in(world.niilo, now + timedelta(minutes=1))
    assert len(lacks()) == 1
    made.invite(now + timedelta(minutes=2))
    assert lacks() == []


def test_what_a_near_meeting_lacks_is_urgent(sign_in, world, meeting):
    meeting("huomenna", hours=24)
    meeting("viikolla", hours=24 * 7)
    assert {item.meeting.slug: item.is_near for item in on_desk(sign_in(world.kaisa))["ahead"]} == {
        "huomenna": True,
        "viikolla": False,
    }


def test_drafts_requests_methods_issues_and_letters_stand_there(sign_in, world, meeting, letter, now):
    draft = meeting("luonnos", published=False)
    request = world.iso.receive_request(world.niilo, now=now)
    method = Method.objects.create(area=world.area, slug="m", title="M", kind=Method.METHOD, submitted_at=now)
    mailing_list = MailingList.objects.create(area=world.area, code="infokirje", name_fi="Infokirje")
    issue = start_issue(mailing_list, author=world.kaisa, now=now)
    letter(1)
    failed = letter(2, failed_at=now, last_error="550 5.1.1 unknown user")
    desk = on_desk(sign_in(world.kaisa))
    assert list(desk["drafts"]) == [draft]
    assert (list(desk["requests"]), desk["requests_count"]) == ([request], 1)
    assert list(desk["methods"]) == [method]
    assert list(desk["issues"]) == [issue]
    assert (desk["letters_waiting"], list(desk["letters_failed"])) == (1, [failed])


def test_the_desk_of_another_area_shows_none_of_it(sign_in, world, meeting, letter, now):
    meeting("kokous")
    meeting("luonnos", published=False)
    world.iso.receive_request(world.niilo, now=now)
    Method.objects.create(area=world.area, slug="m", title="M", kind=Method.METHOD, submitted_at=now)
    mailing_list = MailingList.objects.create(area=world.area, code="infokirje", name_fi="Infokirje")
    start_issue(mailing_list, author=world.kaisa, now=now)
    letter(1, failed_at=now)
    desk = on_desk(sign_in(world.kerttu))
    for part in ["ahead", "drafts", "requests", "methods", "issues", "letters_failed"]:
        assert list(desk[part]) == [], part
    assert (desk["requests_count"], desk["letters_waiting"]) == (0, 0)


def test_a_worker_that_is_away_is_told_of(sign_in, world, letter, now):
    letter(1)
    client = sign_in(world.kaisa)
    assert on_desk(client)["warnings"] == []
    Delivery.objects.update(due_at=now - timedelta(minutes=10))
    assert len(on_desk(client)["warnings"]) == 1
    assert 'role="alert"' in client.get(reverse(INDEX)).content.decode()


def test_an_empty_desk_says_so_and_has_one_heading(sign_in, world):
    told = sign_in(world.kaisa).get(reverse(INDEX)).content.decode()
    assert told.count("<h1") == 1
    assert "<h1>Sinulla ei ole avoimia tehtäviä</h1>" in told
    assert "Yhtään tapaamista ei ole julkaistu." in told and told.count('class="desk-empty"') == 1


def test_a_full_desk_asks_no_more_than_a_bare_one(sign_in, world, meeting, letter, now):
    client = sign_in(world.kaisa)
    mailing_list = MailingList.objects.create(area=world.area, code="infokirje", name_fi="Infokirje")

    def grow(number):
        meeting(f"m{number}")
        meeting(f"d{number}", published=False)
        world.iso.receive_request(User.objects.create_user(f"p{number}@example.org"), now=now)
        Method.objects.create(area=world.area, slug=f"t{number}", title="T", kind=Method.METHOD, submitted_at=now)
        start_issue(mailing_list, author=world.kaisa, now=now)
        letter(number, failed_at=now)

    def asked():
        client.get(reverse(INDEX))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(INDEX)).status_code == 200
        return len(queries)

    grow(0)
    one = asked()
    for number in range(1, 25):
        grow(number)
    assert asked() == one


def test_the_way_from_a_number_to_a_page_is_open_for_own_rows_only(sign_in, world, meeting, now):
    """Real use 13: no address of a foreign draft, and no code of a certificate, is told by counting numbers."""
    draft, shown = meeting("luonnos", published=False), meeting("tapaaminen")
    CertificateRule.objects.create(meeting=shown)
    mark_present(shown.participations.create(user=world.niilo), now)
    issue_all(entitled(), now)
    collection = Collection(title="Omat")
    collection.start(world.aino, now)

    def lead(who, row):
        kind = ContentType.objects.get_for_model(type(row)).pk
        answer = sign_in(who).get(reverse("admin:view_on_site", args=[kind, row.pk]))
        return answer.get("Location", answer.status_code)

    for row in (draft, shown):
        assert [lead(each, row) for each in (world.kaisa, world.kerttu)] == [row.get_absolute_url(), 404]
    for secret in (Certificate.objects.get(), collection):
        assert [lead(each, secret) for each in (world.kaisa, world.kerttu, world.ulla)] == [404, 404, 404]
    nonsense = [("1", "x"), ("x", "1"), ("9" * 40, "9" * 40), (ContentType.objects.last().pk + 1, "1")]
    for kind, pk in nonsense:
        assert sign_in(world.ulla).get(reverse("admin:view_on_site", args=[kind, pk])).status_code == 404
