"""Views of forms: what they allow, what they give to the form, and how they answer."""

import pytest
from django.http import HttpResponse

from lib.forms.posting import posted, show_and_act, show_form


@pytest.mark.parametrize(
    ("method", "status"), [("get", 200), ("head", 200), ("post", 200), ("put", 405), ("delete", 405)]
)
def test_a_form_is_shown_and_sent_and_nothing_else(rf, method, status):
    view = show_and_act(lambda request: HttpResponse())
    assert view(getattr(rf, method)("/")).status_code == status


def test_a_form_judges_only_what_was_sent(rf):
    assert posted(rf.get("/", {"title": "Kello"})) is None
    assert posted(rf.post("/", {"title": "Kello"}))["title"] == "Kello"


def test_an_empty_form_that_was_sent_is_judged_too(rf):
    assert posted(rf.post("/")) is not None


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("post", 422)])
def test_what_is_shown_again_after_it_was_sent_was_refused(rf, method, status):
    assert show_form(getattr(rf, method)("/"), "_empty.html", {"text": "Ei vielä."}).status_code == status
