"""The demo's wishes and materials: loaded twice they stand once, and nobody real is written to."""

import pytest
from django.utils import timezone

from contacts.models import User
from meetings.models import Material, Meeting, Wish
from meetings.tasks import answer_wishes
from outbox.models import Delivery
from youthnet.demo import contacts, materials, meetings, minutes, networks, signup, wishes
from youthnet.demo.pack_reader import Pack


@pytest.fixture
def loaded(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    pack = Pack(timezone.localdate())
    for room in (contacts, networks, meetings, signup, minutes, wishes, materials):
        room.load(pack)
    return pack


def test_loading_twice_changes_nothing(loaded):
    before = Wish.objects.count(), Wish.objects.counts(), Material.objects.count(), Meeting.objects.count()
    for room in (wishes, materials):
        room.load(loaded)
    assert before == (Wish.objects.count(), Wish.objects.counts(), Material.objects.count(), Meeting.objects.count())
    assert (before[0], before[2]) == (len(wishes.WISHES), 2)


def test_there_is_a_wish_in_every_state_and_one_of_the_demos_own_member(loaded):
    assert {state: Wish.objects.in_state(state).count() for state, _words in Wish.STATES} == {
        "open": 2, "taken-up": 1, "arranged": 1, "declined": 1,
    }  # fmt: skip
    member = User.objects.get(email="nuorisotyontekija.saarijarvi@example.org")
    assert member.wishes.get().supports.count() == 9
    answer_wishes()
    assert not Delivery.objects.filter(kind="wish-answered").exists()
