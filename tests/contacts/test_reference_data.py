"""The registers that every installation begins with: loaded by a migration, mended by people, never written over."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db.models import ForeignKey, ManyToManyField

from contacts.models import Municipality, Region, SubRegion, Term, User
from contacts.reference_data import loading

OF_TODAY = {"terms", "regions", "sub-regions", "municipalities"}


@pytest.fixture
def loaded(db):
    return loading.load(apps.get_model)


def test_all_of_finland_is_there(loaded):
    """Real use 35: an empty installation anywhere in Finland can choose its municipalities."""
    current = Municipality.objects.current()
    assert (Region.objects.count(), SubRegion.objects.count(), current.count()) == (19, 69, 308)
    assert Municipality.objects.exclude(valid_to=None).count() == 28
    assert sorted(str(place) for place in current.filter(region="18")) == [
        "Hyrynsalmi", "Kajaani", "Kuhmo", "Paltamo", "Puolanka", "Ristijärvi", "Sotkamo", "Suomussalmi",
    ]  # fmt: skip
    akaa = Municipality.objects.get(code="020")
    assert (akaa.locative, akaa.is_town, akaa.sub_region_id, akaa.grid_row) == ("Akaassa", True, "063", 7)


def test_a_second_loading_adds_nothing(loaded):
    """Real use 35: loading is idempotent."""
    assert set(loaded) == OF_TODAY
    assert loading.load(apps.get_model) == dict.fromkeys(OF_TODAY, 0)


def test_what_people_mended_stays(loaded):
    """Real use 35: rows are found by their codes, and nothing is written over."""
    Municipality.objects.filter(code="290").update(locative="Kuhmossa (oma)", slug="meidan-kuhmo")
    Term.objects.filter(list="topics", code="luonto").update(fi="Luonto ja eräily", is_active=False)
    Municipality.objects.filter(code="578").delete()
    assert loading.load(apps.get_model) == dict.fromkeys(OF_TODAY, 0) | {"municipalities": 1}
    assert Municipality.objects.get(code="290").locative == "Kuhmossa (oma)"
    assert (Term.objects.get(list="topics", code="luonto").fi, Municipality.objects.get(code="578").name) == (
        "Luonto ja eräily",
        "Paltamo",
    )


def test_an_address_that_another_row_has_got_is_left_to_it(db):
    """Real use 35: a register of one's own does not stop an upgrade."""
    Region.objects.create(code="98", slug="kainuu", name_fi="Meidän Kainuu")
    loading.load(apps.get_model)
    assert Region.objects.get(code="98").slug == "kainuu"
    assert Region.objects.get(code="18").slug == "kainuu-18"
    assert Municipality.objects.filter(region="18").count() == 8


def test_every_list_that_people_choose_from_has_words_in_three_languages(loaded):
    """Real use 35: fixed codes with fi, sv and en for every list of the product."""
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    chosen = [each for each in fields if isinstance(each, ForeignKey | ManyToManyField) and each.related_model is Term]
    lists = {each.get_limit_choices_to()["list"] for each in chosen if "list" in each.get_limit_choices_to()}
    assert lists - set(Term.objects.values_list("list", flat=True)) == set()
    assert [str(each) for each in Term.objects.all() if not (each.fi and each.sv and each.en)] == []


@pytest.mark.parametrize(
    "written, name",
    [
        ("Nilsiä", "Kuopio"),
        (" jalasjärvi ", "Kurikka"),
        ("Kjulo", "Säkylä"),
        ("Kajana", "Kajaani"),
        ("Pertunmaa", "Mäntyharju"),
        ("Atlantis", None),
    ],
)
def test_a_former_name_leads_to_the_municipality_of_today(loaded, written, name):
    """Real use 35: people write old names."""
    place = Municipality.objects.named(written)
    assert (place.name if place else None) == name


def test_a_municipality_of_two_mergers_leads_to_the_last(loaded):
    """Real use 35: Pertunmaa became Mäntyharju, and that might become something else."""
    Municipality.objects.filter(code="507").update(valid_to=date(2025, 12, 31), merged_into="491")
    assert Municipality.objects.named("Pertunmaa").name == "Mikkeli"


def test_a_merger_that_lies_ahead_changes_nothing_yet(loaded):
    Municipality.objects.filter(code="507").update(valid_to=date(2099, 12, 31), merged_into="491")
    assert Municipality.objects.named("Mäntyharju").name == "Mäntyharju"
    assert "507" in Municipality.objects.current().values_list("pk", flat=True)


def test_two_that_point_at_each_other_end_somewhere(loaded):
    Municipality.objects.filter(code="491").update(valid_to=date(2020, 1, 1), merged_into="507")
    Municipality.objects.filter(code="507").update(valid_to=date(2020, 1, 1), merged_into="491")
    assert Municipality.objects.named("Mikkeli") is not None


def test_the_desk_offers_only_municipalities_of_today(loaded, rf, superuser):
    """Real use 35: former municipalities are there to be recognised, not to be chosen."""
    request = rf.get("/")
    request.user = superuser
    field = site._registry[type(superuser)].get_form(request).base_fields["municipality"]
    assert field.queryset.count() == 308


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("ulla@example.org")
