"""The doors of the house as somebody tries them who means harm, or types nonsense."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from meetings.models import Meeting, Task
from networks.models import NewsItem
from tests.permissions.scene import meeting
from tests.youthnet.test_accounts import code_in, give_code, last_letter

EVIL = [
    "//evil.example",
    "https://evil.example/",
    "https:evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "\\\\evil",
]


@pytest.mark.parametrize("target", EVIL)
def test_signing_in_and_out_leads_only_to_pages_of_the_portal(client, world, target):
    """An address of another site after `next` is not followed, whoever asks and whenever."""
    client.post(reverse("account_login"), {"login": world.aino.email, "next": target})
    places = [give_code(client, code_in(last_letter(world.aino.email)))]
    places += [client.post(f"{reverse('account_login')}?next={target}", {"next": target})]
    places += [client.post(f"{reverse('account_logout')}?next={target}", {"next": target})]
    assert [place.status_code for place in places] == [302, 302, 302]
    assert [place["Location"] for place in places] == [reverse("contacts:me"), reverse("contacts:me"), "/"]


def test_the_address_bar_cannot_make_the_language_links_lead_away(client, world):
    for path in ("//evil.example/", "/%5Cevil.example/", "/?next=//evil.example"):
        page = client.get(path)
        assert 'href="//evil' not in page.text and 'href="/\\' not in page.text


def test_a_host_that_is_not_ours_is_refused_and_a_forwarded_one_is_not_believed(client, world, settings):
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    page = client.get("/", headers={"host": "portal.example.org", "x-forwarded-host": "evil.example"})
    assert (page.status_code, "evil.example" in page.text) == (200, False)


@pytest.mark.parametrize("door", ["contacts:me", "admin:index"])
def test_the_session_of_a_disabled_person_dies_at_once(sign_in, world, door):
    client = sign_in(world.kaisa)
    assert client.get(reverse(door)).status_code == 200
    User.objects.filter(pk=world.kaisa.pk).update(is_active=False)
    assert client.get(reverse(door)).status_code == 302


def test_the_desk_closes_on_the_day_the_coordinator_has_ended(sign_in, world):
    client = sign_in(world.kaisa)
    world.kaisa.coordinations.update(ended_on=timezone.localdate() - timezone.timedelta(days=1))
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_pages_of_a_network_close_when_one_leaves(sign_in, world):
    world.closed.take_in(world.aino, now=timezone.now())
    client = sign_in(world.aino)
    page = reverse("networks:network-detail", args=[world.closed.slug])
    assert client.get(page).status_code == 200
    client.post(reverse("networks:network-leave", args=[world.closed.slug]))
    assert client.get(page).status_code == 404


def test_what_one_person_reads_is_kept_by_nobody_else(world):
    """Also errors, and also pages that everybody may read: a signed-in head names the person."""
    client = Client()
    client.force_login(world.kaisa)
    for path in ("/", reverse("contacts:me"), reverse("admin:index"), reverse("meetings:meeting-list"), "/ei-ole/"):
        assert "no-store" in client.get(path).headers.get("Cache-Control", ""), path
    assert "Cookie" in Client().get("/").headers["Vary"]


@pytest.mark.parametrize("query", ["q=%00", "page=%00", "category=a%00b", "adapts=%00", "kind=%00", "next=%00"])
@pytest.mark.parametrize(
    "name", ["home", "networks:news-list", "meetings:meeting-list", "methods:method-list", "methods:method-new"]
)
def test_a_character_that_cannot_be_stored_is_a_bad_address_and_no_fault(sign_in, world, name, query):
    assert sign_in(world.aino).get(f"{reverse(name)}?{query}").status_code == 400


@pytest.mark.parametrize("register", ["contacts_user", "meetings_meeting", "outbox_delivery", "networks_newsitem"])
@pytest.mark.parametrize("query", ["q=%00", "kind=%00", "state=%00", "visibility__exact=%00", "language__exact=%00"])
def test_nor_a_fault_of_the_desk(sign_in, world, register, query):
    assert sign_in(world.kaisa).get(f"{reverse(f'admin:{register}_changelist')}?{query}").status_code == 400


@pytest.mark.parametrize("page", ["0", "-1", "abc", "2.5", "99999999999999999999999", "１２", "'"])
def test_pages_that_are_not_there_are_a_page_that_is(client, world, page):
    NewsItem.objects.create(area=world.area, slug="x", title="x", summary="x", published_at=timezone.now())
    for name in ("networks:news-list", "meetings:meeting-list", "methods:method-list", "newsletters:issue-list"):
        assert client.get(reverse(name), {"page": page}).status_code == 200


@pytest.mark.parametrize("month", ["2027/0/", "2027/13/", "0/1/", "1999/12/", "99999/1/", "9" * 30 + "/1/"])
def test_months_that_are_not_in_the_calendar_are_not_found(sign_in, world, month):
    client = sign_in(world.kaisa)
    assert client.get(reverse("meetings:meeting-list") + month).status_code == 404
    assert client.get(reverse("admin:meetings_meeting_calendar") + month).status_code in (200, 302, 404)


@pytest.mark.parametrize("year", ["0", "99999", "9" * 30, "abc", "-1"])
def test_the_years_of_the_desks_list_of_meetings_may_be_nonsense(sign_in, world, year):
    path = reverse("admin:meetings_meeting_changelist")
    assert sign_in(world.kaisa).get(path, {"starts_at__year": year, "starts_at__month": "13"}).status_code in (302, 200)


UNREADABLE = [
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=ä",
]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_body_that_cannot_be_read_gets_a_page_in_words(world, kind):
    """Real use 17: also where the token of the form is looked for in it, and on the page of refusal once more."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "x" * 32
    client.force_login(world.kaisa)
    open_to_all = [reverse("account_login"), reverse("newsletters:subscribe"), reverse("admin:index"), "/ei-ole/"]
    by_link = [reverse("meetings:answer", args=["x"]), reverse("newsletters:leave-one-click", args=["x"])]
    for path in open_to_all + by_link:
        answer = client.generic("POST", path, b"a=1", content_type=kind)
        assert answer.status_code in (302, 400, 403, 404) or kind.endswith("nonsense"), path
        assert answer.status_code < 500 and ("<h1" in answer.text or answer.status_code == 302), path


@pytest.mark.parametrize("target", ["on", "1", "None", "..", "home", "x y", "ä", "http:", "?", "#", "%"])
def test_a_way_back_that_is_no_path_is_no_fault(world, term, sign_in, target):
    """Real use 17: `next=on`, as a box that was ticked sends it, and other words that are no address."""
    made = meeting(world, term, "tapaaminen", [world.iso], Meeting.PUBLIC)
    task = Task.objects.give(made, "Kutsu", timezone.now(), owner=world.aino)
    client = sign_in(world.aino)
    done = client.post(reverse("meetings:task-done", args=[task.pk]), {"next": target})
    assert (done.status_code, done["Location"]) == (302, reverse("meetings:task-list"))
    for name in ("account_login", "account_signup", "account_logout", "account_request_login_code", "home"):
        for act in (client.get, client.post):
            assert act(f"{reverse(name)}?next={quote(target)}", {"next": target}).status_code < 500
        client.force_login(world.aino)
