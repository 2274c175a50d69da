"""Lists: whom they are for, who may join, from whom their letters come, and who sees that they exist."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from networks.models import Network
from newsletters.models import MailingList, Subscription
from outbox.models import Delivery
from tests.leaks import assert_not_leaked


@pytest.fixture
def lists(world, letters):
    """One list of every sort, by name."""

    def make(code, **more):
        return MailingList.objects.create(area=world.area, code=code, name_fi=code.capitalize(), **more)

    return {
        "everybody": letters,
        "network": make("iso", network=world.iso, is_public=False),
        "closed": make("perus", network=world.closed, is_public=False),
        "outside": make("kumppanit", kind=MailingList.OUTSIDE, is_public=False),
        "by hand": make("kasin", is_public=False),
    }


WHO_SEES = {
    None: {"everybody"},
    "niilo": {"everybody"},
    "eetu": {"everybody"},
    "aino": {"everybody", "network"},
    "kerttu": {"everybody"},
    "kaisa": {"everybody"},
    "ulla": {"everybody"},
}


@pytest.mark.parametrize("who", WHO_SEES)
def test_a_list_is_offered_to_those_it_is_for(world, lists, who):
    person = getattr(world, who) if who else AnonymousUser()
    seen = set(MailingList.objects.visible_to(person))
    assert seen == {lists[name] for name in WHO_SEES[who]}


def test_a_list_never_shows_a_network_that_may_not_be_seen_even_when_it_is_called_public(client, world, lists, now):
    MailingList.objects.filter(pk=lists["closed"].pk).update(is_public=True)
    assert set(MailingList.objects.visible_to(None)) == {lists["everybody"]}
    assert_not_leaked("Perus", client.get(reverse("newsletters:subscribe")))
    world.closed.take_in(world.niilo, now=now)
    assert lists["closed"] in MailingList.objects.visible_to(world.niilo)


def test_the_desk_refuses_a_public_list_of_a_closed_network(sign_in, world):
    asked = {"area": world.area.pk, "kind": "region", "network": world.closed.pk, "code": "perus", "name_fi": "Perus"}
    add, desk = reverse("admin:newsletters_mailinglist_add"), sign_in(world.kaisa)
    answer = desk.post(add, asked | {"order": "0", "is_public": "on"})
    assert list(answer.context["adminform"].form.errors) == ["is_public"]
    assert desk.post(add, asked | {"order": "0"}).status_code == 302


@pytest.mark.parametrize(
    "more, field",
    [({"network": "elsewhere"}, "network"), ({"sender_name": "Kirje\nBcc: all@example.org"}, "sender_name")],
)
def test_what_no_constraint_can_see_is_refused_in_words(world, letters, more, field):
    for name, value in more.items():
        setattr(letters, name, getattr(world, value, value))
    with pytest.raises(ValidationError) as refused:
        letters.clean()
    assert list(refused.value.message_dict) == [field]


def test_a_list_of_bodies_outside_the_region_belongs_to_no_network(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        MailingList.objects.create(
            area=world.area, code="x", name_fi="X", kind=MailingList.OUTSIDE, network=world.iso, is_public=False
        )


@pytest.mark.parametrize(
    "name, sender",
    [
        ("", '"Verkoston infokirje" <portal@example.org>'),
        ('Nuorisotyö, "Keski-Suomi"', '"Nuorisotyö, \\"Keski-Suomi\\"" <portal@example.org>'),
    ],
)
def test_issues_come_from_the_name_of_the_list_in_every_language(letters, issue, reads, send, settings, name, sender):
    settings.DEFAULT_FROM_EMAIL = "Portaali <portal@example.org>"
    MailingList.objects.filter(pk=letters.pk).update(sender_name=name)
    reads("virpi@example.org"), reads("sven@example.org", "sv")
    send(type(issue).objects.get(pk=issue.pk))
    assert {letter.as_letter().sender for letter in Delivery.objects.filter(kind="newsletter")} == {sender}


def test_the_desk_tells_of_each_list_for_whom_it_is_and_leads_to_its_readers(sign_in, world, lists, reads):
    reads("virpi@example.org"), reads("aino@example.org")
    desk = sign_in(world.kaisa)
    page = desk.get(reverse("admin:newsletters_mailinglist_changelist")).content.decode()
    recipients = reverse("admin:newsletters_subscription_changelist")
    url = f"{recipients}?state=active&amp;list__id__exact={lists['everybody'].pk}"
    assert f'<a href="{url}">2</a>' in page
    assert set(desk.get(url.replace("&amp;", "&")).context["cl"].queryset) == set(Subscription.objects.all())


def test_only_a_public_list_has_an_archive_to_look_at_from_the_desk(sign_in, world, lists):
    desk = sign_in(world.kaisa)
    for name, links in [("everybody", True), ("closed", False), ("outside", False)]:
        page = desk.get(reverse("admin:newsletters_mailinglist_change", args=[lists[name].pk]))
        assert bool(page.context["has_absolute_url"]) is links, name


def test_ending_a_network_leaves_its_list_to_the_coordinator(world, lists):
    Network.objects.filter(pk=world.iso.pk).update(visibility=Network.CLOSED)
    assert lists["network"] in MailingList.objects.visible_to(world.aino)
    assert lists["network"] not in MailingList.objects.visible_to(world.niilo)
