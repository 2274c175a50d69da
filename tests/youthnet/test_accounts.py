"""Signing in and up with a code from a letter, and what a stranger may not learn on the way."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from contacts.models import ContactCard, User
from newsletters.models import MailingList, Subscription
from outbox.models import Delivery

CODE = re.compile(r"\b[B-Z]{4}-[B-Z]{4}\b")


def last_letter(to):
    return Delivery.objects.filter(recipient=to).latest("pk")


def code_in(letter):
    [code] = CODE.findall(letter.text)
    return code


def whose(client):
    """Who is signed in."""
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def words_of(page):
    """The page without what is made anew each time."""
    return re.sub(r'value="[^"]{64}"|name="form_token" value="[^"]*"', "", page.content.decode())


def ask_for_code(client, email, **more):
    return client.post(reverse("account_login"), {"login": email}, follow=True, **more)


def give_code(client, code):
    return client.post(reverse("account_confirm_login_code"), {"code": code, "action": "verify"})


def test_a_member_signs_in_with_the_code_of_the_letter(client, world):
    ask_for_code(client, "aino@example.org")
    assert whose(client) is None
    answer = give_code(client, code_in(last_letter("aino@example.org")))
    assert (answer.status_code, answer["Location"], whose(client)) == (302, reverse("contacts:me"), world.aino)


def test_one_code_is_enough_for_somebody_whom_the_coordinator_entered(client, db):
    entered = User.objects.create_user("uusi@example.org", name="Uusi Työntekijä")
    ask_for_code(client, "uusi@example.org")
    answer = give_code(client, code_in(last_letter("uusi@example.org")))
    assert (answer.status_code, answer["Location"], whose(client)) == (302, reverse("contacts:me"), entered)
    assert list(entered.emailaddress_set.values_list("email", "verified", "primary")) == [(entered.email, True, True)]


def test_a_wrong_code_proves_no_address(client, db):
    entered = User.objects.create_user("uusi@example.org", name="Uusi Työntekijä")
    ask_for_code(client, "uusi@example.org")
    give_code(client, "BBBB-BBBB")
    assert (whose(client), entered.emailaddress_set.count()) == (None, 0)


def test_the_code_may_be_typed_small_and_without_its_dash(client, world):
    ask_for_code(client, "aino@example.org")
    give_code(client, code_in(last_letter("aino@example.org")).lower().replace("-", " "))
    assert whose(client) == world.aino


def test_after_signing_in_the_page_that_asked_for_it_opens(client, world):
    there = reverse("contacts:me")
    client.post(reverse("account_login"), {"login": "aino@example.org", "next": there})
    code = code_in(last_letter("aino@example.org"))
    assert client.post(reverse("account_confirm_login_code"), {"code": code, "next": there})["Location"] == there


def test_a_wrong_code_lets_nobody_in_and_five_end_the_try(client, world):
    ask_for_code(client, "aino@example.org")
    answers = [give_code(client, "XXXX-XXXX").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 302]
    give_code(client, code_in(last_letter("aino@example.org")))
    assert whose(client) is None


def test_a_new_code_can_be_asked_for_and_the_old_one_no_longer_works(client, world):
    ask_for_code(client, "aino@example.org")
    old = code_in(last_letter("aino@example.org"))
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    new = code_in(last_letter("aino@example.org"))
    assert old != new
    give_code(client, old)
    assert whose(client) is None
    give_code(client, new)
    assert whose(client) == world.aino


def test_known_unknown_and_disabled_addresses_get_the_same_page(client, world):
    pages = []
    for email in ("aino@example.org", "tuija@example.org", "vaino@example.org"):
        pages.append(words_of(ask_for_code(client, email)).replace(email, "…"))
        client.cookies.clear()
    assert pages[0] == pages[1] == pages[2]


@pytest.mark.parametrize("email", ["tuija@example.org", "vaino@example.org"])
def test_an_address_that_may_not_sign_in_is_told_so_in_its_own_mailbox(client, world, email):
    ask_for_code(client, email)
    letter = last_letter(email)
    assert CODE.findall(letter.text) == []
    with translation.override("fi"):
        assert letter.subject == translation.gettext("There is no account for this address")


def test_a_link_in_a_letter_starts_with_the_sites_own_address(client, world, settings):
    settings.SITE_URL = "https://portal.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    ask_for_code(client, "tuija@example.org", headers={"host": "evil.example.net"})
    letter = last_letter("tuija@example.org")
    assert set(re.findall(r"https?://[^/\s\"]+", letter.text + letter.html)) == {"https://portal.example.org"}


def test_an_account_is_made_with_an_address_and_a_name_and_opens_by_the_code(client, world):
    client.post(reverse("account_signup"), {"email": "Tuija@Example.org", "name": "Tuija Uusi"})
    assert whose(client) is None
    client.post(reverse("account_email_verification_sent"), {"code": code_in(last_letter("tuija@example.org"))})
    tuija = whose(client)
    assert (tuija.email, tuija.name, tuija.has_usable_password()) == ("tuija@example.org", "Tuija Uusi", False)


def test_signing_up_with_a_taken_address_looks_the_same_and_its_owner_gets_a_letter(client, world):
    def sign_up(email):
        page = client.post(reverse("account_signup"), {"email": email, "name": "Tuija"}, follow=True)
        client.cookies.clear()
        return words_of(page).replace(email, "…")

    assert sign_up("tuija@example.org") == sign_up("aino@example.org")
    with translation.override("fi"):
        assert last_letter("aino@example.org").subject == translation.gettext("You already have an account")
    assert User.objects.filter(email="aino@example.org").count() == 1


def test_a_refused_sign_up_keeps_what_was_typed(client, world):
    page = client.post(reverse("account_signup"), {"email": "tuija", "name": "Tuija Uusi"}).content.decode()
    assert 'value="tuija"' in page and 'value="Tuija Uusi"' in page


@pytest.fixture
def aino(client, world):
    """Aino, who has signed in with a code."""
    ask_for_code(client, "aino@example.org")
    give_code(client, code_in(last_letter("aino@example.org")))
    return world.aino


def prove_again(client, person, new):
    """Ask for another address, and give the code that goes to the present one."""
    answer = client.post(reverse("account_email"), {"email": new, "action_add": ""}, follow=True)
    assert answer.resolver_match.url_name == "account_request_reauthentication_code"
    client.post(answer.request["PATH_INFO"] + f"?{answer.request['QUERY_STRING']}", {"recipient": person.email})
    there = reverse("account_confirm_reauthentication_code")
    data = {"code": code_in(last_letter(person.email)), "next": reverse("account_email"), "action": "verify"}
    return client.post(there, data, follow=True)


def change_address(client, person, new):
    """The whole change; gives the last answer."""
    prove_again(client, person, new)
    code = code_in(last_letter(new))
    answer = client.post(reverse("account_email_verification_sent"), {"code": code, "action": "verify"}, follow=True)
    person.refresh_from_db()
    return answer


def test_an_address_changes_only_with_the_codes_to_both_and_the_old_one_is_told(client, aino):
    """Real use 4: the present address is asked for a fresh code first; the old one is told afterwards."""
    client.post(reverse("account_email"), {"email": "aino@uusi.example.org", "action_add": ""})
    assert not Delivery.objects.filter(recipient="aino@uusi.example.org").exists()
    prove_again(client, aino, "aino@uusi.example.org")
    aino.refresh_from_db()
    assert aino.email == "aino@example.org"
    client.post(reverse("account_email_verification_sent"), {"code": code_in(last_letter("aino@uusi.example.org"))})
    aino.refresh_from_db()
    assert (aino.email, whose(client)) == ("aino@uusi.example.org", aino)
    with translation.override("fi"):
        assert last_letter("aino@example.org").subject == translation.gettext("Your address was changed")


def test_other_sessions_end_when_the_address_changes(client, aino):
    """Real use 4: whoever else is signed in with the account must sign in again; the own page stays open."""
    elsewhere = Client()
    elsewhere.force_login(aino)
    assert elsewhere.get(reverse("contacts:me")).status_code == 200
    change_address(client, aino, "aino@uusi.example.org")
    assert elsewhere.get(reverse("contacts:me")).status_code == 302
    assert client.get(reverse("contacts:me")).status_code == 200


@pytest.fixture
def lists(world):
    return [MailingList.objects.create(area=world.area, code=code, name_fi=code) for code in ("yksi", "kaksi")]


def read_at(email):
    return {row.list.code for row in Subscription.objects.of(email).active().select_related("list")}


def test_newsletters_come_along_to_the_new_address(client, aino, lists):
    """Real use 4: subscriptions do not stay behind at an address that nobody can open."""
    Subscription.objects.join(lists, aino.email, "fi", timezone.now())
    change_address(client, aino, "aino@uusi.example.org")
    assert (read_at("aino@example.org"), read_at(aino.email)) == (set(), {"yksi", "kaksi"})
    assert set(Subscription.objects.of(aino.email).values_list("user", "source")) == {(aino.pk, "moved")}


@pytest.mark.parametrize("answer, here", [("move", {"yksi", "kaksi"}), ("end", {"kaksi"})])
def test_it_is_asked_when_both_addresses_hold_newsletters(client, aino, lists, answer, here):
    """Real use 4: nobody decides for the person which letters come."""
    Subscription.objects.join(lists[:1], aino.email, "fi", timezone.now())
    Subscription.objects.join(lists[1:], "aino@uusi.example.org", "fi", timezone.now())
    page = change_address(client, aino, "aino@uusi.example.org")
    asked = reverse("account_earlier_newsletters")
    assert (page.request["PATH_INFO"], read_at("aino@example.org"), read_at(aino.email)) == (asked, {"yksi"}, {"kaksi"})
    client.post(asked, {answer: ""})
    assert (read_at("aino@example.org"), read_at(aino.email)) == (set(), here)
    assert client.get(asked)["Location"] == reverse("contacts:me")


def test_the_page_of_earlier_newsletters_shows_nothing_to_others(sign_in, world, lists):
    Subscription.objects.join(lists, world.aino.email, "fi", timezone.now())
    answer = sign_in(world.matti).post(reverse("account_earlier_newsletters"), {"move": ""})
    assert (answer["Location"], read_at(world.aino.email)) == (reverse("contacts:me"), {"yksi", "kaksi"})


@pytest.mark.parametrize("typed", ["Aino@TYÖPAJA.fi", "aino@xn--typaja-xxa.fi"])
def test_whoever_has_a_domain_with_umlauts_signs_in_by_either_spelling(client, db, typed):
    """Real use 1: one account, however the address is typed."""
    person = User.objects.create_user("aino@työpaja.fi", name="Aino")
    ask_for_code(client, typed)
    give_code(client, code_in(last_letter("aino@xn--typaja-xxa.fi")))
    assert whose(client) == person


def test_signing_out_needs_a_press_of_a_button(sign_in, world):
    client = sign_in(world.aino)
    client.get(reverse("account_logout"))
    assert whose(client) == world.aino
    client.post(reverse("account_logout"))
    assert whose(client) is None


@pytest.mark.parametrize("name", ["account_change_password", "account_set_password", "account_reset_password"])
def test_there_are_no_doors_for_passwords(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_letters_of_accounts_have_two_readings_and_fetch_nothing(client, world):
    ask_for_code(client, "aino@example.org")
    letter = last_letter("aino@example.org")
    assert code_in(letter) in letter.html
    assert re.findall(r"<img|<link|<script|url\(|@import|\sstyle=", letter.html) == []
    assert len(letter.html.encode()) < 100_000
    assert (letter.kind, letter.secret) == ("account", True)


def test_who_answers_a_letter_about_an_account_reaches_the_first_card_of_the_only_area(client, world, term):
    role = term("contact_roles", "aluekoordinaattori")
    ask_for_code(client, "aino@example.org")
    assert last_letter("aino@example.org").reply_to == []
    cards = [("Aa", "", 1), ("Bee", "toimisto@example.org", 2), ("See", "toinen@example.org", 3)]
    for name, email, order in cards:
        ContactCard.objects.create(area=world.area, role=role, name=name, email=email, order=order)
    world.elsewhere.delete()
    world.other_area.delete()
    cache.clear()
    ask_for_code(Client(), "matti@example.org")
    assert last_letter("matti@example.org").reply_to == ["toimisto@example.org"]


def letters_to(email):
    return Delivery.objects.filter(recipient=email).count()


def test_no_address_gets_more_than_its_letters_of_a_day_and_the_page_never_tells(client, world):
    """Real use 12: one letter for an address without an account, ten for one with; the answer is the same."""
    addresses = {"tuija@example.org": 1, "vaino@example.org": 1, "aino@example.org": 10}
    answers = set()
    for _try in range(13):
        cache.clear()  # a minute later: allauth's own limit of three a minute is forgotten
        for email in addresses:
            answers.add(words_of(ask_for_code(Client(), email)).replace(email, "…"))
    assert {email: letters_to(email) for email in addresses} == addresses
    assert len(answers) == 1
    Delivery.objects.update(queued_at=timezone.now() - timedelta(days=1, minutes=1))
    for email in addresses:
        ask_for_code(Client(), email.upper())
    assert {email: letters_to(email) for email in addresses} == {email: most + 1 for email, most in addresses.items()}


def test_a_stranger_s_address_is_not_flooded_by_the_other_forms_either(client, aino):
    """Real use 12: signing up, and changing to an address that nobody has proved, send three letters a day at most."""
    prove_again(client, aino, "toinen@example.org")
    for _try in range(6):
        cache.clear()
        Client().post(reverse("account_signup"), {"email": "uhri@example.org", "name": "Uhri"})
        ask_for_code(Client(), "uhri@example.org")
        client.post(reverse("account_email"), {"email": "toinen@example.org", "action_add": ""})
    assert (letters_to("uhri@example.org"), letters_to("toinen@example.org")) == (3, 3)


def test_the_limits_of_signing_in_count_the_visitor_behind_the_proxy(world, settings):
    """Real use 11: allauth's limits too; one network locks no other out, and nonsense from a proxy is no fault."""
    settings.TRUSTED_PROXY_COUNT = 1

    def post(forwarded, email):
        return ask_for_code(Client(), email, headers={"X-Forwarded-For": forwarded}).status_code

    codes = [post("192.0.2.7", f"n{number}@example.org") for number in range(35)]
    assert (codes[0], codes[-1]) == (200, 429)
    assert post("198.51.100.9", "aino@example.org") == 200
    assert post("1.1.1.1, 192.0.2.7", "matti@example.org") == 429
    assert post("", "kaisa@example.org") == post("nonsense", "kerttu@example.org") == 200
