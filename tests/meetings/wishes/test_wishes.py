"""Members wish for trainings and support each other's wishes; nobody wishes for others, and one press is one name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lib.counters import rate_limit
from meetings.models import Wish, WishClosed, WishSupport

LIST, NEW = reverse("meetings:wish-list"), reverse("meetings:wish-new")


@pytest.fixture
def make_wish(world):
    """make_wish("Ensiapu", person, network=…) gives a wish of Aino's for the whole area, unless said otherwise."""

    def make(title="Ensiapukoulutus leiriohjaajille", person=None, **facts):
        facts = {"area": world.area, "text": "Leireillä sattuu ja tapahtuu.", **facts}
        return Wish.objects.propose(person or world.aino, timezone.now(), title=title, **facts)

    return make


@pytest.fixture
def wish(make_wish):
    return make_wish()


def page(wish, name="detail"):
    return reverse(f"meetings:wish-{name}", args=[wish.pk])


def typed(world, **facts):
    return {"title": "Digipelitoiminnan perusteet", "place": f"area:{world.area.pk}", **facts}


def supporters(wish):
    return sorted(wish.supports.values_list("user__name", flat=True))


# wishing


def test_a_member_wishes_with_what_fits_and_is_the_first_supporter(world, sign_in, term):
    topic, kind = term("topics", "digitaalinen"), term("event_types", "koulutus")
    facts = typed(world, text="Miksi", kind=kind.pk, topics=[topic.pk], mode="online", best_time="syksyllä")
    assert sign_in(world.aino).post(NEW, facts).status_code == 302
    made = Wish.objects.get()
    assert (made.proposer, made.area, made.network, made.kind) == (world.aino, world.area, None, kind)
    assert (made.mode, made.best_time, list(made.topics.all())) == ("online", "syksyllä", [topic])
    assert supporters(made) == ["Aino Jäsen"]


def test_a_wish_may_be_for_an_own_network(world, sign_in):
    sign_in(world.aino).post(NEW, typed(world, place=f"network:{world.iso.pk}"))
    made = Wish.objects.get()
    assert (made.network, made.area) == (world.iso, world.area)


@pytest.mark.parametrize("place", ["network:closed", "network:elsewhere", "area:other_area", "", "network:x", "area:"])
def test_one_wishes_only_where_one_belongs(world, sign_in, place):
    what, _colon, name = place.partition(":")
    number = getattr(world, name).pk if hasattr(world, name) else name
    answer = sign_in(world.aino).post(NEW, typed(world, place=f"{what}:{number}" if what else ""))
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"place"})
    assert not Wish.objects.exists()


def test_a_title_is_needed(world, sign_in):
    answer = sign_in(world.aino).post(NEW, typed(world, title=" "))
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"title"})


def test_too_many_presses_are_answered_in_words(world, sign_in, monkeypatch):
    monkeypatch.setattr(rate_limit, "PER_VISITOR", 2)
    client = sign_in(world.aino)
    codes = [client.post(NEW, typed(world, title=f"{n} {'abcdefgh'[n] * 9}")).status_code for n in range(3)]
    assert codes == [302, 302, 429]
    assert Wish.objects.count() == 2


# others like it


@pytest.mark.parametrize("title", ["Ensiapukoulutus ohjaajille", "Leiriohjaajien ensiapukoulutus", "ensiapukoulutusta"])
def test_who_wishes_for_the_same_is_asked_to_support_first(world, sign_in, wish, title):
    client = sign_in(world.matti)
    answer = client.post(NEW, typed(world, title=title))
    assert (answer.status_code, list(answer.context["similar"])) == (422, [wish])
    assert answer.text.count(page(wish, "support")) == 1
    assert Wish.objects.count() == 1
    assert client.post(NEW, typed(world, title=title, anyway="1")).status_code == 302
    assert Wish.objects.count() == 2


