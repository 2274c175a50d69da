"""The page of notices: signed in, by the link in a letter, and stopping in one click."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lib.tokens import sign_row
from newsletters.models import NoticeChoice, NoticeRule
from newsletters.notices import stop_links
from outbox.models import Delivery, Mailing

PAGE = "newsletters:notices"


@pytest.fixture
def anyone():
    """A mail program: no cookies, and the protection against forged forms switched on."""
    return Client(enforce_csrf_checks=True)


def path(url):
    return url.removeprefix("http://127.0.0.1:8000")


def chosen(person):
    rule = NoticeRule.objects.filter(user=person).first()
    cells = NoticeChoice.objects.filter(user=person).values_list("network", "kind", "rhythm")
    return (rule.rhythm if rule else None), set(cells)


def test_the_page_asks_whoever_is_not_signed_in_to_sign_in(client, world):
    assert client.get(reverse(PAGE)).status_code == 302


def test_a_member_sees_own_networks_and_the_rest_of_the_area_only(sign_in, world):
    form = sign_in(world.aino).get(reverse(PAGE)).context["form"]
    places = [cells[0][:2] for _place, cells in form.places]
    assert places == [(world.area.pk, world.iso.pk), (world.area.pk, None)]
    assert form.initial["rule"] == "weekly"


def test_the_link_to_the_page_stands_on_ones_own_page(sign_in, world):
    assert reverse(PAGE) in sign_in(world.aino).get(reverse("contacts:me")).content.decode()


def test_somebody_without_a_network_reads_why_there_is_nothing_to_choose(sign_in, world):
    answer = sign_in(world.niilo).get(reverse(PAGE))
    assert answer.status_code == 200
    assert answer.context["form"].rows() == []


def test_one_save_keeps_only_what_differs_from_the_rule(sign_in, world):
    client = sign_in(world.aino)
    box = f"news-network-{world.iso.pk}"
    client.post(reverse(PAGE), {"rule": "daily", box: "never"})
    assert chosen(world.aino) == ("daily", {(world.iso.pk, "news", "never")})
    assert client.get(reverse(PAGE)).context["form"][box].initial == "never"
    client.post(reverse(PAGE), {"reset": "1"})
    assert chosen(world.aino) == ("weekly", set())
    client.post(reverse(PAGE), {"stop": "1"})
    assert chosen(world.aino) == ("never", set())


def test_nonsense_and_foreign_networks_are_not_kept(sign_in, world):
    client = sign_in(world.aino)
    answer = client.post(reverse(PAGE), {"rule": "hourly"})
    assert list(answer.context["form"].errors) == ["rule"]
    client.post(reverse(PAGE), {"rule": "weekly", f"news-network-{world.closed.pk}": "now"})
    assert chosen(world.aino) == ("weekly", set())


def test_saving_the_same_again_changes_no_moment(world):
    then = timezone.now() - timedelta(days=1)
    cells = {(world.area.pk, world.iso.pk, "news"): "never"}
    NoticeRule.objects.choose(world.aino, "daily", cells, then)
    NoticeRule.objects.choose(world.aino, "daily", cells, timezone.now())
    assert NoticeRule.objects.get().changed_at == then


def test_the_link_in_a_letter_opens_the_same_page_and_saves_without_cookies(anyone, world):
    address = path(stop_links.settings_url(world.aino.pk, "fi"))
    answer = anyone.get(address)
    assert answer.status_code == 200
    assert (answer.cookies, answer["Referrer-Policy"]) == ({}, "no-referrer")
    answer = anyone.post(address, {"rule": "never"}, follow=True)
    assert answer.context["saved"] is True
    assert chosen(world.aino) == ("never", set())


@pytest.mark.parametrize("make", [stop_links.settings_url, stop_links.stop_url])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_the_link_changes_nothing(anyone, world, make, method):
    for _look in range(2):
        assert getattr(anyone, method)(path(make(world.aino.pk, "fi"))).status_code == 200
    assert chosen(world.aino) == (None, set())


def test_one_press_stops_all_notices_and_takes_back_those_on_their_way(anyone, world):
    now = timezone.now()
    mailing = Mailing.objects.open("digest", "weekly x", "Notices", now)
    wording = mailing.add_wording("fi", "Uutta", "Uutta", "<p>Uutta</p>", {})
    mailing.address(wording, [(world.aino.email, "Aino", world.aino.pk), (world.matti.email, "", world.matti.pk)], now)
    address = path(stop_links.stop_url(world.aino.pk, "fi"))
    for _click in range(2):
        assert anyone.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert chosen(world.aino) == ("never", set())
    states = {letter.recipient: letter.state.value for letter in Delivery.objects.all()}
    assert states == {world.aino.email: "skipped", world.matti.email: "waiting"}


def test_links_of_one_purpose_open_nothing_else_and_die_with_the_account(anyone, world):
    wrong = [sign_row(stop_links.STOP, world.aino.pk), sign_row("newsletters.settings", world.aino.pk), "1-nonsense"]
    for token in wrong:
        assert anyone.post(reverse("newsletters:notices-by-link", args=[token]), {"rule": "now"}).status_code == 404
    gone = path(stop_links.settings_url(world.vaino.pk, "fi"))
    assert anyone.post(gone, {"rule": "now"}).templates[0].name == "newsletters/notices/notices_stopped.html"
    assert NoticeRule.objects.count() == 0


def test_the_page_takes_the_same_questions_however_many_networks(sign_in, world, django_assert_max_num_queries):
    client = sign_in(world.kaisa)
    for network in (world.iso, world.closed):
        network.take_in(world.kaisa, now=timezone.now())
    with django_assert_max_num_queries(14):
        client.get(reverse(PAGE))


def test_a_closed_account_still_stops_its_notices(client, world):
    """Real use 8: what is read by the link closes with the account, leaving never does."""
    address = path(stop_links.stop_url(world.vaino.pk, "fi"))
    assert [client.get(address).status_code, client.post(address).status_code] == [200, 200]
    assert chosen(world.vaino) == ("never", set())
    assert path(stop_links.settings_url(world.vaino.pk, "fi")) not in client.post(address).content.decode()
