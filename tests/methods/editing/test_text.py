"""Long texts: lists, numbered goals and sub-headings, and nothing else."""

import pytest

from lib.text.richtext import html_from_marks

GOALS = "Johdanto\n\n## Tavoitteet\n1. LNP: hyvä arki\n2. MIPÄ: apu ajoissa\n\n- yksi\n- kaksi"


def test_paragraphs_lists_and_sub_headings_are_laid_out():
    assert html_from_marks(GOALS).replace("\n", "") == (
        "<p>Johdanto</p><h3>Tavoitteet</h3><ol><li>LNP: hyvä arki</li><li>MIPÄ: apu ajoissa</li></ol>"
        "<ul><li>yksi</li><li>kaksi</li></ul>"
    )


def test_lines_stay_lines_and_numbers_stay_numbers():
    assert html_from_marks("yksi\nkaksi").replace("\n", "") == "<p>yksi<br>kaksi</p>"
    assert '<ol start="3">' in html_from_marks("3. kolmas\n4. neljäs")


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "*a* _b_ `c` <b>d</b>", "![x](y)", "<!-- -->", "> a"],
)
def test_every_other_sign_is_itself(text):
    html = html_from_marks(text)
    assert html.count("<") == 2  # one paragraph
    assert html.startswith("<p>")


def test_a_method_shows_them_on_its_page(method, client):
    html = client.get(method(safety=GOALS).get_absolute_url()).content.decode()
    assert ["<h3>Tavoitteet</h3>" in html, "<li>MIPÄ: apu ajoissa</li>" in html] == [True, True]