def test_while_typing_others_like_it_are_shown(world, sign_in, make_wish):
    alike, _other = make_wish(), make_wish("Talousarvion laatiminen")
    client, similar = sign_in(world.matti), reverse("meetings:wish-similar")
    assert client.get(similar, {"title": "Ensiapu leirille"}).text.count(page(alike)) >= 1
    assert client.get(similar, {"title": "Ensi"}).text.strip() == ""
    assert client.get(similar).text.strip() == ""


def test_what_is_closed_or_not_to_be_seen_resembles_nothing(world, sign_in, make_wish):
    make_wish().decline(timezone.now(), "Ei nyt.")
    make_wish(network=world.closed)
    make_wish(area=world.other_area)
    assert sign_in(world.matti).post(NEW, typed(world, title="Ensiapukoulutus leiriohjaajille")).status_code == 302


# who sees


def test_members_of_the_area_see_its_wishes_and_nobody_else_does(world, wish):
    people = [world.aino, world.matti, world.kaisa, world.ulla, world.eetu, world.kerttu, world.niilo]
    seen = [person.name.split()[0] for person in people if Wish.objects.visible_to(person).exists()]
    assert seen == ["Aino", "Matti", "Kaisa", "Ulla"]


def test_a_wish_of_a_closed_network_is_for_those_who_may_know_of_it(world, make_wish):
    world.closed.take_in(world.matti, now=timezone.now())
    make_wish(network=world.closed, person=world.matti)
    people = [world.aino, world.matti, world.kaisa, world.ulla, world.kerttu]
    assert [Wish.objects.visible_to(person).exists() for person in people] == [False, True, True, True, False]


@pytest.mark.parametrize(("who", "code"), [("eetu", 404), ("kerttu", 404), ("niilo", 403)])
def test_outsiders_find_support_and_withdraw_nothing(world, sign_in, wish, who, code):
    client = sign_in(getattr(world, who))
    answers = [client.get(page(wish)), client.post(page(wish, "support")), client.post(page(wish, "withdraw"))]
    assert [answer.status_code for answer in answers] == [code] * 3
    assert supporters(wish) == ["Aino Jäsen"]


def test_the_portal_sends_visitors_to_sign_in(client, wish):
    assert [client.get(path).status_code for path in (LIST, NEW, page(wish))] == [302] * 3


# supporting


def test_one_press_supports_and_a_second_press_is_no_second_name(world, sign_in, wish):
    client = sign_in(world.matti)
    for _time in range(2):
        client.post(page(wish, "support"))
    assert supporters(wish) == ["Aino Jäsen", "Matti Yhteyshenkilö"]
    client.post(page(wish, "support"), {"take_back": "1"})
    assert supporters(wish) == ["Aino Jäsen"]


def test_a_supporter_says_what_would_be_needed(world, sign_in, wish):
    client = sign_in(world.matti)
    client.post(page(wish, "support"), {"comment": "Myös allergiat."})
    client.post(page(wish, "support"), {"comment": "Myös allergiat ja haavat."})
    assert [row.comment for row in client.get(page(wish)).context["comments"]] == ["Myös allergiat ja haavat."]
    client.post(page(wish, "support"), {"comment": "x" * 301})
    assert WishSupport.objects.get(user=world.matti).comment == "Myös allergiat ja haavat."


def test_a_wish_that_was_answered_takes_no_more_names(world, sign_in, wish):
    wish.decline(timezone.now(), "Ei tänä vuonna.")
    with pytest.raises(WishClosed):
        wish.support(world.matti, timezone.now())
    with pytest.raises(WishClosed):
        wish.take_back_support(world.aino)
    sign_in(world.matti).post(page(wish, "support"))
    assert supporters(wish) == ["Aino Jäsen"]


def test_what_is_only_looked_into_can_still_be_supported(world, wish):
    wish.take_up(timezone.now())
    wish.support(world.matti, timezone.now())
    assert supporters(wish) == ["Aino Jäsen", "Matti Yhteyshenkilö"]


