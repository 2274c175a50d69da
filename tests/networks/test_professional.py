"""What membership opens: the area by a professional network, by any other network that network alone."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from meetings.models import Meeting, SignUp, Wish
from methods.models import CompetenceOffer, Method
from networks.models import Membership, Network, NewsItem


@pytest.fixture
def group(world, term):
    """A group with young people in it."""
    return Network.objects.create(
        area=world.area,
        slug="nuoret",
        name_fi="Nuorten ryhmä",
        kind=term("network_types", "tyoryhma"),
        visibility=Network.CLOSED,
        is_professional=False,
    )


@pytest.fixture
def nelli(world, group):
    person = User.objects.create_user("nelli@example.org", name="Nelli Nuori")
    group.take_in(person, now=timezone.now())
    return person


def meeting(world, term, networks, visibility):
    starts_at = timezone.now() + timedelta(days=7)
    made = Meeting.objects.create(
        area=world.area,
        slug=f"{visibility}-{networks[0].slug}",
        title="Tapaaminen",
        kind=term("event_types", "verkostotapaaminen"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        mode=Meeting.ONLINE,
        join_url="https://kokous.example.org/salainen",
        summary="Tavataan.",
        visibility=visibility,
    )
    made.networks.set(networks)
    made.publish(timezone.now())
    return made


def test_a_group_with_outsiders_opens_itself_and_nothing_of_the_area(world, term, group, nelli, sign_in):
    """Real use 14: the group's own page, people and meetings; no member's meeting, method, news or competence."""
    now = timezone.now()
    own, others = meeting(world, term, [group], Meeting.NETWORK), meeting(world, term, [world.iso], Meeting.MEMBERS)
    Network.objects.filter(pk=world.closed.pk).update(visibility=Network.MEMBERS)
    NewsItem.objects.create(
        area=world.area, slug="u", title="U", summary="U", visibility=NewsItem.MEMBERS, published_at=now
    )
    Method.objects.create(
        area=world.area, slug="m", title="M", kind=Method.METHOD, author=world.aino, visibility=Method.MEMBERS,
        submitted_at=now, published_at=now,
    )  # fmt: skip
    offer = CompetenceOffer(text="Koulutan", competence=term("competences", "arviointi"))
    offer.level = term("competence_levels", "kouluttaja")
    offer.start(world.aino, now)
    shown = {
        person: (
            set(Meeting.objects.visible_to(person)),
            NewsItem.objects.visible_to(person).count(),
            Method.objects.visible_to(person).count(),
            CompetenceOffer.objects.visible_to(person).count(),
            set(Network.objects.visible_to(person)),
            set(User.objects.visible_to(person)),
        )
        for person in (nelli, world.aino)
    }
    assert shown[nelli] == ({own}, 0, 0, 0, {world.iso, world.elsewhere, group}, {nelli})
    assert shown[world.aino][:4] == ({others}, 1, 1, 1)
    assert own.may_see_link(nelli) and not others.may_see_link(nelli)
    client = sign_in(nelli)
    codes = [client.get(reverse(f"{page}")).status_code for page in ("methods:offer-list", "meetings:wish-list")]
    assert codes == [403, 403]
    assert client.get(group.get_absolute_url()).status_code == 200
    assert not Wish.objects.visible_to(nelli).exists()


def test_the_sign_up_for_members_is_not_for_a_group_with_outsiders(world, term, group, nelli):
    """Real use 14: a public training for the members of the area takes professionals, and its own networks."""
    training = SignUp.objects.create(meeting=meeting(world, term, [world.iso], Meeting.PUBLIC))
    assert [training.may_be_joined_by(person) for person in (nelli, world.aino)] == [False, True]
    own = SignUp.objects.create(meeting=meeting(world, term, [group], Meeting.PUBLIC))
    assert own.may_be_joined_by(nelli)


def test_nobody_comes_into_an_open_network_through_a_group(world, nelli):
    """Real use 14: a member of the area enters at once; a member of a group with outsiders waits for the answer."""
    world.iso.receive_request(nelli, now=timezone.now())
    assert Membership.objects.get(network=world.iso, user=nelli).is_waiting


def test_the_coordinator_says_on_the_desk_whose_membership_opens_the_area(world, group, nelli, sign_in):
    """Real use 14: the box stands on the network's page of the desk, and its list can be narrowed by it."""
    url = reverse("admin:networks_network_change", args=[group.pk])
    page = sign_in(world.kaisa).get(url)
    assert "is_professional" in page.context["adminform"].form.fields
    Network.objects.filter(pk=group.pk).update(is_professional=True)
    assert User.objects.get(pk=nelli.pk).is_member()


def test_what_was_asked_of_many_says_the_same_of_one(world, nelli):
    """Real use 14: a digest recalls the rights of all its readers at once."""
    from newsletters.notices.digest import _recall_rights

    for person in (nelli, world.aino, world.kaisa, world.eetu):
        alone, recalled = User.objects.get(pk=person.pk), User.objects.get(pk=person.pk)
        _recall_rights([recalled])
        assert (alone.area_ids(), alone.network_ids()) == (recalled.area_ids(), recalled.network_ids())


def test_the_migration_leaves_networks_as_they_were_and_closes_groups(world, term, group):
    """Real use 14: kinds of the vocabulary and what stands under a network; all others stay professional."""
    Network.objects.update(is_professional=True)
    under = Network.objects.create(area=world.area, slug="alla", name_fi="Alla", kind=world.iso.kind, parent=world.iso)
    module = import_module("networks.migrations.0003_professional_networks")
    module.name_the_groups(apps, connection.schema_editor())
    assert set(Network.objects.filter(is_professional=False)) == {group, under}
