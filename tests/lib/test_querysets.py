"""Rows of an area on the desk: one rule for all models that lie in one. Each room tests who sees which of its rows."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db.models.constants import LOOKUP_SEP

from contacts.models import CoordinationArea
from lib.querysets import InArea

IN_AREA = [model for model in apps.get_models() if isinstance(model._default_manager.all(), InArea)]


def end_of(model, path):
    """The model to which a path leads, or the last field when it is a plain number."""
    for name in path.split(LOOKUP_SEP):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        model = field.related_model or field.model
    return model if field.is_relation or field.primary_key else field.name


@pytest.mark.parametrize("model", IN_AREA, ids=lambda model: model._meta.label)
def test_the_path_leads_to_the_area_of_each_row(model):
    """The outbox knows no areas: there it is their number."""
    assert end_of(model, model._default_manager.all().area_path) in (CoordinationArea, "area_id")


def test_a_superuser_runs_every_row_and_a_coordinator_those_of_own_areas():
    everybody, kaisa = SimpleNamespace(is_superuser=True), SimpleNamespace(is_superuser=False, area_ids_run=lambda: {7})
    areas = CoordinationArea.objects
    assert str(areas.run_by(everybody).query) == str(areas.all().query)
    assert str(areas.run_by(kaisa).query) == str(areas.filter(pk__in={7}).query)