def test_the_database_keeps_one_name_a_person_and_no_refusal_without_words(world, wish):
    with pytest.raises(IntegrityError), transaction.atomic():
        wish.supports.create(user=world.aino, created_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Wish.objects.update(declined_at=timezone.now())


# taking back


def test_an_own_wish_is_taken_back_and_put_back_while_nobody_else_supports_it(world, sign_in, wish):
    client = sign_in(world.aino)
    client.post(page(wish, "withdraw"))
    assert not Wish.objects.visible_to(world.matti).exists()
    assert 'name="put_back"' in client.get(page(wish)).text
    client.post(page(wish, "withdraw"), {"put_back": "1"})
    assert Wish.objects.visible_to(world.matti).exists()


def test_a_wish_that_others_support_stays(world, sign_in, wish):
    wish.support(world.matti, timezone.now())
    client = sign_in(world.aino)
    client.post(page(wish, "withdraw"))
    wish.refresh_from_db()
    assert wish.withdrawn_at is None
    assert 'name="put_back"' not in client.get(page(wish)).text


def test_a_wish_that_was_answered_is_not_taken_back(world, sign_in, wish):
    wish.take_up(timezone.now())
    sign_in(world.aino).post(page(wish, "withdraw"))
    wish.refresh_from_db()
    assert wish.withdrawn_at is None


def test_nobody_takes_back_the_wish_of_another(world, sign_in, wish):
    assert [sign_in(who).post(page(wish, "withdraw")).status_code for who in (world.matti, world.kaisa)] == [404, 404]


# the list


def listed(client, **asked):
    return [wish.title for wish in client.get(LIST, asked).context["page"]]


def test_the_list_begins_with_what_most_people_wish(world, sign_in, make_wish):
    one, two, three = make_wish("Yksi"), make_wish("Kaksi"), make_wish("Kolme")
    for person in (world.matti, world.kaisa):
        two.support(person, timezone.now())
    one.support(world.matti, timezone.now())
    assert listed(sign_in(world.matti)) == ["Kaksi", "Yksi", "Kolme"]
    assert three.supports.count() == 1


def test_the_list_is_narrowed_by_state_words_network_and_whose(world, sign_in, make_wish):
    client = sign_in(world.matti)
    make_wish("Avoin ensiapukurssi")
    make_wish("Verkoston oma", network=world.iso)
    taken, no = make_wish("Työn alla"), make_wish("Hylätty")
    taken.take_up(timezone.now())
    no.decline(timezone.now(), "Ei nyt.")
    make_wish("Matin oma", person=world.matti)
    taken.support(world.matti, timezone.now())
    assert set(listed(client)) == {"Avoin ensiapukurssi", "Verkoston oma", "Työn alla", "Matin oma"}
    assert listed(client, state="taken-up") == ["Työn alla"]
    assert listed(client, state="declined") == ["Hylätty"]
    assert listed(client, state="arranged") == []
    assert len(listed(client, state="all")) == 5
    assert listed(client, q="ensiapukurssia") == ["Avoin ensiapukurssi"]
    assert listed(client, network="iso") == ["Verkoston oma"]
    assert set(listed(client, whose="mine")) == {"Matin oma", "Työn alla"}
    assert listed(client, state="nonsense") == [title for title in listed(client) if title]


def test_own_wishes_are_marked(world, sign_in, make_wish):
    make_wish("Ainon"), make_wish("Matin", person=world.matti)
    assert sign_in(world.aino).get(LIST).text.count('<span class="status">') == 1


def test_the_list_and_a_wish_ask_as_often_for_many_as_for_one(world, sign_in, make_wish, term):
    client, found = sign_in(world.matti), set()
    for number in (1, 20):
        while Wish.objects.count() < number:
            extra = make_wish(f"Toive {Wish.objects.count()}", kind=term("event_types", "koulutus"), network=world.iso)
            extra.support(world.kaisa, timezone.now(), "Lisää")
        shown = Wish.objects.last()
        for path in (LIST, page(shown)):
            client.get(path)
        counts = []
        for path in (LIST, page(shown)):
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            counts.append(len(asked))
        found.add(tuple(counts))
    assert len(found) == 1, found


def test_the_report_counts_wishes_supporters_and_trainings(world, make_wish):
    now = timezone.now()
    first, second, gone = make_wish("Yksi"), make_wish("Kaksi"), make_wish("Kolme")
    first.support(world.matti, now)
    starts_at = now + timedelta(days=40)
    kind = first.kind or world.iso.kind
    training = first.become_training(now, starts_at, starts_at + timedelta(hours=6), kind=kind)
    gone.withdraw(now)
    assert Wish.objects.counts() == {"wishes": 2, "supporters": 3, "trainings": 0}
    training.publish(now)
    assert Wish.objects.counts() == {"wishes": 2, "supporters": 3, "trainings": 1}
    assert Wish.objects.made_between(now - timedelta(days=2), now - timedelta(days=1)).counts()["wishes"] == 0
    assert second.supports.count() == 1


# what may hold somebody's personal data

CALLED = "Kouluttajan numero on 040 123 4567."


@pytest.fixture
def enter(db):
    """enter(person) → a browser of that person's own."""

    def sign_in(person):
        browser = Client()
        browser.force_login(person)
        return browser

    return sign_in


def seen_by(enter, *people):
    return [enter(person).get(page(Wish.objects.get())).status_code for person in people]


def test_a_wish_with_a_telephone_number_is_warned_of_and_held_for_the_coordinator(world, enter):
    """Real use 16: neither the page nor the list nor the search shows it, until the coordinator lets it through."""
    writer = enter(world.aino)
    assert (writer.post(NEW, typed(world, text=CALLED)).status_code, Wish.objects.count()) == (422, 0)
    assert writer.post(NEW, typed(world, text=CALLED, knowingly="on")).status_code == 302
    assert seen_by(enter, world.aino, world.matti, world.kaisa, world.kerttu) == [200, 404, 200, 404]
    assert list(Wish.objects.visible_to(world.matti).matching("kouluttajan")) == []
    held = enter(world.kaisa).get(reverse("admin:index")).context["held_texts"]
    assert [(row.kind.code, row.writer) for row in held] == [("wish", world.aino)]
    enter(world.kaisa).post(reverse("held-text-answer", args=["wish", Wish.objects.get().pk]), {"show": "1"})
    assert seen_by(enter, world.aino, world.matti) == [200, 200]


def test_a_held_wish_is_mended_by_its_own_person_only(world, enter):
    """Real use 16: without the number others see it at once; what is shown is not rewritten any more."""
    enter(world.aino).post(NEW, typed(world, text=CALLED, knowingly="on"))
    wish = Wish.objects.get()
    assert enter(world.kaisa).get(page(wish, "edit")).status_code == 404
    assert enter(world.aino).get(page(wish, "edit")).context["form"]["place"].value() == f"area:{world.area.pk}"
    assert enter(world.aino).post(page(wish, "edit"), typed(world, text="Sovitaan myöhemmin.")).status_code == 302
    assert seen_by(enter, world.matti) == [200]
    assert enter(world.aino).get(page(wish, "edit")).status_code == 404
    assert list(Wish.objects.visible_to(world.matti).matching("sovitaan")) == [wish]


def test_words_of_support_are_shown_at_once_so_that_they_hold_no_number(world, wish, enter):
    """Real use 16: the supporter reads why, and nothing is stored."""
    answer = enter(world.matti).post(page(wish, "support"), {"comment": CALLED}, follow=True)
    assert (supporters(wish), "telephone" in answer.text or "puhelinnumero" in answer.text) == (["Aino Jäsen"], True)
