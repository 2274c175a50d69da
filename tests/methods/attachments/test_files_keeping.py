"""Files have bounds, leave nothing behind when there is no room, and go when their row goes."""

import os
import resource
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings as conf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lib.uploads import storage
from lib.uploads.models import MOST_BYTES_TOGETHER
from methods.models import Attachment, Method
from methods.tasks import sweep_files
from tests.lib.uploading import pdf, picture
from tests.methods.attachments.files import bring, page_of, stored


@pytest.fixture(autouse=True)
def storage_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client_of_aino(sign_in, world):
    return sign_in(world.aino)


def folders():
    """What the storage holds: the names of all folders."""
    return sorted(storage._names("methods")[0])


def errors(answer):
    return [str(words) for words in answer.context["page"].form.errors["file"]]


@contextmanager
def no_room_for_more_than(size):
    """The system refuses to write more into one file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [300_000, 4_000_000])
def test_a_full_disk_is_told_in_the_form_and_leaves_neither_row_nor_file(client_of_aino, method, size):
    """Small uploads meet it when they are stored, large ones already on their way in."""
    made = method()
    with no_room_for_more_than(100_000):
        answer = bring(client_of_aino, made, pdf(tail=b"%" + b"x" * size))
    assert (answer.status_code, Attachment.objects.count(), folders()) == (422, 0, [])
    assert len(errors(answer)) == 1
    assert bring(client_of_aino, made, pdf()).status_code == 302


def test_a_picture_that_cannot_be_stored_whole_leaves_no_half(client_of_aino, method):
    noise = os.urandom(3 * 500 * 500)
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.frombytes("RGB", (500, 500), noise).save(out, "PNG")
    with no_room_for_more_than(100_000):  # the small copy fits, the larger one does not
        assert bring(client_of_aino, method(), out.getvalue(), place="cover").status_code == 422
    assert folders() == []


def test_a_method_has_a_quota_that_counts_what_was_removed_lately(client_of_aino, world, method):
    made = method()
    row = stored(made, world)
    row.remove(timezone.now())
    Attachment.objects.filter(pk=row.pk).update(size=MOST_BYTES_TOGETHER)
    assert len(errors(bring(client_of_aino, made, pdf()))) == 1
    assert bring(client_of_aino, method("Toinen menetelmä"), pdf()).status_code == 302


def test_the_installation_has_a_quota(client_of_aino, method, settings):
    settings.UPLOAD_QUOTA_MB = 0
    assert len(errors(bring(client_of_aino, method(), pdf()))) == 1
    assert folders() == []


@pytest.mark.parametrize("megabytes", [21, 45])
def test_a_file_that_is_too_big_is_told_by_its_size(client_of_aino, method, megabytes):
    began = time.monotonic()
    answer = bring(client_of_aino, method(), pdf(tail=bytes(megabytes * 1_000_000)))
    assert answer.status_code == 422 and errors(answer)[0].count(str(megabytes + 1)) == 1
    assert time.monotonic() - began < 2


def test_a_request_larger_than_any_form_is_refused_unread(client_of_aino, method):
    page = page_of(method())
    head = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(900_000_000)}
    assert client_of_aino.generic("POST", page, b"--x--", **head).status_code == 400


@pytest.mark.parametrize("part", [b'name="f%d"\r\n\r\nx', b'name="f%d"; filename="a.png"\r\n\r\nx'])
def test_ten_thousand_parts_are_refused_in_words(client_of_aino, method, part):
    body = b"".join(b"--x\r\nContent-Disposition: form-data; " + part % n + b"\r\n" for n in range(10_000)) + b"--x--"
    began = time.monotonic()
    answer = client_of_aino.generic("POST", page_of(method()), body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400 and "<h1>" in answer.text
    assert time.monotonic() - began < 2


def test_without_the_secret_of_the_form_nothing_is_taken(world, method):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.aino)
    assert bring(client, method(), pdf()).status_code == 403


def test_files_go_after_the_row_is_gone_and_stay_when_it_stays(world, method, django_capture_on_commit_callbacks):
    row = stored(method(), world)
    with django_capture_on_commit_callbacks(execute=False):
        Attachment.objects.all().discard()
    assert folders() == [row.token], "not before it is certain"
    row = stored(method("Toinen menetelmä"), world)
    with django_capture_on_commit_callbacks(execute=True):
        Attachment.objects.all().discard()
    assert row.token not in folders()


@pytest.mark.parametrize("way", ["one", "many"])
def test_a_method_deleted_on_the_desk_takes_its_files_along(
    sign_in, world, method, way, django_capture_on_commit_callbacks
):
    made = method()
    row = stored(made, world, picture(), is_cover=True)
    client = sign_in(world.kaisa)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "one":
            client.post(reverse("admin:methods_method_delete", args=[made.pk]), {"post": "yes"})
        else:
            chosen = {"action": "delete_selected", "_selected_action": [made.pk], "post": "yes"}
            client.post(reverse("admin:methods_method_changelist"), chosen)
    assert (Method.objects.count(), Attachment.objects.count(), folders()) == (0, 0, [])
    assert client.get(row.url).status_code == 404


def test_the_nightly_round_throws_away_what_was_removed_a_week_ago_and_what_belongs_to_nobody(
    world, method, now, django_capture_on_commit_callbacks
):
    made = method()
    kept, lately, long_ago = (stored(made, world) for _number in range(3))
    lately.remove(now - timedelta(days=6))
    long_ago.remove(now - timedelta(days=8))
    for token, age in (("0" * 32, 2), ("1" * 32, 0)):
        name = default_storage.save(f"methods/{token}/400.webp", ContentFile(b"x"))
        moment = (now - timedelta(days=age)).timestamp()
        os.utime(default_storage.path(name), (moment, moment))
    for _round in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            sweep_files()
    assert folders() == sorted([kept.token, lately.token, "1" * 32])
    assert set(Attachment.objects.all()) == {kept, lately}
    assert storage.orphans("methods", Attachment.objects.values_list("token", flat=True), now) == []


def test_the_database_keeps_one_cover_and_no_picture_without_words(world, method, now):
    row = stored(method(), world, picture(), is_cover=True)
    for wrong in ({"alt": ""}, {"kind": "pdf"}, {"width": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(pk=row.pk).update(**wrong)
    second = stored(row.method, world, picture())
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=second.pk).update(is_cover=True)


def test_the_desk_shows_them_and_removes_them_so_that_they_can_be_put_back(sign_in, world, method):
    row = stored(method(), world, picture(), is_cover=True)
    client = sign_in(world.kaisa)
    page = reverse("admin:methods_method_change", args=[row.method.pk])
    shown = client.get(page)
    assert shown.text.count(f'href="{row.url}"') == 1
    form = shown.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, "", [])}
    for formset in shown.context["inline_admin_formsets"]:
        rows = formset.formset
        sent |= {f"{rows.prefix}-TOTAL_FORMS": len(rows.forms), f"{rows.prefix}-INITIAL_FORMS": len(rows.forms)}
        for each in rows.forms:
            sent |= {f"{each.prefix}-id": each.instance.pk, f"{each.prefix}-method": row.method.pk}
            sent |= {
                f"{each.prefix}-{n}": each[n].value() or "" for n in each.fields if n in ("order", "title", "minutes")
            }
    answer = client.post(page, sent | {"attachments-0-DELETE": "on"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row.refresh_from_db()
    assert row.removed_at is not None and folders() == [row.token]


def test_the_storage_lies_off_the_web():
    assert not str(conf.MEDIA_ROOT).startswith((str(conf.STATIC_ROOT), str(conf.BASE_DIR / "static")))
