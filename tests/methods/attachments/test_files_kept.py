"""A chosen file outlives a form that is refused for something else, for an hour, and nobody else gets at it."""

import os
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from lib.tasks import forget_kept_files
from methods.models import Attachment
from tests.lib.uploading import pdf, picture
from tests.methods.attachments.files import bring, page_of, typed


@pytest.fixture(autouse=True)
def storage_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client_of_aino(sign_in, world):
    return sign_in(world.aino)


@pytest.fixture
def own(method):
    return method()


def kept_in(page):
    return re.search(r'name="file-file-kept" value="([^"]+)"', page.text)[1]


def folders():
    return default_storage.listdir("kept")[0] if default_storage.exists("kept") else []


def again(client, method, token, **words):
    return client.post(page_of(method), typed(None, **words) | {"file-file-kept": token})


def test_a_file_is_chosen_once_though_the_form_is_sent_twice(client_of_aino, own):
    """Real use 27: a picture without its words, then with them."""
    page = bring(client_of_aino, own, picture(), name="Ryhmä.png", alt="")
    assert page.status_code == 422 and "<strong>Ryhmä.png</strong>" in page.text
    token = kept_in(page)
    once_more = again(client_of_aino, own, token, alt="", agrees=None)
    assert kept_in(once_more) == token and len(folders()) == 1
    assert again(client_of_aino, own, token).status_code == 302
    assert [(row.kind, row.name, row.alt) for row in Attachment.objects.all()] == [
        ("picture", "Ryhmä", "Kello seinällä")
    ]
    assert folders() == []


def test_another_file_takes_the_place_of_the_kept_one(client_of_aino, own):
    """Real use 27: what is chosen anew counts."""
    token = kept_in(bring(client_of_aino, own, picture(), name="Ryhmä.png", alt=""))
    sent = typed(pdf(), name="Ohje.pdf") | {"file-file-kept": token}
    assert client_of_aino.post(page_of(own), sent).status_code == 302
    assert Attachment.objects.get().name == "Ohje"


def test_what_is_refused_itself_is_not_kept(client_of_aino, own):
    """Real use 27: only harmless files lie on the disk."""
    page = bring(client_of_aino, own, b"MZ paha", agrees=None)
    assert page.status_code == 422 and "-kept" not in page.text
    assert folders() == []


def test_after_an_hour_it_is_to_be_chosen_again_and_the_file_is_gone(client_of_aino, own, tmp_path):
    """Real use 27: and a token that somebody made up gives nothing."""
    now = timezone.now()
    token = kept_in(bring(client_of_aino, own, picture(), alt=""))
    assert again(client_of_aino, own, token[:-3] + "abc").status_code == 422
    (stored,) = tmp_path.glob("kept/*/file")
    os.utime(stored, (now.timestamp(), now.timestamp()))
    forget_kept_files()
    assert len(folders()) == 1
    with time_machine.travel(now + timedelta(minutes=61), tick=False):
        late = again(client_of_aino, own, token)
        assert late.status_code == 422 and late.context["page"].form.errors["file"]
        forget_kept_files()
    assert folders() == [] and not Attachment.objects.exists()
