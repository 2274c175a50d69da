"""Whom an issue is meant for: several lists, saved audiences, and each address once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from contacts.models import Organisation, User
from meetings.models import Participation
from networks.models import Membership
from newsletters.issues.audience_counts import count_audience
from newsletters.models import MailingList, Segment, Subscription
from outbox.models import Delivery, Suppression


@pytest.fixture
def segment(world):
    """segment(networks=[…], languages=[…]) makes a saved audience of Kaisa's area."""

    def make(name="Kohderyhmä", languages=(), attended_since=None, area=None, **chosen):
        made = Segment.objects.create(
            area=area or world.area, name=name, languages=list(languages), attended_since=attended_since
        )
        for rule, rows in chosen.items():
            getattr(made, rule).set(rows)
        return made

    return make


@pytest.fixture
def everybody(reads, world):
    for email in [
        "virpi@example.org",
        "kaisa@example.org",
        "aino@example.org",
        "matti@example.org",
        "eetu@example.org",
    ]:
        reads(email)
    reads("niilo@example.org", "sv")


def meant(issue, segment, now):
    issue.segment = segment
    return {subscription.email.partition("@")[0] for subscription in issue.recipients(now)}


def test_without_an_audience_everybody_on_the_list_gets_it(issue, everybody, now):
    assert meant(issue, None, now) == {"virpi", "kaisa", "aino", "matti", "eetu", "niilo"}


def test_by_network_and_role_in_one_and_the_same_membership(issue, everybody, segment, world, term, now):
    role = term("network_roles", "yhteyshenkilo")
    world.closed.take_in(world.niilo, now=now, role=role)
    assert meant(issue, segment("a", networks=[world.iso]), now) == {"aino", "matti"}
    assert meant(issue, segment("b", roles=[role]), now) == {"matti", "niilo"}
    assert meant(issue, segment("c", networks=[world.iso], roles=[role]), now) == {"matti"}
    Membership.objects.get(user=world.matti).leave(now)
    assert meant(issue, segment("d", networks=[world.iso]), now) == {"aino"}


def test_by_sector_municipality_and_form_of_work(issue, everybody, segment, world, term, now):
    sector, form = term("sectors", "opetus"), term("work_forms", "koulunuorisotyo")
    school = Organisation.objects.create(
        slug="koulu", name="Koulu", type=term("organisation_types", "koulu"), sector=sector
    )
    school.work_forms.add(form)
    User.objects.filter(pk=world.aino.pk).update(organisation=school, municipality=world.towns.saarijarvi)
    assert meant(issue, segment("a", sectors=[sector]), now) == {"aino"}
    assert meant(issue, segment("b", municipalities=[world.towns.saarijarvi]), now) == {"aino"}
    assert meant(issue, segment("c", work_forms=[form]), now) == {"aino"}
    world.iso.work_forms.add(form)
    assert meant(issue, segment("d", work_forms=[form]), now) == {"aino", "matti"}


def test_what_another_area_knows_of_its_people_cannot_be_found_out(issue, everybody, segment, world, now):
    """Eetu works in Jyväskylä too, but belongs to the other area only; Niilo belongs to none."""
    assert meant(issue, segment(municipalities=[world.towns.jyvaskyla]), now) == {"aino", "matti", "niilo"}


def test_by_having_come_to_a_meeting_with_or_without_an_account(issue, everybody, segment, meeting, world, now):
    meeting.participations.filter(user=world.aino).update(attended_at=now)
    Participation.objects.create(
        meeting=meeting, email="Virpi@example.org", name="Virpi", is_guest=True, added_at=now, attended_at=now
    )
    assert meant(issue, segment("a", meetings=[meeting]), now) == {"aino", "virpi"}
    assert meant(issue, segment("b", attended_since=meeting.starts_at.date()), now) == {"aino", "virpi"}
    assert meant(issue, segment("c", attended_since=meeting.starts_at.date() + timedelta(days=2)), now) == set()
    assert meant(issue, segment("d", attended_since=date(2020, 1, 1), networks=[world.iso]), now) == {"aino"}


def test_by_language(issue, everybody, segment, now):
    assert meant(issue, segment(languages=["sv", "en"]), now) == {"niilo"}


def test_an_address_that_nobody_has_proved_passes_no_rule_about_people(issue, reads, segment, world, now):
    reads("aino@example.org")
    world.aino.emailaddress_set.update(verified=False)
    assert meant(issue, segment(networks=[world.iso]), now) == set()


# --- several lists ---


@pytest.fixture
def other(world):
    return MailingList.objects.create(area=world.area, code="koulutus", name_fi="Koulutuskalenteri")


def test_whoever_reads_both_lists_gets_one_letter_by_the_stay_on_the_issues_own_list(issue, other, reads, send, now):
    reads("virpi@example.org", mailing_list=other)
    own = reads("virpi@example.org", "sv")
    only_there = reads("aino@example.org", mailing_list=other)
    issue.also_to.add(other)
    assert list(issue.recipients(now)) == [own, only_there]
    assert issue.recipients(now).get(email="aino@example.org").person_id is not None
    send(issue)
    assert sorted(Delivery.objects.values_list("recipient", "language", "origin_id")) == [
        ("aino@example.org", "fi", only_there.pk),
        ("virpi@example.org", "sv", own.pk),
    ]


def test_who_has_left_one_list_still_reads_by_the_other(issue, other, reads, now):
    reads("virpi@example.org").leave(now)
    there = reads("virpi@example.org", mailing_list=other)
    issue.also_to.add(other)
    assert list(issue.recipients(now)) == [there]


