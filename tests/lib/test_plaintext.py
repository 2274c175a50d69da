"""Rich text as plain text."""

import pytest

from lib.text.plaintext import plain_text


@pytest.mark.parametrize(
    "html, words",
    [
        ("", ""),
        ("<p>Yksi.</p><p>Kaksi<br>kolme.</p>", "Yksi.\n\nKaksi\nkolme."),
        ("<h2>Otsikko</h2><p>Uusi <strong>vuosi</strong> &amp; työ</p>", "Otsikko\n\nUusi vuosi & työ"),
        ("<ul><li><p>yksi</p></li><li>kaksi</li></ul><p>Loppu</p>", "- yksi\n\n- kaksi\n\nLoppu"),
        ('<p>Lue <a href="https://example.org/a">ohje</a>.</p>', "Lue ohje (https://example.org/a)."),
        ('<p><a href="https://example.org/a">https://example.org/a</a></p>', "https://example.org/a"),
        ('<p><a href="mailto:kaisa@example.org">Kaisa</a></p>', "Kaisa (kaisa@example.org)"),
        ("<p>1 &lt; 2</p>", "1 < 2"),
    ],
)
def test_rich_text_reads_well_as_plain_text(html, words):
    assert plain_text(html) == words


def test_the_cells_of_a_row_stand_on_one_line():
    """Real use 28: tables that were pasted are read in letters without HTML too."""
    rows = [["<th><p>Päivä</p></th>", "<th><p>Aihe</p></th>"], ["<td><p>12.1.</p></td>", "<td><p>Ryhmä</p></td>"]]
    table = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    assert plain_text(f"<p>Ohjelma:</p><table><tbody>{table}</tbody></table><p>Tervetuloa</p>") == (
        "Ohjelma:\n\nPäivä | Aihe\n12.1. | Ryhmä\n\nTervetuloa"
    )
