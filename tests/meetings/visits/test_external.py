"""Meetings held by others that we attend: named so everywhere, with themes to search by and notes for members."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from contacts.models import Organisation
from meetings.models import ExternalNotes, Meeting
from meetings.tasks import forget_names
from tests.leaks import assert_not_leaked, is_leaked
from tests.meetings.test_desk import change_url, typed

LIST = reverse("meetings:meeting-list")
ADD = reverse("admin:meetings_meeting_add")
SECRET = "kanarianlopputulos"


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


@pytest.fixture
def external(make_meeting, world):
    """external(days=7, brought=…, came_out=…) gives a published meeting that others hold, with notes."""

    def make(days=7, visibility=ExternalNotes.MEMBERS, **facts):
        told = {name: facts.pop(name) for name in ("brought", "came_out", "represented_by") if name in facts}
        facts = {"title": "Ohjaamoverkosto", "held_by": "Työllisyysalue", "networks": [], "is_external": True} | facts
        made = make_meeting(days=days, **facts)
        made.publish(timezone.now())
        if told:
            ExternalNotes.objects.create(meeting=made, visibility=visibility, **told)
        return made

    return make


def notes_form(**told):
    rows = {
        "external_notes-TOTAL_FORMS": 1,
        "external_notes-INITIAL_FORMS": 0,
        "external_notes-0-visibility": "members",
    }
    return rows | {f"external_notes-0-{name}": value for name, value in told.items()}


def read_by(client, person, meeting):
    client.logout()
    if person:
        client.force_login(person)
    return client.get(meeting.get_absolute_url())


# on the desk


def test_what_is_held_by_others_is_not_folded_away(client, world):
    client.force_login(world.kaisa)
    add = reverse("admin:meetings_meeting_add")
    for query, number in (({}, 2), ({"is_external": "1"}, 0)):
        assert client.get(add, query).text.count("<details") == number


def test_a_new_external_meeting_begins_with_its_section(kaisa):
    page = kaisa.get(ADD, {"is_external": "1"})
    assert page.context["adminform"].form["is_external"].value()
    assert [inline.opts.model for inline in page.context["inline_admin_formsets"]] == [ExternalNotes]
    assert [inline.opts.model for inline in kaisa.get(ADD).context["inline_admin_formsets"]] == []


def test_what_was_brought_and_came_out_is_kept_with_themes_and_nobody_is_invited(
    kaisa, world, make_meeting, term, send
):
    draft, theme = make_meeting(days=-2, networks=[]), term("topics", "osallisuus")
    facts = typed(draft, slug="", is_external="on", themes=[theme.pk], keywords="Edunvalvonta, brax , Brax")
    told = notes_form(brought="Kartta", came_out="Työryhmä", represented_by="Aluekoordinaattori")
    assert kaisa.post(f"{ADD}?is_external=1", facts | told | {"held_by": "Hyte-ryhmä"}).status_code == 302
    made = Meeting.objects.get(is_external=True)
    assert (made.held_by, list(made.themes.all()), made.keywords) == ("Hyte-ryhmä", [theme], ["edunvalvonta", "brax"])
    notes = made.external_notes
    assert (notes.brought, notes.came_out, notes.represented_by) == ("Kartta", "Työryhmä", "Aluekoordinaattori")
    made.publish(timezone.now())
    assert (made.participations.count(), made.invited_at, send()) == (0, None, [])


def test_members_are_invited_to_an_external_meeting_only_when_wished(external, world, send):
    made = external(networks=[world.iso])
    assert send() == []
    made.invite(timezone.now())
    assert len(send()) == 2


def test_the_holders_name_is_kept_as_it_was_that_day(kaisa, world, external):
    made = external(held_by="")
    body = Organisation.objects.create(slug="lvv", name="Valvoja", type=world.employer.type)
    told = notes_form() | {"is_external": "on"}
    assert kaisa.post(change_url(made), typed(made, host=body.pk, **told)).status_code in (200, 302)
    made.refresh_from_db()
    assert (made.host, made.held_by) == (body, "Valvoja")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("ends_at", "2020-01-01T10:00"),
        ("held_by", "x" * 161),
        ("keywords", ",".join(f"sana{n}" for n in range(9))),
        ("keywords", "x" * 41),
        ("themes", "0"),
    ],
)
def test_what_cannot_be_is_told_at_its_box(kaisa, external, field, wrong):
    made = external()
    page = kaisa.post(change_url(made), typed(made, is_external="on", **notes_form()) | {field: wrong})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    assert Meeting.objects.filter(held_by="Työllisyysalue", keywords=[]).exists()


def test_notes_too_long_are_refused(kaisa, external):
    made = external()
    page = kaisa.post(change_url(made), typed(made, is_external="on", **notes_form(came_out="x" * 5001)))
    assert page.status_code == 200
    assert not ExternalNotes.objects.exists()


def test_a_copy_keeps_who_holds_it_and_its_themes_but_no_notes(external, term):
    made = external(days=-1, came_out=SECRET)
    made.themes.add(term("topics", "osallisuus"))
    copy = made.copy(timezone.now())
    assert (copy.held_by, copy.is_external, copy.themes.count()) == ("Työllisyysalue", True, 1)
    assert not ExternalNotes.objects.filter(meeting=copy).exists()


# in words, everywhere


def test_the_list_the_page_and_the_month_say_in_words_that_others_hold_it(client, external):
    made = external()
    month = reverse("meetings:month", args=[timezone.localdate(made.starts_at).year, made.starts_at.month])
    words = {
        LIST: "Held by others; we attend",
        made.get_absolute_url(): "Held by others; we attend",
        month: "held by others",
    }
    for page, said in words.items():
        text = client.get("/en" + page.replace("/tapaamiset", "/meetings")).content.decode()
        assert said in text, page
        assert page == month or "Työllisyysalue" in text


def test_feeds_and_files_say_it_too(client, world, external):
    made = external(networks=[world.iso])
    for name, slug in [("network-feed", world.iso.slug), ("meeting-ics", made.slug), ("area-feed", world.area.slug)]:
        body = client.get("/en" + reverse(f"meetings:{name}", args=[slug]), follow=True).content
        if not body.startswith(b"BEGIN"):
            body = client.get(reverse(f"meetings:{name}", args=[slug])).content
        (event,) = Calendar.from_ical(body).walk("VEVENT")
        assert str(event["SUMMARY"]).startswith("Ohjaamoverkosto (")
        assert "Työllisyysalue" in str(event["DESCRIPTION"])


def test_the_coordinators_calendar_says_it_too(kaisa, external, make_meeting):
    made = external()
    make_meeting(title="Oma", days=7)
    day = timezone.localdate(made.starts_at)
    span = {"start": f"{day - timedelta(days=2)}T00:00", "end": f"{day + timedelta(days=2)}T00:00"}
    found = {
        event["title"]: event["className"] for event in kaisa.get(reverse("admin:meetings_meeting_events"), span).json()
    }
    assert sorted(found.values()) == ["", "is-external"]
    assert next(title for title, names in found.items() if names).startswith("Ohjaamoverkosto (")
    for name, args in [("month", [day.year, day.month]), ("year", [day.year])]:
        assert "Ohjaamoverkosto" in kaisa.get(reverse(f"admin:meetings_meeting_{name}", args=args)).content.decode()


# found by theme


def test_the_list_is_narrowed_by_theme_and_by_who_holds_it(client, external, make_meeting, term):
    theme = term("topics", "osallisuus")
    theirs, ours = external(), make_meeting(title="Oma")
    ours.publish(timezone.now())
    theirs.themes.add(theme)

    def found(**asked):
        return {meeting.title for meeting in client.get(LIST, asked).context["page"]}

    assert found() == {"Ohjaamoverkosto", "Oma"}
    assert found(theme="osallisuus") == {"Ohjaamoverkosto"}
    assert (found(held="True"), found(held="False")) == ({"Ohjaamoverkosto"}, {"Oma"})
    for wrong in ({"theme": "'"}, {"held": "x"}):
        assert client.get(LIST, wrong).status_code == 200


def test_meetings_are_searched_by_theme_in_each_language_and_by_keyword(client, external, term):
    made = external(keywords=["toimintaympäristön muutos"])
    made.themes.add(term("topics", "osallisuus", fi="Nuorten osallisuus", sv="Delaktighet", en="Participation"))
    made.index()
    for words in ("osallisuuden", "delaktighet", "participation", "toimintaympäristö"):
        assert [each.title for each in client.get(LIST, {"q": words}).context["page"]] == ["Ohjaamoverkosto"], words
    Meeting.objects.update(search_vector=None)
    call_command("reindex", "--all", verbosity=0)
    assert len(client.get(LIST, {"q": "delaktighet"}).context["page"]) == 1


def test_themes_on_the_page_lead_to_the_list(client, external, term):
    made = external(days=-1, keywords=["brax"])
    made.themes.add(term("topics", "osallisuus"))
    page = client.get(made.get_absolute_url()).content.decode()
    assert f'href="{LIST}?theme=osallisuus&amp;when=past"' in page
    assert f'href="{LIST}?q=brax&amp;when=past"' in page


# the notes


def test_what_came_out_is_for_members_of_the_area_unless_it_is_marked(client, world, external):
    made = external(days=-1, brought="Tuotiin kartta", came_out=SECRET, represented_by="Koordinaattori")
    readers = {"aino": True, "matti": True, "kaisa": True, "ulla": True, "niilo": False, "eetu": False, "kerttu": False}
    for name, reads in [(None, False), *readers.items()]:
        page = read_by(client, getattr(world, name) if name else None, made)
        assert (is_leaked(SECRET, page), is_leaked("Tuotiin kartta", page)) == (reads, reads), name
    ExternalNotes.objects.update(visibility=ExternalNotes.PUBLIC)
    for person in (None, world.eetu):
        assert SECRET in read_by(client, person, made).text
    made.change(timezone.now(), visibility=Meeting.NETWORK)
    assert not ExternalNotes.objects.visible_to(AnonymousUser()).exists()
    assert not ExternalNotes.objects.visible_to(world.eetu).exists()


def test_notes_stand_in_no_feed_and_no_search(client, world, external):
    made = external(days=-1, networks=[world.iso], came_out=SECRET, brought=SECRET)
    made.index()
    for person in (None, world.eetu, world.aino):
        client.logout()
        if person:
            client.force_login(person)
        for page in (
            reverse("meetings:network-feed", args=[world.iso.slug]),
            reverse("meetings:meeting-ics", args=[made.slug]),
        ):
            assert_not_leaked(SECRET, client.get(page), where=page)
        assert_not_leaked(made.title, client.get(reverse("search"), {"q": SECRET}))
        assert list(client.get(LIST, {"q": SECRET, "when": "past"}).context["page"]) == []


def test_markup_in_notes_and_names_stays_words(client, world, external):
    made = external(days=-1, held_by="<b>Iso</b>", came_out="<script>alert(1)</script>", keywords=["<i>x</i>"])
    text = read_by(client, world.aino, made).text
    assert "<b>Iso" not in text
    assert "<script>alert" not in text
    assert "<i>x" not in text


def test_an_own_meeting_shows_no_notes_even_if_it_had_them(client, world, external):
    made = external(days=-1, came_out=SECRET)
    made.change(timezone.now(), is_external=False)
    assert_not_leaked(SECRET, read_by(client, world.aino, made))


def test_another_areas_coordinator_cannot_write_them(client, world, external):
    made = external()
    client.force_login(world.kerttu)
    assert client.post(change_url(made), typed(made, is_external="on", **notes_form(came_out="x"))).status_code == 404
    assert not ExternalNotes.objects.exists()
    assert not ExternalNotes.objects.run_by(world.kerttu).exists()


def test_who_went_is_forgotten_after_two_years(external):
    old = external(days=-740, represented_by="Nimi", came_out="Tulos").external_notes
    fresh = external(days=-700, represented_by="Toinen").external_notes
    forget_names()
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.represented_by, old.came_out, fresh.represented_by) == ("", "Tulos", "Toinen")


# what the report counts


def test_external_meetings_of_a_year_are_counted_by_theme(external, make_meeting, term):
    noon = timezone.make_aware(datetime(timezone.localdate().year - 1, 6, 1, 12))
    today, year = timezone.localdate(), timezone.localdate().year
    for number, codes in enumerate([["tilat", "osallisuus"], ["osallisuus"], []]):
        external(starts_at=noon + timedelta(days=number)).themes.set([term("topics", code) for code in codes])
    external(days=400).themes.add(term("topics", "tilat"))
    ours = make_meeting(starts_at=noon)
    ours.publish(timezone.now())
    ours.themes.add(term("topics", "tilat"))
    found = Meeting.objects.external_in(year - 1, today)
    assert found.count() == 3
    assert [(theme.code, number) for theme, number in found.by_theme()] == [("osallisuus", 2), ("tilat", 1)]
    assert list(Meeting.objects.external_in(year, today)) == []
    held = Meeting.objects.past(timezone.now())
    assert {theme.code: number for theme, number in held.by_theme()} == {"osallisuus": 2, "tilat": 2}
