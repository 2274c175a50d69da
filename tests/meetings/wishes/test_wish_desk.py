"""The coordinator answers wishes on the desk; those who wished hear of it once, as long as they are here."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.exceptions import AlreadyDecided
from meetings.models import Meeting, Wish, WishClosed, WishForOthers
from meetings.tasks import answer_wishes
from outbox.models import Delivery


@pytest.fixture
def make_wish(world):
    def make(title="Ensiapukoulutus", person=None, **facts):
        facts = {"area": world.area, "text": "Leireillä sattuu.", **facts}
        return Wish.objects.propose(person or world.aino, timezone.now(), title=title, **facts)

    return make


@pytest.fixture
def wish(make_wish, world):
    """Aino's wish, which Matti supports too."""
    made = make_wish()
    made.support(world.matti, timezone.now(), "Myös allergiat.")
    return made


@pytest.fixture
def train(wish, term):
    """train() makes a draft of the wish, six weeks on."""

    def make(of=wish):
        starts_at = timezone.now() + timedelta(weeks=6)
        kind = term("event_types", "koulutus")
        return of.become_training(timezone.now(), starts_at, starts_at + timedelta(hours=6), kind=kind)

    return make


def step(wish, name):
    return reverse(f"admin:meetings_wish_{name}", args=[wish.pk])


def steps_shown(client, wish):
    found = client.get(reverse("admin:meetings_wish_change", args=[wish.pk])).context["actions"]
    return [each["url"].rstrip("/").rsplit("/", 1)[-1] for each in found]


def letters():
    answer_wishes()
    return sorted(Delivery.objects.filter(kind="wish-answered").values_list("recipient", flat=True))


def fresh(wish):
    return Wish.objects.with_places().get(pk=wish.pk)


def test_a_wish_is_taken_up_and_members_see_it(world, sign_in, wish):
    client = sign_in(world.kaisa)
    assert steps_shown(client, wish) == ["training", "take_up", "merge", "decline"]
    client.post(step(wish, "take_up"))
    assert (fresh(wish).state(), letters()) == (Wish.TAKEN_UP, [])
    assert steps_shown(client, wish) == ["training", "merge", "decline", "reopen"]
    client.post(step(wish, "reopen"))
    assert fresh(wish).state() == Wish.OPEN


def test_a_training_is_made_of_it_with_its_words_and_its_people(world, sign_in, wish, term):
    kind = term("event_types", "koulutus")
    client = sign_in(world.kaisa)
    form = client.get(step(wish, "training")).context["form"]
    assert form.initial["kind"] == kind
    asked = {"kind": kind.pk, "starts_at": "2027-03-10T09:00", "ends_at": "2027-03-10T15:00"}
    answer = client.post(step(wish, "training"), asked)
    training = Meeting.objects.get()
    assert answer.url == reverse("admin:meetings_meeting_change", args=[training.pk])
    assert (training.title, training.is_draft, training.visibility) == (wish.title, True, Meeting.MEMBERS)
    assert (training.summary, training.area, fresh(wish).meeting) == (wish.text, world.area, training)
    assert sorted(str(row) for row in training.participations.all()) == ["Aino Jäsen", "Matti Yhteyshenkilö"]
    assert (fresh(wish).state(), letters()) == (Wish.TAKEN_UP, [])
    assert client.get(answer.url).text.count(wish.title) > 1


def test_a_training_must_end_after_it_begins(world, sign_in, wish, term):
    asked = {"kind": term("event_types", "koulutus").pk, "starts_at": "2027-03-10T15:00", "ends_at": "2027-03-10T09:00"}
    assert sign_in(world.kaisa).post(step(wish, "training"), asked).status_code == 200
    assert not Meeting.objects.exists()


def test_a_wish_of_a_network_becomes_a_meeting_of_the_network(world, make_wish, train):
    training = train(make_wish(network=world.iso))
    assert list(training.networks.all()) == [world.iso]


