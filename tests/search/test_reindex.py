"""`manage.py reindex` after the analyser changed."""

from io import StringIO

from django.core.management import call_command

from methods.models import Findable, Method
from search import finnish
from tests.methods.conftest import method, words  # noqa: F401  the fixtures


def reindexed(*arguments):
    out = StringIO()
    call_command("reindex", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_only_rows_of_another_analyser_are_taken_apart_again(method):  # noqa: F811
    stale, fresh = method("Ryhmäytymisleikkejä"), method("Tunnekortit")
    Findable.objects.filter(pk=stale.pk).update(search_backend="snowball", search_vector="")
    assert list(Method.objects.matching("leikki")) == []
    assert reindexed() == [f"analyser: {finnish.backend()}", "methods.Findable: 1", "newsletters.Issue: 0"]
    assert list(Method.objects.matching("leikki")) == [stale]
    assert reindexed()[1] == "methods.Findable: 0"
    assert reindexed("--all")[1] == "methods.Findable: 2"
    assert list(Method.objects.matching("tunnekortti")) == [fresh]
