"""Authors bring a cover and attachments to a method: without JavaScript, with refusals in words, and with undo."""

import pytest
from django.urls import reverse

from methods.models import Attachment
from tests.lib.uploading import docx, odt, pdf, picture
from tests.methods.attachments.files import bring, change, page_of, stored


def errors(answer, form="form"):
    return getattr(answer.context["page"], form).errors


@pytest.fixture
def client_of_aino(sign_in, world):
    return sign_in(world.aino)


def test_a_cover_is_brought_with_its_words_and_with_who_said_that_it_may_be_published(client_of_aino, world, method):
    made = method()
    assert bring(client_of_aino, made, picture("JPEG", size=(1700, 900)), place="cover").status_code == 302
    row = Attachment.objects.get()
    assert (row.is_cover, row.kind, row.alt, row.caption) == (True, "picture", "Kello seinällä", "Kello")
    assert (row.width, row.height, row.agreed_by) == (1600, 847, world.aino)
    page = client_of_aino.get(made.get_absolute_url())
    assert page.text.count(f'src="{row.url}"') == 1
    assert f'width="1600" height="847" alt="{row.alt}"' in page.text


def test_a_new_cover_takes_the_place_of_the_old_one_which_can_be_put_back(client_of_aino, method):
    made = method()
    for alt in ("Ensimmäinen", "Toinen"):
        bring(client_of_aino, made, picture(), place="cover", alt=alt)
    assert [row.alt for row in Attachment.objects.covers()] == ["Toinen"]
    change(client_of_aino, Attachment.objects.get(alt="Ensimmäinen"), "put_back")
    assert [row.alt for row in Attachment.objects.covers()] == ["Ensimmäinen"]


@pytest.mark.parametrize(("data", "kind"), [(pdf(), "pdf"), (odt(), "odt"), (docx(), "docx")])
def test_a_document_needs_no_description_and_is_shown_by_its_caption(client_of_aino, method, data, kind):
    made = method()
    assert bring(client_of_aino, made, data, name="Ohje.pdf", alt="ohi", caption="").status_code == 302
    row = Attachment.objects.get()
    assert (row.kind, row.alt, str(row), row.file_name) == (kind, "", "Ohje", f"Ohje.{kind}")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"data": None}, "file"),
        ({"data": b""}, "file"),
        ({"data": b"<svg/>", "name": "kuva.svg"}, "file"),
        ({"data": picture(), "alt": ""}, "alt"),
        ({"data": picture(), "agrees": None}, "agrees"),
        ({"data": picture(), "caption": "x" * 201}, "caption"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_stored(client_of_aino, method, sent, field):
    answer = bring(client_of_aino, method(), sent.pop("data"), **sent)
    assert (answer.status_code, list(errors(answer)), Attachment.objects.count()) == (422, [field], 0)
    assert answer.text.count('class="error-summary"') == 1


def test_a_cover_is_a_picture(client_of_aino, method):
    answer = bring(client_of_aino, method(), pdf(), place="cover")
    assert list(errors(answer, "cover_form")) == ["file"]


def test_five_are_enough_and_a_sixth_is_refused_in_words(client_of_aino, method):
    made = method()
    for _number in range(5):
        assert bring(client_of_aino, made, pdf()).status_code == 302
    assert list(errors(bring(client_of_aino, made, pdf()))) == ["file"]
    assert bring(client_of_aino, made, picture(), place="cover").status_code == 302, "the cover is not one of the five"
    removed = Attachment.objects.filter(is_cover=False).first()
    change(client_of_aino, removed, "remove")
    assert bring(client_of_aino, made, pdf()).status_code == 302
    change(client_of_aino, removed, "put_back")
    assert Attachment.objects.get(pk=removed.pk).removed_at is not None, "there are five again"


def test_attachments_are_reworded_moved_removed_and_put_back(client_of_aino, method):
    made = method()
    for caption in ("Yksi", "Kaksi", "Kolme"):
        bring(client_of_aino, made, pdf(), caption=caption)
    one, two, three = made.attachments.in_order()
    change(client_of_aino, three, "up")
    change(client_of_aino, one, "down")
    change(client_of_aino, three, "up")
    change(client_of_aino, one, "words", caption="Ensimmäinen")
    assert [str(row) for row in made.attachments.in_order()] == ["Kolme", "Ensimmäinen", "Kaksi"]
    change(client_of_aino, two, "remove")
    assert [str(row) for row in made.attachments.shown().in_order()] == ["Kolme", "Ensimmäinen"]
    assert 'value="put_back">' in client_of_aino.get(page_of(made)).text
    change(client_of_aino, two, "put_back")
    assert made.attachments.shown().count() == 3


def test_a_picture_is_not_left_without_its_description(client_of_aino, method):
    made = method()
    bring(client_of_aino, made, picture(), place="cover")
    answer = change(client_of_aino, made.attachments.get(), "words", alt="", caption="Uusi")
    assert (answer.status_code, made.attachments.get().caption) == (422, "Kello")


@pytest.mark.parametrize("name", ["matti", "eetu", "kerttu"])
def test_only_authors_and_the_coordinator_keep_the_files(sign_in, world, method, name):
    made = method()
    row = stored(made, world)
    client = sign_in(getattr(world, name))
    assert client.get(page_of(made)).status_code == 404
    assert bring(client, made, pdf()).status_code == 404
    assert change(client, row, "remove").status_code == 404
    assert Attachment.objects.shown().count() == 1


def test_a_file_of_another_method_is_not_reached_through_an_own_one(client_of_aino, world, method):
    foreign = stored(method("Toisen oma", author=world.matti), world)
    own = method("Oma menetelmä")
    path = reverse("methods:attachment-change", args=[own.slug, foreign.pk])
    assert client_of_aino.post(path, {"action": "remove"}).status_code == 404


def test_the_coordinator_keeps_them_too(sign_in, world, method):
    made = method()
    assert bring(sign_in(world.kaisa), made, pdf()).status_code == 302
    assert Attachment.objects.get().agreed_by == world.kaisa


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_asks_the_same_number_of_questions_however_many_there_are(
    client_of_aino, world, method, count, django_assert_max_num_queries
):
    made = method()
    for _number in range(count):
        stored(made, world)
    client_of_aino.get(page_of(made))
    with django_assert_max_num_queries(9):
        client_of_aino.get(page_of(made))
