"""The demo content of what people do with methods, and of the competence bank."""

from datetime import date

from methods.models import Action, Collection, CompetenceOffer, Favourite, Method, SessionPart, Trial
from youthnet.demo import contacts, method_usage, methods, networks
from youthnet.demo.pack_reader import Pack

MODELS = [Action, Collection, CompetenceOffer, Favourite, SessionPart, Trial]


def test_the_demo_shelves_are_filled_and_load_twice(db):
    pack = Pack(today=date(2026, 11, 22))
    for room in (contacts, networks, methods, method_usage):
        room.load(pack)
    before = [model.objects.count() for model in MODELS]
    method_usage.load(pack)
    assert [model.objects.count() for model in MODELS] == before
    assert 0 not in before

    # as many trials as the pack says, on days that have come, by people of many municipalities
    used = {row["slug"]: row["used"] for row in pack.file("methods")["methods"]}
    assert {each.slug: each.trial_count for each in Method.objects.all()} == used
    assert Trial.objects.filter(tried_on__gt=pack.today).count() == 0
    assert Trial.objects.totals()["municipalities"] >= 8
    assert CompetenceOffer.objects.filter(level__code=CompetenceOffer.LEARNS).count() == 2
