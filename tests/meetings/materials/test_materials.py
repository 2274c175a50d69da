"""Materials are links and files, for those they are meant for; the coordinator keeps them in order and can undo."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lib.uploads import storage
from lib.uploads.models import MOST_BYTES_TOGETHER
from lib.uploads.serving import FOR_ALL, FOR_ONE, SEALED
from lib.uploads.validation import validate
from meetings.models import AgendaItem, Material, Meeting, Minutes
from meetings.models.material import MOST_FILES
from meetings.tasks import send_minutes, sweep_files
from outbox.message.builder import raw
from outbox.models import Delivery
from tests.leaks import assert_not_leaked
from tests.lib.uploading import docx, odt, pdf, picture, upload


@pytest.fixture(autouse=True)
def shelf_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client_of_kaisa(sign_in, world):
    return sign_in(world.kaisa)


def edit(meeting):
    return reverse("meetings:material-edit", args=[meeting.slug])


def link(meeting, title="Kalvot", **facts):
    return Material.objects.add_link(
        meeting, timezone.now(), title=title, url="https://esimerkki.example.org/x", **facts
    )


def file(meeting, world, data=None, title="Kalvot", visibility="members"):
    judged = validate(upload(data or pdf(), "Kalvot.pdf"))
    words = {"title": title, "visibility": visibility, "alt": "Kaavio" if judged.is_picture else ""}
    return Material.objects.store_upload(meeting, judged, world.kaisa, timezone.now(), **words)


def bring(client, meeting, data, name="Kalvot.pdf", **words):
    sent = {"title": "Kalvot", "visibility": "everybody", "alt": "Kaavio", "agrees": "on", **words}
    sent = {f"file-{key}": value for key, value in sent.items() if value is not None} | {"place": "file"}
    return client.post(edit(meeting), sent | {"file-file": upload(data, name)})


def change(client, row, action, **words):
    sent = {"action": action} | {f"row{row.pk}-{key}": value for key, value in words.items()}
    return client.post(reverse("meetings:material-change", args=[row.pk]), sent)


def errors(answer, form="file_form"):
    return list(getattr(answer.context["page"], form).errors)


def folders():
    return sorted(storage._names("meetings")[0])


# links


def test_a_link_is_added_and_must_be_of_the_web(client_of_kaisa, meeting):
    sent = {"place": "link", "link-title": "Tallenne", "link-visibility": "members"}
    for bad, field in (("ftp://esimerkki.example.org/x", "__all__"), ("", "url"), ("javascript:alert(1)", "url")):
        answer = client_of_kaisa.post(edit(meeting), sent | {"link-url": bad})
        assert (answer.status_code, errors(answer, "link_form")) == (422, [field])
    client_of_kaisa.post(edit(meeting), sent | {"link-url": "https://esimerkki.example.org/x"})
    assert [(row.title, row.what, row.is_file) for row in Material.objects.all()] == [("Tallenne", "linkki", False)]


# files


@pytest.mark.parametrize(("data", "kind"), [(pdf(), "pdf"), (odt(), "odt"), (docx(), "docx")])
def test_a_document_is_judged_by_its_bytes(client_of_kaisa, world, meeting, data, kind):
    assert bring(client_of_kaisa, meeting, data, name="Kalvot.exe").status_code == 302
    row = Material.objects.get()
    assert (row.kind, row.alt, row.file_name, row.agreed_by) == (kind, "", f"Kalvot.{kind}", world.kaisa)


def test_a_picture_is_made_anew_and_needs_its_words(client_of_kaisa, meeting):
    assert errors(bring(client_of_kaisa, meeting, picture(), alt="")) == ["alt"]
    assert bring(client_of_kaisa, meeting, picture("JPEG", size=(900, 500), exif=_placed()), "k.jpg").status_code == 302
    row = Material.objects.get()
    stored = default_storage.open(row.stored("800.webp")).read()
    assert (row.is_picture, row.alt, row.width, b"Exif" in stored) == (True, "Kaavio", 900, False)
    page = client_of_kaisa.get(meeting.get_absolute_url()).text
    assert page.count(f'src="{row.url}"') == 1 and 'alt="Kaavio"' in page


def _placed():
    from PIL import Image

    notes = Image.Exif()
    notes[0x010F] = "Kamera"
    return notes


@pytest.mark.parametrize(
    ("data", "words", "field"),
    [
        (b"<svg/>", {}, "file"),
        (b"", {}, "file"),
        (pdf(b"/OpenAction << /S /JavaScript /JS (x) >>"), {}, "file"),
        (pdf(), {"title": ""}, "title"),
        (pdf(), {"agrees": None}, "agrees"),
        (pdf(), {"visibility": "x"}, "visibility"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(client_of_kaisa, meeting, data, words, field):
    answer = bring(client_of_kaisa, meeting, data, **words)
    assert (answer.status_code, errors(answer), Material.objects.count(), folders()) == (422, [field], 0, [])


def test_ten_files_are_enough_and_links_do_not_count(client_of_kaisa, world, meeting):
    link(meeting)
    rows = [file(meeting, world) for _number in range(MOST_FILES)]
    assert errors(bring(client_of_kaisa, meeting, pdf())) == ["file"]
    change(client_of_kaisa, rows[0], "remove")
    assert bring(client_of_kaisa, meeting, pdf()).status_code == 302
    change(client_of_kaisa, rows[0], "put_back")
    rows[0].refresh_from_db()
    assert rows[0].removed_at is not None, "there are ten again"


def test_a_meeting_and_the_house_have_a_quota(client_of_kaisa, world, meeting, settings):
    row = file(meeting, world)
    Material.objects.filter(pk=row.pk).update(size=MOST_BYTES_TOGETHER)
    assert errors(bring(client_of_kaisa, meeting, pdf())) == ["file"]
    Material.objects.filter(pk=row.pk).update(size=1)
    settings.UPLOAD_QUOTA_MB = 0
    assert errors(bring(client_of_kaisa, meeting, pdf())) == ["file"]
    assert folders() == [row.token]


# keeping in order


def test_they_are_reworded_moved_removed_and_put_back(client_of_kaisa, world, meeting):
    one, two, three = link(meeting, "Yksi"), file(meeting, world, title="Kaksi"), file(meeting, world, title="Kolme")
    change(client_of_kaisa, three, "up")
    change(client_of_kaisa, one, "down")
    change(client_of_kaisa, one, "words", title="Ensimmäinen", visibility="everybody")
    shown = meeting.materials.shown().in_order()
    assert [str(row) for row in shown] == ["Kolme", "Ensimmäinen", "Kaksi"]
    change(client_of_kaisa, one, "remove")
    change(client_of_kaisa, two, "remove")
    assert [str(row) for row in shown.all()] == ["Kolme"]
    page = client_of_kaisa.get(edit(meeting)).text
    assert page.count('value="put_back"') == 2
    for row in (one, two):
        change(client_of_kaisa, row, "put_back")
    assert [str(row) for row in shown.all()] == ["Kolme", "Ensimmäinen", "Kaksi"]
    assert change(client_of_kaisa, one, "words", title="", visibility="everybody").status_code == 422


@pytest.mark.parametrize("who", ["aino", "matti", "niilo", "eetu", "kerttu"])
def test_only_the_coordinator_keeps_them(sign_in, world, meeting, who):
    row = file(meeting, world)
    client = sign_in(getattr(world, who))
    answers = [client.get(edit(meeting)), bring(client, meeting, pdf()), change(client, row, "remove")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert Material.objects.shown().count() == 1


def test_the_nightly_round_throws_away_what_was_removed_a_week_ago(world, meeting, django_capture_on_commit_callbacks):
    now = timezone.now()
    kept, lately, long_ago, old_link = (*(file(meeting, world) for _number in range(3)), link(meeting))
    lately.remove(now - timedelta(days=6))
    for row in (long_ago, old_link):
        row.remove(now - timedelta(days=8))
    lost = default_storage.save(f"meetings/{'0' * 32}/400.webp", ContentFile(b"x"))
    os.utime(default_storage.path(lost), ((now - timedelta(days=2)).timestamp(),) * 2)
    for _round in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            sweep_files()
    assert folders() == sorted([kept.token, lately.token])
    assert set(Material.objects.all()) == {kept, lately}


def test_a_draft_deleted_on_the_desk_takes_its_files_along(
    client_of_kaisa, world, make_meeting, django_capture_on_commit_callbacks
):
    draft = make_meeting()
    file(draft, world)
    with django_capture_on_commit_callbacks(execute=True):
        client_of_kaisa.post(reverse("admin:meetings_meeting_delete", args=[draft.pk]), {"post": "yes"})
    assert (Meeting.objects.count(), Material.objects.count(), folders()) == (0, 0, [])


def test_the_database_keeps_a_link_or_a_file_and_no_picture_without_words(world, meeting):
    row, image = link(meeting), file(meeting, world, picture())
    for which, wrong in ((row, {"url": ""}), (row, {"token": "x"}), (image, {"url": "https://x.example"}),
                         (image, {"alt": ""}), (image, {"kind": ""})):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Material.objects.filter(pk=which.pk).update(**wrong)


# handing out

EVERY_ONE = ["anonymous", "niilo", "eetu", "kerttu", "matti", "aino", "kaisa", "ulla"]


def codes(client, world, row):
    """Who gets a file."""
    found = []
    for role in EVERY_ONE:
        client.logout()
        if role != "anonymous":
            client.force_login(getattr(world, role))
        if client.get(row.address).status_code == 200:
            found.append(role)
    return found


@pytest.mark.parametrize("data", [pdf(), picture()])
def test_files_reach_those_they_are_meant_for(client, world, make_meeting, data):
    inside = ["matti", "aino", "kaisa", "ulla"]
    expected = {
        ("public", "everybody"): EVERY_ONE,
        ("public", "members"): inside,
        ("members", "everybody"): inside,
        ("members", "members"): inside,
        ("network", "everybody"): inside,
    }
    for (visibility, shown_to), people in expected.items():
        meeting = make_meeting(visibility=visibility)
        row = file(meeting, world, data, visibility=shown_to)
        assert codes(client, world, row) == ["kaisa", "ulla"], "a draft"
        meeting.publish(timezone.now())
        assert codes(client, world, row) == people, (visibility, shown_to)


def test_where_there_is_sign_up_only_those_with_a_place_get_what_is_for_members(client, world, training):
    row = file(training.meeting, world)
    assert codes(client, world, row) == ["kaisa", "ulla"]
    place = training.meeting.participations.get(user=world.aino)
    training.assign_places([place], timezone.now(), "web")
    assert codes(client, world, row) == ["aino", "kaisa", "ulla"]


def test_many_and_one_are_asked_alike(world, training, make_meeting):
    """`inside_for` says of many meetings what `may_see_link` says of one."""
    people = [getattr(world, role) for role in EVERY_ONE[1:]]
    made = [make_meeting(), make_meeting(networks=[world.closed]), make_meeting(networks=[world.elsewhere])]
    for each in made:
        each.publish(timezone.now())
    made[1].participations.create(user=world.eetu, is_guest=True)
    training.assign_places([training.meeting.participations.get(user=world.matti)], timezone.now(), "web")
    for person in people:
        alone = {each.pk for each in [*made, training.meeting] if each.may_see_link(person)}
        assert set(Meeting.objects.inside_for(person).values_list("pk", flat=True)) == alone, person


def test_a_document_is_a_sealed_download_and_what_is_not_public_is_kept_by_no_cache(client, world, meeting):
    public, own = file(meeting, world, visibility="everybody"), file(meeting, world)
    answer = client.get(public.download_url)
    assert (answer["Content-Security-Policy"], answer["Cache-Control"]) == (SEALED, FOR_ALL)
    assert answer["Content-Disposition"] == 'attachment; filename="Kalvot.pdf"'
    assert b"".join(answer.streaming_content) == pdf()
    client.force_login(world.aino)
    assert client.get(own.download_url)["Cache-Control"] == FOR_ONE


def test_addresses_that_were_guessed_or_removed_lead_nowhere(client, world, make_meeting, meeting):
    other = make_meeting(days=9)
    other.publish(timezone.now())
    row, image = (file(meeting, world, data, visibility="everybody") for data in (pdf(), picture()))
    link(meeting, visibility="everybody")
    wrong = [
        reverse("meetings:material-download", args=[other.slug, row.token]),
        reverse("meetings:material-download", args=[meeting.slug, image.token]),
        reverse("meetings:material-download", args=[meeting.slug, "0" * 32]),
        reverse("meetings:material-picture", args=[meeting.slug, row.token, 400]),
        reverse("meetings:material-picture", args=[meeting.slug, image.token, 123]),
        f"/media/meetings/{row.token}/document.pdf",
    ]
    row.remove(timezone.now())
    assert [client.get(path).status_code for path in [*wrong, row.download_url]] == [404] * 7


def test_the_page_shows_links_and_files_to_whom_they_are_meant_for(client, world, meeting):
    link(meeting, "Linkki", visibility="everybody")
    file(meeting, world, title="Kalvot kaikille", visibility="everybody")
    file(meeting, world, title="Omille")

    def shown():
        return [row.title for row in client.get(meeting.get_absolute_url()).context["materials"]]

    assert shown() == ["Linkki", "Kalvot kaikille"]
    client.force_login(world.niilo)
    assert shown() == ["Linkki", "Kalvot kaikille"]
    client.force_login(world.aino)
    assert shown() == ["Linkki", "Kalvot kaikille", "Omille"]


@pytest.mark.parametrize("count", [1, 6])
def test_the_pages_ask_as_often_for_many_materials(
    client_of_kaisa, world, meeting, count, django_assert_max_num_queries
):
    for _number in range(count):
        file(meeting, world)
    for path, most in ((meeting.get_absolute_url(), 18), (edit(meeting), 8)):
        client_of_kaisa.get(path)
        with django_assert_max_num_queries(most):
            client_of_kaisa.get(path)


# letters


def test_letters_lead_to_materials_and_carry_none(world, meeting, send):
    own = file(meeting, world, title="Omille")
    public = file(meeting, world, title="Kaikille", visibility="everybody")
    link(meeting, "Tallenne")
    meeting.participations.create(email="vieras@example.org", name="Vieras", is_guest=True)
    meeting.invite(timezone.now())
    send()
    by_reader = {row.recipient.rpartition("<")[2].strip(">"): row.as_letter() for row in Delivery.objects.all()}
    aino, guest = by_reader["aino@example.org"], by_reader["vieras@example.org"]
    for text in (aino.text, aino.html):
        assert own.download_url in text and public.download_url in text and "#materials" in text
    assert public.download_url in guest.text
    assert_not_leaked("esimerkki.example.org", raw(aino), raw(guest))
    assert_not_leaked(own.download_url, raw(guest))
    assert_not_leaked("Tallenne", raw(guest))


def test_the_minutes_lead_to_them_too(world, meeting):
    row = file(meeting, world)
    meeting.participations.update(asked_at=timezone.now())
    AgendaItem.objects.add(meeting, "Kohta", notes="Sovittiin.")
    Minutes.objects.start(meeting)
    Minutes.objects.of(meeting).send_for_comments(timezone.now(), notify=True)
    send_minutes()
    letters = Delivery.objects.filter(kind="minutes-comments")
    assert letters.count() == 2 and all(row.download_url in each.as_letter().text for each in letters)
