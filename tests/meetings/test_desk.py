"""The coordinator's desk: the form, the calendar, the pages that ask before anybody is told, the participants."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.admin.meeting import meeting_pages
from meetings.models import Meeting, Participation
from meetings.readiness import missing_in
from tests.leaks import assert_not_leaked

# The pages that ask before anything is done, and the letters.
ASKING = ["publish", "invite", "tell", "move", "cancel", "copy", "repeat", "letters"]


def typed(meeting, **changes):
    """The form of a meeting as it stands, with changes."""
    facts = {
        name: getattr(meeting, name)
        for name in ("title", "summary", "mode", "place_name", "town", "join_url", "visibility", "slug")
    }
    for moment in ("starts_at", "ends_at"):
        facts[moment] = f"{timezone.localtime(getattr(meeting, moment)):%Y-%m-%dT%H:%M}"
    facts |= {"agenda-TOTAL_FORMS": 0, "agenda-INITIAL_FORMS": 0}
    facts |= {"kind": meeting.kind_id, "area": meeting.area_id, "municipality": meeting.municipality_id}
    return facts | {"networks": list(meeting.networks.values_list("pk", flat=True))} | changes


def change_url(meeting):
    return reverse("admin:meetings_meeting_change", args=[meeting.pk])


def step_url(meeting, step):
    return reverse(f"admin:meetings_meeting_{step}", args=[meeting.pk])


@pytest.fixture
def even(make_meeting):
    """A draft whose times fall on a whole minute, as a form would give them."""
    starts_at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=7)
    return make_meeting(starts_at=starts_at)


@pytest.fixture
def invited(even, send):
    even.publish(timezone.now())
    even.invite(timezone.now())
    send()
    return even


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


# the form


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("ends_at", "2020-01-01T10:00"),
        ("join_url", "http://kokous.example.org/1"),
        ("join_url", "javascript:alert(1)"),
        ("starts_at", "huomenna"),
        ("title", ""),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(kaisa, even, field, wrong):
    page = kaisa.post(change_url(even), typed(even, summary="Uusi tiivistelmä", **{field: wrong}))
    assert page.status_code == 200
    form = page.context["adminform"].form
    assert form.errors
    assert form["summary"].value() == "Uusi tiivistelmä"
    assert form[field].value() == wrong
    assert Meeting.objects.get(pk=even.pk).summary != "Uusi tiivistelmä"


@pytest.mark.parametrize("hour", ["2027-03-28T03:30", "2027-10-31T03:30"])
def test_an_hour_that_is_not_there_or_there_twice_is_refused_in_words(world, sign_in, even, hour):
    """ME-05: the clocks of the two nights; the meeting stays where it was."""
    answer = sign_in(world.kaisa).post(change_url(even), typed(even, starts_at=hour, ends_at=f"{hour[:11]}06:00"))
    (words,) = answer.context["adminform"].form.errors["starts_at"]
    assert (answer.status_code, "03:30" in words or "3.30" in words, "Europe/Helsinki" in words) == (200, True, True)
    assert Meeting.objects.get().starts_at == even.starts_at


def test_two_meetings_of_the_same_name_on_the_same_day_get_addresses_of_their_own(kaisa, even):
    for _time in range(2):
        assert kaisa.post(reverse("admin:meetings_meeting_add"), typed(even, slug="")).status_code == 302
    stem = even.slug
    assert sorted(Meeting.objects.values_list("slug", flat=True)) == [stem, f"{stem}-2", f"{stem}-3"]


def test_a_network_of_another_area_cannot_be_chosen(kaisa, world, even):
    page = kaisa.post(change_url(even), typed(even, networks=[world.elsewhere.pk]))
    assert "networks" in page.context["adminform"].form.errors
    page = kaisa.get(change_url(even))
    assert set(page.context["adminform"].form.fields["networks"].queryset) == {world.iso, world.closed}


def test_a_superuser_cannot_mix_areas_either(client, world, even):
    client.force_login(world.ulla)
    page = client.post(change_url(even), typed(even, networks=[world.elsewhere.pk]))
    assert "networks" in page.context["adminform"].form.errors


def test_the_area_of_the_only_area_is_chosen_beforehand(kaisa, world):
    page = kaisa.get(reverse("admin:meetings_meeting_add"), {"starts_at": "2027-01-20T13:00"})
    form = page.context["adminform"].form
    assert (form["area"].value(), form["starts_at"].value()) == (world.area.pk, "2027-01-20T13:00")


def test_only_a_draft_can_be_deleted(kaisa, even):
    delete = reverse("admin:meetings_meeting_delete", args=[even.pk])
    assert kaisa.get(delete).status_code == 200
    even.publish(timezone.now())
    assert kaisa.post(delete, {"post": "yes"}).status_code == 403
    assert Meeting.objects.filter(pk=even.pk).exists()


# publish, invite, tell, cancel, copy


@pytest.mark.parametrize("step", ASKING)
def test_looking_at_a_page_that_asks_changes_nothing(kaisa, invited, step):
    before = Meeting.objects.values().get(), list(Participation.objects.order_by("pk").values())
    assert kaisa.get(step_url(invited, step)).status_code == 200
    assert (Meeting.objects.values().get(), list(Participation.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("step", meeting_pages)
@pytest.mark.parametrize("who", ["kerttu", "aino", "niilo"])
def test_nobody_else_reaches_the_pages_of_a_meeting(client, world, invited, step, who):
    client.force_login(getattr(world, who))
    before = Meeting.objects.values().get()
    wanted = 404 if who == "kerttu" else 302  # the desk sends those without one to its door
    assert client.get(step_url(invited, step)).status_code == wanted
    assert client.post(step_url(invited, step), {"_tell": "1"}).status_code == wanted
    assert Meeting.objects.values().get() == before


def test_the_form_of_another_areas_meeting_is_not_found(client, world, even):
    client.force_login(world.kerttu)
    assert client.get(change_url(even)).status_code == 404
    assert client.post(change_url(even), typed(even, title="Kaapattu")).status_code == 404
    assert_not_leaked(even.title, client.get(reverse("admin:meetings_meeting_changelist")))


def test_publishing_quietly_tells_nobody(kaisa, even, send):
    kaisa.post(step_url(even, "publish"), {"_quiet": "1"})
    even.refresh_from_db()
    assert (even.is_draft, even.invited_at) == (False, None)
    assert send() == []


def test_the_list_publishes_quietly_too(kaisa, even, send):
    kaisa.post(
        reverse("admin:meetings_meeting_changelist"), {"action": "publish_quietly", "_selected_action": [even.pk]}
    )
    assert Meeting.objects.get().is_draft is False
    assert send() == []


def test_inviting_shows_who_waits_and_writes_to_exactly_them(kaisa, world, invited, send):
    world.iso.take_in(world.niilo, now=timezone.now())
    page = kaisa.get(step_url(invited, "invite"))
    assert [str(person) for person in page.context["people"]] == ["Niilo Uusi"]
    kaisa.post(step_url(invited, "invite"))
    assert [letter["To"] for letter in send()] == ["Niilo Uusi <niilo@example.org>"]
    assert kaisa.get(step_url(invited, "invite")).context["people"] == []


def test_a_new_time_asks_whether_to_tell(kaisa, invited, send):
    later = invited.starts_at + timedelta(hours=1)
    answer = kaisa.post(change_url(invited), typed(invited, starts_at=f"{timezone.localtime(later):%Y-%m-%dT%H:%M}"))
    assert answer.url == step_url(invited, "tell")
    invited.refresh_from_db()
    assert (invited.starts_at, invited.sequence) == (later, 1)
    assert send() == []
    assert len(kaisa.get(answer.url).context["people"]) == 2
    kaisa.post(answer.url)
    assert len(send()) == 2


def test_a_new_title_does_not_ask(kaisa, invited):
    answer = kaisa.post(change_url(invited), typed(invited, title="Uusi otsikko"))
    assert answer.url == reverse("admin:meetings_meeting_changelist")
    assert Meeting.objects.get().sequence == 0


def test_a_new_place_of_a_meeting_nobody_was_invited_to_does_not_ask(kaisa, even):
    even.publish(timezone.now())
    answer = kaisa.post(change_url(even), typed(even, place_name="Toinen paikka"))
    assert answer.url == reverse("admin:meetings_meeting_changelist")


def test_cancelling_takes_a_reason_and_tells(kaisa, invited, send):
    kaisa.post(step_url(invited, "cancel"), {"_tell": "1", "reason": "Sairastuminen"})
    invited.refresh_from_db()
    assert (invited.is_cancelled, invited.cancel_reason) == (True, "Sairastuminen")
    assert len(send()) == 2


def test_a_too_long_reason_comes_back_with_its_words(kaisa, invited):
    page = kaisa.post(step_url(invited, "cancel"), {"_tell": "1", "reason": "x" * 301})
    assert page.context["form"]["reason"].value() == "x" * 301
    assert Meeting.objects.get().is_cancelled is False


def test_a_step_that_no_longer_fits_is_refused_in_words(kaisa, invited):
    invited.cancel(timezone.now())
    page = kaisa.post(step_url(invited, "invite"), follow=True)
    assert "error" in [message.level_tag for message in page.context["messages"]]


def test_copying_opens_the_new_draft(kaisa, invited):
    offered = kaisa.get(step_url(invited, "copy")).context["form"].initial["on"]
    assert offered == timezone.localdate(invited.starts_at) + timedelta(weeks=4)
    answer = kaisa.post(step_url(invited, "copy"), {"on": offered + timedelta(days=1)})
    following = Meeting.objects.get(published_at=None)
    assert answer.url == change_url(following)
    assert timezone.localdate(following.starts_at) == offered + timedelta(days=1)
    assert timezone.localtime(following.starts_at).time() == timezone.localtime(invited.starts_at).time()


@pytest.mark.parametrize("wrong", ["", "huomenna", "9999-12-31"])
def test_a_copy_without_a_day_that_can_be_is_refused_in_words(kaisa, invited, wrong):
    page = kaisa.post(step_url(invited, "copy"), {"on": wrong})
    assert page.context["form"].errors["on"] and Meeting.objects.count() == 1


# the calendar


def test_the_calendar_shows_drafts_of_own_areas_and_opens_a_day(kaisa, world, even, make_meeting):
    make_meeting(title="Muualla", area=world.other_area, networks=[], starts_at=even.starts_at)
    on = timezone.localdate(even.starts_at)
    page = kaisa.get(reverse("admin:meetings_meeting_month", args=[on.year, on.month]))
    assert {m.title for day in page.context["month"].busy_days for m in day.meetings} == {even.title}
    assert f"?starts_at={on.isoformat()}T13:00&amp;ends_at={on.isoformat()}T15:00" in page.text
    assert kaisa.get(reverse("admin:meetings_meeting_calendar")).status_code == 200
    assert kaisa.get(reverse("admin:meetings_meeting_month", args=[2027, 13])).status_code == 404


def test_the_calendar_is_for_coordinators(client, world, even):
    for who, wanted in ((None, 302), ("aino", 302), ("kerttu", 200)):
        if who:
            client.force_login(getattr(world, who))
        assert client.get(reverse("admin:meetings_meeting_calendar")).status_code == wanted


# participants


def people_url(meeting):
    return f"{reverse('admin:meetings_participation_changelist')}?meeting__id__exact={meeting.pk}"


def ticked(participation, answer, comment=""):
    """The list of participants with one row edited."""
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "_save": "1", "form-0-id": participation.pk}
    return form | {"form-0-answer": answer, "form-0-comment": comment}


def test_an_answer_told_by_telephone_is_kept_as_the_coordinators(kaisa, world, invited):
    aino = invited.participations.get(user=world.aino)
    url = people_url(invited) + "&q=aino"
    kaisa.post(url, ticked(aino, "yes", "Soitti"))
    aino.refresh_from_db()
    assert (aino.answer, aino.answered_via, aino.comment) == ("yes", "coordinator", "Soitti")
    kaisa.post(url, ticked(aino, ""))
    aino.refresh_from_db()
    assert (aino.answer, aino.answered_at, aino.answered_via) == ("", None, "")


def test_answers_to_a_cancelled_meeting_are_refused_in_words(kaisa, world, invited):
    invited.cancel(timezone.now(), notify=False)
    aino = invited.participations.get(user=world.aino)
    page = kaisa.post(people_url(invited) + "&q=aino", ticked(aino, "yes"), follow=True)
    assert "error" in [message.level_tag for message in page.context["messages"]]
    assert invited.participations.get(user=world.aino).answer == ""


def test_participants_of_another_area_are_not_found(client, world, invited):
    client.force_login(world.kerttu)
    aino = invited.participations.get(user=world.aino)
    assert_not_leaked("Aino", client.get(people_url(invited)))
    client.post(people_url(invited), ticked(aino, "yes"))
    client.post(reverse("admin:meetings_participation_change", args=[aino.pk]), {"answer": "yes"})
    assert invited.participations.get(user=world.aino).answer == ""


def test_a_guest_is_added_by_address_and_an_account_is_recognised(kaisa, world, invited):
    add = reverse("admin:meetings_participation_add")
    assert kaisa.post(add, {"meeting": invited.pk, "name": "", "email": "Niilo@Example.org"}).status_code == 302
    guest = invited.participations.get(user=world.niilo)
    assert (guest.is_guest, guest.email, guest.asked_at) == (True, "", None)
    page = kaisa.post(add, {"meeting": invited.pk, "name": "", "email": "NIILO@example.org"})
    assert "email" in page.context["adminform"].form.errors


def test_a_guest_cannot_be_added_to_another_areas_meeting(client, world, invited):
    client.force_login(world.kerttu)
    page = client.post(
        reverse("admin:meetings_participation_add"), {"meeting": invited.pk, "name": "", "email": "v@example.org"}
    )
    assert "meeting" in page.context["adminform"].form.errors
    assert not invited.participations.filter(email="v@example.org").exists()


def test_the_desk_asks_as_many_questions_for_one_meeting_as_for_many(
    kaisa, make_meeting, django_assert_max_num_queries
):
    make_meeting()
    url = reverse("admin:meetings_meeting_changelist")
    kaisa.get(url)
    with django_assert_max_num_queries(30) as first:
        kaisa.get(url)
    for n in range(24):
        make_meeting(days=n + 1)
    with django_assert_max_num_queries(len(first)):
        kaisa.get(url)


def test_every_box_of_the_list_of_participants_says_whose_it_is(kaisa, world, invited):
    page = kaisa.get(people_url(invited) + "&q=aino")
    [row] = page.context["cl"].formset.forms
    labels = [row.fields[name].widget.attrs["aria-label"] for name in ("answer", "comment")]
    assert [label.replace("Aino Jäsen", "…") == label for label in labels] == [False, False]
    assert len(set(labels)) == 2


# the short way


def test_a_new_meeting_begins_like_the_last_one(kaisa, even):
    page = kaisa.get(reverse("admin:meetings_meeting_add"))
    initial = page.context["adminform"].form.initial
    assert (initial["kind"], initial["mode"]) == (even.kind_id, even.mode)
    assert list(initial["networks"]) == list(even.networks.all())


def test_a_day_chosen_in_the_calendar_goes_before_the_last_meeting(kaisa, even):
    page = kaisa.get(reverse("admin:meetings_meeting_add"), {"starts_at": "2027-01-20T13:00", "mode": "online"})
    assert page.context["adminform"].form.initial["mode"] == "online"


def test_an_end_left_empty_is_as_far_as_that_of_the_last_meeting(kaisa, even):
    even.change(timezone.now(), ends_at=even.starts_at + timedelta(minutes=75))
    facts = typed(even, title="Seuraava", slug="", ends_at="")
    answer = kaisa.post(reverse("admin:meetings_meeting_add"), facts)
    made = Meeting.objects.get(title="Seuraava")
    assert answer.status_code == 302 and made.ends_at - made.starts_at == timedelta(minutes=75)


def test_the_first_meeting_of_a_network_lasts_two_hours_when_nobody_says_else(kaisa, even):
    facts = typed(even, title="Seuraava", slug="", ends_at="", networks=[])
    kaisa.post(reverse("admin:meetings_meeting_add"), facts)
    made = Meeting.objects.get(title="Seuraava")
    assert made.ends_at - made.starts_at == timedelta(hours=2)


def test_an_empty_end_is_taken_from_the_last_meeting_of_the_same_kind_and_told(kaisa, even, term):
    """Real use 37: a seminar does not make the next meeting last a day; the form knows the lengths of all kinds."""
    even.change(timezone.now(), ends_at=even.starts_at + timedelta(minutes=75))
    seminar = typed(even, title="Seminaari", slug="", kind=term("event_types", "seminaari").pk)
    kaisa.post(reverse("admin:meetings_meeting_add"), seminar | {"ends_at": f"{seminar['starts_at'][:11]}23:59"})
    facts = typed(even, title="Seuraava", slug="", ends_at="")
    answer = kaisa.post(reverse("admin:meetings_meeting_add"), facts, follow=True)
    made = Meeting.objects.get(title="Seuraava")
    assert made.ends_at - made.starts_at == timedelta(minutes=75)
    assert "info" in [message.level_tag for message in answer.context["messages"]]
    box = kaisa.get(reverse("admin:meetings_meeting_add")).context["adminform"].form.fields["ends_at"].widget.attrs
    assert [even.networks.get().pk, even.kind_id, 75] in json.loads(box["data-lengths"])


@pytest.mark.parametrize("address", ["add", "change"])
def test_save_and_publish_leads_to_the_page_that_shows_who_is_invited(kaisa, even, address):
    url = reverse("admin:meetings_meeting_add") if address == "add" else change_url(even)
    title = "Seuraava" if address == "add" else even.title
    answer = kaisa.post(url, typed(even, title=title, slug="" if address == "add" else even.slug, _publish="1"))
    made = Meeting.objects.get(title=title)
    assert answer.url == step_url(made, "publish") and made.is_draft


def test_a_link_that_looks_like_another_is_pointed_out_on_the_desk(world, sign_in, make_meeting):
    """Real use 17: when the meeting is saved, and as long as it stands among what the meeting lacks."""
    meeting = make_meeting(join_url="https://teams.microsoft.com.evil.example/x")
    lacks = missing_in(Meeting.objects.filter(pk=meeting.pk).with_readiness(timezone.now()), timezone.now())
    assert any("evil.example" in words for words in lacks[meeting.pk])
    url = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    sent = typed(meeting, join_url="https://user:secret@zoom.us/j/1")
    assert "(ennen @-merkkiä)" in sign_in(world.kaisa).post(url, sent, follow=True).text
