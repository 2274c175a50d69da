"""Members propose what meetings speak of; the coordinator answers, and the proposer hears by letter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Proposal
from outbox.models import Delivery

LIST, NEW = reverse("meetings:proposal-list"), reverse("meetings:proposal-new")


@pytest.fixture
def proposal(world):
    return Proposal.objects.create(
        network=world.iso, proposer=world.aino, title="Perehdytys", text="Miten?", minutes=25, created_at=timezone.now()
    )


def answer(client, proposal, verdict, **facts):
    return client.post(reverse("meetings:proposal-answer", args=[proposal.pk]), {"verdict": verdict, **facts})


def letters(kind):
    return list(Delivery.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


def test_a_member_proposes_and_the_coordinator_hears(world, sign_in, meeting):
    client = sign_in(world.aino)
    form = client.get(NEW, {"meeting": meeting.slug}).context["form"]
    assert (form.initial["meeting"], form.initial["network"]) == (meeting, world.iso)
    facts = {"network": world.iso.pk, "meeting": meeting.pk, "title": "Perehdytys", "minutes": 20}
    assert client.post(NEW, facts).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.proposer, proposal.meeting, proposal.is_waiting) == (world.aino, meeting, True)
    assert letters("proposal-received") == ["kaisa@example.org"]


@pytest.mark.parametrize("network", ["closed", "elsewhere"])
def test_one_proposes_only_to_ones_own_networks(world, sign_in, network):
    facts = {"network": getattr(world, network).pk, "title": "Ei", "minutes": 5}
    assert sign_in(world.aino).post(NEW, facts).status_code == 422
    assert not Proposal.objects.exists()


def test_the_meeting_must_be_of_the_network(world, sign_in, make_meeting):
    other = make_meeting(networks=[world.closed], visibility="public")
    other.publish(timezone.now())
    facts = {"network": world.iso.pk, "meeting": other.pk, "title": "Ei", "minutes": 5}
    assert set(sign_in(world.aino).post(NEW, facts).context["form"].errors) == {"meeting"}


def test_a_newcomer_without_a_network_reads_how_to_become_a_member(world, sign_in):
    client = sign_in(world.niilo)
    assert (client.get(NEW).status_code, client.get(LIST).status_code) == (403, 403)


def test_a_proposal_goes_to_an_agenda_and_its_proposer_leads_it(world, sign_in, meeting, proposal):
    answer(sign_in(world.kaisa), proposal, "agenda", meeting=meeting.pk, reply="Kiitos!")
    item = meeting.agenda.get()
    proposal.refresh_from_db()
    assert (item.title, item.kind, item.minutes, item.owner) == ("Perehdytys", "proposal", 25, world.aino)
    assert (proposal.item, proposal.verdict) == (item, "agenda")
    assert letters("proposal-answered") == ["aino@example.org"]


def test_without_a_meeting_nothing_goes_to_an_agenda(world, sign_in, proposal):
    page = answer(sign_in(world.kaisa), proposal, "agenda", reply="Hyvä ehdotus!")
    assert (page.status_code, page.text.count('value="Hyvä ehdotus!"')) == (422, 1)
    proposal.refresh_from_db()
    assert (proposal.is_waiting, letters("proposal-answered")) == (True, [])


def test_a_proposal_kept_for_later_waits_in_the_backlog_and_is_taken_up(world, sign_in, meeting, proposal):
    answer(sign_in(world.kaisa), proposal, "backlog")
    assert list(sign_in(world.matti).get(LIST).context["backlog"]) == [proposal]
    answer(sign_in(world.kaisa), proposal, "agenda", meeting=meeting.pk)
    assert list(sign_in(world.matti).get(LIST).context["backlog"]) == []
    assert letters("proposal-answered") == ["aino@example.org"] * 2


def test_a_proposal_is_declined_only_with_words(world, sign_in, proposal):
    client = sign_in(world.kaisa)
    answer(client, proposal, "declined", reply=" ")
    proposal.refresh_from_db()
    assert proposal.is_waiting
    answer(client, proposal, "declined", reply="Käsiteltiin jo syksyllä.")
    proposal.refresh_from_db()
    assert (proposal.verdict, proposal.reply) == ("declined", "Käsiteltiin jo syksyllä.")
    assert list(sign_in(world.aino).get(LIST).context["mine"]) == [proposal]


def test_an_answer_is_given_once(world, sign_in, meeting, proposal):
    client = sign_in(world.kaisa)
    for _time in range(2):
        answer(client, proposal, "agenda", meeting=meeting.pk)
    assert (meeting.agenda.count(), len(letters("proposal-answered"))) == (1, 1)


def test_the_proposer_takes_it_back_before_it_is_answered(world, sign_in, meeting, proposal):
    withdraw = reverse("meetings:proposal-withdraw", args=[proposal.pk])
    assert sign_in(world.matti).post(withdraw).status_code == 404
    sign_in(world.aino).post(withdraw)
    answer(sign_in(world.kaisa), proposal, "agenda", meeting=meeting.pk)
    proposal.refresh_from_db()
    assert (proposal.withdrawn_at is not None, proposal.verdict, meeting.agenda.count()) == (True, "", 0)


@pytest.mark.parametrize(("who", "code"), [("aino", 404), ("kerttu", 404), ("niilo", 404)])
def test_others_answer_nothing(world, sign_in, proposal, who, code):
    assert answer(sign_in(getattr(world, who)), proposal, "declined", reply="Ei").status_code == code
    proposal.refresh_from_db()
    assert proposal.is_waiting


def test_a_waiting_proposal_is_seen_by_its_proposer_and_the_coordinator_only(world, proposal):
    people = [world.aino, world.kaisa, world.ulla, world.matti, world.eetu, world.kerttu]
    seen = [person.name.split()[0] for person in people if Proposal.objects.visible_to(person).exists()]
    assert seen == ["Aino", "Kaisa", "Ulla"]


def test_the_page_asks_as_often_for_many_proposals_as_for_one(world, sign_in, make_meeting, proposal):
    client, found = sign_in(world.kaisa), set()
    for number in (1, 12):
        while Proposal.objects.count() < 2 * number:
            wish = {"network": world.iso, "proposer": world.aino, "title": "Lisää", "created_at": timezone.now()}
            Proposal.objects.create(**wish)
            Proposal.objects.create(**wish).keep_for_later(timezone.now())
            make_meeting(days=Proposal.objects.count())
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        found.add(len(asked))
    assert len(found) == 1


def test_personal_data_in_a_proposal_is_warned_of_on_both_sides(world, sign_in):
    """Real use 16: the member before sending, the coordinator before it comes on an agenda; a code stops."""
    client, facts = sign_in(world.aino), {"network": world.iso.pk, "title": "Perehdytys", "minutes": 20}
    called = facts | {"text": "Kysy numerosta 040 123 4567."}
    assert (client.post(NEW, called).status_code, Proposal.objects.count()) == (422, 0)
    assert client.post(NEW, facts | {"text": "Asiakas 131052-308T", "knowingly": "on"}).status_code == 422
    assert client.post(NEW, called | {"knowingly": "on"}).status_code == 302
    assert len(Proposal.objects.get().personal_data()) == 1
    assert "puhelinnumero" in sign_in(world.kaisa).get(LIST).text
