"""Files go to exactly those who see the method, as downloads or as pictures that we made, and cannot do anything."""

import pytest
from django.urls import reverse

from lib.uploads.serving import FOR_ALL, FOR_ONE, SEALED
from methods.models import Attachment
from tests.lib.uploading import pdf, picture
from tests.methods.attachments.files import stored

OUTSIDERS = ["anonymous", "niilo", "eetu", "kerttu"]


def both(method, world):
    """A cover and a document: (row, its address)."""
    cover = stored(method, world, picture(size=(900, 500)), is_cover=True)
    document = stored(method, world, pdf())
    return [(cover, cover.url), (document, document.download_url)]


def enter(client, world, role):
    if role != "anonymous":
        client.force_login(getattr(world, role))
    return client


@pytest.mark.parametrize("visibility", ["public", "members", "network", "coordinators"])
def test_whoever_sees_the_method_sees_its_files_and_nobody_else(client, world, method, visibility):
    network = world.iso if visibility == "network" else None
    states = ["draft", "published", "archived"]
    methods = [method(f"Menetelmä {state}", state, visibility=visibility, network=network) for state in states]
    addresses = {made: [address for _row, address in both(made, world)] for made in methods}
    for role in [*OUTSIDERS, "matti", "aino", "kaisa", "ulla"]:
        client.logout()
        enter(client, world, role)
        for made in methods:
            expected = client.get(made.get_absolute_url()).status_code
            assert [client.get(address).status_code for address in addresses[made]] == [expected] * 2, (role, made)


def test_a_document_is_a_sealed_download_and_a_picture_is_webp(client, world, method):
    (_cover, cover_url), (_document, document_url) = both(method(), world)
    answers = [client.get(cover_url), client.get(document_url)]
    for answer in answers:
        assert answer["Content-Security-Policy"] == SEALED
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cache-Control"] == FOR_ALL
        assert not answer.cookies
    assert [answer["Content-Type"] for answer in answers] == ["image/webp", "application/pdf"]
    assert answers[1]["Content-Disposition"] == 'attachment; filename="Ohje.pdf"'
    assert b"".join(answers[1].streaming_content) == pdf()


def test_what_is_not_public_is_kept_by_no_cache(sign_in, world, method):
    addresses = [address for _row, address in both(method(visibility="members"), world)]
    assert {sign_in(world.aino).get(address)["Cache-Control"] for address in addresses} == {FOR_ONE}


def test_addresses_that_were_guessed_lead_nowhere(client, world, method):
    made, other = method(), method("Toinen menetelmä")
    cover, document = (row for row, _address in both(made, world))
    wrong = [
        reverse("methods:attachment-picture", args=[made.slug, cover.token, 123]),
        reverse("methods:attachment-picture", args=[made.slug, document.token, 400]),
        reverse("methods:attachment-picture", args=[other.slug, cover.token, 400]),
        reverse("methods:attachment-download", args=[made.slug, cover.token]),
        reverse("methods:attachment-download", args=[other.slug, document.token]),
        reverse("methods:attachment-download", args=[made.slug, "0" * 32]),
        f"/media/methods/{cover.token}/400.webp",
    ]
    assert [client.get(address).status_code for address in wrong] == [404] * len(wrong)


def test_a_removed_file_is_gone_at_once_for_everybody(client, world, method, now):
    addresses = []
    for row, address in both(method(), world):
        row.remove(now)
        addresses.append(address)
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    client.force_login(world.aino)
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_lists_show_covers_that_load_late_and_pages_show_attachments(client, world, method):
    made = method()
    cover, document = (row for row, _address in both(made, world))
    card = client.get(reverse("methods:method-list")).text
    assert f'srcset="{cover.srcset}"' in card and 'loading="lazy"' in card and f'alt="{cover.alt}"' in card
    assert document.download_url not in card
    page = client.get(made.get_absolute_url()).text
    assert page.count(document.download_url) == 1 and page.count(f'src="{cover.url}"') == 1


def test_a_list_asks_as_much_with_one_cover_as_with_many(client, world, method, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in range(1, 5):
        stored(method(f"Menetelmä {number}"), world, picture(), is_cover=True)
        client.get(reverse("methods:method-list"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("methods:method-list"))
        counts.append(len(asked))
    assert counts == [counts[0]] * 4


def test_the_name_of_a_download_cannot_break_the_head(client, world, method):
    row = stored(method(), world)
    Attachment.objects.filter(pk=row.pk).update(name='Äiti\r\nX: 1"; filename="a.html')
    answer = client.get(row.download_url)
    assert "X" not in answer.headers and answer["Content-Disposition"].startswith("attachment")