def test_one_training_is_made_of_a_wish(wish, train):
    train()
    with pytest.raises(AlreadyDecided):
        train()
    with pytest.raises(AlreadyDecided):
        wish.decline(timezone.now(), "Ei.")
    with pytest.raises(AlreadyDecided):
        wish.reopen()
    assert Meeting.objects.count() == 1


def test_whoever_supports_it_later_stands_on_the_list_too_and_leaves_it_again(world, wish, train):
    training = train()
    wish.support(world.kaisa, timezone.now())
    assert training.participations.filter(user=world.kaisa, is_guest=True).exists()
    wish.take_back_support(world.kaisa)
    assert not training.participations.filter(user=world.kaisa).exists()


def test_those_who_wished_hear_when_people_are_invited_once(world, sign_in, wish, train):
    training = train()
    client = sign_in(world.kaisa)
    asks = client.get(reverse("admin:meetings_meeting_publish", args=[training.pk]))
    assert asks.context["wished"] and len(asks.context["people"]) == 2
    client.post(reverse("admin:meetings_meeting_publish", args=[training.pk]), {"_tell": "1"})
    assert letters() == ["aino@example.org", "matti@example.org"]
    assert letters() == ["aino@example.org", "matti@example.org"]
    row = Delivery.objects.filter(kind="wish-answered").first()
    assert training.get_absolute_url() in row.text and row.reply_to is not None
    assert fresh(wish).state() == Wish.ARRANGED
    shown = sign_in(world.matti).get(wish.get_absolute_url())
    assert shown.context["training"] == training


def test_published_quietly_nobody_hears_until_the_coordinator_says_so(world, sign_in, wish, train):
    training = train()
    client = sign_in(world.kaisa)
    client.post(reverse("admin:meetings_meeting_publish", args=[training.pk]), {"_quiet": "1"})
    assert letters() == []
    assert steps_shown(client, wish) == ["tell"]
    client.post(step(wish, "tell"))
    assert letters() == ["aino@example.org", "matti@example.org"]
    assert steps_shown(client, wish) == []


def test_who_is_gone_or_may_no_longer_see_the_wish_is_left_in_peace(world, wish):
    world.matti.is_active = False
    world.matti.save()
    wish.supports.create(user=world.eetu, created_at=timezone.now())
    wish.supports.create(user=None, created_at=timezone.now())
    wish.decline(timezone.now(), "Ei tänä vuonna.")
    assert letters() == ["aino@example.org"]


def test_a_wish_is_declined_only_with_words_that_everybody_who_wished_reads(world, sign_in, wish):
    client = sign_in(world.kaisa)
    assert client.post(step(wish, "decline"), {"_tell": "1", "reply": " "}).status_code == 200
    assert fresh(wish).state() == Wish.OPEN
    client.post(step(wish, "decline"), {"_tell": "1", "reply": "Kurssi on kansalaisopistossa."})
    assert letters() == ["aino@example.org", "matti@example.org"]
    assert "kansalaisopistossa" in Delivery.objects.filter(kind="wish-answered").first().text
    assert "kansalaisopistossa" in sign_in(world.matti).get(wish.get_absolute_url()).text
    assert [letters() for _time in range(2)] == [["aino@example.org", "matti@example.org"]] * 2


def test_declined_quietly_and_told_later(world, sign_in, wish):
    client = sign_in(world.kaisa)
    client.post(step(wish, "decline"), {"_quiet": "1", "reply": "Ei nyt."})
    assert (letters(), steps_shown(client, wish)) == ([], ["reopen", "tell"])
    client.post(step(wish, "tell"))
    assert letters() == ["aino@example.org", "matti@example.org"]


def test_a_declined_wish_is_opened_again_and_a_new_answer_is_told_anew(world, sign_in, wish, train):
    wish.decline(timezone.now(), "Ei nyt.")
    letters()
    sign_in(world.kaisa).post(step(wish, "reopen"))
    assert (fresh(wish).state(), fresh(wish).reply) == (Wish.OPEN, "")
    training = train()
    training.publish(timezone.now())
    training.invite(timezone.now())
    assert letters() == ["aino@example.org"] * 2 + ["matti@example.org"] * 2


