"""Text from the editor or from anywhere else keeps its shape and loses what could follow, run or load something."""

import pytest

from lib.text.richtext import clean_html


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('<p>Hei <img src="https://seuraaja.example/1.gif"></p>', "<p>Hei </p>"),
        ('<p style="background:url(//seuraaja.example)" class="x">Hei</p>', "<p>Hei</p>"),
        ('<p><picture><source srcset="//x.example/a"></picture><video poster="//x.example/b"></video></p>', "<p></p>"),
        ('<a href="javascript:paha()">x</a>', '<a rel="noopener noreferrer">x</a>'),
        ('<a href="data:text/html,x" ping="//x.example">x</a>', '<a rel="noopener noreferrer">x</a>'),
        (
            '<a href="https://example.org" target="_blank">x</a>',
            '<a href="https://example.org" rel="noopener noreferrer">x</a>',
        ),
        ("<style>p{}</style><script>paha()</script><p>Hei</p>", "<p>Hei</p>"),
        ("<iframe src=//x.example></iframe><svg onload=paha()></svg>", ""),
    ],
)
def test_pictures_from_afar_and_odd_links_do_not_pass(written, kept):
    assert clean_html(written) == kept
