"""The agenda of a meeting: made, put in order, timed, shown to those it is for, and told in the letter."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.agenda.default_items import usual_agenda
from meetings.models import AgendaItem, Meeting, Minutes, Participation, Task
from tests.meetings.conftest import text_of
from tests.meetings.test_desk import typed

PAGE = "meetings:agenda-edit"


def titles(meeting):
    return list(meeting.agenda.in_order().values_list("title", flat=True))


def filled(**facts):
    return {"title": "Kuulumiset", "kind": "discussion", "minutes": "20", "visibility": "everybody", **facts}


@pytest.fixture
def page(meeting):
    return reverse(PAGE, args=[meeting.slug])


@pytest.fixture
def items(meeting):
    """Three items: thirty minutes, an hour and a quarter."""
    rows = [("Avaus", 30), ("Teema", 60), ("Tauko", 15)]
    return [AgendaItem.objects.add(meeting, title, minutes=minutes) for title, minutes in rows]


def test_the_coordinator_adds_an_item_with_its_owner(world, sign_in, meeting, page):
    answer = sign_in(world.kaisa).post(page, filled(owner=world.aino.pk, text="Mitä kunnissa?"))
    assert (answer.status_code, answer["Location"]) == (302, f"{page}?more=1")
    assert sign_in(world.kaisa).get(answer["Location"]).text.count(" autofocus") == 1
    item = meeting.agenda.get()
    assert (item.title, item.minutes, item.leader, item.order) == ("Kuulumiset", 20, "Aino Jäsen", 1)


def test_an_item_of_no_minutes_is_refused_in_words_at_the_field(world, sign_in, meeting, page):
    answer = sign_in(world.kaisa).post(page, filled(minutes="0"))
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"minutes"})
    assert not meeting.agenda.exists()


def test_only_people_of_the_meeting_can_be_owners(world, sign_in, page):
    answer = sign_in(world.kaisa).post(page, filled(owner=world.eetu.pk))
    assert set(answer.context["form"].errors) == {"owner"}


def test_items_move_up_and_down_and_stop_at_the_ends(world, sign_in, meeting, items):
    client = sign_in(world.kaisa)

    def press(item, step):
        client.post(reverse("meetings:item-move", args=[item.pk]), {"step": step})
        return titles(meeting)

    assert press(items[2], "up") == ["Avaus", "Tauko", "Teema"]
    assert press(items[0], "down") == ["Tauko", "Avaus", "Teema"]
    assert press(items[2], "up") == ["Tauko", "Avaus", "Teema"]
    assert press(items[1], "down") == ["Tauko", "Avaus", "Teema"]


def test_a_removed_item_can_be_put_back_at_its_place(world, sign_in, meeting, items):
    client = sign_in(world.kaisa)
    answer = client.post(reverse("meetings:item-remove", args=[items[1].pk]), follow=True)
    assert (titles(meeting), answer.context["removed"]) == (["Avaus", "Tauko"], items[1])
    client.post(reverse("meetings:item-put-back", args=[items[1].pk]))
    assert titles(meeting) == ["Avaus", "Teema", "Tauko"]


def test_an_item_with_notes_is_not_removed(world, sign_in, meeting, items):
    items[0].write("Jotain", 0, now=timezone.now(), by=world.kaisa)
    sign_in(world.kaisa).post(reverse("meetings:item-remove", args=[items[0].pk]))
    assert titles(meeting) == ["Avaus", "Teema", "Tauko"]


def test_a_locked_agenda_offers_nothing_to_type_into(world, sign_in, meeting, items, page):
    items[0].write("Jotain", 0, now=timezone.now(), by=world.kaisa)
    client = sign_in(world.kaisa)
    assert client.get(page).text.count('name="title"') == 1
    Minutes.objects.start(meeting).approve(timezone.now(), by=world.kaisa, notify=False)
    locked = client.get(page)
    offered = [locked.text.count(words) for words in ('name="title"', "agenda-tools")]
    assert (locked.context["is_locked"], offered) == (True, [0, 0])
    assert reverse("meetings:minutes-open", args=[meeting.slug]) in locked.text
    assert page not in client.get(meeting.get_absolute_url()).text


def test_the_clock_runs_from_the_beginning_and_warns_when_the_meeting_is_too_short(meeting, items):
    table = meeting.timetable()
    begins = [slot.starts_at - meeting.starts_at for slot in table.slots]
    assert begins == [timedelta(0), timedelta(minutes=30), timedelta(minutes=90)]
    assert (table.minutes, table.minutes_left, table.is_over) == (105, 75, False)
    AgendaItem.objects.add(meeting, "Pitkä", minutes=80)
    assert (meeting.timetable().is_over, meeting.timetable().minutes_over) == (True, 5)


def test_a_hidden_item_takes_its_time_but_is_not_shown(client, world, meeting, items):
    items[0].change(visibility=AgendaItem.MEMBERS)
    shown = client.get(meeting.get_absolute_url()).context["timetable"]
    assert [(slot.item.title, slot.starts_at) for slot in shown.slots] == [
        ("Teema", meeting.starts_at + timedelta(minutes=30)),
        ("Tauko", meeting.starts_at + timedelta(minutes=90)),
    ]
    client.force_login(world.aino)
    assert len(client.get(meeting.get_absolute_url()).context["timetable"].slots) == 3


def test_a_guest_of_the_meeting_sees_what_is_for_those_of_the_meeting(client, world, meeting, items):
    items[0].change(visibility=AgendaItem.MEMBERS)
    client.force_login(world.niilo)
    assert len(client.get(meeting.get_absolute_url()).context["timetable"].slots) == 2
    Participation(meeting=meeting, email=world.niilo.email).list_as_guest(timezone.now())
    assert len(client.get(meeting.get_absolute_url()).context["timetable"].slots) == 3


@pytest.mark.parametrize("who", ["aino", "niilo", "kerttu"])
@pytest.mark.parametrize("name", ["item-edit", "item-move", "item-remove", "item-put-back"])
def test_others_touch_no_item(world, sign_in, meeting, items, who, name):
    client = sign_in(getattr(world, who))
    assert client.post(reverse(f"meetings:{name}", args=[items[0].pk]), filled()).status_code == 404
    assert client.post(reverse(PAGE, args=[meeting.slug]), filled()).status_code == 404
    assert titles(meeting) == ["Avaus", "Teema", "Tauko"]


def test_a_new_agenda_begins_from_the_usual_items(world, sign_in, meeting):
    sign_in(world.kaisa).post(reverse("meetings:agenda-fill", args=[meeting.slug]), {"source": "usual"})
    assert titles(meeting) == [title for title, _minutes, _text in usual_agenda()]


def test_an_earlier_agenda_is_copied_without_its_notes(world, sign_in, make_meeting, meeting):
    earlier = make_meeting(days=-30)
    AgendaItem.objects.add(earlier, "Teema", minutes=45, kind="decision", owner=world.aino, notes="Vanha muistio")
    fill = reverse("meetings:agenda-fill", args=[meeting.slug])
    sign_in(world.kaisa).post(fill, {"source": str(earlier.pk)})
    copied = meeting.agenda.get()
    assert (copied.title, copied.minutes, copied.kind, copied.owner) == ("Teema", 45, "decision", world.aino)
    assert (copied.notes, copied.notes_version) == ("", 0)


def test_an_agenda_of_another_area_is_not_offered(world, sign_in, make_meeting, meeting):
    foreign = make_meeting(area=world.other_area, networks=[world.elsewhere])
    AgendaItem.objects.add(foreign, "Salaisuus")
    fill = reverse("meetings:agenda-fill", args=[meeting.slug])
    sign_in(world.kaisa).post(fill, {"source": str(foreign.pk)})
    assert titles(meeting) == []


def test_the_next_meeting_gets_the_agenda_along(meeting, items):
    following = meeting.copy(timezone.now())
    assert titles(following) == ["Avaus", "Teema", "Tauko"]


def test_a_plan_of_a_session_becomes_an_agenda(world, sign_in, meeting):
    take = reverse("meetings:agenda-take")
    rows = {"title": ["Alku", "Peli", ""], "minutes": ["10", "x", "5"], "text": ["Piiri", "", ""]}
    client = sign_in(world.kaisa)
    assert client.post(take, rows).context["form"].rows == [("Alku", 10, "Piiri"), ("Peli", None, "")]
    assert client.post(take, rows | {"meeting": meeting.pk}).status_code == 302
    assert list(meeting.agenda.in_order().values_list("title", "minutes")) == [("Alku", 10), ("Peli", 15)]


def test_rows_are_not_put_on_a_foreign_meeting(world, sign_in, meeting):
    rows = {"title": ["Alku"], "minutes": ["10"], "text": [""], "meeting": meeting.pk}
    assert sign_in(world.kerttu).post(reverse("meetings:agenda-take"), rows).status_code == 200
    assert titles(meeting) == []


def test_the_invitation_tells_the_agenda_with_its_hours(world, meeting, items, send):
    meeting.invite(timezone.now())
    letter = next(letter for letter in send() if "aino@" in letter["To"])
    assert "12.00 Avaus" in text_of(letter).splitlines()


def test_the_pages_ask_as_often_for_many_items_as_for_one(world, sign_in, meeting, page, django_assert_num_queries):
    client = sign_in(world.kaisa)
    found = {}
    for number in (1, 25):
        while meeting.agenda.count() < number:
            AgendaItem.objects.add(meeting, "Kohta", owner=world.aino)
            Task.objects.give(meeting, "Tehtävä", timezone.now(), owner=world.aino)
        for path in (page, meeting.get_absolute_url(), reverse("meetings:minutes-write", args=[meeting.slug])):
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            found.setdefault(path, set()).add(len(asked))
    assert [path for path, numbers in found.items() if len(numbers) != 1] == []


def test_the_desk_lists_the_agenda_in_the_form(world, sign_in, meeting, items):
    answer = sign_in(world.kaisa).get(reverse("admin:meetings_meeting_change", args=[meeting.pk]))
    (formset,) = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    assert [form.instance.title for form in formset.initial_forms] == ["Avaus", "Teema", "Tauko"]


def test_a_row_added_on_the_desk_comes_last(world, sign_in, meeting):
    AgendaItem.objects.add(meeting, "Avaus")
    (avaus,) = meeting.agenda.all()
    rows = {"agenda-TOTAL_FORMS": 2, "agenda-INITIAL_FORMS": 1}
    for number, (pk, title) in enumerate([(avaus.pk, "Avaus"), ("", "Teema")]):
        facts = {"id": pk, "meeting": meeting.pk, "title": title, "minutes": 15, "order": avaus.order if pk else 99}
        facts |= {"kind": "discussion", "visibility": "everybody", "owner_name": ""}
        rows |= {f"agenda-{number}-{name}": value for name, value in facts.items()}
    door = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    assert sign_in(world.kaisa).post(door, typed(meeting, **rows)).status_code == 302
    assert titles(meeting) == ["Avaus", "Teema"]


def test_the_desk_tells_that_agenda_and_last_minutes_are_missing(world, sign_in, make_meeting, meeting):
    earlier = make_meeting(days=-30, title="Edellinen")
    earlier.publish(timezone.now())
    AgendaItem.objects.add(earlier, "Kohta")
    page = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    client = sign_in(world.kaisa)
    assert len(client.get(page).context["lacks"]) == 3
    AgendaItem.objects.add(meeting, "Kohta")
    meeting.invite(timezone.now())
    (owed,) = client.get(page).context["lacks"]
    assert owed.endswith("Edellinen")
    Minutes.objects.start(earlier).skip(timezone.now())
    assert client.get(page).context["lacks"] == []
    assert Meeting.objects.with_readiness(timezone.now()).get(pk=meeting.pk).has_agenda is True