def test_a_paused_reader_is_not_among_the_readers(issue, reads, now):
    reads("virpi@example.org")
    Subscription.objects.update(resumes_on=(now + timedelta(days=9)).date())
    assert list(issue.recipients(now)) == []
    assert count_audience(issue, now).paused == 1


def test_the_reach_tells_who_gets_nothing_and_why(issue, other, reads, segment, letters, now):
    for email in ["virpi@example.org", "aino@example.org", "liisa@example.org"]:
        reads(email)
    reads("sven@example.org", "sv")
    reads("virpi@example.org", mailing_list=other)
    Subscription.objects.create(list=letters, email="waits@example.org", requested_at=now)
    Suppression.objects.add("Liisa@example.org", "dead", now)
    issue.also_to.add(other)
    issue.segment = segment(languages=["fi"])
    reach = count_audience(issue, now)
    assert (reach.recipients, reach.duplicates, reach.outside, reach.unconfirmed, reach.stopped) == (3, 1, 1, 1, 1)
    assert [(code, number) for code, _name, number in reach.languages] == [("fi", 3)]


# --- on the desk ---


def typed(world, **more):
    return {"area": world.area.pk, "name": "Koulut", **more}


def test_kaisa_saves_an_audience_and_sees_how_many_it_means(sign_in, world, everybody):
    desk = sign_in(world.kaisa)
    answer = desk.post(
        reverse("admin:newsletters_segment_add"), typed(world, networks=[world.iso.pk], languages=["fi"])
    )
    assert answer.status_code == 302, answer.context["errors"]
    made = Segment.objects.get()
    assert (list(made.networks.all()), made.languages) == ([world.iso], ["fi"])
    page = desk.get(reverse("admin:newsletters_segment_change", args=[made.pk]))
    assert page.context["recipients"] == 2


def test_the_count_follows_what_is_chosen_before_it_is_saved(sign_in, world, everybody):
    desk, url = sign_in(world.kaisa), reverse("admin:newsletters_segment_count")
    assert desk.get(url, typed(world)).context["recipients"] == 6
    assert desk.get(url, typed(world, networks=world.iso.pk)).context["recipients"] == 2
    assert desk.get(url, typed(world, languages=["sv"])).context["recipients"] == 1
    assert desk.get(url, {"area": "x", "segment": "y"}).context["recipients"] == 0
    assert Segment.objects.count() == 0


def test_kaisa_neither_counts_nor_chooses_in_another_area(sign_in, world, everybody, segment):
    foreign = segment(area=world.other_area)
    desk = sign_in(world.kaisa)
    assert (
        desk.get(reverse("admin:newsletters_segment_count"), {"area": world.other_area.pk}).context["recipients"] == 0
    )
    wrong = typed(world, networks=[world.elsewhere.pk])
    assert desk.post(reverse("admin:newsletters_segment_add"), wrong).status_code == 200
    assert desk.get(reverse("admin:newsletters_segment_change", args=[foreign.pk])).status_code == 302
    assert Segment.objects.count() == 1


def test_an_audience_does_not_take_networks_of_two_areas_together(sign_in, world):
    wrong = typed(world, networks=[world.elsewhere.pk])
    answer = sign_in(world.ulla).post(reverse("admin:newsletters_segment_add"), wrong)
    assert list(answer.context["adminform"].form.errors) == ["networks"]


def test_an_audience_that_an_issue_uses_is_not_deleted(sign_in, world, issue, segment):
    issue.segment = segment()
    issue.save()
    answer = sign_in(world.kaisa).post(
        reverse("admin:newsletters_segment_delete", args=[issue.segment.pk]), {"post": "yes"}
    )
    assert answer.status_code == 403
    assert Segment.objects.count() == 1


@pytest.mark.parametrize("who", ["aino", "kerttu"])
def test_nobody_else_reads_the_audiences_of_the_area(sign_in, world, segment, who):
    made = segment(networks=[world.iso])
    client = sign_in(getattr(world, who))
    assert client.get(reverse("admin:newsletters_segment_change", args=[made.pk])).status_code == 302
    page = client.get(reverse("admin:newsletters_segment_changelist"))
    assert page.status_code == 302 or list(page.context["cl"].queryset) == []


def test_an_issue_goes_only_to_lists_and_audiences_of_its_own_area(sign_in, world, issue, segment, other, everybody):
    foreign = MailingList.objects.create(area=world.other_area, code="muu", name_fi="Muu")
    offered = sign_in(world.ulla).get(reverse("admin:newsletters_issue_change", args=[issue.pk]))
    form = offered.context["adminform"].form
    segment(area=world.other_area)
    assert list(form.fields["also_to"].queryset) == [other]
    assert foreign not in form.fields["also_to"].queryset
    assert list(form.fields["segment"].queryset) == []


def test_the_count_of_an_issue_follows_its_lists_and_audience(sign_in, world, issue, segment, other, everybody, reads):
    reads("uusi@example.org", mailing_list=other)
    desk, url = sign_in(world.kaisa), reverse("admin:newsletters_issue_reach", args=[issue.pk])
    assert desk.get(url).context["recipients"] == 6
    assert desk.get(url, {"also_to": [other.pk]}).context["recipients"] == 7
    swedish = segment(languages=["sv"])
    assert desk.get(url, {"also_to": [other.pk], "segment": swedish.pk}).context["recipients"] == 1
    foreign = segment("Muu", area=world.other_area, languages=["en"])
    assert desk.get(url, {"segment": foreign.pk, "also_to": "x"}).context["recipients"] == 6
