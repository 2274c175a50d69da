"""Letters of notices: who is told of what, when, how often, and that nobody is told twice."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import User
from meetings.models import Meeting
from methods.models import Method
from networks.models import Network, NewsItem, Question
from newsletters.models import Digest, NoticeRound, NoticeRule
from newsletters.notices import digest
from newsletters.notices.sources import KINDS
from newsletters.tasks import send_digests
from outbox.models import Delivery, Mailing, Suppression
from tests.leaks import assert_not_leaked

ZONE = ZoneInfo("Europe/Helsinki")


def at(words):
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


WEDNESDAY, THURSDAY, MONDAY = at("2026-11-25T12:00"), at("2026-11-26T07:01"), at("2026-11-30T07:01")


@pytest.fixture
def clock():
    """clock(moment) runs the round at that moment."""

    def run(moment):
        with time_machine.travel(moment, tick=False):
            send_digests()

    return run


@pytest.fixture
def write(world, term):
    """write("news", title) publishes something on Wednesday."""

    def news(title, at=WEDNESDAY, **more):
        return NewsItem.objects.create(
            **{"area": world.area, "slug": f"u{NewsItem.objects.count()}", "title": title, "summary": "Lyhyesti."}
            | {"published_at": at, "created_at": at}
            | more
        )

    def meeting(title, at=WEDNESDAY, networks=(), **more):
        starts_at = more.pop("starts_at", at + timedelta(days=20))
        made = Meeting.objects.create(
            **{
                "area": world.area,
                "slug": f"t{Meeting.objects.count()}",
                "title": title,
                "summary": "Kevään kalenteri.",
            }
            | {"kind": term("event_types", "verkostotapaaminen"), "starts_at": starts_at}
            | {"ends_at": starts_at + timedelta(hours=2), "place_name": "Nuorisokeskus"}
            | more
        )
        made.networks.set(networks)
        made.publish(at)
        return made

    def method(title, at=WEDNESDAY, **more):
        facts = {"area": world.area, "slug": f"m{Method.objects.count()}", "title": title, "kind": Method.METHOD}
        return Method.objects.create(**facts | {"submitted_at": at, "published_at": at} | more)

    def question(title, at=WEDNESDAY, **more):
        facts = {"area": world.area, "category": term("faq_categories", "jasenyys"), "answer": "Kyllä."}
        return Question.objects.create(**facts | {"question": title, "published_at": at} | more)

    makers = {"news": news, "meeting": meeting, "method": method, "question": question}
    return lambda kind, title, *args, **more: makers[kind](title, *args, **more)


def told():
    """Who has a letter in the ledger, with its subject."""
    return {letter.recipient: letter.wording.subject for letter in Delivery.objects.select_related("wording")}


def text_to(person):
    return Delivery.objects.select_related("wording__mailing").get(recipient=person.email).as_letter().text


def test_on_monday_at_seven_members_get_one_letter_with_the_most_useful_first(world, write, clock):
    write("question", "Kuka voi liittyä?")
    write("method", "Välituntikello")
    write("news", "Avustushaku auki")
    write("meeting", "ISO tapaa", networks=[world.iso])
    clock(at("2026-11-30T06:59"))
    assert told() == {}
    clock(MONDAY)
    members = {person.email for person in (world.aino, world.matti, world.kaisa)}
    assert set(told()) == members
    text = text_to(world.aino)
    places = [text.index(title) for title in ("ISO tapaa", "Avustushaku auki", "Välituntikello", "Kuka voi liittyä?")]
    assert places == sorted(places)
    assert "Nuorisokeskus" in text
    letter = Delivery.objects.get(recipient=world.aino.email)
    assert (letter.kind, letter.priority, letter.area_id) == ("digest", 9, world.area.pk)
    assert Mailing.objects.get().addressed_at is not None


def test_nothing_new_is_no_letter_and_no_row(world, write, clock):
    write("news", "Vanha", at=at("2026-11-20T12:00"))
    write("news", "Luonnos", published_at=None)
    clock(MONDAY)
    assert (Delivery.objects.count(), Digest.objects.count(), Mailing.objects.count()) == (0, 0, 0)


def test_two_rounds_and_two_beats_tell_nobody_twice(world, write, clock):
    write("news", "Avustushaku auki")
    for moment in (MONDAY, MONDAY, MONDAY + timedelta(hours=3), MONDAY + timedelta(days=4)):
        clock(moment)
    assert Delivery.objects.count() == Digest.objects.count() == 3
    again = NoticeRound.objects.get(rhythm="weekly", until=at("2026-11-30T07:00"))
    again.ended_at, again.reached = None, world.aino.pk - 1
    assert digest.send(again, MONDAY) == 0


def test_a_missed_monday_is_caught_up_once_and_a_missed_week_too(world, write, clock):
    clock(at("2026-11-23T08:00"))
    write("news", "Avustushaku auki")
    clock(at("2026-12-02T15:00"))
    assert len(told()) == 3
    write("news", "Toinen", at=at("2026-12-03T12:00"))
    clock(at("2026-12-16T15:00"))
    assert Delivery.objects.count() == 6
    assert {d.items for d in Digest.objects.all()} == {1}


def test_a_round_that_broke_off_goes_on_where_it_was(world, write, clock, monkeypatch):
    write("news", "Avustushaku auki")
    monkeypatch.setattr(digest, "BATCH", 1)
    with time_machine.travel(MONDAY, tick=False):
        due = next(row for row in NoticeRound.objects.due(MONDAY) if row.rhythm == "weekly")
        fresh, renderer = digest.Fresh.of(due), digest.DigestRenderer(due)
        assert digest._next_batch(due, fresh, renderer, MONDAY) == 1
    assert Delivery.objects.count() == 1
    clock(MONDAY + timedelta(hours=2))
    assert Delivery.objects.count() == Digest.objects.count() == 3
    assert Mailing.objects.count() == 1


def test_daily_comes_on_workdays_and_monday_tells_of_the_weekend(world, write, clock):
    NoticeRule.objects.choose(world.aino, "daily", {}, at("2026-11-20T12:00"))
    clock(THURSDAY - timedelta(days=1))
    write("news", "Keskiviikon uutinen")
    clock(THURSDAY)
    assert set(told()) == {world.aino.email}
    write("news", "Lauantain uutinen", at=at("2026-11-28T12:00"))
    clock(at("2026-11-28T13:00"))
    clock(at("2026-11-29T13:00"))
    assert Delivery.objects.count() == 1
    clock(MONDAY)
    letters = Delivery.objects.filter(recipient=world.aino.email).select_related("wording").order_by("pk")
    assert [letter.wording.subject for letter in letters] == [
        "Uutta verkostoissasi: Keskiviikon uutinen",
        "Uutta verkostoissasi: Lauantain uutinen",
    ]


def test_at_once_gathers_ten_minutes_into_one_letter(world, write, clock):
    NoticeRule.objects.choose(world.aino, "now", {}, at("2026-11-20T12:00"))
    clock(at("2026-11-25T12:00"))
    write("news", "Yksi", at=at("2026-11-25T12:01"))
    write("news", "Kaksi", at=at("2026-11-25T12:08"))
    clock(at("2026-11-25T12:09"))
    assert told() == {}
    clock(at("2026-11-25T12:11"))
    assert set(told()) == {world.aino.email}
    assert Digest.objects.get().items == 2
    clock(at("2026-11-25T12:21"))
    clock(MONDAY)
    assert Delivery.objects.filter(recipient=world.aino.email).count() == 1


def test_a_choice_for_one_network_and_kind_beats_the_rule(world, write, clock):
    world.closed.take_in(world.aino, now=at("2026-11-01T12:00"))
    cells = {(world.area.pk, world.closed.pk, "news"): "daily", (world.area.pk, None, "news"): "never"}
    NoticeRule.objects.choose(world.aino, "weekly", cells, at("2026-11-01T12:00"))
    clock(at("2026-11-25T08:00"))
    write("news", "Suljetun", network=world.closed, visibility="members")
    write("news", "Alueen")
    write("news", "Ison", network=world.iso)
    clock(THURSDAY)
    assert told() == {world.aino.email: "Uutta verkostoissasi: Suljetun"}
    clock(MONDAY)
    last = Delivery.objects.filter(recipient=world.aino.email).latest("pk")
    assert last.wording.subject == "Uutta verkostoissasi: Ison"


def test_of_two_networks_the_more_eager_one_counts_and_only_once(world, write, clock):
    world.closed.take_in(world.aino, now=at("2026-11-01T12:00"))
    cells = {(world.area.pk, world.closed.pk, "meetings"): "daily"}
    NoticeRule.objects.choose(world.aino, "weekly", cells, at("2026-11-01T12:00"))
    clock(at("2026-11-25T08:00"))
    write("meeting", "Yhteinen", networks=[world.iso, world.closed])
    clock(THURSDAY)
    clock(MONDAY)
    assert Delivery.objects.filter(recipient=world.aino.email).count() == 1


def test_whoever_chooses_a_quicker_rhythm_misses_nothing(world, write, clock):
    clock(at("2026-11-24T08:00"))
    write("news", "Tiistain", at=at("2026-11-24T12:00"))
    clock(at("2026-11-25T08:00"))
    NoticeRule.objects.choose(world.aino, "daily", {}, WEDNESDAY)
    clock(THURSDAY)
    assert told() == {world.aino.email: "Uutta verkostoissasi: Tiistain"}


def test_people_read_only_what_they_may_see_at_that_moment(world, write, clock):
    write("meeting", "Suljettu", networks=[world.closed], visibility=Meeting.NETWORK)
    write("method", "Suljetun menetelmä", visibility="network", network=world.closed)
    write("news", "Jäsenille", visibility="members")
    write("question", "Suljetun kysymys", network=world.closed)
    write("news", "Perutaan pian").unpublish()
    clock(MONDAY)
    letters = {
        letter.recipient: letter.as_letter().text for letter in Delivery.objects.select_related("wording__mailing")
    }
    assert {world.eetu.email, world.vaino.email}.isdisjoint(letters)
    assert "Jäsenille" in letters[world.aino.email]
    assert_not_leaked("Suljet", letters[world.aino.email])
    assert "Suljettu" in letters[world.kaisa.email]
    assert_not_leaked("Perutaan", *letters.values())


def test_what_many_are_asked_at_once_is_what_each_may_see(world, write):
    """The one question of a batch, against `visible_to` of every person, for every kind."""
    things = [
        write("meeting", "a", networks=[world.closed], visibility=Meeting.NETWORK),
        write("meeting", "b", networks=[world.iso], visibility=Meeting.MEMBERS),
        write("meeting", "c"),
        write("news", "d", visibility="members", network=world.closed),
        write("news", "e", visibility="members"),
        write("method", "f", visibility="network", network=world.closed),
        write("method", "g", visibility="coordinators"),
        write("method", "h", visibility="members"),
        write("question", "i", network=world.closed),
    ]
    things[0].participations.create(user=world.niilo, is_guest=True)
    things[5].co_authors.add(world.aino)
    everybody = list(User.objects.order_by("pk"))
    digest._recall_rights(everybody)
    for kind in KINDS:
        mine = [thing for thing in things if isinstance(thing, kind.model)]
        alone = {
            (person.pk, thing.pk)
            for person in User.objects.order_by("pk")
            for thing in mine
            if kind.model.objects.visible_to(person).filter(pk=thing.pk).exists()
        }
        assert kind.visible_to(everybody, mine) == alone
        assert not kind.model.objects.visible_to(AnonymousUser()).filter(pk__in=[t.pk for t in mine[:1]]).exists()


def test_an_invitation_is_not_told_again_but_a_later_change_kept_quiet_is_not_news(world, write, clock):
    asked = write("meeting", "Kutsuttu", networks=[world.iso])
    asked.participations.filter(user=world.aino).update(asked_at=WEDNESDAY, told_at=WEDNESDAY + timedelta(minutes=5))
    clock(MONDAY)
    assert set(told()) == {world.matti.email, world.kaisa.email}
    with time_machine.travel(MONDAY + timedelta(days=1)):
        asked.change(MONDAY + timedelta(days=1), title="Hiljaa muutettu")
    clock(MONDAY + timedelta(days=7))
    assert Delivery.objects.count() == 2


def test_a_change_and_a_cancellation_are_told_with_their_name(world, write, clock):
    moved = write("meeting", "Siirtyvä", at=at("2026-11-10T12:00"), starts_at=at("2026-12-10T12:00"))
    off = write("meeting", "Peruttava", at=at("2026-11-10T12:00"), starts_at=at("2026-12-10T12:00"))
    moved.change(WEDNESDAY, summary="Uusi sali.")
    moved.notify(WEDNESDAY)
    off.cancel(WEDNESDAY)
    NoticeRule.objects.choose(world.aino, "weekly", {}, at("2026-11-10T12:00"))
    User.objects.filter(pk=world.aino.pk).update(language="en")
    clock(MONDAY)
    text = text_to(world.aino)
    assert "Changed: " in text
    assert "Cancelled: " in text


def test_letters_stop_at_the_stop_list_and_carry_their_way_out(world, write, clock):
    Suppression.objects.add(world.matti.email, "complaint", WEDNESDAY, scope="bulk")
    write("news", "Avustushaku auki")
    clock(MONDAY)
    states = {letter.recipient: letter.state.value for letter in Delivery.objects.all()}
    assert states == {world.aino.email: "waiting", world.kaisa.email: "waiting", world.matti.email: "suppressed"}
    letter = Delivery.objects.select_related("wording__mailing").get(recipient=world.aino.email).as_letter()
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = letter.headers["List-Unsubscribe"].strip("<>")
    assert stop in letter.text
    assert stop in letter.html
    assert "\ue000" not in letter.text + letter.html


def crowd(world, many):
    people = [User(email=f"n{n}@example.org", name=f"N {n}", language="fi") for n in range(many)]
    for person in User.objects.bulk_create(people):
        world.iso.take_in(person, now=WEDNESDAY - timedelta(days=100))


@pytest.mark.parametrize("many", [3, 60])
def test_a_batch_takes_the_same_questions_for_three_people_and_for_sixty(world, write, clock, many):
    crowd(world, many)
    write("news", "Avustushaku auki")
    write("meeting", "ISO tapaa", networks=[world.iso])
    write("method", "Välituntikello")
    write("question", "Kuka?")
    with time_machine.travel(MONDAY, tick=False):
        due = next(row for row in NoticeRound.objects.due(MONDAY) if row.rhythm == "weekly")
        with CaptureQueriesContext(connection) as asked:
            assert digest.send(due, MONDAY) == many + 3
    assert len(asked) == QUESTIONS


QUESTIONS = 36


def test_people_in_the_same_networks_share_one_wording(world, write, clock):
    crowd(world, 20)
    Network.objects.create(area=world.area, slug="uusi", name_fi="Uusi", kind=world.iso.kind)
    write("news", "Avustushaku auki")
    clock(MONDAY)
    assert Delivery.objects.count() == 23
    assert Mailing.objects.get().wordings.count() == 1


def test_the_letter_says_what_it_is_and_from_which_list(world, write, clock):
    """Real use 22: a List-Id for filters, and a subject in words."""
    NoticeRule.objects.choose(world.aino, "daily", {}, at("2026-11-01T12:00"))
    write("news", "Ison", network=world.iso, at=at("2026-11-25T08:00"))
    clock(THURSDAY)
    letter = Delivery.objects.select_related("wording__mailing").get(recipient=world.aino.email).as_letter()
    assert letter.subject == "Uutta verkostoissasi: Ison"
    assert letter.headers["List-Id"] == "<uutta.keski-suomi.127.0.0.1>"
