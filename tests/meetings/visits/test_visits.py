"""Visits to municipalities: written down in one form, counted by year, read by the coordinators of the area only."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Municipality
from meetings.exceptions import NowhereVisited, VisitAhead, VisitKnown
from meetings.models import Meeting, Task, VisitReport
from meetings.models.visit_report import FOLLOW_UP
from meetings.readiness import missing_in
from meetings.tasks import forget_names
from meetings.visits.municipality_table import visits_of
from tests.leaks import assert_not_leaked

LOG = reverse("admin:meetings_meeting_visit_log")
VISITS = reverse("admin:meetings_meeting_visits")
SECRET = "kanarianluottamus"


def year_url(year):
    return reverse("admin:meetings_meeting_visits_year", args=[year])


def report_url(meeting):
    return reverse("admin:meetings_meeting_report", args=[meeting.pk])


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


@pytest.fixture
def log(world, term):
    """log(day, town, …) writes down a visit of Kaisa's and gives its report."""

    def write(on, *places, area=None, by=None, **told):
        places = places or [world.towns.saarijarvi]
        facts = {"area": area or world.area, "municipalities": places, "by": by or world.kaisa}
        return VisitReport.objects.log(visited_on=on, now=timezone.now(), **facts, **told)

    return write


@pytest.fixture
def planned(make_meeting, term, world):
    """planned(days=7) gives a published visit to Äänekoski, announced to members of the area."""

    def make(days=7, **facts):
        facts = {"kind": term("event_types", "kuntavierailu"), "municipality": world.towns.aanekoski} | facts
        made = make_meeting(days=days, title="Kuntavierailu: Äänekoski", visibility=Meeting.MEMBERS, **facts)
        made.publish(timezone.now())
        return made

    return make


def typed(today, *towns, **more):
    return {"municipalities": [town.pk for town in towns], "visited_on": today.isoformat()} | more


def report_form(report, *towns, tasks=(), **more):
    rows = {"tasks-TOTAL_FORMS": len(tasks), "tasks-INITIAL_FORMS": sum("id" in row for row in tasks)}
    rows |= {f"tasks-{n}-{name}": value for n, row in enumerate(tasks) for name, value in row.items()}
    return {"municipalities": [town.pk for town in towns]} | rows | more


# writing one down


def test_a_visit_is_written_down_in_one_form_and_nobody_hears_of_it(kaisa, world, today, send, term):
    theme = term("topics", "osallisuus")
    told = {"met": "Vapaa-aikajohtaja", "talked": "Tilat", "topics": [theme.pk], "follow_up": "Lähetä malli"}
    answer = kaisa.post(LOG, typed(today - timedelta(days=40), world.towns.saarijarvi, world.towns.jyvaskyla, **told))
    assert answer["Location"] == year_url((today - timedelta(days=40)).year)
    report = VisitReport.objects.get()
    meeting = report.meeting
    assert (str(meeting.kind), meeting.is_visit(), meeting.is_draft) == ("Kuntavierailu", True, False)
    assert (meeting.title, meeting.area) == ("Kuntavierailu: Jyväskylä, Saarijärvi", world.area)
    assert timezone.localdate(meeting.starts_at) == today - timedelta(days=40)
    assert set(report.municipalities.all()) == {world.towns.saarijarvi, world.towns.jyvaskyla}
    assert (report.met, report.talked, list(report.topics.all())) == ("Vapaa-aikajohtaja", "Tilat", [theme])
    assert (list(report.went.all()), report.reported_at is not None) == ([world.kaisa], True)
    task = Task.objects.get()
    assert (task.text, task.owner, task.due_on, task.network) == ("Lähetä malli", world.kaisa, today + FOLLOW_UP, None)
    assert (meeting.participations.count(), send(), mail.outbox) == (0, [], [])


