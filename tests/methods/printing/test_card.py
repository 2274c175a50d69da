"""A method on paper: A4, A5 and four small cards on a sheet, as a page and as a tagged PDF made without network."""

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from pypdf import PdfReader

from lib.output import pdf
from methods.models import Method
from tests.lib.uploading import picture
from tests.methods.attachments.files import stored

LONG = "Nuorisotyöverkostokoordinaattorikoulutuspäivätarjoilujärjestelytoimikunta"
pytestmark = pytest.mark.skipif(not pdf.is_possible(), reason="no Pango on this machine")


def card_of(method, size="a4", form="method-card"):
    return reverse(f"methods:{form}", args=[method.slug]) + f"?size={size}"


def sheet_of(*methods, form="card-sheet"):
    return reverse(f"methods:{form}") + "?show=1&" + "&".join(f"m={method.slug}" for method in methods)


def read(answer):
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return PdfReader(BytesIO(answer.content))


def words(document):
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def paper(document):
    """The size of the first sheet in millimetres."""
    box = document.pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def figures(document):
    """The words that are read aloud for each picture."""
    objects = (document.get_object(number) for number in range(1, document.trailer["/Size"]))
    found = [each for each in objects if isinstance(each, dict) and each.get("/S") == "/Figure"]
    return [each.get("/Alt") for each in found]


@pytest.mark.parametrize(("size", "millimetres"), [("a4", (210, 297)), ("a5", (148, 210)), ("a3", (210, 297))])
def test_a_card_is_a_tagged_pdf_of_the_chosen_size_with_title_and_language(client, method, size, millimetres):
    made = method(goal=f"Tavoitteena {LONG}.")
    document = read(client.get(card_of(made, size, "method-card-pdf")))
    root = document.trailer["/Root"]
    assert (paper(document), root["/Lang"], document.metadata.title) == (millimetres, "fi", "Välituntikello")
    assert root["/MarkInfo"]["/Marked"] == True and "/StructTreeRoot" in root  # noqa: E712  a PDF's own kind of truth
    assert b"pdfuaid" in root["/Metadata"].get_data()
    text = words(document)
    assert "Välituntikello" in text and "Aloitus" in text and f"menetelmat/{made.slug}" in text
    assert len(document.pages) == 1


def test_both_kinds_and_very_long_words_stay_on_the_paper(client, method, words):
    made = method(title=f"{LONG} {LONG[:40]}")
    long = {"basic_idea": f"{LONG} " * 40, "safety": "ö" * 3000, "conditions": [LONG] * 9}
    Method.objects.filter(pk=made.pk).update(kind="model", stage=words["kokeilu"], **long)
    answer = client.get(card_of(made, "a5", "method-card-pdf"))
    document = read(answer)
    assert re.search(r"Nuorisotyö\w*[‐-]\n", document.pages[0].extract_text()), "a long Finnish word is hyphenated"
    furthest = []
    for page in document.pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, *_: furthest.append(tm[4] * cm[0] + cm[4]) if text else None
        )
    assert max(furthest) < 148 / 25.4 * 72 and len(document.pages) <= 5


def test_every_picture_of_a_card_is_told_in_words(client, world, method):
    made = method()
    assert len(figures(read(client.get(card_of(made, form="method-card-pdf"))))) == 1, "the code"
    stored(made, world, picture("JPEG", size=(1000, 600)), is_cover=True, alt="Kello seinällä")
    alts = figures(read(client.get(card_of(made, form="method-card-pdf"))))
    assert "Kello seinällä" in alts and len(alts) == 2 and all(alts)


def test_four_small_cards_fit_a_sheet(client, method):
    methods = [method(f"Menetelmä {number}", summary=f"{LONG} " * 2) for number in range(6)]
    document = read(client.get(sheet_of(*methods, form="card-sheet-pdf")))
    assert (len(document.pages), paper(document)) == (2, (210, 297))
    assert [len(re.findall(r"Menetelmä \d", page.extract_text())) for page in document.pages] == [4, 2]


def test_the_code_leads_to_the_page_of_the_method_at_the_public_address(client, method, settings):
    settings.SITE_URL = "https://portaali.example.org"
    made = method()
    page = client.get(card_of(made), headers={"host": "localhost"})
    assert page.context["card"].address == f"https://portaali.example.org{made.get_absolute_url()}"
    assert page.text.count('<svg class="qr" role="img"') == 1
    assert f"<p>portaali.example.org/menetelmat/{made.slug}</p>" in page.text


