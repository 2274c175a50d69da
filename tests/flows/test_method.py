"""The way of a method: a member writes, the coordinator returns, the member mends, everybody reads."""

from django.core import mail

from methods.models import Method
from outbox.models import Delivery
from outbox.tasks import send_queued
from tests.methods.conftest import typed, words  # noqa: F401  the fixtures


def letter_to(address):
    """The one letter in the ledger that waits for an address, sent by the worker."""
    letter = Delivery.objects.get(recipient=address, sent_at=None)
    send_queued()
    assert mail.outbox[-1].to == [address]
    return letter


def test_from_a_draft_to_the_public(client, world, typed):  # noqa: F811
    # Aino keeps a draft with a title only; it is hers and the coordinator's
    client.force_login(world.aino)
    new = "/en/methods/new/?kind=method"
    empty = {"steps-TOTAL_FORMS": 3, "steps-INITIAL_FORMS": 3}
    answer = client.post(new, {"title": "Välituntikello", "goal": "Tavoite on auki.", "action": "save", **empty})
    method = Method.objects.get()
    page, edit = f"/en/methods/{method.slug}/", f"/en/methods/{method.slug}/edit/"
    assert (answer.status_code, answer.url) == (302, edit)
    client.force_login(world.eetu)
    assert client.get(page).status_code == 404
    client.logout()
    assert client.get(page).status_code == 404

    # she sends it too early: she is told what is missing, and what she wrote is still there
    client.force_login(world.aino)
    sent = {"title": "Välituntikello", "goal": "Tavoite on tarkempi.", "action": "submit", **empty}
    answer = client.post(edit, sent, follow=True)
    assert ("#id_summary", "Write a summary of one or two sentences.") in answer.context["missing"]
    assert "#id_goal" not in dict(answer.context["missing"])
    assert answer.context["editor"].form["goal"].value() == "Tavoite on tarkempi."
    assert Delivery.objects.count() == 0

    # complete now, it goes to the coordinator's list, with a letter
    assert client.post(edit, typed(action="submit")).url == page
    assert client.get(edit).status_code == 200
    told = letter_to("kaisa@example.org")
    assert told.kind == "method-submitted"
    client.force_login(world.kaisa)
    assert list(client.get("/en/methods/reviews/").context["page"]) == [method]

    # Kaisa returns it with words, which Aino reads in a letter and on the page
    assert (
        client.post(f"{page}review/", {"verdict": "returned", "comment": "Lisää vielä materiaalit."}).status_code == 302
    )
    assert list(client.get("/en/methods/reviews/").context["page"]) == []
    assert "Lisää vielä materiaalit." in letter_to("aino@example.org").text
    client.force_login(world.aino)
    assert "Lisää vielä materiaalit." in client.get(page).content.decode()
    assert [row.state for row in client.get("/en/methods/mine/").context["page"]] == ["returned"]

    # she mends it and sends it again; Kaisa publishes
    assert client.post(edit, typed(materials="Kello\nKortit", action="submit")).url == page
    assert letter_to("kaisa@example.org").kind == "method-submitted"
    client.force_login(world.kaisa)
    assert client.post(f"{page}review/", {"verdict": "accepted", "comment": ""}).status_code == 302
    assert letter_to("aino@example.org").kind == "method-accepted"

    # now everybody finds and reads it
    client.logout()
    assert [row.title for row in client.get("/en/methods/?q=välitunti").context["page"]] == ["Välituntikello"]
    html = client.get(page).content.decode()
    assert [word in html for word in ("Kello", "Kortit", "12–16 years", "10–15 min")] == [True] * 4
    assert [(review.verdict, review.reviewer) for review in method.reviews.order_by("pk")] == [
        ("returned", world.kaisa),
        ("accepted", world.kaisa),
    ]
