"""The list before sending, point by point: what is well, what is worth a look, what must be mended."""

from datetime import timedelta

import pytest
from django.urls import reverse

from meetings.models import Meeting
from newsletters.issues.audience_counts import count_audience
from newsletters.issues.checklist import LOOK, MEND, OK, checklist, may_be_sent
from newsletters.issues.link_check import CLOSED, DEAD, OPEN, Content, check_links
from newsletters.models import Block, Issue
from outbox.models import Suppression

SITE = "http://127.0.0.1:8000"


def items(issue, now, level=LOOK):
    issue = Issue.objects.get(pk=issue.pk)
    return [item for item in checklist(issue, count_audience(issue, now), now) if item.level == level]


def places(issue, now, level=LOOK):
    return [item.url.rpartition("#")[2] for item in items(issue, now, level)]


@pytest.fixture
def well(issue, reads):
    """An issue about which there is nothing to say."""
    reads("virpi@example.org")
    return issue


def test_an_issue_that_is_well_has_only_points_in_order(well, now):
    assert items(well, now) == []
    assert items(well, now, MEND) == []
    assert len(items(well, now, OK)) == 6


def test_an_issue_that_says_nothing_must_be_mended_and_stays_here(well, now):
    well.blocks.exclude(kind=Block.TEXT).delete()
    well.blocks.update(title_fi="", body_fi="")
    assert places(well, now, MEND) == ["blocks-group"]
    assert not may_be_sent(items(well, now, MEND))


def test_an_issue_without_a_subject_must_be_mended(well, now):
    Issue.objects.update(subject_fi=" ")
    assert places(well, now, MEND) == ["id_subject_fi"]


def test_a_subject_longer_than_a_telephone_shows_is_worth_a_look(well, now):
    Issue.objects.update(subject_fi="x" * 60, subject_sv="y" * 61)
    assert places(well, now) == ["id_subject_sv"]


def test_an_empty_block_is_told_by_its_place(well, now):
    well.blocks.create(order=3, kind=Block.TEXT)
    assert places(well, now) == ["blocks-2"]


def test_missing_words_are_told_for_the_languages_that_somebody_reads(well, reads, now):
    reads("sven@example.org", "sv")
    assert places(well, now) == ["blocks-0"]
    reads("john@example.org", "en")
    assert sorted(places(well, now)) == ["blocks-0", "blocks-0", "id_subject_en"]
    well.blocks.filter(order=1).update(title_sv="Hej", body_sv="<p>Hej</p>", title_en="Hi", body_en="<p>Hi</p>")
    Issue.objects.update(subject_en="Letter")
    assert places(well, now) == []


def test_a_meeting_that_is_over_or_cancelled_is_worth_a_look(well, meeting, now):
    meeting.cancel(now)
    assert places(well, now) == ["blocks-1"]
    past = {"starts_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)}
    Meeting.objects.update(cancelled_at=None, **past)
    assert places(well, now) == ["blocks-1"]


def test_it_says_which_blocks_some_readers_do_not_see_and_how_many_do(well, meeting, reads, now):
    Meeting.objects.update(visibility=Meeting.MEMBERS)
    reads("aino@example.org")
    (item,) = items(well, now)
    assert "1" in item.words and "2" in item.words and meeting.title in item.words
    Meeting.objects.update(published_at=None)
    assert [meeting.title in item.words for item in items(well, now)] == [True]


def test_links_are_judged_without_leaving_the_house(well, meeting, news, now):
    there = SITE + reverse("meetings:meeting-detail", args=[meeting.slug])
    type(news).objects.update(visibility="members")
    closed = SITE + reverse("networks:news-detail", args=[news.slug])
    gone = there.replace(meeting.slug, "ei-ole")
    swedish = there.replace(SITE, SITE + "/sv").replace("/tapaamiset/", "/moten/")
    links = [there, gone, closed, SITE + "/ei-mitaan/", "https://example.org/x", "http://", "mailto:a@example.org"]
    assert list(check_links(links).values()) == [OPEN, DEAD, CLOSED, DEAD, OPEN, DEAD, OPEN]
    assert check_links([swedish, "mailto:nobody", ""]) == {
        swedish: check_links([swedish])[swedish],
        "mailto:nobody": DEAD,
        "": DEAD,
    }
    body = "".join(f'<a href="{link}">x</a>' for link in links)
    well.blocks.filter(order=1).update(body_fi=body)
    assert places(well, now) == ["blocks-0"] * 4


def test_a_heading_that_leaves_out_a_level_is_worth_a_look(well, now):
    well.blocks.filter(order=1).update(title_fi="", body_fi="<h3>Heti kolmas</h3>")
    assert places(well, now) == ["blocks-0"]
    well.blocks.filter(order=1).update(title_fi="Toinen", body_fi="<h3>Kolmas</h3>")
    assert places(well, now) == []


def test_a_picture_without_words_is_worth_a_look(well, now):
    well.blocks.filter(order=1).update(body_fi='<img src="x"><img src="y" alt="">')
    assert places(well, now) == ["blocks-0"]
    assert Content('<img src="x"><img src="y" alt="">').wordless_pictures == 1


def test_a_letter_that_mail_programs_would_cut_is_worth_a_look(well, now):
    well.blocks.filter(order=1).update(body_fi="<p>" + "sana " * 21_000 + "</p>")
    assert places(well, now) == ["blocks-group"]


def test_the_stop_list_and_an_issue_for_nobody_are_told(well, now):
    Suppression.objects.add("virpi@example.org", "dead", now)
    assert len(items(well, now)) == 1
    well.list.subscriptions.update(ended_at=now)
    assert places(well, now) == ["id_segment"]