@pytest.mark.parametrize("form", ["method-card", "method-card-pdf"])
def test_a_card_follows_the_visibility_of_its_method(client, world, method, form):
    hidden, public = method("Jäsenten menetelmä", visibility="members"), method("Julkinen menetelmä")
    codes = {}
    for role in (None, world.niilo, world.eetu, world.matti):
        client.logout()
        if role:
            client.force_login(role)
        codes[role] = [client.get(card_of(each, form=form)).status_code for each in (hidden, public)]
    assert list(codes.values()) == [[404, 200], [404, 200], [404, 200], [200, 200]]


def test_hidden_methods_are_left_out_of_sheets(client, world, method):
    hidden, public = method("Jäsenten menetelmä", visibility="members"), method("Julkinen menetelmä")
    assert words(read(client.get(sheet_of(hidden, public, form="card-sheet-pdf")))).count("menetelmä") == 1
    assert client.get(sheet_of(hidden, form="card-sheet-pdf")).status_code == 404
    chooser = client.get(reverse("methods:card-sheet"), {"m": hidden.slug})
    assert (list(chooser.context["chosen"]), list(chooser.context["found"])) == ([], [public])


def test_methods_are_chosen_on_the_page_without_javascript(client, method):
    one, two = method("Yksi menetelmä"), method("Kaksi menetelmää")
    page = client.get(reverse("methods:card-sheet"), {"m": one.slug, "q": "kaksi"})
    assert (list(page.context["chosen"]), list(page.context["found"])) == ([one], [two])
    shown = client.get(sheet_of(one, two))
    assert shown.text.count('class="card-cell"') == 2
    read(client.get(shown.context["pdf_url"]))


def test_without_pango_the_page_tells_how_to_print_and_offers_no_pdf(client, method, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    pdf.is_possible.cache_clear()
    made = method()
    page = client.get(card_of(made))
    assert page.context["pdf_url"] not in page.text and "Ctrl+P" in page.text
    assert client.get(card_of(made, form="method-card-pdf")).status_code == 404
    pdf.is_possible.cache_clear()


def test_whoever_asks_for_very_many_pdfs_gets_the_page_with_a_word_about_it(client, method):
    cache.set("methods.printing.cards.127.0.0.1", 59)
    address = card_of(method(), form="method-card-pdf")
    assert [client.get(address)["Content-Type"].split(";")[0] for _time in (1, 2)] == ["application/pdf", "text/html"]
    assert client.get(address).status_code == 429


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example.org/a.png",
        "http://portaali.example.org.evil.example/static/css/site.css",
        "file:///etc/passwd",
        "/etc/passwd",
        "data:text/css,a",
        "ftp://localhost/x",
        "http://127.0.0.1:8000/media/methods/x/400.webp",
        "http://127.0.0.1:8000/menetelmat/",
    ],
)
def test_a_pdf_takes_nothing_but_what_it_was_given_and_static_files(settings, address):
    settings.SITE_URL = "http://127.0.0.1:8000"
    with pytest.raises(ValueError):
        pdf.own_file(address, {})


def test_a_pdf_does_not_climb_out_of_the_static_files(settings):
    from django.core.exceptions import SuspiciousFileOperation

    settings.SITE_URL = "http://127.0.0.1:8000"
    for path in ("../youthnet/settings.py", "%2e%2e/youthnet/settings.py", "css/../../.env"):
        with pytest.raises((SuspiciousFileOperation, FileNotFoundError)):
            pdf.own_file(f"http://127.0.0.1:8000/static/{path}", {})
    assert b"card-a4" in pdf.own_file("http://127.0.0.1:8000/static/css/card.css", {})


def test_pictures_and_addresses_in_the_words_of_a_method_are_fetched_from_nowhere(client, method, caplog):
    made = method(goal='<img src="file:///etc/passwd"><link rel=stylesheet href="http://evil.example.org/x.css">')
    text = words(read(client.get(card_of(made, form="method-card-pdf"))))
    assert "file:///etc/passwd" in text.replace(" ", "")
    assert [record for record in caplog.records if "Failed to load" in record.message] == []


@pytest.mark.parametrize("count", [1, 8])
def test_sheets_ask_the_same_number_of_questions_for_one_and_for_many(
    client, method, count, django_assert_max_num_queries
):
    methods = [method(f"Menetelmä {number}") for number in range(count)]
    client.get(sheet_of(*methods))
    with django_assert_max_num_queries(4):
        client.get(sheet_of(*methods))
    with django_assert_max_num_queries(5):
        client.get(card_of(methods[0]))