def test_the_form_has_six_boxes_and_comes_prefilled(kaisa, world, today):
    page = kaisa.get(f"{LOG}?municipality={world.towns.saarijarvi.pk}")
    form = page.context["form"]
    assert list(form.fields) == ["municipalities", "visited_on", "met", "topics", "talked", "follow_up"]
    assert (form["municipalities"].value(), form["visited_on"].value()) == ([world.towns.saarijarvi.pk], today)
    assert VisitReport.objects.count() == 0


def test_the_second_button_leads_to_the_whole_report(kaisa, world, today):
    answer = kaisa.post(LOG, typed(today, world.towns.saarijarvi, _more="1"))
    assert answer["Location"] == report_url(Meeting.objects.get())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"municipalities": []}, "municipalities"),
        ({"municipalities": ["999"]}, "municipalities"),
        ({"municipalities": ["'; drop"]}, "municipalities"),
        ({"visited_on": "2999-01-01"}, "visited_on"),
        ({"visited_on": "0001-01-01"}, "visited_on"),
        ({"visited_on": "eilen"}, "visited_on"),
        ({"visited_on": ""}, "visited_on"),
        ({"talked": "x" * 5001}, "talked"),
        ({"met": "x" * 1001}, "met"),
        ({"follow_up": "x" * 301}, "follow_up"),
        ({"topics": ["0"]}, "topics"),
    ],
)
def test_what_cannot_be_is_told_at_its_box_and_nothing_is_kept(kaisa, world, today, wrong, field):
    page = kaisa.post(LOG, typed(today, world.towns.saarijarvi, talked="Tilat") | wrong)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert (Meeting.objects.count(), VisitReport.objects.count(), Task.objects.count()) == (0, 0, 0)


def test_the_same_visit_is_not_written_down_twice(kaisa, world, today, log):
    log(today, world.towns.saarijarvi, world.towns.jyvaskyla)
    page = kaisa.post(LOG, typed(today, world.towns.jyvaskyla))
    assert page.context["form"].non_field_errors() == [str(VisitKnown())]
    assert kaisa.post(LOG, typed(today, world.towns.aanekoski)).status_code == 302
    assert kaisa.post(LOG, typed(today - timedelta(days=1), world.towns.jyvaskyla)).status_code == 302
    assert VisitReport.objects.count() == 3


def test_the_verb_refuses_what_the_form_refuses(world, today, log):
    with pytest.raises(VisitAhead):
        log(today + timedelta(days=1))
    with pytest.raises(NowhereVisited):
        VisitReport.objects.log(world.area, [], today, world.kaisa, timezone.now())
    assert Meeting.objects.count() == 0


def test_municipalities_of_two_areas_are_two_visits(client, world, today):
    far = Municipality.objects.create(code="018", slug="askola", region=world.towns.jyvaskyla.region, name_fi="Askola")
    world.other_area.municipalities.add(far)
    client.force_login(world.ulla)
    page = client.post(LOG, typed(today, far, world.towns.jyvaskyla))
    assert list(page.context["form"].errors) == ["municipalities"]
    assert client.post(LOG, typed(today, far)).status_code == 302
    assert Meeting.objects.get().area == world.other_area


def test_looking_changes_nothing(kaisa, planned):
    visit = planned(days=-3)
    for url in (LOG, VISITS, report_url(visit), year_url(2026)):
        assert kaisa.get(url).status_code == 200
    assert (Meeting.objects.count(), VisitReport.objects.count()) == (1, 0)


# the report


def test_a_planned_visit_gets_its_report_and_promises(kaisa, world, planned, today):
    visit = planned(days=-3)
    form = kaisa.get(report_url(visit)).context["form"]
    assert form["municipalities"].value() == [world.towns.aanekoski.pk]
    tasks = [
        {"text": "Kutsu koolle", "owner": world.kaisa.pk, "due_on": (today + timedelta(days=9)).isoformat()},
        {"text": "Piirrä kartta", "owner_name": "Kunnan nuorisotyöntekijä"},
    ]
    words = {"talked": "Auto", "needs": "Koulutus", "met_number": 4, "went": [world.kaisa.pk]}
    answer = kaisa.post(report_url(visit), report_form(None, world.towns.aanekoski, tasks=tasks, **words))
    assert answer["Location"] == report_url(visit)
    report = VisitReport.objects.get()
    assert (report.meeting, report.met_number, report.needs) == (visit, 4, "Koulutus")
    assert [(task.doer, task.network, task.area) for task in Task.objects.order_by("pk")] == [
        ("Kaisa Koordinaattori", None, world.area),
        ("Kunnan nuorisotyöntekijä", None, world.area),
    ]


