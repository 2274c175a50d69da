"""A letter as a person reads it: words out of every form, and the names of what came with it."""

from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from outbox.incoming import letter_text

HTML = (
    "<html><head><style>p { color: red }</style><title>x</title></head><body><p>Hei,</p><div>tulen <b>junalla</b></div>"
    '<ul><li>yksi</li></ul><script>alert(1)</script><a href="https://example.org/">ohje</a></body></html>'
)


def letter():
    made = EmailMessage()
    made["From"], made["Subject"] = "aino@example.org", "Vastaus"
    return made


def test_of_two_readings_the_plain_one_is_shown_and_files_are_named():
    """Real use 5."""
    made = letter()
    made.set_content("Tulen silti!")
    made.add_alternative("<p>Muuta</p>", subtype="html")
    made.add_attachment(b"x", maintype="application", subtype="pdf", filename="esityslista ä.pdf")
    inner = letter()
    inner.set_content("sisällä")
    made.add_attachment(inner)
    assert letter_text.read(bytes(made)) == letter_text.LetterText("Tulen silti!", ("esityslista ä.pdf", "Vastaus"))


def test_markup_becomes_words():
    """Real use 5: some programs send nothing else, or an empty plain reading beside it."""
    made = letter()
    made.set_content("\n")
    made.add_alternative(HTML, subtype="html")
    only = letter()
    only.set_content(HTML, subtype="html")
    for each in (made, only):
        words = "Hei,\n\ntulen junalla\n\n- yksi\n\nohje (https://example.org/)"
        assert letter_text.read(bytes(each)) == letter_text.LetterText(words)


def test_a_calendar_entry_is_a_file_and_no_words():
    made = letter()
    made.set_content("Tulen.")
    made.add_alternative(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar")
    assert letter_text.read(bytes(made)) == letter_text.LetterText("Tulen.", ("text/calendar",))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=1500))
def test_no_bytes_whatever_raise(raw):
    assert "\0" not in letter_text.read(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + raw).text
