"""Lists for spreadsheets: whole or row by row, the same bytes, and no words of a stranger as a formula."""

from django.utils import translation
from django.utils.translation import gettext as _

from lib.output import csv_export

ROWS = [["name", "sum"], ["=1+1", None], ["Ådalen; norr", -3]]


def test_both_ways_give_the_same_file():
    whole, streamed = csv_export.download("lista", ROWS), csv_export.stream("lista", ROWS)
    assert streamed.getvalue() == whole.content == "\ufeffname;sum\r\n'=1+1;\r\n\"Ådalen; norr\";'-3\r\n".encode()
    assert {answer["Content-Disposition"] for answer in (whole, streamed)} == {'attachment; filename="lista.csv"'}
    assert {answer["Content-Type"] for answer in (whole, streamed)} == {"text/csv; charset=utf-8"}


def test_what_is_streamed_speaks_the_language_of_its_request():
    with translation.override("sv"):
        answer = csv_export.stream("lista", ([_("Language")] for _row in range(1)))
    with translation.override("fi"):
        assert answer.getvalue().decode() == "\ufeffSpråk\r\n"