def test_promises_are_changed_and_taken_back(kaisa, world, log, today):
    report = log(today, follow_up="Lähetä malli")
    task = Task.objects.get()
    Task.objects.update(near_told_at=timezone.now())
    later = (today + timedelta(days=60)).isoformat()
    row = {"id": task.pk, "text": "Lähetä uusi malli", "owner": world.kaisa.pk, "due_on": later}
    url = report_url(report.meeting)
    kaisa.post(url, report_form(report, world.towns.saarijarvi, tasks=[row]))
    task.refresh_from_db()
    assert (task.text, task.due_on.isoformat(), task.near_told_at) == ("Lähetä uusi malli", later, None)
    kaisa.post(url, report_form(report, world.towns.saarijarvi, tasks=[row | {"DELETE": "on"}]))
    assert Task.objects.count() == 0


def test_a_task_of_another_meeting_cannot_be_reached_from_here(kaisa, world, log, today, meeting):
    other = Task.objects.give(meeting, "Muu tehtävä", timezone.now())
    report = log(today)
    row = {"id": other.pk, "text": "Kaapattu"}
    for more in ({}, {"DELETE": "on"}):
        kaisa.post(report_url(report.meeting), report_form(report, world.towns.saarijarvi, tasks=[row | more]))
    assert Task.objects.get().text == "Muu tehtävä"


def test_nothing_is_told_of_a_visit_before_its_day(kaisa, world, planned):
    visit = planned(days=5)
    page = kaisa.post(report_url(visit), report_form(None, world.towns.aanekoski, talked="Meni hyvin"))
    assert (page.status_code, page.context["form"].non_field_errors()) == (422, [str(VisitAhead())])
    answer = kaisa.post(report_url(visit), report_form(None, world.towns.aanekoski, world.towns.saarijarvi))
    assert answer.status_code == 302
    report = VisitReport.objects.get()
    assert (report.municipalities.count(), report.reported_at) == (2, None)


@pytest.mark.parametrize("wrong", [{"municipalities": []}, {"met_number": "-1"}, {"met_number": "99999999999"}])
def test_a_report_that_cannot_be_is_told_at_its_box(kaisa, world, log, today, wrong):
    report = log(today)
    page = kaisa.post(report_url(report.meeting), report_form(report, world.towns.saarijarvi) | wrong)
    assert (page.status_code, list(page.context["form"].errors)) == (422, list(wrong))


def test_only_a_visit_has_a_report(kaisa, meeting):
    assert kaisa.get(report_url(meeting)).status_code == 404
    page = kaisa.get(reverse("admin:meetings_meeting_change", args=[meeting.pk])).content.decode()
    assert report_url(meeting) not in page


def test_the_form_and_the_page_of_a_visit_lead_to_its_report(kaisa, planned):
    visit = planned(days=-2)
    for url in (reverse("admin:meetings_meeting_change", args=[visit.pk]), visit.get_absolute_url()):
        assert f'href="{report_url(visit)}"' in kaisa.get(url).content.decode()


# who waits


def table(user, year, today):
    (area,) = visits_of(user, year, today)
    return [(row.municipality.name_fi, row.number) for row in area.rows]


