"""A world that was written by one statement is the world that was built."""

import re

import pytest
from django.db import connection
from django.utils import timezone

from contacts.models import Term
from meetings.models import Meeting
from networks.models import Network
from tests.conftest import WORLD, build_world, make_term
from tests.permissions.scene import SCENE
from tests.snapshot import Snapshot, all_rows


@pytest.fixture
def built(db):
    """A snapshot of its own, and the rows it was taken of."""
    snapshot = Snapshot(lambda: make_term("topics", "osallisuus", sv="Delaktighet"))
    snapshot.restore()
    rows = all_rows()
    empty()
    return snapshot, rows


def empty():
    with connection.cursor() as cursor:
        for table in all_rows():
            cursor.execute(f"DELETE FROM {table}")


def without_transactions(rows):
    """The rows without the number of the transaction that wrote each: a trigger sets it anew, as it must."""
    return {table: {re.sub(r'"changed_in":\d+', "", row) for row in written} for table, written in rows.items()}


def test_the_same_rows_are_written_again(built):
    snapshot, rows = built
    term = snapshot.restore()
    assert (all_rows(), term.sv) == (rows, "Delaktighet")
    term.refresh_from_db()


def test_each_test_has_objects_of_its_own(built):
    snapshot, _rows = built
    first = snapshot.restore()
    first.fi = "Muuttui"
    empty()
    assert snapshot.restore().fi == "Osallisuus"


def test_what_is_made_later_has_a_number_of_its_own(built):
    snapshot, _rows = built
    assert make_term("topics", "ryhma").pk != snapshot.restore().pk


def test_beside_rows_of_a_test_it_is_built_and_not_remembered(db):
    make_term("topics", "osallisuus")
    snapshot = Snapshot(build_world)
    assert snapshot.restore().aino.pk
    assert snapshot.made_at is None


def test_the_scene_stands_in_the_world_of_the_test(db):
    for _time in range(2):
        world = WORLD.restore()
        scene = SCENE.restore(world)
        assert scene.network is world.iso and scene.meeting.area is world.area
        assert without_transactions(all_rows()) == without_transactions(SCENE.rows)
        empty()


def test_nothing_of_the_scene_lies_ahead_of_the_test_by_chance(db):
    SCENE.restore(WORLD.restore())
    assert not Meeting.objects.filter(published_at__gt=timezone.now()).exists()
    assert not Network.objects.filter(memberships__requested_at__gt=timezone.now()).exists()
    assert Term.objects.exists()
