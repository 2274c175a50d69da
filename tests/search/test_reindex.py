"""`manage.py reindex` after the analyser changed."""

from io import StringIO

from django.core.management import call_command

from methods.models import Method
from search import finnish
from tests.methods.conftest import method, words  # noqa: F401  the fixtures


def reindexed(*arguments):
    out = StringIO()
    call_command("reindex", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_only_rows_of_another_analyser_are_taken_apart_again(method):  # noqa: F811
    stale, fresh = method("Ryhmäytymisleikkejä"), method("Tunnekortit")
    Method.objects.filter(pk=stale.pk).update(search_backend="snowball", search_vector="")
    assert list(Method.objects.matching("leikki")) == []
    told = reindexed()
    assert told[0] == f"analyser: {finnish.backend()}"
    assert {"methods.Method: 1", "newsletters.Issue: 0"} < set(told)
    assert list(Method.objects.matching("leikki")) == [stale]
    assert {line.split(": ")[1] for line in reindexed()[1:]} == {"0"}
    assert "methods.Method: 2" in reindexed("--all")
    assert list(Method.objects.matching("tunnekortti")) == [fresh]
