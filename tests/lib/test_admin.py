"""Base classes of the admin, on the pages that stand on them."""

import pytest
from django.contrib import admin
from django.urls import reverse

from lib.admin import StateFilter


def state_filters():
    for model, page in admin.site._registry.items():
        for each in page.list_filter:
            if isinstance(each, type) and issubclass(each, StateFilter):
                yield pytest.param(
                    f"admin:{model._meta.label_lower.replace('.', '_')}_changelist", each, id=model._meta.label
                )


@pytest.mark.parametrize(("page", "by_state"), list(state_filters()))
def test_every_state_that_is_offered_narrows_its_list(world, sign_in, page, by_state):
    client = sign_in(world.kaisa)
    everything = str(client.get(reverse(page)).context["cl"].queryset.query)
    asked = [client.get(reverse(page), {by_state.parameter_name: state}) for state, _words in by_state.states]
    queries = {str(answer.context["cl"].queryset.query) for answer in asked}
    assert len(queries | {everything}) == len(asked) + 1
    nonsense = client.get(reverse(page), {by_state.parameter_name: "nonsense"})
    assert str(nonsense.context["cl"].queryset.query) == everything
