"""Proof of consent: for every reader who, to what, when, in which words and by which act (PR-04)."""

import json
from hashlib import sha256

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from newsletters.models import Subscription
from newsletters.subscriptions import consent_texts, signed_links
from newsletters.subscriptions.consent_record import how_confirmed, record_of
from newsletters.tasks import send_confirmations
from outbox.models import Delivery
from tests.leaks import assert_not_leaked


def test_texts_that_people_have_agreed_to_are_never_touched():
    """A new wording is a new version: its seal is added here, and the old ones stay."""
    seals = {
        version: sha256(json.dumps(texts).encode()).hexdigest()[:16] for version, texts in consent_texts.TEXTS.items()
    }
    assert seals == {"2026-11": "f577fa177f9588a2"}
    assert all(set(texts) == {"fi", "sv", "en"} for texts in consent_texts.TEXTS.values())


@pytest.mark.parametrize("page, shown", [("fi", "fi"), ("sv", "sv"), ("en", "en")])
def test_the_proof_holds_the_words_in_the_language_in_which_the_page_showed_them(client, letters, page, shown):
    with translation.override(page):
        url = reverse("newsletters:subscribe")
    assert consent_texts.text(shown) in client.get(url).content.decode()
    client.post(url, {"email": "virpi@example.org", "lists": [letters.pk], "language": "en"})
    asked = Subscription.objects.get()
    assert (asked.language, asked.consent_language, asked.consent_text) == ("en", shown, consent_texts.text(shown))


def test_a_version_that_never_was_shows_no_words(reads):
    subscription = reads("virpi@example.org")
    subscription.consent_text_version = "1999-01"
    assert subscription.consent_text == ""


@pytest.fixture
def everyone(client, sign_in, world, letters, reads, now):
    """Readers who came in each way there is."""
    with time_machine.travel("2027-01-10T12:00+02:00", tick=False):
        asked = {"email": "virpi@example.org", "lists": [letters.pk], "language": "fi"}
        client.post(reverse("newsletters:subscribe"), asked)
        send_confirmations()
        Subscription.objects.get().list.subscriptions.confirm(now)
        desk = sign_in(world.kaisa)
        asked = {"list": letters.pk, "email": "puhelin@example.org", "language": "fi", "consent_note": "Soitti 9.1."}
        desk.post(reverse("admin:newsletters_subscription_add"), asked)
        sign_in(world.aino).post(reverse("newsletters:list-join", args=[letters.pk]))
        Subscription.objects.join([letters], "linkki@example.org", "fi", now)
        back = reads("takaisin@example.org")
        back.leave(now)
        Subscription.objects.join([letters], back.email, "fi", now, Subscription.RETURNED)
        reads("vanha@example.org")
        Subscription.objects.of("vanha@example.org").move("uusi@example.org", now)
    return Subscription.objects.active().select_related("list", "noted_by", "previous")


def test_every_reader_has_a_whole_proof_however_they_came(everyone, world):
    assert {subscription.source for subscription in everyone} == {code for code, _words in Subscription.SOURCES}
    with translation.override("en"):
        for subscription in everyone:
            lines = dict(record_of(subscription))
            assert lines["Address"] == subscription.email
            assert {"List", "Asked", "How it was asked", "Confirmed", "How it was confirmed"} <= set(lines)
            told = lines.get("Text that was agreed to", "") or lines["Coordinator's note"]
            assert told == (subscription.consent_note or consent_texts.text("fi"))
        by_phone = dict(record_of(everyone.get(source="coordinator")))
        assert (by_phone["Coordinator's note"], by_phone["Noted by"]) == ("Soitti 9.1.", "Kaisa Koordinaattori")
        assert dict(record_of(everyone.get(source="moved")))["Moved from"] == "vanha@example.org"
    assert len({how_confirmed(subscription) for subscription in everyone}) == len(everyone)


def proof_page(subscription, name="proof"):
    return reverse(f"admin:newsletters_subscription_{name}", args=[subscription.pk])


def test_kaisa_prints_the_proof_of_one_reader_with_earlier_stays_or_saves_it(sign_in, world, reads, letters, now):
    first = reads("virpi@example.org")
    first.leave(now, "Lomalla")
    again = reads("virpi@example.org")
    reads("aino@example.org")
    desk = sign_in(world.kaisa)
    page = desk.get(proof_page(again))
    assert [lines for _stay, lines in page.context["records"]] == [
        record_of(Subscription.objects.get(pk=subscription.pk)) for subscription in (first, again)
    ]
    assert_not_leaked("aino@example.org", page)
    file = desk.get(proof_page(again, "proof_file"))
    assert file["Content-Disposition"] == f'attachment; filename="consent-{again.pk}.txt"'
    words = file.content.decode()
    assert (words.count("virpi@example.org"), words.count(letters.name), "Lomalla" in words) == (2, 2, True)


def test_the_list_of_readers_leads_to_the_proof_of_each(sign_in, world, reads):
    subscription = reads("virpi@example.org")
    page = sign_in(world.kaisa).get(reverse("admin:newsletters_subscription_changelist"))
    assert f'href="{proof_page(subscription)}"' in page.content.decode()


@pytest.mark.parametrize("name", ["proof", "proof_file"])
@pytest.mark.parametrize("who, status", [("kerttu", 404), ("aino", 302), ("niilo", 302), (None, 302), ("ulla", 200)])
def test_nobody_else_reads_the_proof(client, sign_in, world, reads, name, who, status):
    subscription = reads("virpi@example.org")
    client = sign_in(getattr(world, who)) if who else client
    assert client.get(proof_page(subscription, name)).status_code == status


def test_the_proof_of_one_area_does_not_tell_of_the_lists_of_another(sign_in, world, reads, letters):
    elsewhere = letters.__class__.objects.create(area=world.other_area, code="muu", name_fi="Toisen alueen lista")
    subscription = reads("virpi@example.org")
    reads("virpi@example.org", mailing_list=elsewhere)
    assert_not_leaked("Toisen alueen lista", sign_in(world.kaisa).get(proof_page(subscription)))


def test_readers_see_on_their_own_page_what_they_agreed_to_and_when(everyone):
    subscription = everyone.get(email="virpi@example.org")
    page = Client().get(signed_links.settings_url(subscription.pk, "fi").removeprefix("http://127.0.0.1:8000"))
    assert [lines for _stay, lines in page.context["records"]] == [record_of(subscription)]
    words = page.content.decode()
    assert consent_texts.text("fi") in words and "10.1.2027" in words


def test_withdrawing_takes_two_presses_and_no_sign_in(reads, issue, send):
    """As easy as giving (GDPR article 7(3)): the link of the letter, then one button."""
    reads("virpi@example.org")
    send(issue)
    letter = Delivery.objects.get().as_letter()
    link = letter.headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    anyone = Client()
    assert 'type="submit"' in anyone.get(link).content.decode()
    anyone.post(link)
    assert Subscription.objects.active().count() == 0