def test_those_not_visited_come_first_and_of_them_whoever_has_waited_longest(world, log, planned, today):
    this, last = today.replace(day=1), date(today.year - 1, 6, 1)
    log(this, world.towns.jyvaskyla)
    log(last, world.towns.saarijarvi)
    planned(days=400 if today.month == 12 else 2)
    assert table(world.kaisa, today.year, today) == [("Äänekoski", 0), ("Saarijärvi", 0), ("Jyväskylä", 1)]
    assert table(world.kaisa, today.year - 1, today) == [("Äänekoski", 0), ("Jyväskylä", 0), ("Saarijärvi", 1)]
    rows = {row.municipality.name_fi: row for row in visits_of(world.kaisa, today.year, today)[0].rows}
    assert (rows["Äänekoski"].last_at, rows["Äänekoski"].planned_at is not None) == (None, True)
    assert timezone.localdate(rows["Saarijärvi"].last_at) == last


def test_a_visit_to_two_municipalities_counts_in_both_and_once_in_the_sum(world, log, today):
    log(today, world.towns.jyvaskyla, world.towns.saarijarvi)
    log(date(today.year, 1, 1), world.towns.jyvaskyla)
    counts = dict(table(world.kaisa, today.year, today))
    assert counts == {"Äänekoski": 0, "Saarijärvi": 1, "Jyväskylä": 1 if today == date(today.year, 1, 1) else 2}
    assert Meeting.objects.visits_in(today.year, today).count() == 2


def test_visits_of_a_year_are_counted_by_topic(world, log, today, term):
    spaces, sound = term("topics", "tilat"), term("topics", "osallisuus")
    log(date(today.year - 1, 3, 1), topics=[spaces, sound])
    log(date(today.year - 1, 4, 1), topics=[spaces])
    log(date(today.year - 2, 4, 1), topics=[sound])
    found = VisitReport.objects.by_topic(Meeting.objects.run_by(world.kaisa).visits_in(today.year - 1, today))
    assert [(topic.code, number) for topic, number in found] == [("tilat", 2), ("osallisuus", 1)]
    assert VisitReport.objects.by_topic(Meeting.objects.run_by(world.kerttu).visits_in(today.year - 1, today)) == []


def test_a_visit_without_a_report_counts_for_its_place_and_waits_to_be_told_of(world, planned, today):
    visit = planned(days=-1)
    year = timezone.localdate(visit.starts_at).year
    assert dict(table(world.kaisa, year, today))["Äänekoski"] == 1
    assert list(Meeting.objects.unreported(today)) == [visit]
    VisitReport.objects.of(visit).store(timezone.now(), [world.towns.saarijarvi], talked="Tilat")
    assert dict(table(world.kaisa, year, today)) == {"Äänekoski": 0, "Saarijärvi": 1, "Jyväskylä": 0}
    assert list(Meeting.objects.unreported(today)) == []


def test_drafts_cancelled_and_coming_visits_are_not_counted(world, planned, make_meeting, term, today):
    kind = term("event_types", "kuntavierailu")
    make_meeting(days=-1, kind=kind, municipality=world.towns.saarijarvi)
    cancelled = planned(days=3)
    cancelled.cancel(timezone.now(), notify=False)
    Meeting.objects.filter(pk=cancelled.pk).update(
        starts_at=timezone.now() - timedelta(days=1), ends_at=timezone.now() - timedelta(hours=20)
    )
    planned(days=4)
    yesterday = timezone.localdate(timezone.now() - timedelta(days=1))
    assert list(Meeting.objects.visits_in(yesterday.year, today)) == []


def test_a_year_begins_and_ends_by_the_readers_clock(world, planned, today):
    edge = timezone.make_aware(datetime(today.year - 1, 12, 31, 23, 30))
    planned(starts_at=edge)
    planned(starts_at=edge + timedelta(minutes=31))
    assert [Meeting.objects.visits_in(today.year - n, today).count() for n in (0, 1)] == [1, 1]


def test_merged_municipalities_wait_only_while_they_stood(world, today):
    region, ended_on = world.towns.jyvaskyla.region, date(today.year - 2, 1, 1)
    old = Municipality.objects.create(code="077", slug="vanha", region=region, name_fi="Vanha", valid_to=ended_on)
    world.area.municipalities.add(old)
    assert [len(table(world.kaisa, year, today)) for year in (today.year, today.year - 2)] == [3, 4]


