"""The first way of the data: from the sign-up form to the newsletter, and out again in one press."""

from datetime import timedelta

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletters.issues.prefill import start_issue
from newsletters.models import Issue, MailingList, Subscription
from newsletters.tasks import send_confirmations, send_issues
from outbox.models import Delivery
from outbox.tasks import send_queued


def path_in(text, name):
    """The path of the link of one kind in a letter."""
    start = reverse(f"newsletters:{name}", args=["X"]).split("X")[0]
    (word,) = [word for word in text.split() if start in word]
    return word[word.index(start) :].rstrip(">")


def test_virpi_joins_reads_one_issue_and_leaves(client, sign_in, world):
    letters = MailingList.objects.create(area=world.area, code="infokirje", name_fi="Verkoston infokirje")

    # she asks on the page, and the round writes a letter into the ledger
    client.post(
        reverse("newsletters:subscribe"), {"email": "virpi@example.org", "lists": [letters.pk], "language": "fi"}
    )
    send_confirmations()
    assert Delivery.objects.get().recipient == "virpi@example.org"
    send_queued()
    (confirmation,) = mail.outbox
    link = path_in(confirmation.body, "confirm")

    # looking changes nothing, pressing the button confirms
    client.get(link)
    assert Subscription.objects.active().count() == 0
    client.post(link)
    assert Subscription.objects.active().get().email == "virpi@example.org"

    # Kaisa begins an issue on the desk, looks at it and sends it
    desk = sign_in(world.kaisa)
    desk.post(reverse("admin:newsletters_issue_begin"), {"list": letters.pk})
    issue = Issue.objects.get()
    issue.blocks.update(body_fi="<p>Hei verkosto!</p>")
    assert desk.get(reverse("admin:newsletters_issue_send", args=[issue.pk])).context["counts"].recipients == 1
    assert Delivery.objects.filter(kind="newsletter").count() == 0
    desk.post(reverse("admin:newsletters_issue_send", args=[issue.pk]), {"when": "now"})
    send_issues()
    send_issues()
    assert [letter.recipient for letter in Delivery.objects.filter(kind="newsletter")] == ["virpi@example.org"]
    send_queued()
    assert issue.progress()["sent"] == 1

    # the letter carries the two headers, and its link leaves the list without cookies, as often as pressed
    newsletter = mail.outbox[1]
    assert newsletter.to == ["virpi@example.org"]
    assert newsletter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = path_in(newsletter.extra_headers["List-Unsubscribe"], "leave-one-click")
    mail_program = Client(enforce_csrf_checks=True)
    mail_program.get(link)
    assert Subscription.objects.active().count() == 1
    for _press in range(2):
        assert mail_program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.active().count() == 0

    # the next issue does not reach her
    following = start_issue(letters, author=world.kaisa, now=timezone.now() + timedelta(days=30))
    following.blocks.update(body_fi="<p>Hei taas!</p>")
    following.schedule(timezone.now())
    send_issues()
    send_queued()
    assert len(mail.outbox) == 2
