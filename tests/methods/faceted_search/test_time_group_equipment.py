"""Time, group and equipment: methods are found where people expect them, by boxes and by numbers that are typed."""

import pytest

from methods.models import Findable

LIST = "/en/methods/"


@pytest.fixture
def titles(client):
    return lambda query: sorted(method.title for method in client.get(LIST + query).context["page"].object_list)


@pytest.fixture
def lasting(method, words, term):
    """lasting((60, 60), …) makes a method for each stretch of minutes, called by it."""
    for code, low, high in [("16-45", 16, 45), ("91-180", 91, 180)]:
        term("durations", code, fi=code, minimum=low, maximum=high)

    def make(*stretches):
        for low, high in stretches:
            method(f"Kesto {low}-{high}", duration_min=low, duration_max=high)

    return make


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (60, 60, ["46-90"]),
        (45, 45, ["16-45"]),
        (15, 15, ["alle-15"]),
        (90, 90, ["46-90"]),
        (45, 60, ["46-90"]),
        (10, 15, ["alle-15"]),
        (30, 60, ["16-45", "46-90"]),
        (60, 120, ["46-90", "91-180"]),
        (90, 180, ["91-180"]),
        (600, 600, ["useita-kertoja"]),
    ],
)
def test_a_method_is_in_the_boxes_of_time_that_it_lasts_for(titles, lasting, low, high, found):
    """Real use 32: a stretch that only touches a box by its end is not in it; one of exactly 60 minutes is."""
    lasting((low, high))
    boxes = ["alle-15", "16-45", "46-90", "91-180", "useita-kertoja"]
    assert [box for box in boxes if titles(f"?duration={box}")] == found


def test_minutes_at_hand_find_what_can_be_done_in_them(titles, lasting, method, client):
    """Real use 32: exactly as long is short enough; the number is a chip that can be taken away."""
    lasting((60, 60), (45, 90), (61, 61))
    assert titles("?minutes=60") == ["Kesto 45-90", "Kesto 60-60"]
    assert [chip.label for chip in client.get(f"{LIST}?minutes=60").context["filter"].chips] == ["at most 60 min"]


def test_the_number_of_people_finds_what_is_for_so_many(titles, method):
    """Real use 32: both ends belong; without an upper end any number is right; what tells no size is not meant."""
    method("Pieni ryhmä", group_min=3, group_max=8)
    method("Suuri ryhmä", group_min=8, group_max=None)
    method("Kertomatta", state="draft", group_min=None, group_max=None)
    assert [titles(f"?group={number}") for number in (2, 8, 9)] == [[], ["Pieni ryhmä", "Suuri ryhmä"], ["Suuri ryhmä"]]
    assert titles("?group=abc&minutes=-1") == ["Pieni ryhmä", "Suuri ryhmä"]


@pytest.mark.parametrize(
    ("materials", "is_found"),
    [
        ([], True),
        (["Ei välineitä"], True),
        (["Ei tarvita mitään."], True),
        (["-"], True),
        (["Inget material"], True),
        (["Pallo"], False),
        (["Ei välttämättä mitään, mutta pallo auttaa"], False),
        (["Eilisen lehti"], False),
    ],
)
def test_what_needs_no_equipment_is_found_by_it(titles, method, materials, is_found):
    """Real use 32: whether the list is empty or says so; a model has no list of materials and is not meant."""
    made = method(materials=materials)
    assert titles("?equipment=none") == ([made.title] if is_found else [])
    made.materials = ["Köysi"]
    made.save_changes(made.changed_at)
    assert (titles("?equipment=none"), Findable.objects.get(pk=made.pk).needs_equipment) == ([], True)
