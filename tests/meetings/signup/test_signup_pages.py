"""Sign-up through the pages and letters: members in one press, others by a letter, and what each letter brings."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from lib.tokens import sign
from meetings.models import Offer, Participation, Reply, SignUp, SignUpQuestion, SignUpRequest
from meetings.tasks import forget_signup, send_signup_letters
from outbox.models import Delivery
from outbox.tasks import send_queued
from tests.leaks import assert_not_leaked
from tests.meetings.conftest import CANARY, calendar_of, hand_over, parsed


def form_url(rules):
    return reverse("meetings:signup", args=[rules.meeting.slug])


def own_url(person):
    return reverse("meetings:signup-own", args=[sign("meetings.signup", person.pk)])


@pytest.fixture
def post():
    """post() runs the rounds of sign-up and gives the letters that left, as (recipient, kind, calendar method)."""

    def run():
        before = len(mail.outbox)
        send_signup_letters()
        send_queued()
        return [kind_of(message) for message in mail.outbox[before:]]

    return run


def kind_of(message):
    calendar = calendar_of(parsed(message))
    row = Delivery.objects.get(message_id=message.extra_headers["Message-ID"])
    return message.to[0].split("<")[-1].strip(">"), row.kind, str(calendar["METHOD"]) if calendar else ""


# who may


def test_a_member_signs_up_in_one_press_and_gets_the_place_with_its_calendar_entry(sign_in, world, training, post):
    answer = sign_in(world.aino).post(form_url(training), {"join": "1"})
    own = training.meeting.participations.get(user=world.aino)
    assert (answer.status_code, answer.url, own.has_place) == (302, own_url(own), True)
    assert post() == [("aino@example.org", "meeting-place", "REQUEST")]
    assert post() == []


def test_who_waits_gets_a_letter_with_the_turn_and_no_calendar_entry(sign_in, world, training, crowd, post):
    crowd(3)
    post()
    sign_in(world.aino).post(form_url(training), {"join": "1"})
    assert post() == [("aino@example.org", "meeting-waiting", "")]
    assert "2." in mail.outbox[-1].body or "number 2" in mail.outbox[-1].body


@pytest.mark.parametrize(("who", "code"), [("niilo", 403), ("eetu", 403), ("aino", 302), ("kaisa", 302)])
def test_sign_up_for_members_is_refused_to_others(sign_in, world, training, who, code):
    SignUp.objects.update(open_to=SignUp.MEMBERS)
    user = getattr(world, who)
    assert sign_in(user).post(form_url(training), {"join": "1"}).status_code == code
    assert training.meeting.participations.filter(user=user, placed_at__isnull=False).exists() == (code == 302)


def test_a_visitor_cannot_sign_up_where_only_members_may(client, training):
    SignUp.objects.update(open_to=SignUp.MEMBERS)
    typed = {"join": "1", "name": "Virpi", "email": "virpi@example.org"}
    assert client.post(form_url(training), typed).status_code == 403
    assert SignUpRequest.objects.count() == 0


def test_a_visitor_gets_a_place_only_by_pressing_the_button_behind_the_letter(client, training, post):
    typed = {"join": "1", "name": "Virpi Vieras", "email": "Virpi@Example.org", "organisation_name": "Nuoriso ry"}
    assert client.post(form_url(training), typed).status_code == 302
    assert training.meeting.participations.filter(email="virpi@example.org").count() == 0
    assert post() == [("virpi@example.org", "meeting-confirm", "")]
    link = reverse("meetings:signup-confirm", args=[sign("meetings.confirm", SignUpRequest.objects.get().pk)])
    assert client.get(link).status_code == 200
    assert training.figures()[0]["taken"] == 0
    client.post(link)
    own = training.meeting.participations.get(email="virpi@example.org")
    assert (own.has_place, own.name, own.organisation_name) == (True, "Virpi Vieras", "Nuoriso ry")
    assert SignUpRequest.objects.count() == 0
    assert client.post(link).status_code == 404
    assert post() == [("virpi@example.org", "meeting-place", "REQUEST")]


def test_an_address_of_an_account_is_signed_up_as_that_account(client, training, world):
    SignUpRequest.objects.ask(training, world.niilo.email, timezone.now(), name="Joku")
    client.post(reverse("meetings:signup-confirm", args=[sign("meetings.confirm", SignUpRequest.objects.get().pk)]))
    own = training.meeting.participations.get(user=world.niilo)
    assert (own.has_place, own.name, str(own)) == (True, "", "Niilo Uusi")


def test_one_address_is_not_buried_in_letters(client, training, post):
    for _press in range(5):
        client.post(form_url(training), {"join": "1", "name": "V", "email": "virpi@example.org"})
        post()
    assert Delivery.objects.filter(kind="meeting-confirm").count() == 1


def test_a_visitor_gets_letters_in_the_language_of_the_page(client, training, post):
    with translation.override("sv"):
        page = form_url(training)
    client.post(page, {"join": "1", "name": "Virpi", "email": "virpi@example.org"})
    SignUpRequest.objects.get().confirm(timezone.now())
    post()
    assert Delivery.objects.get(kind="meeting-place").language == "sv"


def test_the_link_for_joining_is_for_those_with_a_place(client, make_training, world):
    rules = make_training(capacity=1, mode="online")
    client.force_login(world.aino)
    page = rules.meeting.get_absolute_url()
    own = rules.meeting.participations.get(user=world.aino)
    rules.assign_places([rules.meeting.participations.get(user=world.matti), own], timezone.now(), "web")
    assert_not_leaked(CANARY, client.get(page), client.get(own_url(own)))
    rules.resize(timezone.now(), 2)
    rules.accept(own, timezone.now(), "link")
    assert CANARY in client.get(page).text
    assert CANARY in client.get(own_url(own)).text


# questions


def test_replies_are_kept_and_deleted_when_their_days_are_over(sign_in, world, training, caplog):
    diet = training.questions.create(text="Ruokavalio")
    wish = training.questions.create(text="Työpaja", kind="choice", choices=["A", "B"], is_required=True, keep_days=90)
    client = sign_in(world.aino)
    assert client.post(form_url(training), {"join": "1", f"q{diet.pk}": "Vegaani"}).status_code == 422
    client.post(form_url(training), {"join": "1", f"q{diet.pk}": "Vegaani", f"q{wish.pk}": "B"})
    assert sorted(Reply.objects.values_list("text", flat=True)) == ["B", "Vegaani"]
    training.meeting.move(timezone.now() - timedelta(days=15), timezone.now() - timedelta(days=14), timezone.now())
    with caplog.at_level("INFO"):
        forget_signup()
    assert list(Reply.objects.values_list("text", flat=True)) == ["B"]
    assert SignUpQuestion.objects.get(pk=diet.pk).forgotten_number == 1
    assert [r.message for r in caplog.records if "replies" in r.message] == [
        f"sign-up question {diet.pk}: 1 replies deleted after 14 days"
    ]


def test_unconfirmed_sign_ups_are_forgotten_after_three_days(training):
    SignUpRequest.objects.ask(training, "virpi@example.org", timezone.now() - timedelta(days=3), name="V")
    SignUpRequest.objects.ask(training, "uusi@example.org", timezone.now(), name="U")
    forget_signup()
    assert SignUpRequest.objects.get().email == "uusi@example.org"


# colleagues


def test_one_person_signs_up_colleagues_each_with_a_place_or_a_turn(sign_in, world, training, post):
    typed = {"join": "1", "colleague0": "Matti", "colleague0_email": world.matti.email, "colleague1": "Kolmas"}
    client = sign_in(world.aino)
    client.post(form_url(training), typed)
    aino, matti, third = training.meeting.participations.exclude(stood_at=None).order_by("pk")
    assert [aino.has_place, matti.has_place, third.has_place] == [True, True, False]
    assert (matti.user, matti.brought_by, third.name, third.brought_by) == (world.matti, aino, "Kolmas", aino)
    letters = post()
    assert ("matti@example.org", "meeting-place", "REQUEST") in letters
    assert ("aino@example.org", "meeting-waiting", "") in letters
    client.post(own_url(aino), {"drop": str(matti.pk)})
    assert Offer.objects.get().participation == third


def test_nobody_signs_off_somebody_elses_colleague(client, training, crowd):
    first, second = crowd(2)
    assert client.post(own_url(first), {"drop": str(second.pk)}).status_code == 404
    second.refresh_from_db()
    assert second.has_place


def test_muurame_comes_with_four_of_whom_two_have_no_names_yet(sign_in, world, make_training, post):
    rules = make_training(capacity=4, most_colleagues=4)
    client = sign_in(world.aino)
    typed = {"join": "1", "colleague0": "Matti", "colleague1": "Kolmas", "colleagues_counted": "2"}
    own = client.post(form_url(rules), typed, follow=True).context["person_signed"]
    assert (rules.figures()[0]["taken"], rules.figures()[0]["waiting"]) == (4, 1)
    letters = post()
    assert sorted(kind for _to, kind, _method in letters) == ["meeting-place"] * 3
    assert "Kolmas" in mail.outbox[-1].body
    along = own.colleagues.only_counted()
    assert all("Aino Jäsen" in str(each) for each in along)
    client.post(own_url(own), {"drop": str(along.placed().get().pk)})
    assert Offer.objects.get().participation.is_only_counted
    assert ("aino@example.org", "meeting-offer", "") in post()


def test_no_more_colleagues_than_the_rules_allow_named_or_counted(sign_in, world, make_training):
    rules = make_training(capacity=9, most_colleagues=2)
    client = sign_in(world.aino)
    typed = {"join": "1", "colleague0": "Matti", "colleagues_counted": "2"}
    assert client.post(form_url(rules), typed).status_code == 422
    client.post(form_url(rules), typed | {"colleagues_counted": "1"})
    own = rules.meeting.participations.get(user=world.aino)
    for _double_press in range(2):
        client.post(own_url(own), {"bring": "1", "colleagues_counted": "1", "seen": "1"})
    assert rules.figures()[0]["taken"] == 3


def test_who_has_signed_up_brings_more_colleagues_later(sign_in, world, make_training):
    rules = make_training(capacity=9, most_colleagues=3)
    client = sign_in(world.aino)
    client.post(form_url(rules), {"join": "1"})
    own = rules.meeting.participations.get(user=world.aino)
    shown = client.get(own_url(own)).context["more"]
    typed = {"bring": "1", "colleague0": "Kolmas", "colleagues_counted": "1", "seen": str(shown["seen"].value())}
    client.post(own_url(own), typed)
    page = client.post(own_url(own), typed, follow=True)
    assert [each.is_only_counted for each in page.context["colleagues"]] == [True, False]
    assert page.context["more"].most == 1
    assert client.post(own_url(own), {"bring": "1", "colleague0_email": "x@example.org"}).status_code == 422
    stranger = rules.meeting.participations.create(email="n@example.org")
    client.post(own_url(stranger), {"bring": "1", "colleagues_counted": "1", "seen": "0"})
    assert rules.figures()[0]["taken"] == 3


# one's own page


def test_the_letters_of_an_offer_and_what_its_buttons_do(client, training, crowd, post):
    first, _second, third, fourth = crowd(4)
    post()
    client.post(own_url(first), {"leave": "1"})
    assert sorted(post()) == [
        ("n0@example.org", "meeting-withdrawn", "CANCEL"),
        ("n2@example.org", "meeting-offer", ""),
    ]
    for _look in range(2):
        assert client.get(own_url(third)).status_code == 200
    assert Offer.objects.open().count() == 1
    client.post(own_url(third), {"accept": "1"})
    assert post() == [("n2@example.org", "meeting-place", "REQUEST")]
    assert "1" in client.get(own_url(fourth)).context["turn"].__str__()


def test_an_answer_after_the_deadline_is_told_in_words_and_leads_to_the_end_of_the_line(client, training, crowd, post):
    first, _second, third, _fourth = crowd(4)
    client.post(own_url(first), {"leave": "1"})
    Offer.objects.update(expires_at=timezone.now())
    page = client.post(own_url(third), {"accept": "1"}, follow=True)
    assert page.context["turn"] == 1
    assert [message.level_tag for message in page.context["messages"]][-1] == "warning"
    assert ("n2@example.org", "meeting-waiting", "") in post()


def test_the_answer_link_of_an_invitation_leads_to_sign_up_and_the_invitation_holds_no_calendar(
    client, training, world, post
):
    training.meeting.invite(timezone.now())
    hand_over()
    letters = Delivery.objects.filter(kind="meeting-invitation")
    assert {letter.calendar for letter in letters} == {""}
    own = training.meeting.participations.get(user=world.aino)
    link = reverse("meetings:answer", args=[sign("answer", own.pk)])
    assert client.post(link, {"answer": "yes"}).url == own_url(own)
    own.refresh_from_db()
    assert not own.has_place


def test_a_cancellation_reaches_those_who_wait_without_a_calendar_entry(training, crowd, post):
    crowd(3)
    post()
    training.meeting.cancel(timezone.now())
    hand_over()
    told = Delivery.objects.filter(kind="meeting-cancellation")
    methods = {letter.recipient: letter.calendar_method if letter.calendar else "" for letter in told}
    assert methods == {"n0@example.org": "CANCEL", "n1@example.org": "CANCEL", "n2@example.org": ""}


def buttons(page):
    """What the own page offers to press."""
    return re.findall(r'<button[^>]* name="(join|accept|leave|drop|bring)"', page.text)


@pytest.mark.parametrize(
    ("before", "first"),
    [(1, ["leave"]), (2, ["leave"]), ("offer", ["accept", "leave"])],
    ids=["place", "turn", "offer"],
)
def test_in_a_cancelled_meeting_nothing_is_offered_to_take_or_to_leave(sign_in, world, training, crowd, before, first):
    crowd_there = crowd(1 if before == 1 else 2)
    client, own = sign_in(world.aino), training.meeting.participations.get(user=world.aino)
    client.post(form_url(training), {"join": "1", "colleagues_counted": "1"})
    if before == "offer":
        client.post(own_url(crowd_there[0]), {"leave": "1"})
    assert buttons(client.get(own_url(own))) == [*first, "drop", "bring"]
    assert own_url(own) in client.get(training.meeting.get_absolute_url()).text
    training.meeting.cancel(timezone.now(), "Sairastuminen")
    page = client.get(own_url(own))
    assert (page.status_code, buttons(page)) == (200, [])
    assert own_url(own) not in client.get(training.meeting.get_absolute_url()).text


def test_the_pages_ask_the_same_number_of_questions_for_one_and_for_many(client, training, crowd, world):
    client.force_login(world.kaisa)
    desk = reverse("admin:meetings_meeting_places", args=[training.meeting.pk])
    csv = reverse("admin:meetings_meeting_places_csv", args=[training.meeting.pk])
    pages = [training.meeting.get_absolute_url(), form_url(training), desk, csv]
    crowd(3)

    def count():
        numbers = []
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            numbers.append(len(asked))
        return numbers

    count()
    once = count()
    crowd(25, "m")
    assert count() == once


# the desk


def test_the_coordinator_moves_people_and_others_cannot(client, training, crowd, world):
    first, second, third = crowd(3)
    desk = reverse("admin:meetings_meeting_places", args=[training.meeting.pk])
    client.force_login(world.kerttu)
    assert client.post(desk, {"move": f"out-{first.pk}"}).status_code == 404
    client.force_login(world.kaisa)
    client.post(desk, {"move": f"out-{first.pk}"})
    client.post(desk, {"move": f"seat-{third.pk}"})
    states = [Participation.objects.get(pk=person.pk).has_place for person in (first, second, third)]
    assert states == [False, True, True]
    assert client.post(desk, {"move": "seat-x"}).status_code == 404


def test_the_list_for_a_spreadsheet_holds_replies_and_no_formulas(client, training, crowd, world):
    (first,) = crowd(1)
    Participation.objects.filter(pk=first.pk).update(name="=cmd()")
    question = training.questions.create(text="Ruokavalio")
    question.replies.create(participation=first, text="+358")
    client.force_login(world.kaisa)
    page = client.get(reverse("admin:meetings_meeting_places_csv", args=[training.meeting.pk]))
    lines = page.content.decode("utf-8-sig").splitlines()
    assert lines[0].endswith(";Ruokavalio")
    assert lines[1].startswith("'=cmd();n0@example.org;;") and lines[1].endswith(";'+358")


def test_the_desk_says_in_words_what_a_new_number_of_places_does(client, training, crowd, world):
    crowd(4)
    client.force_login(world.kaisa)
    page = reverse("admin:meetings_signup_change", args=[training.pk])
    typed = {
        "open_to": "anybody", "capacity": "1", "offer_hours": "24", "most_colleagues": "2",
        "questions-TOTAL_FORMS": "1", "questions-INITIAL_FORMS": "0",
        "questions-0-text": "Ruokavalio", "questions-0-kind": "text", "questions-0-order": "1",
        "questions-0-keep_days": "14", "questions-0-choices": "",
    }  # fmt: skip
    answer = client.post(page, typed, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["warning", "success"]
    assert (training.figures()[0]["over"], training.questions.get().choices) == (0, [])
    assert SignUp.objects.get().figures()[0]["over"] == 1
    client.post(page, typed | {"capacity": "3", "questions-TOTAL_FORMS": "0"})
    assert Offer.objects.open().count() == 1