def test_the_page_shows_the_year_and_those_around_it(kaisa, world, log, today):
    log(today, world.towns.jyvaskyla)
    page = kaisa.get(VISITS)
    assert (page.context["year"], len(page.context["made"])) == (today.year, 1)
    text = page.content.decode()
    assert f'href="{LOG}?municipality=729"' in text
    assert [f'href="{year_url(today.year + n)}"' in text for n in (-1, 0, 1)] == [True, False, False]
    assert f'href="{year_url(today.year)}"' in kaisa.get(year_url(today.year - 1)).content.decode()
    assert kaisa.get(year_url(today.year - 1)).context["made"] == []
    assert [kaisa.get(VISITS + f"{year}/").status_code for year in (1999, 2101, 99999999)] == [404, 404, 404]


def test_the_table_is_a_file_for_a_spreadsheet(kaisa, world, log, today):
    log(today, world.towns.saarijarvi)
    answer = kaisa.get(reverse("admin:meetings_meeting_visits_csv", args=[today.year]))
    rows = [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()]
    assert [row[1:4] for row in rows[1:]] == [
        ["Jyväskylä", "179", "0"],
        ["Äänekoski", "992", "0"],
        ["Saarijärvi", "729", "1"],
    ]
    assert answer["Content-Disposition"] == f'attachment; filename="visits-{today.year}.csv"'


def test_the_desk_tells_how_many_wait_and_what_has_not_been_told(kaisa, world, log, planned, today):
    log(today, world.towns.jyvaskyla)
    visit = planned(days=-1)
    page = kaisa.get(reverse("admin:index"))
    (area,) = page.context["visits"]
    assert (len(area.waiting), len(area.rows), list(page.context["visits_untold"])) == (
        1 if visit.starts_at.year == today.year else 2,
        3,
        [visit],
    )


def test_the_page_asks_as_often_for_many_visits_as_for_one(kaisa, world, log, today, term, make_meeting):
    topics, found = [term("topics", "osallisuus"), term("topics", "tilat")], []
    for number in (1, 12):
        for n in range(number):
            log(today - timedelta(days=n + number), *vars(world.towns).values(), topics=topics, follow_up="Soita")
            made = make_meeting(days=-n - 1, is_external=True)
            made.publish(timezone.now())
            made.themes.set(topics)
        kaisa.get(VISITS)
        with CaptureQueriesContext(connection) as asked:
            kaisa.get(year_url(today.year))
        found.append(len(asked))
    assert found[0] == found[1] <= 18


# for whom


def test_visits_are_for_the_coordinators_of_their_area(client, world, log, today):
    visit = log(today, talked=SECRET, met=SECRET, follow_up=SECRET).meeting
    pages = [LOG, VISITS, report_url(visit), reverse("admin:meetings_meeting_visits_csv", args=[today.year])]
    for person in (world.aino, world.matti, world.niilo, world.eetu):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} == {302}
        assert {client.post(page).status_code for page in pages} == {302}
        assert client.get(visit.get_absolute_url()).status_code == 404
    client.force_login(world.kerttu)
    assert [client.get(page).status_code for page in pages] == [200, 200, 404, 200]
    assert client.post(report_url(visit), report_form(None, world.towns.saarijarvi)).status_code == 404
    assert client.post(LOG, typed(today, world.towns.jyvaskyla)).status_code == 422
    assert_not_leaked("Saarijärvi", *(client.get(page) for page in pages))
    assert VisitReport.objects.visible_to(world.kerttu).count() == 0
    assert VisitReport.objects.visible_to(AnonymousUser()).count() == 0
    assert VisitReport.objects.visible_to(world.kaisa).count() == 1


