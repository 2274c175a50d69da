"""The competence bank: offering, finding, asking and answering without showing an address."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import User
from methods.models import CompetenceOffer, CompetenceQuestion
from outbox.message.builder import raw
from outbox.models import Delivery
from tests.leaks import assert_not_leaked
from tests.methods.conftest import MONDAY

ROOM = "/en/methods/"


@pytest.fixture
def levels(term):
    return {
        code: term("competence_levels", code, order=order)
        for order, code in enumerate(["kiinnostunut", "osaaja", "jakaja", "kouluttaja"], start=1)
    }


@pytest.fixture
def offer(world, levels, term):
    """offer(person, "arviointi", level="kouluttaja", **fields)."""

    def make(person, competence="arviointi", level="kouluttaja", **fields):
        made = CompetenceOffer(competence=term("competences", competence), level=levels[level], **fields)
        made.start(person, MONDAY)
        return made

    return make


def typed(made_of, **other):
    competence, level = made_of
    return {"competence": competence.pk, "level": level.pk, "range": "online", "visibility": "members", **other}


def shown(client, query=""):
    return [row.member.name.split()[0] for row in client.get(f"{ROOM}who-can/{query}").context["page"]]


def test_a_member_offers_changes_pauses_and_removes(world, levels, term, sign_in):
    client, words = sign_in(world.aino), (term("competences", "arviointi"), levels["jakaja"])
    assert client.post(f"{ROOM}my-competences/new/", typed(words, text="Kyselyjä")).status_code == 302
    made = CompetenceOffer.objects.get()
    assert (made.member, made.range, made.visibility) == (world.aino, "online", "members")
    assert client.post(f"{ROOM}my-competences/new/", typed(words)).status_code == 422
    assert client.post(f"{ROOM}my-competences/{made.pk}/", typed(words, range="region")).status_code == 302
    states = []
    for action in ("pause", "pause", "remove"):
        client.post(f"{ROOM}my-competences/{made.pk}/{action}/")
        states.append(CompetenceOffer.objects.visible_to(world.matti).count())
    assert states == [0, 1, 0]
    client.post(f"{ROOM}my-competences/{made.pk}/remove/", {"put_back": "1"})
    assert CompetenceOffer.objects.visible_to(world.matti).get().range == "region"


def test_anothers_offer_is_not_there_to_change(world, offer, sign_in):
    made, client = offer(world.aino), sign_in(world.kaisa)
    for page in ("", "pause/", "remove/"):
        assert client.post(f"{ROOM}my-competences/{made.pk}/{page}").status_code == 404


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("members", {"aino", "matti", "kaisa", "ulla"}),
        ("public", {None, "niilo", "eetu", "kerttu", "aino", "matti", "kaisa", "ulla"}),
    ],
)
def test_an_offer_is_for_members_of_the_area_unless_its_owner_says_more(world, offer, client, visibility, readers):
    offer(world.aino, visibility=visibility)
    found = set()
    for person in (None, "niilo", "eetu", "kerttu", "aino", "matti", "kaisa", "ulla"):
        client.logout() if person is None else client.force_login(getattr(world, person))
        page = client.get(f"{ROOM}who-can/")
        assert_not_leaked("aino@example.org", page)
        found |= {person} if page.context["page"].object_list else set()
    assert found == readers


@pytest.mark.parametrize("visibility", ["members", "public"])
def test_an_offer_hides_when_the_membership_ends(world, offer, visibility):
    offer(world.aino, visibility=visibility)
    world.iso.memberships.get(user=world.aino).leave(MONDAY)
    assert list(CompetenceOffer.objects.visible_to(User.objects.get(pk=world.matti.pk))) == []


def test_a_disabled_persons_offer_is_hidden(world, offer):
    offer(world.vaino)
    assert list(CompetenceOffer.objects.visible_to(world.matti)) == []


def test_offers_are_narrowed_and_learners_come_only_when_asked_for(world, offer, sign_in, employed_in):
    employed_in("saarijarvi", world.matti)
    offer(world.aino, "arviointi", level="jakaja", text="Kyselyjä ja haastatteluja", range="online")
    offer(world.matti, "arviointi", level="kouluttaja")
    offer(world.kaisa, "viestinta", level="kiinnostunut")
    client = sign_in(world.aino)
    queries = {
        "": ["Matti", "Aino"],
        "?competence=arviointi": ["Matti", "Aino"],
        "?competence=viestinta": [],
        "?level=kiinnostunut": ["Kaisa"],
        "?level=jakaja": ["Aino"],
        "?municipality=saarijarvi": ["Matti"],
        "?range=online": ["Aino"],
        "?q=haastatteluja": ["Aino"],
        "?q=ARVIOINTI+kyselyj": ["Aino"],
        "?q=olematon": [],
        "?competence=x&level=x": ["Matti", "Aino"],
    }
    assert {query: shown(client, query) for query in queries} == queries


# --- asking ---


def ask(client, made, text="Tuletko kouluttamaan?"):
    return client.post(f"{ROOM}who-can/{made.pk}/ask/", {"text": text})


def test_a_question_goes_by_letter_and_the_answer_to_the_asker(world, offer, sign_in):
    made = offer(world.aino)
    client = sign_in(world.matti)
    page = client.get(f"{ROOM}who-can/{made.pk}/ask/")
    asked = ask(client, made)
    question = CompetenceQuestion.objects.get()
    assert asked["Location"] == f"{ROOM}questions-to-members/{question.pk}/"
    letter = Delivery.objects.get(kind="competence-question")
    assert (letter.recipient, letter.reply_to) == ("aino@example.org", ["matti@example.org"])
    assert "Tuletko kouluttamaan?" in letter.text and "Matti Yhteyshenkilö" in letter.text
    assert_not_leaked("aino@", page, client.get(asked["Location"]), client.get(f"{ROOM}questions-to-members/"))


def test_who_is_asked_answers_in_the_portal_without_showing_the_address(world, offer, sign_in):
    ask(sign_in(world.matti), offer(world.aino))
    question = CompetenceQuestion.objects.get()
    path = f"{ROOM}questions-to-members/{question.pk}/"
    client = sign_in(world.aino)
    assert client.post(path, {"text": ""}).status_code == 422
    assert client.post(path, {"text": "Tulen mielelläni."}).status_code == 302
    client.post(path, {"text": "Toinen vastaus."})
    question.refresh_from_db()
    assert (question.answer, question.is_open) == ("Tulen mielelläni.", False)
    letter = Delivery.objects.get(kind="competence-answer")
    assert (letter.recipient, letter.reply_to) == ("matti@example.org", [])
    assert "Tulen mielelläni." in letter.text
    assert_not_leaked("aino@", raw(letter.as_letter()))


def test_a_person_without_a_name_is_not_called_by_the_address(world, offer, sign_in):
    User.objects.filter(pk=world.aino.pk).update(name="", title="Ohjaaja")
    made = offer(User.objects.get(pk=world.aino.pk))
    client = sign_in(world.matti)
    pages = [f"{ROOM}who-can/", f"{ROOM}who-can/{made.pk}/ask/", ask(client, made)["Location"]]
    assert_not_leaked("aino@", *(client.get(path) for path in pages))


def test_the_asker_closes_a_question_and_may_ask_again(world, offer, sign_in):
    made, client = offer(world.aino), sign_in(world.matti)
    ask(client, made)
    assert ask(client, made).status_code == 422
    question = CompetenceQuestion.objects.get()
    client.post(f"{ROOM}questions-to-members/{question.pk}/")
    question.refresh_from_db()
    assert (question.is_open, question.answer) == (False, "")
    assert ask(client, made).status_code == 302
    assert Delivery.objects.filter(kind="competence-question").count() == 2


def test_nobody_asks_more_than_ten_times_a_day(world, offer, sign_in):
    client = sign_in(world.matti)
    offers = [offer(world.aino, f"osaaminen-{number}") for number in range(11)]
    with time_machine.travel(MONDAY, tick=False):
        client = sign_in(world.matti)
        codes = [ask(client, made).status_code for made in offers]
    assert codes == [302] * 10 + [422]
    with time_machine.travel(MONDAY + timedelta(days=1, minutes=1), tick=False):
        client = sign_in(world.matti)
        assert ask(client, offers[-1]).status_code == 302


@pytest.mark.parametrize(
    ("person", "status"), [(None, 302), ("niilo", 403), ("eetu", 404), ("aino", 404), ("matti", 302)]
)
def test_only_who_sees_an_offer_asks_and_nobody_asks_oneself(world, offer, client, person, status):
    made = offer(world.aino)
    if person:
        client.force_login(getattr(world, person))
    assert ask(client, made).status_code == status
    assert CompetenceQuestion.objects.count() == (person == "matti")


@pytest.mark.parametrize("person", ["kaisa", "ulla", "eetu"])
def test_a_question_is_between_two(world, offer, sign_in, person):
    ask(sign_in(world.matti), offer(world.aino))
    question = CompetenceQuestion.objects.get()
    client = sign_in(getattr(world, person))
    assert client.get(f"{ROOM}questions-to-members/{question.pk}/").status_code == 404
    assert list(client.get(f"{ROOM}questions-to-members/").context["page"]) == []


@pytest.mark.parametrize("page", ["who-can/", "my-competences/", "questions-to-members/"])
def test_the_lists_cost_the_same_with_one_row_and_with_25(world, offer, sign_in, page):
    def put(number):
        made = offer(world.aino, f"osaaminen-{number}")
        made.questions.create(
            asker=world.matti, asked=world.aino, competence=made.competence, text="?", asked_at=MONDAY
        )

    put(0)
    client = sign_in(world.aino)
    client.get(ROOM + page)
    with CaptureQueriesContext(connection) as one:
        client.get(ROOM + page)
    for number in range(1, 25):
        put(number)
    with CaptureQueriesContext(connection) as many:
        client.get(ROOM + page)
    assert len(many) == len(one)
