"""What meetings left on paper, and organisations, in the search of those who may see them; words of methods' trials."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Organisation
from meetings.models import AgendaItem, Decision, Meeting, Minutes, Task
from methods.models import Method, Trial
from search.reindexing import refresh


@pytest.fixture
def meeting(world, term):
    now = timezone.now()
    made = Meeting.objects.create(
        area=world.area,
        slug="kokous",
        title="Verkoston kokous",
        kind=term("event_types", "koulutus", fi="Koulutus"),
        starts_at=now - timedelta(days=1),
        ends_at=now - timedelta(days=1) + timedelta(hours=2),
        published_at=now,
        visibility="network",
    )
    made.networks.add(world.iso)
    made.index()
    return made


def found(client, words, group, who=None):
    client.logout()
    if who:
        client.force_login(who)
    answer = client.get(reverse("search"), {"q": words, "in": group})
    return [hit.row.title for results in answer.context["results"] for hit in results.hits]


def test_decisions_tasks_and_agenda_items_are_found_by_those_who_may_see_them(client, world, meeting):
    """Real use 32: before, none of them was in the search at all."""
    now = timezone.now()
    AgendaItem.objects.add(meeting, "Melontaretken järjestelyt")
    Decision.objects.record(meeting, "Hankitaan kypärät", now)
    Task.objects.give(meeting, "Varaa kanootit", now)
    for words, group, title in [
        ("melontaretki", "agenda", "Melontaretken järjestelyt"),
        ("kypärä", "decisions", "Hankitaan kypärät"),
        ("kanootti", "tasks", "Varaa kanootit"),
    ]:
        assert found(client, words, group, world.kaisa) == [title]
        assert found(client, words, group) == []
        assert found(client, words, group, world.niilo) == []
    assert found(client, "melontaretki", "agenda", world.aino) == ["Melontaretken järjestelyt"]


def test_an_item_for_members_only_is_found_by_those_inside(client, world, meeting):
    """Real use 32: as on the page of the meeting."""
    Meeting.objects.update(visibility="public")
    AgendaItem.objects.add(meeting, "Palkka-asiat", visibility=AgendaItem.MEMBERS)
    AgendaItem.objects.add(meeting, "Avoin palkka-asia")
    assert found(client, "palkka", "agenda") == ["Avoin palkka-asia"]
    assert set(found(client, "palkka", "agenda", world.aino)) == {"Palkka-asiat", "Avoin palkka-asia"}


def test_minutes_are_found_by_what_their_readers_see(client, world, meeting):
    """Real use 32: a draft by those who write it; words come in by the round whatever wrote them."""
    minutes = Minutes.objects.start(meeting)
    minutes.write("Keskusteltiin saunavuoroista.", minutes.notes_version, timezone.now(), world.kaisa)
    refresh(lambda: True)
    assert found(client, "saunavuoro", "minutes", world.kaisa) == ["Verkoston kokous"]
    assert found(client, "saunavuoro", "minutes", world.aino) == []
    assert found(client, "saunavuoro", "minutes") == []


def test_words_changed_by_whatever_verb_are_found_after_the_next_round(client, world, meeting):
    """Real use 32: the database itself marks the row."""
    decision = Decision.objects.record(meeting, "Hankitaan kypärät", timezone.now())
    Decision.objects.filter(pk=decision.pk).update(text="Hankitaan pelastusliivit")
    refresh(lambda: True)
    assert found(client, "pelastusliivi", "decisions", world.kaisa) == ["Hankitaan pelastusliivit"]
    assert found(client, "kypärä", "decisions", world.kaisa) == []


def test_organisations_are_found_by_everybody(client, world, term):
    """Real use 32: the register is public."""
    kind = term("organisation_types", "jarjesto", fi="Järjestö")
    Organisation.objects.create(slug="lintu", name="Lintukerho ry", abbreviation="LK", type=kind).index()
    assert found(client, "lintukerho", "organisations") == ["Lintukerho ry (LK)"]


def test_a_method_is_found_by_funder_partners_thanks_resources_and_trials(client, world):
    """Real use 32: what was told of a trial is found at once, and no more when it was taken back."""
    now = timezone.now()
    moments = dict.fromkeys(["created_at", "changed_at", "submitted_at", "published_at"], now)
    method = Method.objects.create(
        area=world.area,
        slug="malli",
        title="Malli",
        kind="model",
        funder="Veikkaussäätiö",
        partners=["Partiolaiset"],
        credits="Kiitos Hertalle",
        resources="Kaksi viulua",
        **moments,
    )
    method.index()
    for words in ("veikkaussäätiö", "partiolainen", "hertta", "viulu"):
        assert found(client, words, "methods") == ["Malli"], words
    trial = Trial(tried_on=now.date(), worked=5, note="Sopi hyvin uimahalliin.")
    assert trial.record(method, world.aino, now)
    assert found(client, "uimahalli", "methods") == ["Malli"]
    trial.remove(now)
    assert found(client, "uimahalli", "methods") == []
    assert Method.objects.get().trial_count == 0
