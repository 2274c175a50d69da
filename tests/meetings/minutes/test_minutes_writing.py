"""Writing minutes while the meeting goes on: what is saved is saved, and nobody overwrites another."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Decision, Minutes, Participation, Task

JSON = {"accept": "application/json"}


@pytest.fixture
def item(meeting):
    return AgendaItem.objects.add(meeting, "Kuulumiset", minutes=30)


@pytest.fixture
def write(meeting, item):
    """write(client, text, version) sends the notes of the item as the script does."""

    def send(client, notes, version=0, **more):
        facts = {"item": item.pk, "version": version, "notes": notes, **more}
        return client.post(reverse("meetings:note-save", args=[meeting.slug]), facts, headers=JSON)

    return send


def page(meeting):
    return reverse("meetings:minutes-write", args=[meeting.slug])


def test_notes_are_saved_and_the_answer_tells_when(world, sign_in, item, write):
    answer = write(sign_in(world.kaisa), "Kuultiin kuulumiset.\n")
    item.refresh_from_db()
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert answer.json()["words"].endswith(f"{timezone.localtime(item.notes_at):%-H.%M}")
    assert (item.notes, item.notes_version, item.notes_by) == ("Kuultiin kuulumiset.\n", 1, world.kaisa)


def test_a_second_writer_overwrites_nothing_and_gets_both_texts(world, sign_in, item, write):
    client = sign_in(world.kaisa)
    write(client, "Ensimmäinen")
    answer = write(client, "Toinen")
    item.refresh_from_db()
    assert (answer.status_code, item.notes) == (409, "Ensimmäinen")
    assert {name: answer.json()[name] for name in ("theirs", "version")} == {"theirs": "Ensimmäinen", "version": 1}
    assert write(client, "Molemmat", version=1).status_code == 200


def test_the_same_text_sent_again_is_no_conflict(world, sign_in, item, write):
    client = sign_in(world.kaisa)
    assert [write(client, "Sama").status_code for _time in range(2)] == [200, 200]
    item.refresh_from_db()
    assert item.notes_version == 1


def test_without_a_script_the_button_saves_and_a_conflict_shows_both_texts(world, sign_in, meeting, item):
    client, door = sign_in(world.kaisa), reverse("meetings:note-save", args=[meeting.slug])
    saved = client.post(door, {"item": item.pk, "version": 0, "notes": "Ensimmäinen"})
    assert (saved.status_code, saved["Location"]) == (302, f"{page(meeting)}#item-{item.pk}")
    clash = client.post(door, {"item": item.pk, "version": 0, "notes": "Toinen"})
    (part,) = clash.context["sections"]
    assert (clash.status_code, part["theirs"], part["notes"]) == (409, "Ensimmäinen", "Toinen")
    assert 'name="version" value="1"' in clash.content.decode()


def test_what_is_said_of_the_whole_meeting_is_kept_too(world, sign_in, meeting):
    facts = {"item": "", "version": 0, "notes": "Paikalla kaksikymmentä."}
    sign_in(world.kaisa).post(reverse("meetings:note-save", args=[meeting.slug]), facts, headers=JSON)
    meeting.refresh_from_db()
    assert meeting.kept_minutes.notes == "Paikalla kaksikymmentä."


def test_looking_at_the_page_makes_no_minutes(world, sign_in, meeting):
    assert sign_in(world.kaisa).get(page(meeting)).status_code == 200
    meeting.refresh_from_db()
    assert not hasattr(meeting, "kept_minutes")


def test_notes_of_another_meetings_item_are_not_written(world, sign_in, make_meeting, meeting, write):
    foreign = AgendaItem.objects.add(make_meeting(title="Toinen"), "Toisen kohta")
    assert write(sign_in(world.kaisa), "Väärään", item=foreign.pk).status_code == 422
    foreign.refresh_from_db()
    assert foreign.notes == ""


def test_a_participant_with_the_right_writes_this_meeting_and_no_other(
    world, sign_in, make_meeting, meeting, item, write
):
    keeping = reverse("meetings:minutes-keeping", args=[meeting.slug])
    sign_in(world.kaisa).post(keeping, {"taker": world.aino.pk, "visibility": "members"})
    client = sign_in(world.aino)
    assert write(client, "Aino kirjoittaa").status_code == 200
    other = make_meeting(title="Toinen")
    other.publish(timezone.now())
    assert client.get(page(other)).status_code == 404
    assert client.get(reverse("meetings:minutes-approve", args=[meeting.slug])).status_code == 404


def test_the_right_to_write_ends_with_the_membership(world, sign_in, meeting, item, write):
    Minutes.objects.start(meeting).hand_to(world.aino)
    world.iso.membership_of(world.aino).leave(timezone.now())
    assert write(sign_in(world.aino), "Vielä kerran").status_code == 404


def test_a_guest_who_takes_the_minutes_needs_no_network(world, sign_in, meeting, item, write):
    Participation(meeting=meeting, email=world.niilo.email).list_as_guest(timezone.now())
    Minutes.objects.start(meeting).hand_to(world.niilo)
    assert write(sign_in(world.niilo), "Vieras kirjoittaa").status_code == 200


@pytest.mark.parametrize("who", ["aino", "niilo", "kerttu"])
def test_nobody_else_writes(world, sign_in, meeting, item, write, who):
    client = sign_in(getattr(world, who))
    assert write(client, "Ei").status_code == 404
    assert client.get(page(meeting)).status_code == 404
    for name in ("decision-add", "task-add", "minutes-keeping"):
        assert client.post(reverse(f"meetings:{name}", args=[meeting.slug]), {"text": "Ei"}).status_code == 404
    assert (Decision.objects.count(), Task.objects.count()) == (0, 0)


def test_somebody_signed_out_is_sent_to_sign_in_and_nothing_is_written(client, item, write):
    assert write(client, "Ei").status_code == 302
    item.refresh_from_db()
    assert item.notes == ""


def test_decisions_are_numbered_within_their_network_and_year(world, sign_in, make_meeting, meeting, item):
    client = sign_in(world.kaisa)
    for text in ("Ensin", "Sitten"):
        client.post(reverse("meetings:decision-add", args=[meeting.slug]), {"item": item.pk, "text": text})
    other = make_meeting(title="Perus", networks=[world.closed])
    client.post(reverse("meetings:decision-add", args=[other.slug]), {"item": "", "text": "Muualla"})
    found = Decision.objects.order_by("pk").values_list("text", "number", "year", "network", "item")
    year = timezone.localdate(meeting.starts_at).year
    assert list(found) == [
        ("Ensin", 1, year, world.iso.pk, item.pk),
        ("Sitten", 2, year, world.iso.pk, item.pk),
        ("Muualla", 1, year, world.closed.pk, None),
    ]


def test_a_meeting_of_no_network_numbers_within_the_area(make_meeting):
    lonely = [make_meeting(title=title, networks=[]) for title in ("A", "B")]
    assert [Decision.objects.record(meeting, "Päätös", timezone.now()).number for meeting in lonely] == [1, 2]


def test_a_decision_written_by_mistake_is_taken_back(world, sign_in, meeting):
    decision = Decision.objects.record(meeting, "Vahinko", timezone.now())
    sign_in(world.kaisa).post(reverse("meetings:decision-remove", args=[meeting.slug, decision.pk]))
    assert not Decision.objects.exists()


def test_a_task_is_written_on_one_line(world, sign_in, meeting, item):
    facts = {"item": item.pk, "text": "Kootaan luvut", "owner": world.aino.pk, "due_on": "2027-05-31"}
    sign_in(world.kaisa).post(reverse("meetings:task-add", args=[meeting.slug]), facts)
    task = Task.objects.get()
    assert (task.text, task.owner, f"{task.due_on}", task.item, task.network) == (
        "Kootaan luvut",
        world.aino,
        "2027-05-31",
        item,
        world.iso,
    )


def test_a_task_can_belong_to_somebody_without_an_account(world, sign_in, meeting):
    facts = {"item": "", "text": "Tilataan kahvi", "owner_name": "Talonmies"}
    sign_in(world.kaisa).post(reverse("meetings:task-add", args=[meeting.slug]), facts)
    assert Task.objects.get().doer == "Talonmies"


def test_a_refused_row_stays_in_its_open_box_with_words_at_the_field(world, sign_in, meeting, item):
    facts = {"text": "Kootaan lista", "owner": world.aino.pk, "due_on": "huomenna", "item": item.pk}
    answer = sign_in(world.kaisa).post(reverse("meetings:task-add", args=[meeting.slug]), facts)
    (box,) = answer.context["sections"]
    kept = (box["open"], box["data"]["text"], box["data"]["owner"], list(box["errors"]))
    assert (answer.status_code, kept) == (422, ("task", "Kootaan lista", str(world.aino.pk), ["due_on"]))
    assert [str(message) for message in answer.context["messages"]] == [
        "Mihin mennessä: Kirjoita päivä muodossa 20.1.2027."
    ]
    assert not Task.objects.exists()


def test_a_task_is_not_due_before_its_meeting(world, sign_in, meeting):
    door = reverse("meetings:task-add", args=[meeting.slug])
    held_on = timezone.localdate(meeting.starts_at)
    before = sign_in(world.kaisa).post(door, {"text": "Tee", "due_on": held_on - timedelta(days=1)})
    assert (before.status_code, list(before.context["whole"]["errors"])) == (422, ["due_on"])
    sign_in(world.kaisa).post(door, {"text": "Tee", "due_on": held_on})
    assert Task.objects.get().due_on == held_on


def test_after_a_row_the_page_is_ready_for_one_more(world, sign_in, meeting, item):
    door = reverse("meetings:decision-add", args=[meeting.slug])
    answer = sign_in(world.kaisa).post(door, {"text": "Päätettiin", "item": item.pk}, follow=True)
    assert answer.redirect_chain == [(f"{page(meeting)}?more=decision-{item.pk}", 302)]
    assert ([box["open"] for box in answer.context["sections"]], answer.context["whole"]["open"]) == (["decision"], "")


def test_a_row_taken_away_is_put_back_as_it_was(world, sign_in, meeting, item):
    client, day = sign_in(world.kaisa), timezone.localdate(meeting.starts_at)
    task = Task.objects.give(meeting, "Kootaan lista", timezone.now(), owner=world.aino, due_on=day, item=item)
    decision = Decision.objects.record(meeting, "Päätettiin", timezone.now(), item=item)
    Decision.objects.record(meeting, "Seuraava", timezone.now())
    for name, row in (("task", task), ("decision", decision)):
        answer = client.post(reverse(f"meetings:{name}-remove", args=[meeting.slug, row.pk]), follow=True)
        gone = answer.context["removed"]
        assert (gone["kind"], gone["text"]) == (name, row.text)
        hidden = {key: gone[key] for key in ("text", "item", "owner", "owner_name", "due_on")}
        client.post(reverse(f"meetings:{name}-add", args=[meeting.slug]), hidden | {"back": "1"})
    again = Task.objects.get()
    assert (again.text, again.owner, again.due_on, again.item) == ("Kootaan lista", world.aino, day, item)
    back = Decision.objects.get(text="Päätettiin")
    assert (back.text, back.item, back.reference) == ("Päätettiin", item, decision.reference)


def test_a_break_has_no_box_unless_somebody_wrote_there(world, sign_in, meeting):
    AgendaItem.objects.add(meeting, "Tauko", kind="break")
    AgendaItem.objects.add(meeting, "Kahvi", kind="break", notes="Puhuttiin jo teemasta", notes_version=1)
    boxes = sign_in(world.kaisa).get(page(meeting)).context["sections"]
    assert [box["note"].title for box in boxes] == ["Kahvi"]


def test_the_coordinator_goes_from_the_minutes_to_the_next_meeting(world, sign_in, make_meeting, meeting):
    client = sign_in(world.kaisa)
    assert client.get(page(meeting)).context["next"] is None
    later = make_meeting(days=40)
    later.publish(timezone.now())
    foreign = make_meeting(days=10, networks=[])
    foreign.publish(timezone.now())
    assert client.get(page(meeting)).context["next"] == later


def test_a_task_is_not_given_to_somebody_outside_the_meeting(world, sign_in, meeting):
    facts = {"item": "", "text": "Ei", "owner": world.eetu.pk}
    sign_in(world.kaisa).post(reverse("meetings:task-add", args=[meeting.slug]), facts)
    assert not Task.objects.exists()


def test_open_tasks_of_earlier_meetings_stand_on_the_next_agenda(world, sign_in, make_meeting, meeting):
    earlier = make_meeting(days=-30)
    earlier.publish(timezone.now())
    still_open = Task.objects.give(earlier, "Avoin", timezone.now(), owner=world.matti)
    Task.objects.give(earlier, "Tehty", timezone.now()).finish(timezone.now())
    Task.objects.give(make_meeting(days=-20, networks=[world.closed]), "Toisen verkoston", timezone.now())
    later = make_meeting(days=60)
    Task.objects.give(later, "Myöhemmän", timezone.now())
    assert list(sign_in(world.kaisa).get(page(meeting)).context["carried"]) == [still_open]
    assert list(sign_in(world.aino).get(meeting.get_absolute_url()).context["carried"]) == [still_open]


def test_visitors_see_no_tasks(client, make_meeting, meeting):
    Task.objects.give(make_meeting(days=-30), "Avoin", timezone.now())
    assert client.get(meeting.get_absolute_url()).context["carried"] == []