def test_the_page_of_a_public_visit_tells_nothing_of_its_report(client, world, log, today, planned):
    visit = planned(days=-1, networks=[world.iso])
    VisitReport.objects.of(visit).store(
        timezone.now(), [world.towns.aanekoski], talked=SECRET, met=SECRET, needs=SECRET, strengths=SECRET
    )
    visit.visit_report.follow_up(SECRET, timezone.now(), owner=world.kaisa)
    visit.change(timezone.now(), visibility=Meeting.PUBLIC)
    assert not Task.objects.visible_to(world.aino).exists()
    pages = [
        visit.get_absolute_url(),
        reverse("meetings:meeting-ics", args=[visit.slug]),
        reverse("meetings:network-feed", args=[world.iso.slug]),
        reverse("meetings:area-feed", args=[world.area.slug]),
        f"{reverse('meetings:meeting-list')}?when=past",
        reverse("meetings:month", args=[visit.starts_at.year, visit.starts_at.month]),
        reverse("meetings:decision-list"),
        f"{reverse('meetings:task-list')}?whose=all",
    ]
    for person in (None, world.niilo, world.aino, world.eetu, world.kerttu):
        client.logout()
        if person:
            client.force_login(person)
        for page in pages:
            assert_not_leaked(SECRET, client.get(page), where=page)
        assert_not_leaked(SECRET, client.get(reverse("search"), {"q": "kuntavierailu"}))
        assert_not_leaked(visit.title, client.get(reverse("search"), {"q": SECRET}))


def test_a_visit_written_down_stands_in_no_calendar_but_the_coordinators(client, world, log, today):
    visit = log(today - timedelta(days=1)).meeting
    for person, seen in [(world.aino, False), (world.kerttu, False), (world.kaisa, True), (world.ulla, True)]:
        assert Meeting.objects.visible_to(person).filter(pk=visit.pk).exists() == seen
    assert not Meeting.objects.visible_to(AnonymousUser()).exists()
    assert not Meeting.objects.of_calendar_of(world.aino).exists()


def test_names_are_forgotten_after_two_years_and_the_number_stays(log, world, today):
    old, fresh = log(today - timedelta(days=740), met="Nimi Henkilö"), log(today - timedelta(days=700), met="Toinen")
    VisitReport.objects.filter(pk=old.pk).update(met_number=3)
    forget_names()
    forget_names()
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.met, old.met_number, fresh.met) == ("", 3, "Toinen")


def test_a_visit_needs_no_agenda_and_no_invitations_to_be_ready(planned):
    planned(days=3)
    now = timezone.now()
    assert list(missing_in(Meeting.objects.with_readiness(now), now).values()) == [[]]


def test_a_coming_visit_tells_only_of_its_place(planned):
    planned(days=3, mode=Meeting.ONSITE, place_name="", town="")
    now = timezone.now()
    (lacks,) = missing_in(Meeting.objects.with_readiness(now), now).values()
    assert len(lacks) == 1


# a slip


def test_a_visit_written_down_by_mistake_is_removed_whole(kaisa, log, today):
    report = log(today, follow_up="Lähetä malli")
    url = report_url(report.meeting)
    assert "_take_back" in kaisa.get(url).content.decode()
    assert kaisa.post(url, {"_take_back": "1"})["Location"] == VISITS
    assert (Meeting.objects.count(), VisitReport.objects.count(), Task.objects.count()) == (0, 0, 0)


def test_a_visit_that_others_know_of_stays(kaisa, world, log, planned, today):
    announced, public = planned(days=-2), log(today).meeting
    VisitReport.objects.of(announced).store(timezone.now(), [world.towns.aanekoski])
    public.change(timezone.now(), visibility=Meeting.PUBLIC)
    for visit in (announced, public, planned(days=9)):
        assert "_take_back" not in kaisa.get(report_url(visit)).content.decode()
        assert kaisa.post(report_url(visit), {"_take_back": "1"})["Location"] == report_url(visit)
    assert (Meeting.objects.count(), VisitReport.objects.count()) == (3, 2)


def test_another_areas_coordinator_removes_nothing(client, world, log, today):
    visit = log(today).meeting
    client.force_login(world.kerttu)
    assert client.post(report_url(visit), {"_take_back": "1"}).status_code == 404
    assert Meeting.objects.filter(pk=visit.pk).exists()