def test_a_training_called_off_leaves_the_wish_open_to_another_answer(wish, train):
    training = train()
    training.publish(timezone.now())
    training.cancel(timezone.now(), notify=False)
    assert fresh(wish).state() == Wish.TAKEN_UP
    wish.decline(timezone.now(), "Ei onnistunut.")
    assert (fresh(wish).state(), fresh(wish).meeting) == (Wish.DECLINED, None)


def test_two_wishes_become_one_and_no_supporter_is_lost(world, sign_in, make_wish, wish):
    other = make_wish("Ensiapukurssi", person=world.matti)
    other.support(world.kaisa, timezone.now(), "Iltaisin.")
    other.support(world.aino, timezone.now(), "Kaksi päivää.")
    sign_in(world.kaisa).post(step(other, "merge"), {"other": wish.pk})
    other, wish = fresh(other), fresh(wish)
    assert (other.merged_into, other.is_active, wish.supports.count()) == (wish, False, 3)
    assert wish.supports.get(user=world.kaisa).comment == "Iltaisin."
    assert wish.supports.get(user=world.aino).comment == "Kaksi päivää.", "who supported both is heard once"
    assert sign_in(world.matti).get(other.get_absolute_url()).url == wish.get_absolute_url()
    assert other not in Wish.objects.active()
    with pytest.raises(WishClosed):
        other.support(world.ulla, timezone.now())


def test_a_chain_of_joined_wishes_leads_to_the_last(make_wish, world):
    one, two, three = make_wish("Yksi"), make_wish("Kaksi", person=world.matti), make_wish("Kolme", person=world.kaisa)
    one.merge_into(two, timezone.now())
    two.merge_into(three, timezone.now())
    assert (fresh(one).merged_into, three.supports.count()) == (three, 3)


def test_wishes_are_joined_only_where_all_who_wished_can_follow(world, make_wish, wish, sign_in):
    closed, foreign = make_wish(network=world.closed), make_wish(area=world.other_area)
    for other in (closed, foreign):
        with pytest.raises(WishForOthers):
            wish.merge_into(other, timezone.now())
    with pytest.raises(WishClosed):
        wish.merge_into(wish, timezone.now())
    answer = sign_in(world.kaisa).post(step(wish, "merge"), {"other": closed.pk})
    assert (answer.status_code, set(answer.context["form"].errors)) == (200, {"other"})


@pytest.mark.parametrize("who", ["aino", "matti", "niilo", "kerttu"])
@pytest.mark.parametrize("name", ["take_up", "training", "merge", "decline", "reopen", "tell"])
def test_others_answer_nothing(world, sign_in, wish, who, name):
    client = sign_in(getattr(world, who))
    asked = {"reply": "Ei", "_tell": "1"}
    assert {client.get(step(wish, name)).status_code, client.post(step(wish, name), asked).status_code} <= {302, 404}
    assert (fresh(wish).state(), letters()) == (Wish.OPEN, [])


def test_looking_at_the_steps_changes_nothing(world, sign_in, wish):
    client = sign_in(world.kaisa)
    for name in ("take_up", "training", "merge", "decline", "reopen", "tell"):
        assert client.get(step(wish, name)).status_code == 200
    assert (fresh(wish).state(), letters(), Meeting.objects.count()) == (Wish.OPEN, [], 0)


def test_the_desk_begins_with_what_most_people_wish(world, sign_in, wish, make_wish):
    make_wish("Toinen")
    shown = sign_in(world.kaisa).get(reverse("admin:index")).context["wishes"]
    assert [(row.title, row.support) for row in shown] == [("Ensiapukoulutus", 2), ("Toinen", 1)]
    assert list(sign_in(world.kerttu).get(reverse("admin:index")).context["wishes"]) == []
    listed = sign_in(world.kaisa).get(reverse("admin:meetings_wish_changelist"), {"state": "open"})
    assert [row.title for row in listed.context["cl"].result_list] == ["Ensiapukoulutus", "Toinen"]
