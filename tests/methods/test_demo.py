"""The demo content of the method bank."""

from datetime import date

import pytest

from methods.models import Attachment, Method, MethodStep, SavedSearch
from youthnet.demo import contacts, methods, networks
from youthnet.demo.pack_reader import Pack


@pytest.fixture
def demo(db):
    pack = Pack(today=date(2026, 11, 22))
    for room in (contacts, networks, methods):
        room.load(pack)
    return pack


def test_the_demo_bank_holds_every_kind_and_state_and_loads_twice(demo):
    before = (Method.objects.count(), MethodStep.objects.count())
    methods.load(demo)
    assert (Method.objects.count(), MethodStep.objects.count()) == before
    assert Method.objects.filter(kind="method").count() == 23
    assert Method.objects.filter(kind="model").count() == 7
    states = {state: Method.objects.in_state(state).count() for state in Method.STATES}
    assert states == {"draft": 1, "waiting": 1, "returned": 1, "published": 27, "archived": 0}
    assert Method.objects.get(slug="kuntien-yhteinen-nuorisoauto").reviews.get().is_return

    assert SavedSearch.objects.count() == 1
    # some have a cover told in words, one a handout
    assert Attachment.objects.covers().exclude(alt="").count() == 4
    assert [str(row) for row in Attachment.objects.filter(is_cover=False)] == ["Ohje kellon rakentajille"]

    # what is published is complete, and it is found
    assert {row.slug: row.lacks() for row in Method.objects.published() if row.lacks()} == {}
    assert [row.slug for row in Method.objects.published().matching("tunnekartta")] == ["kunnan-tunnekartta"]
